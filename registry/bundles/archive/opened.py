"""What every opened bundle has in common: a table of entries, and reading one of them whole."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from registry.bundles.archive.base import Entry
from registry.bundles.findings import Finding, rejected


class OpenedBundle(ABC):
    """A bundle over a table of entries; see :class:`registry.bundles.archive.base.Bundle`."""

    def __init__(
        self,
        container: str,
        filename: str,
        size_bytes: int,
        entries: Sequence[Entry],
        findings: Sequence[Finding],
    ) -> None:
        self.container = container
        self.filename = filename
        self.size_bytes = size_bytes
        self.entries = entries
        self.findings = findings
        self._by_name = {entry.name: entry for entry in entries}

    @abstractmethod
    def stream(self, name: str) -> Iterator[bytes]:
        """Yield an entry's bytes, at most 64 KiB at a time. Raises KeyError, BundleRejected."""

    def read(self, name: str, limit_bytes: int) -> bytes:
        """Return an entry whole. Raises KeyError, BundleRejected (``limit.entry``)."""
        size = self._by_name[name].size_bytes
        if size > limit_bytes:
            raise rejected(
                "limit.entry",
                f"{name} has {size:,} bytes; {limit_bytes:,} may be",
                "Make the file smaller.",
                path=name,
            )
        return b"".join(self.stream(name))

    def __contains__(self, name: str) -> bool:
        return name in self._by_name
