"""Keeps programs running: one that ends is started again, sooner the longer it had run well."""

import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from registry.embedded.journal import Journal
from registry.embedded.leftovers import StillAlive
from registry.embedded.part import Part, PartFailed

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST_WAIT_S = 30.0
TASK_GRACE_S = 0.5
RAN_WELL_S = 20.0


class Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass
class Ward:
    """A part under supervision: since when it runs, how often it failed, when it is due again."""

    part: Part
    started_at: float = 0.0
    failures: int = 0
    due_at: float | None = None

    def fail(self, now: float) -> float:
        """Note an end; returns how long to wait, in seconds: 0.5, 1, 2, … 30."""
        self.failures = 1 if now - self.started_at > RAN_WELL_S else self.failures + 1
        wait_s = min(LONGEST_WAIT_S, 0.25 * 2.0 ** min(self.failures, 10))
        self.due_at = now + wait_s
        return wait_s


class Supervisor:
    """Starts parts, restarts those that end, and stops all of them in order."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.wards: list[Ward] = []
        self._stop = threading.Event()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take the signals that mean: stop."""
        before = {number: signal.signal(number, self._stopped) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def pause(self, duration_s: float) -> None:
        """Wait; raises Stopped as soon as somebody asks us to stop."""
        if self._stop.wait(duration_s):
            raise Stopped

    def start(self, parts: Sequence[Part]) -> None:
        """Start parts at once and return; they stay under watch."""
        for part in parts:
            ward = Ward(part)
            self.wards.append(ward)
            self._spawn(ward)

    def wait(self, parts: Iterable[Part]) -> None:
        """Wait until parts are ready, and settle them. Raises PartFailed."""
        for part in parts:
            part.wait(self.pause)
            part.settle()

    def finish(self, task: Part) -> int:
        """Run a part to its end; returns its exit code."""
        self._spawn(Ward(task))
        try:
            while (code := task.child.exit_code()) is None:
                self.pause(0.05)
        finally:
            task.stop(TASK_GRACE_S)
        return code

    def watch(self) -> None:
        """Restart what ends, until somebody asks us to stop."""
        while True:
            for ward in self.wards:
                self._look_after(ward, time.monotonic())
            self.pause(0.1)

    def stop(self, parts: Sequence[Part], grace_s: float) -> None:
        """Stop parts at once: asked first, killed after the grace."""
        running = [part for part in parts if part.child.process is not None]
        for part in running:
            part.child.ask()
        until = time.monotonic() + grace_s
        for part in running:
            part.child.finish(max(0.0, until - time.monotonic()))

    def _stopped(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - its signature
        self._stop.set()

    def _spawn(self, ward: Ward) -> None:
        ward.started_at, ward.due_at = time.monotonic(), None
        output = self.journal.open(ward.part.name, ward.part.shown)
        try:
            ward.part.spawn(output)
        finally:
            os.close(output)

    def _look_after(self, ward: Ward, now: float) -> None:
        if ward.due_at is not None:
            if now >= ward.due_at:
                self._try_again(ward)
        elif (code := ward.part.child.exit_code()) is not None:
            wait_s = ward.fail(now)
            self.journal.say(f"{ward.part.name} ended ({_said(code)}); again in {wait_s:g} s")

    def _try_again(self, ward: Ward) -> None:
        try:
            self._spawn(ward)
        except (OSError, PartFailed, StillAlive) as error:
            wait_s = ward.fail(time.monotonic())
            self.journal.say(f"{ward.part.name} does not start: {error} Again in {wait_s:g} s")


def _said(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
