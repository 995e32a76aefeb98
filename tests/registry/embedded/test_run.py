"""`make run` refuses in one clear sentence; what it refuses it has not touched."""

import os
import socket
import subprocess
import sys
import time

import pytest

from registry.embedded.home import Home
from registry.embedded.run import run
from tests.services import ROOT


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def test_a_second_instance_on_the_same_home_is_refused(tmp_path, free_port, capfd):
    home = Home(tmp_path)
    lock = home.lock()
    assert run(tmp_path, "127.0.0.1", free_port, {}) == 1
    os.close(lock)
    assert capfd.readouterr().err == (
        f"Marquee already runs on {tmp_path} (process {os.getpid()}): "
        "stop it first, or choose another folder with MARQUEE_HOME.\n"
    )


def test_a_port_in_use_is_refused_before_anything_starts(tmp_path, capfd):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert run(tmp_path, "127.0.0.1", port, {}) == 1
    assert capfd.readouterr().err == (
        f"Port {port} of 127.0.0.1 is in use: stop what listens there, or choose PORT={port + 1}.\n"
    )
    assert not (tmp_path / "postgres").exists()


def test_a_home_that_cannot_be_made_is_refused(tmp_path, free_port, capfd):
    (tmp_path / "file").touch()
    assert run(tmp_path / "file" / "var", "127.0.0.1", free_port, {}) == 1
    assert capfd.readouterr().err.endswith("cannot be used: Not a directory.\n")


def test_it_waits_while_the_watcher_of_a_killed_one_cleans_up(tmp_path, free_port):
    """The lock then names a process that is gone; so the new one waits instead of refusing."""
    program = (
        "import os, pathlib, subprocess, sys; from registry.embedded.home import Home\n"
        "lock = Home(pathlib.Path(sys.argv[1])).lock()\n"
        "subprocess.Popen(['sleep', '1'], pass_fds=[lock])"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path], cwd=ROOT, check=True)
    before = time.monotonic()
    with socket.create_server(("127.0.0.1", free_port)):
        assert run(tmp_path, "127.0.0.1", free_port, {}) == 1
    assert 0.3 < time.monotonic() - before < 5
