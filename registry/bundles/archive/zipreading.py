"""Zips and APKs as bundles: every rule of the container is checked before the first file is read."""

import stat
from collections.abc import Iterator, Sequence

from registry.bundles.archive.agreement import agree_on_directory, unpack_once
from registry.bundles.archive.apksigning import SigningBlock, find_signing_block
from registry.bundles.archive.base import Entry
from registry.bundles.archive.inflating import inflate
from registry.bundles.archive.kinds import check_mode, special
from registry.bundles.archive.names import Tree, path_conflict
from registry.bundles.archive.opened import OpenedBundle
from registry.bundles.archive.quotas import check_sizes
from registry.bundles.archive.remarks import Remarks
from registry.bundles.archive.source import Source
from registry.bundles.archive.zipdirectory import read_directory
from registry.bundles.archive.zipend import find_end
from registry.bundles.archive.zipformat import UTF8_FLAG, Record
from registry.bundles.archive.ziplayout import lay_out
from registry.bundles.findings import Finding, rejected
from registry.bundles.limits import Limits

_ANDROID_MANIFEST = b"AndroidManifest.xml"
_BINARY_XML = b"\x03\x00\x08\x00"
_DOS_FOLDER, _REPARSE_POINT = 0x10, 0x400
_WINDOWS = frozenset({0, 10, 14})  # systems of origin whose attributes are Windows's


class ZipBundle(OpenedBundle):
    """A zip (``zip``) or Android package (``apk``).

    ``signing_block`` is the APK's, from its size to its magic, None without one.
    """

    def __init__(
        self,
        source: Source,
        filename: str,
        records: Sequence[Record],
        findings: Sequence[Finding],
        signing_block: SigningBlock | None,
        container: str,
    ) -> None:
        files = [record for record in records if not record.is_folder]
        entries = [_entry(record) for record in files]
        super().__init__(container, filename, source.size, entries, findings)
        self.signing_block = signing_block.content if signing_block else None
        self._source = source
        self._records = {record.name: record for record in files}

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield an entry's bytes; see :class:`registry.bundles.archive.base.Bundle`."""
        return inflate(self._source, self._records[name])


def open_zip(source: Source, filename: str, limits: Limits) -> ZipBundle:
    """Return the bundle in a zip. Raises BundleRejected for every rule of zips that it breaks.

    Cheap things come first: the directory alone decides on entries, overlaps, names, kinds and
    sizes; then the data is unpacked once.
    """
    end = find_end(source)
    records = read_directory(source, end, limits)
    android = [record for record in records if record.raw_name == _ANDROID_MANIFEST]
    block = find_signing_block(source, end.offset) if android else None
    stop = block.offset if block else end.offset
    ordered = lay_out(source, records, stop, aligned=block is not None)
    is_apk = any(_begins_as_binary_xml(source, record) for record in android)
    remarks = _check_entries(records, limits, portable=not is_apk)
    check_sizes((_entry(record) for record in records), limits)
    agree_on_directory(source, records)
    unpack_once(source, ordered)
    container = "apk" if is_apk else "zip"
    return ZipBundle(source, filename, records, remarks.findings(), block, container)


def _begins_as_binary_xml(source: Source, record: Record) -> bool:
    return next(inflate(source, record), b"").startswith(_BINARY_XML)


def _entry(record: Record) -> Entry:
    return Entry(record.name, record.size_bytes, record.compressed_bytes, record.mode)


def _check_entries(records: Sequence[Record], limits: Limits, *, portable: bool) -> Remarks:
    tree = Tree(limits, portable=portable)
    remarks = Remarks(tree)
    for record in records:
        record.name = _decoded(record, remarks).removesuffix("/")
        tree.add(record.name, is_folder=record.is_folder)
        _check_kind(record)
        remarks.entry(record.name, record.mode)
    return remarks


def _decoded(record: Record, remarks: Remarks) -> str:
    try:
        name = record.raw_name.decode()
    except UnicodeDecodeError:
        raise rejected(
            "path.encoding",
            f"the name {record.label} is not UTF-8",
            "Pack the files again with names in UTF-8 (7-Zip: parameter cu=on).",
            path=record.label,
        ) from None
    if not name.isascii() and not record.flags & UTF8_FLAG:
        remarks.unmarked.append(name)
    return name


def _check_kind(record: Record) -> None:
    check_mode(record.mode, record.name)
    if record.is_link:
        raise special("link", record.name)
    if record.system in _WINDOWS and record.attributes & _REPARSE_POINT:
        raise special("Windows link (reparse point)", record.name)
    says_folder = stat.S_ISDIR(record.mode) or bool(record.attributes & _DOS_FOLDER)
    if (record.is_folder and record.size_bytes) or (says_folder and not record.is_folder):
        raise path_conflict(record.name)
