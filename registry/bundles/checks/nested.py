"""Finds archives inside a bundle: what they hold is seen by no reader, so a person looks at it."""

from collections.abc import Iterator

from registry.bundles.findings import Finding, Severity

#: How each sort of archive begins, and at which byte.
BEGINNINGS = (
    ("a zip archive", 0, b"PK\x03\x04"),
    ("an empty zip archive", 0, b"PK\x05\x06"),
    ("a 7z archive", 0, b"7z\xbc\xaf\x27\x1c"),
    ("a RAR archive", 0, b"Rar!\x1a\x07"),
    ("a gzip file", 0, b"\x1f\x8b\x08"),
    ("a bzip2 file", 0, b"BZh"),
    ("an xz file", 0, b"\xfd7zXZ\x00"),
    ("a Zstandard file", 0, b"\x28\xb5\x2f\xfd"),
    ("a cabinet archive", 0, b"MSCF\x00\x00\x00\x00"),
    ("an ar archive", 0, b"!<arch>\n"),
    ("a tar archive", 257, b"ustar"),
)
_BEGINNING_BYTES = 264


def sort_of(beginning: bytes) -> str | None:
    """Return which sort of archive begins with these bytes (264 are enough), or None."""
    return next(
        (title for title, at, mark in BEGINNINGS if beginning.startswith(mark, at)),
        None,
    )


def begin(path: str) -> "ArchiveScan":
    """Look at any file: an archive is known by its bytes, not by its name."""
    return ArchiveScan(path)


class ArchiveScan:
    """Looks at how a file begins."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._beginning = b""

    def feed(self, piece: bytes) -> None:
        """Keep the first bytes."""
        if len(self._beginning) < _BEGINNING_BYTES:
            self._beginning += piece[:_BEGINNING_BYTES]

    def finish(self) -> Iterator[Finding]:
        """Tell which archive it is, if it is one."""
        sort = sort_of(self._beginning)
        if sort is not None:
            yield Finding(
                "entry.nested",
                Severity.WARNING,
                f"{self._path} is {sort} inside the bundle; what it holds waits for a moderator.",
                "Pack the files themselves, if the media server can do without the inner archive.",
                self._path,
            )
