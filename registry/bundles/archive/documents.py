"""One metadata file uploaded alone, as a bundle of one entry."""

from collections.abc import Iterator

from registry.bundles.archive.base import Entry
from registry.bundles.archive.names import check_name
from registry.bundles.archive.opened import OpenedBundle
from registry.bundles.archive.signatures import archive_name, program_name
from registry.bundles.archive.source import Source
from registry.bundles.limits import MIB, Limits

_SUFFIXES = (".xml", ".json", ".plist", ".yml", ".yaml", ".toml", ".desktop")
_MAX_BYTES = 16 * MIB


class DocumentBundle(OpenedBundle):
    """A bundle whose only entry is the uploaded file itself."""

    def __init__(self, source: Source, filename: str) -> None:
        entries = [Entry(filename, source.size, source.size)]
        super().__init__("document", filename, source.size, entries, ())
        self._source = source

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield the file's bytes; see :class:`registry.bundles.archive.base.Bundle`."""
        return self._source.chunks(0, self._by_name[name].size_bytes)


def is_document(source: Source, filename: str, head: bytes) -> bool:
    """Say whether a file is text that calls itself metadata."""
    is_small = source.size <= _MAX_BYTES
    is_text = program_name(head) is None and archive_name(head) is None
    return is_small and is_text and filename.lower().endswith(_SUFFIXES)


def open_document(source: Source, filename: str, limits: Limits) -> DocumentBundle:
    """Return the bundle of one file. Raises BundleRejected for a name that breaks the rules."""
    check_name(filename, limits)
    return DocumentBundle(source, filename)
