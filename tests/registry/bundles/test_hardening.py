"""What the closed child cannot do."""

import io
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from registry.bundles import hardening
from registry.bundles.confined import Confinement, confinement, read_confined
from registry.bundles.confined.parent import ENVIRONMENT, template_pid
from tests.registry.bundles.confined.processes import needs_proc, wait_for_child
from tests.registry.bundles.packing import slow_zip

PREAMBLE = f"""
import errno, os, socket, sys
sys.path.insert(0, {str(Path(hardening.__file__).parent)!r})
import hardening
def outcome(act):
    try:
        act()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"
"""


def run_alone(program):
    """Run a program in an interpreter of its own; return what it prints, in words."""
    ran = subprocess.run(
        [sys.executable, "-I", "-c", PREAMBLE + program], capture_output=True, text=True, check=True
    )
    return ran.stdout.split()


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.skipif("network" not in confinement().held, reason="this kernel allows no network namespace")
def test_after_giving_up_rights_not_even_loopback_is_reached(listening):
    said = run_alone(f"""
connect = lambda: socket.create_connection(("127.0.0.1", {listening}), 2)
print(outcome(connect))
hardening.give_up_rights()
print(outcome(connect))
""")
    assert said[0] == "done"
    assert said[1] in {"ENETUNREACH", "EADDRNOTAVAIL"}


def test_with_bounded_resources_nothing_can_be_opened_whatever_the_kernel_allows(listening):
    said = run_alone(f"""
hardening.limit_resources(2**30, 10)
print(outcome(lambda: socket.create_connection(("127.0.0.1", {listening}), 2)))
print(outcome(lambda: open("/etc/passwd")))
print(outcome(lambda: os.open("/", os.O_RDONLY)))
print(outcome(os.pipe))
""")
    assert said == ["EMFILE"] * 4


def test_a_file_that_is_open_cannot_be_written_to(tmp_path):
    target = tmp_path / "file"
    target.write_bytes(b"before")
    said = run_alone(f"""
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
file = os.open({str(target)!r}, os.O_RDWR)
hardening.limit_resources(2**30, 10)
print(outcome(lambda: os.write(file, b"after!")))
""")
    assert said == ["EFBIG"]
    assert target.read_bytes() == b"before"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
def test_root_becomes_nobody_for_good():
    said = run_alone("""
missing = hardening.give_up_rights()
print(os.getuid(), os.getgid(), outcome(lambda: os.setuid(0)), outcome(lambda: os.kill(1, 0)))
""")
    assert said == ["65534", "65534", "EPERM", "EPERM"]


def test_no_process_can_be_started():
    said = run_alone("""
hardening.give_up_rights()
hardening.limit_resources(2**30, 10)
print(outcome(os.fork))
""")
    assert said == ["EAGAIN"]


@needs_proc
@pytest.mark.skipif(os.geteuid() != 0, reason="only root sees into the reader")
def test_the_reader_at_work_has_one_file_one_pipe_and_nothing_else(monkeypatch):
    monkeypatch.setenv("S3_SECRET_ACCESS_KEY", "do-not-tell")
    seen = {}
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read_confined, io.BytesIO(slow_zip(100)), "slow.zip")
        reader = wait_for_child(wait_for_child(template_pid()))
        proc = Path(f"/proc/{reader}")
        while "checked" not in seen:
            seen["open"] = sorted(str(each.readlink()) for each in (proc / "fd").iterdir())
            seen["limits"] = (proc / "limits").read_text()
            seen["status"] = (proc / "status").read_text()
            seen["environment"] = (proc / "environ").read_bytes()
            seen["network"] = (proc / "ns/net").readlink()
            if "Max open files            0 " in seen["limits"]:
                seen["checked"] = True
        os.kill(reader, signal.SIGKILL)
        reading.result()
    assert [name.split(":")[0] for name in seen["open"][:3]] == ["/dev/null"] * 3
    assert len(seen["open"]) == 5
    assert seen["open"][4].startswith("pipe:")
    assert "Max file size             0 " in seen["limits"]
    assert "Max address space         805306368 " in seen["limits"]
    assert "NoNewPrivs:\t1" in seen["status"]
    assert "CapEff:\t0000000000000000" in seen["status"]
    assert "Uid:\t65534\t65534\t65534\t65534" in seen["status"]
    expected = sorted(f"{name}={value}" for name, value in ENVIRONMENT.items())
    assert sorted(seen["environment"].decode().strip("\0").split("\0")) == expected
    if "network" in confinement().held:
        assert seen["network"] != Path("/proc/self/ns/net").readlink()


def test_what_holds_here_is_said_in_words():
    found = confinement()
    assert isinstance(found, Confinement)
    assert set(found.held) | set(found.missing) == {
        "network",
        "identity",
        "capabilities",
        "privileges",
        "memory",
    }
    assert found.complete is (not found.missing)
    assert confinement() is found
