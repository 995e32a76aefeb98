"""The data folder remembers ports and secrets, is closed to others, and belongs to one at a time."""

import os
import socket
import stat
import subprocess
import sys

import pytest

from registry.embedded.home import PORTS, SHADOW, Home, HomeInUse, is_free, write_private


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "var")


def test_only_its_owner_may_enter_the_home(home):
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(home):
    first = home.secret("valkey")
    assert len(first) == 64
    assert Home(home.path).secret("valkey") == first
    assert stat.S_IMODE((home.path / "secrets" / "valkey").stat().st_mode) == 0o600


def test_two_homes_have_different_secrets(home, tmp_path):
    assert home.secret("valkey") != Home(tmp_path / "other").secret("valkey")


def test_a_second_start_finds_the_same_port(home):
    assert Home(home.path).claim_port("s3") == home.claim_port("s3")


def test_ports_and_their_shadows_stay_apart_and_below_the_outgoing_range(home):
    ports = {home.claim_port(name) for name in ("a", "b", "c", "d")}
    assert len(ports) == 4
    assert all(port in PORTS for port in ports)
    assert PORTS.start + SHADOW >= PORTS.stop
    assert PORTS.stop + SHADOW <= 32_768


@pytest.mark.parametrize("shadow", [0, SHADOW], ids=["the port", "its shadow"])
def test_a_port_that_somebody_took_is_replaced_and_remembered(home, shadow):
    before = home.claim_port("s3")
    with socket.create_server(("127.0.0.1", before + shadow)):
        assert not is_free(before)
        after = home.claim_port("s3")
    assert after != before
    assert home.port("s3") == after


def test_a_private_file_is_never_seen_half_written(tmp_path):
    path = tmp_path / "secret"
    write_private(path, "old")
    write_private(path, "new")
    assert path.read_text() == "new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret"]


def test_a_home_is_taken_by_one_at_a_time_and_says_by_whom(home):
    lock = home.lock()
    with pytest.raises(HomeInUse, match=f"^{os.getpid()}$"):
        Home(home.path).lock()
    os.close(lock)
    os.close(home.lock())


def test_a_home_is_free_again_when_its_holder_was_killed(home):
    program = (
        "import sys, pathlib, time; from registry.embedded.home import Home\n"
        "Home(pathlib.Path(sys.argv[1])).lock(); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, home.path], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(HomeInUse, match=f"^{holder.pid}$"):
            home.lock()
        holder.kill()
    os.close(home.lock())
