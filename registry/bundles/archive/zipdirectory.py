"""The central directory of a zip: every record read once, in order, with nothing left over."""

import zlib
from collections.abc import Iterator

from registry.bundles.archive.source import Source
from registry.bundles.archive.zipend import End
from registry.bundles.archive.zipformat import (
    ASI_UNIX_EXTRA,
    CENTRAL,
    CENTRAL_HEADER,
    DEFLATED,
    ENCRYPTED_FLAGS,
    LOCAL_HEADER,
    MAX16,
    PKWARE_UNIX_EXTRA,
    STORED,
    UNICODE_PATH_EXTRA,
    UNSUPPORTED_FLAGS,
    ZIP64_EXTRA,
    Record,
    extra_fields,
    only,
    shown,
    zip64_invalid,
    zip64_values,
)
from registry.bundles.archive.zipholes import explain_hole, overlap
from registry.bundles.findings import BundleRejected, rejected
from registry.bundles.limits import Limits

_AES = 99
_WINDOW_BYTES = 1_048_576
_LONGEST_RECORD_BYTES = CENTRAL_HEADER.size + 3 * MAX16
_COUNTED_TIMES = 10


def read_directory(source: Source, end: End, limits: Limits) -> list[Record]:
    """Return the records in the directory's order.

    Raises BundleRejected: ``archive.encrypted``, ``archive.method``, ``archive.multidisk``,
    ``archive.zip64_invalid``, ``archive.name_mismatch``, ``path.too_long``, ``limit.entries``,
    ``archive.overlap`` (instead of ``limit.entries`` where entries share bytes), and what
    :func:`explain_hole` says of a directory that does not lie where it should.
    """
    _check_place(source, end)
    records: list[Record] = []
    for record in _records(source, end, limits):
        records.append(record)
        if len(records) > limits.entries * _COUNTED_TIMES:
            raise _too_many(end.entries, limits)
    if len(records) != end.entries:
        raise rejected(
            "archive.header_mismatch",
            f"the directory holds {len(records):,} entries and says {end.entries:,}",
            "Pack the files again.",
        )
    if len(records) > limits.entries:
        _refuse_overlap(records)
        raise _too_many(len(records), limits)
    return records


def _check_place(source: Source, end: End) -> None:
    stop = end.offset + end.size
    if stop > end.stop:
        raise rejected(
            "archive.truncated",
            f"the directory should end at byte {stop:,}, but the zip ends at {end.stop:,}",
            "Bytes are missing: make or download the file again, then upload it.",
        )
    if stop == end.stop:
        return
    shift = end.stop - stop  # how far a directory that was written for another place has moved
    if source.at(end.offset, 4) != CENTRAL == source.at(end.offset + shift, 4):
        raise explain_hole(source, 0, shift)
    raise explain_hole(source, stop, end.stop)


def _records(source: Source, end: End, limits: Limits) -> Iterator[Record]:
    """Yield the records; only a window of the directory is ever held."""
    window, base = b"", end.offset
    position = end.offset
    while position < end.stop:
        if position + _LONGEST_RECORD_BYTES > base + len(window) < end.stop:
            window, base = source.at(position, min(_WINDOW_BYTES, end.stop - position)), position
        at = position - base
        if window[at : at + 4] != CENTRAL or len(window) - at < CENTRAL_HEADER.size:
            raise explain_hole(source, position, end.stop)
        record, length = _record(window, at, limits)
        if position + length > end.stop:
            raise explain_hole(source, position, end.stop)
        position += length
        yield record


def _record(window: bytes, at: int, limits: Limits) -> tuple[Record, int]:
    (
        _, _, system, _, flags, method, _, _, crc, compressed, size,
        name_bytes, extra_bytes, comment_bytes, disk, _, attributes, offset,
    ) = CENTRAL_HEADER.unpack_from(window, at)  # fmt: skip
    at += CENTRAL_HEADER.size
    raw_name = window[at : at + name_bytes]
    extra = window[at + name_bytes : at + name_bytes + extra_bytes]
    record = Record(raw_name, flags, method, crc, compressed, size, offset, system, attributes)
    _check_kind(record, disk, limits)
    if extra:
        _read_extra(record, extra)
    elif 0xFFFFFFFF in {compressed, size, offset}:
        zip64_values(None, (size, compressed, offset), record)
    return record, CENTRAL_HEADER.size + name_bytes + extra_bytes + comment_bytes


def _check_kind(record: Record, disk: int, limits: Limits) -> None:
    check_packing(record.flags, record.method, record)
    if disk not in {0, MAX16}:
        raise rejected(
            "archive.multidisk",
            f"{record.label} begins in part {disk + 1} of a split zip",
            "Upload one zip that is not split.",
            path=record.label,
        )
    if len(record.raw_name) > limits.path_bytes + 1:
        raise rejected(
            "path.too_long",
            f"{record.label[:80]}… has {len(record.raw_name)} bytes; {limits.path_bytes} may be",
            "Shorten the names of the file and its folders.",
            path=record.label,
        )


def check_packing(flags: int, method: int, record: Record) -> None:
    """Refuse entries that are encrypted or packed in a way that not every client knows."""
    if flags & ENCRYPTED_FLAGS or method == _AES:
        raise rejected(
            "archive.encrypted",
            f"{record.label} is encrypted",
            "Pack the files without a password.",
            path=record.label,
        )
    if method not in {STORED, DEFLATED} or flags & UNSUPPORTED_FLAGS:
        raise rejected(
            "archive.method",
            f"{record.label} is packed by method {method}; only stored (0) and deflate (8) are read by all",
            "Choose the compression method Deflate (7-Zip: Zip, Method Deflate).",
            path=record.label,
        )


def _read_extra(record: Record, extra: bytes) -> None:
    fields = extra_fields(extra, record)
    check_unicode_name(fields, record)
    data = only(fields, ZIP64_EXTRA, lambda: zip64_invalid("two ZIP64 fields", record.label))
    record.size_bytes, record.compressed_bytes, record.offset = zip64_values(
        data, (record.size_bytes, record.compressed_bytes, record.offset), record
    )
    record.is_link = any(_is_link(identifier, data) for identifier, data in fields)


def check_unicode_name(fields: list[tuple[int, bytes]], record: Record) -> None:
    """Refuse an Info-ZIP Unicode path that differs from the name, which other readers would use."""
    data = only(fields, UNICODE_PATH_EXTRA, lambda: name_mismatch(record, "two other names"))
    if data is None:
        return
    raw_name = record.raw_name
    agrees = data[5:] == raw_name and int.from_bytes(data[1:5], "little") == zlib.crc32(raw_name)
    if not agrees or data[:1] != b"\x01":
        raise name_mismatch(record, shown(data[5:]))


def name_mismatch(record: Record, other: str) -> BundleRejected:
    """Make the refusal of an entry with two names."""
    return rejected(
        "archive.name_mismatch",
        f"{record.label} has another name in the same zip: {other}",
        "Pack the files again with names in UTF-8 (Info-ZIP: zip -UN=UTF8).",
        path=record.label,
    )


def _is_link(identifier: int, data: bytes) -> bool:
    """Say whether a Unix extra field names the target of a link."""
    if identifier == PKWARE_UNIX_EXTRA:
        return len(data) > 12
    return identifier == ASI_UNIX_EXTRA and data[6:10].strip(b"\0") != b""


def _refuse_overlap(records: list[Record]) -> None:
    reached = 0
    for record in sorted(records, key=lambda one: one.offset):
        if record.offset < reached:
            raise overlap(record.label)
        reached = record.offset + LOCAL_HEADER.size + len(record.raw_name) + record.compressed_bytes


def _too_many(entries: int, limits: Limits) -> BundleRejected:
    return rejected(
        "limit.entries",
        f"the zip has {entries:,} entries; {limits.entries:,} may be",
        "Leave out what is not needed (version control, tests, caches), or pack it into one file.",
    )
