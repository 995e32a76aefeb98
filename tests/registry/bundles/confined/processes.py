"""Finds the reader's processes in /proc, for tests that look at them or kill them."""

import time
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")


def children_of(pid):
    """Return the process ids of a process's children."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z" and int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def wait_for_child(pid, seconds=30, *, besides=()):
    """Return the process id of the first child that a process gets, ``besides`` those it had."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := [child for child in children_of(pid) if child not in besides]:
            return found[0]
        time.sleep(0.005)
    raise AssertionError(f"{pid} got no child within {seconds} s")


def is_alive(pid):
    """Say whether a process is there and not yet ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def wait_until_gone(pid, seconds=5):
    """Wait for a process to end, with a time limit."""
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        assert time.monotonic() < deadline, f"{pid} is still there after {seconds} s"
        time.sleep(0.01)
