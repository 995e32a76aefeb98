"""A bundle as ecosystems and checks see it, whatever container it came in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from registry.bundles.findings import Finding


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a bundle; folders are not entries. ``name`` uses ``/``, never leads with one."""

    name: str
    size_bytes: int
    compressed_bytes: int
    mode: int = 0


class Bundle(Protocol):
    """An opened bundle that has passed the rules of its container.

    ``container`` is ``zip``, ``apk``, ``ipk``, ``appimage``, ``document`` (one metadata file alone)
    or ``plain``; ``filename`` is the uploaded file's name, a hint for people only;
    ``entries`` are files in archive order; ``findings`` are remarks that did not refuse it.
    """

    container: str
    filename: str
    size_bytes: int
    entries: Sequence[Entry]
    findings: Sequence[Finding]

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield an entry's bytes, at most 64 KiB at a time, counted and checked against its CRC.

        Raises KeyError for a name that is not there, BundleRejected when bytes and header disagree.
        """

    def read(self, name: str, limit_bytes: int) -> bytes:
        """Return an entry whole. Raises BundleRejected (``limit.entry``) above ``limit_bytes``."""

    def __contains__(self, name: str) -> bool: ...
