"""What all parts of the house have in common: prepared, started, asked, stopped in the same way."""

import os
import time
from collections.abc import Callable, Sequence
from typing import IO, ClassVar

from registry.embedded import leftovers
from registry.embedded.child import Child, Command
from registry.embedded.home import Home


class PartFailed(Exception):
    """A part did not come up; the message says which, why, and what to do."""


class Part:
    """One program. A subclass says what to run and how to see that it is ready."""

    name: ClassVar[str]
    ports: ClassVar[tuple[str, ...]] = ()
    starts_within_s: ClassVar[float] = 60.0

    def __init__(self, home: Home) -> None:
        self.home = home
        self.child = Child(home.pid_file(self.name))

    def claim(self) -> None:
        """End what an earlier run left, and see that the remembered ports are still free.

        Not part of a restart: the others know the ports by then.
        """
        leftovers.end_all([self.child.pid_file])
        for name in self.ports:
            self.home.claim_port(name)

    def prepare(self) -> None:
        """Make what the program needs before it starts; called before each start."""

    def command(self) -> Command:
        """Return what to run."""
        raise NotImplementedError

    def ready(self) -> bool:
        """Say whether the program answers."""
        return self.child.is_alive()

    def settle(self) -> None:
        """Make what can only be made in the running program; harmless when repeated."""

    def services(self) -> dict[str, str]:
        """Return the settings under which other programs find this one."""
        return {}

    def shown(self, line: str) -> str:
        """Return what the terminal shows of a line of output, or nothing; the log file keeps all."""
        return line

    def spawn(self, output: int | IO[bytes]) -> None:
        """Start the program and return at once."""
        self.prepare()
        self.child.spawn(self.command(), output)

    def start(self) -> None:
        """Start the program, its output in a log file, and wait until it is ready and settled."""
        start_together([self])

    def wait(self, pause: Callable[[float], object] = time.sleep) -> None:
        """Wait until the program is ready. Raises PartFailed when it ends or is late."""
        until = time.monotonic() + self.starts_within_s
        while not self.ready():
            if not self.child.is_alive():
                raise PartFailed(f"{self.name} ended at once; {self._log()} says why.")
            if time.monotonic() > until:
                late = f"{self.name} is not ready after {self.starts_within_s:.0f} s"
                raise PartFailed(f"{late}; see {self._log()}.")
            pause(0.05)

    def stop(self, grace_s: float | None = None) -> None:
        """Stop the program; returns when nothing of it lives."""
        self.child.ask()
        self.child.finish(grace_s)

    def _log(self) -> str:
        return os.fspath(self.home.path / "logs" / f"{self.name}.log")


def start_together(parts: Sequence[Part]) -> None:
    """Start parts at once, their output in log files, and wait until all are ready and settled."""
    for part in parts:
        part.claim()
    for part in parts:
        with (part.home.folder("logs") / f"{part.name}.log").open("ab") as output:
            part.spawn(output)
    for part in parts:
        part.wait()
        part.settle()
