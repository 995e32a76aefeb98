"""What an earlier run left behind is found exactly, and ended, whoever died in which order."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from registry.embedded import leftovers
from registry.embedded.child import Child, start_watcher
from registry.embedded.home import Home
from tests.registry.embedded.parts import FAMILY, FOREVER, STUBBORN, Script


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def started(home, source, name="script"):
    """Start a script as a part whose owner has forgotten it."""
    script = Script(home, source, name)
    log = home.path / f"{name}.out"
    with log.open("wb") as output:
        script.spawn(output)
    return script, log


def printed(log):
    until = time.monotonic() + 10
    while not (text := log.read_text()).endswith("\n"):
        assert time.monotonic() < until
        time.sleep(0.01)
    return text


def lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state != "Z"


def test_a_pid_file_is_held_as_long_as_its_program_lives(home):
    script, _ = started(home, FOREVER)
    assert leftovers.is_held(script.child.pid_file)
    script.stop()
    assert not leftovers.is_held(script.child.pid_file)
    assert script.child.exit_code() == -signal.SIGTERM


def test_a_pid_file_without_a_living_program_ends_nobody(home):
    """The number in it may belong to somebody else by now: here, to ourselves."""
    pid_file = home.pid_file("old")
    pid_file.write_text(f'{{"group": {os.getpid()}, "signal": 9, "grace_s": 0}}')
    leftovers.end_all([pid_file, home.pid_file("never was")])


def test_a_program_deaf_to_its_signal_is_killed_after_its_grace(home):
    script, log = started(home, STUBBORN)
    printed(log)
    before = time.monotonic()
    script.stop()
    assert 0.3 <= time.monotonic() - before < 3
    assert script.child.exit_code() == -signal.SIGKILL


def test_children_of_a_killed_program_are_ended_too(home):
    script, log = started(home, FAMILY)
    parent, child = map(int, printed(log).split())
    os.kill(parent, signal.SIGKILL)
    script.child.process.wait()
    assert lives(child)
    leftovers.end_all([script.child.pid_file])
    assert not lives(child)


def test_a_new_start_first_ends_what_the_last_one_left(home):
    first, log = started(home, FAMILY)
    parent, child = map(int, printed(log).split())
    os.kill(parent, signal.SIGKILL)
    first.child.process.wait()
    second, _ = started(home, FOREVER)
    assert not lives(child)
    assert second.child.is_alive()
    second.stop()


def test_the_watcher_ends_everything_when_its_owner_is_killed(home):
    program = (
        "import sys, time, pathlib\n"
        "from registry.embedded.child import start_watcher\n"
        "from registry.embedded.home import Home\n"
        "from tests.registry.embedded.parts import FOREVER, STUBBORN, Script\n"
        "home = Home(pathlib.Path(sys.argv[1]))\n"
        "watcher = start_watcher(home.folder('run'))\n"
        "for name, source in (('good', FOREVER), ('deaf', STUBBORN)):\n"
        "    Script(home, source, name).spawn(2)\n"
        "print('up', flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, home.path],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as owner:
        assert owner.stdout.readline() == "up\n"
        pid_files = [home.pid_file("good"), home.pid_file("deaf")]
        assert all(leftovers.is_held(path) for path in pid_files)
        owner.kill()
    until = time.monotonic() + 5
    while any(leftovers.is_held(path) for path in pid_files):
        assert time.monotonic() < until, "the watcher ends them within its grace"
        time.sleep(0.02)


def test_a_program_that_cannot_be_named_does_not_save_the_others(home):
    """Its supervisor died between starting it and writing down which it is."""
    nameless, _ = started(home, FOREVER, "a-nameless")
    other, _ = started(home, FOREVER, "other")
    written = nameless.child.pid_file.read_text()
    nameless.child.pid_file.write_text("")
    with pytest.raises(leftovers.StillAlive, match="a-nameless"):
        leftovers.end_all([nameless.child.pid_file, other.child.pid_file])
    assert not leftovers.is_held(other.child.pid_file)
    nameless.child.pid_file.write_text(written)
    nameless.stop()


def test_the_watcher_ends_at_once_when_nothing_is_left(home):
    watcher = start_watcher(home.folder("run"))
    watcher.communicate(timeout=5)
    assert watcher.returncode == 0


def test_a_program_that_cannot_be_started_leaves_no_lock(home):
    script = Script(home, FOREVER)
    child = Child(home.pid_file("nothing"))
    command = script.command()
    missing = type(command)(["/does/not/exist"], {}, home.path)
    with pytest.raises(FileNotFoundError):
        child.spawn(missing, subprocess.DEVNULL)
    assert not leftovers.is_held(child.pid_file)
