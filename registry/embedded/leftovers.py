"""Ends what is left of a child program, and, run as a script, of a whole house whose owner died.

A child and everything it forks hold a lock on the child's pid file. So whether any of it still
lives has an exact answer, which no reused process number can spoil. Only the standard library is
used here, for the script runs without the rest of Marquee.
"""

import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

KILLED_WITHIN_S = 5.0


class StillAlive(Exception):
    """A program did not end even when killed."""


def is_held(pid_file: Path) -> bool:
    """Say whether any process still holds the lock on this pid file."""
    try:
        descriptor = os.open(pid_file, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        # Shared, so two who ask at once do not take each other for the holder.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def ask(pid_file: Path) -> None:
    """Send the program of a pid file its own stop signal, if it lives."""
    if is_held(pid_file):
        group, stop_signal, _ = _read(pid_file)
        _send(os.kill, group, stop_signal)


def finish(pid_file: Path, grace_s: float | None = None) -> None:
    """Wait for the end of a program that was asked, then kill its group; the grace is its own.

    Raises StillAlive when something survives even that.
    """
    if not is_held(pid_file):
        return
    group, _, usual_s = _read(pid_file)
    if _released(pid_file, _grace(group, usual_s if grace_s is None else grace_s)):
        return
    _send(os.killpg, group, signal.SIGKILL)
    if not _released(pid_file, KILLED_WITHIN_S):
        raise StillAlive(f"Process {group} of {pid_file} does not end; end it by hand.")


def end_all(pid_files: Sequence[Path]) -> None:
    """End programs, all at once; returns when nothing of them lives.

    Raises StillAlive when something does, after all the others have ended.
    """
    troubles = [trouble for act in (ask, finish) for trouble in _tried(act, pid_files)]
    if troubles:
        raise troubles[-1]


def _tried(act: Callable[[Path], None], pid_files: Sequence[Path]) -> Iterator[StillAlive]:
    for path in pid_files:
        try:
            act(path)
        except StillAlive as trouble:
            yield trouble


def _read(pid_file: Path) -> tuple[int, int, float]:
    try:
        written = json.loads(pid_file.read_text(encoding="ascii"))
        return int(written["group"]), int(written["signal"]), float(written["grace_s"])
    except (ValueError, KeyError) as error:
        raise StillAlive(f"{pid_file} is held by a process but does not say which.") from error


def _grace(group: int, grace_s: float) -> float:
    """Give none to what outlived its leader: nobody is left to end it in good order."""
    try:
        os.kill(group, 0)
    except ProcessLookupError:
        return 0.0
    return grace_s


def _send(call: Callable[[int, int], None], group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        call(group, number)


def _released(pid_file: Path, within_s: float) -> bool:
    until = time.monotonic() + within_s
    while is_held(pid_file):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def watch(folder: Path) -> None:
    """Wait until the owner of our standard input has ended, then end what it left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end_all(sorted(folder.glob("*.pid")))


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
