"""One child program, started, watched and stopped.

It leads a process group and session of its own, so Ctrl-C reaches only the supervisor, which then
stops the parts in their order; and it holds the lock on its pid file (see leftovers).
"""

import fcntl
import json
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from registry.embedded import leftovers


@dataclass(frozen=True)
class Command:
    """What to run: `folder` is its working directory, `account` the system account it runs as."""

    argv: list[str]
    environ: Mapping[str, str]
    folder: Path
    account: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace_s: float = 3.0


@dataclass
class Child:
    """A program that can be started again and again, one at a time."""

    pid_file: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def spawn(self, command: Command, output: int | IO[bytes]) -> None:
        """Start the program; what an earlier one left is ended first. Output: a file or a pipe."""
        leftovers.end_all([self.pid_file])
        lock = os.open(self.pid_file, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.process = popen(command, output, (lock,))
            os.write(lock, _written(self.process.pid, command))
        finally:
            os.close(lock)

    def is_alive(self) -> bool:
        """Say whether the program itself runs; it may have left children behind."""
        return self.process is not None and self.process.poll() is None

    def exit_code(self) -> int | None:
        """Return how the program ended, None while it runs; negative: the signal that ended it."""
        return None if self.process is None else self.process.poll()

    def ask(self) -> None:
        """Send the stop signal and return at once."""
        leftovers.ask(self.pid_file)

    def finish(self, grace_s: float | None = None) -> None:
        """Wait for the end of what was asked to stop, kill it after the grace."""
        leftovers.finish(self.pid_file, grace_s)
        if self.process is not None:
            self.process.wait()


def popen(
    command: Command, output: int | IO[bytes], inherited: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own, with nothing to read and one place to write to."""
    return subprocess.Popen(
        command.argv,
        env=dict(command.environ),
        cwd=command.folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=inherited,
        user=command.account,
        group=_group(command.account),
        extra_groups=[] if command.account else None,
    )


def start_watcher(folder: Path, inherited: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """Start the watcher of a folder of pid files: however we end, it ends what is left.

    Close its standard input to let it finish. It shares the descriptors handed in.
    """
    return subprocess.Popen(
        [sys.executable, "-I", "-S", leftovers.__file__, str(folder)],
        cwd="/",
        stdin=subprocess.PIPE,
        start_new_session=True,
        pass_fds=inherited,
    )


def _group(account: str | None) -> int | None:
    if account is None:
        return None
    return pwd.getpwnam(account).pw_gid


def _written(pid: int, command: Command) -> bytes:
    values = {"group": pid, "signal": int(command.stop_signal), "grace_s": command.grace_s}
    return json.dumps(values).encode("ascii")
