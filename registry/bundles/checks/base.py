"""What a check is: it looks at each file of a bundle once, piece by piece, and finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from registry.bundles.findings import Finding


class Scan(Protocol):
    """A check's look at one file; it holds no more than a window of it."""

    def feed(self, piece: bytes) -> None:
        """Look at the next piece, at most 64 KiB."""

    def finish(self) -> Iterable[Finding]:
        """Tell what was found; called once, after the last piece."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table: ``begin`` takes a file's path and returns a look at it, or None."""

    name: str
    begin: Callable[[str], Scan | None]
