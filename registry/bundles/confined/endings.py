"""What a reader's end means for the file that it read."""

import signal
from dataclasses import dataclass

from registry.bundles.findings import Finding, Severity
from registry.bundles.limits import MIB, Limits

#: Signals with which people and supervisors stop programs; a file cannot send them.
STOPPING_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
#: A reader waits for nothing but the processor; with less than this it was others that were slow.
LEAST_SHARE = 0.05
_LOOK = "Look for a file that unpacks or nests without end; else pack less into one bundle."


@dataclass(frozen=True, slots=True)
class Ending:
    """How a reader ended: exit code (negative: by that signal), too late or not, what it used."""

    code: int
    late: bool
    cpu_s: float
    peak_bytes: int

    def starved(self, limits: Limits) -> bool:
        """Say whether time ran out because the machine had none to give: the reader hardly ran."""
        return self.late and self.cpu_s < limits.wall_s * LEAST_SHARE

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped the reader, so that the end says nothing about the file."""
        return -self.code in STOPPING_SIGNALS


def without_memory(limits: Limits) -> Finding:
    """Return the finding for a bundle whose reading takes too much memory."""
    allowed = limits.memory_bytes // MIB
    return _error("limit.memory", f"Reading the bundle takes more than {allowed} MiB.", _LOOK)


def meaning(ending: Ending, step: str, limits: Limits, detail: str) -> Finding:
    """Return the finding for a reader that did not come to its end; ``step`` was its last."""
    if ending.late:
        return _error(
            "limit.time",
            f"The bundle was not read within {limits.wall_s} seconds (step {step}).",
            _LOOK,
        )
    if ending.code == -signal.SIGXCPU or ending.cpu_s >= limits.cpu_s:
        return _error(
            "limit.cpu",
            f"Reading the bundle takes more than {limits.cpu_s} seconds of processor time (step {step}).",
            _LOOK,
        )
    if ending.code == -signal.SIGKILL:
        # Nobody else kills without a word: the kernel does when the machine's memory is used up.
        return without_memory(limits)
    return Finding(
        "reader.failed",
        Severity.ERROR,
        f"The bundle could not be read: its reader broke (step {step}).",
        "See whether the file opens elsewhere; if it does, tell the operator.",
        private={"trace": f"exit code {ending.code}; {detail}"},
    )


def _error(code: str, message: str, fix: str) -> Finding:
    return Finding(code, Severity.ERROR, message, fix)
