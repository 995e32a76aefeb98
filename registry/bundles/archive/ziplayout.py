"""Local headers against the directory: they agree, and their bytes tile the file exactly."""

import struct

from registry.bundles.archive.apksigning import is_alignment
from registry.bundles.archive.source import Source
from registry.bundles.archive.zipdirectory import check_packing, check_unicode_name, name_mismatch
from registry.bundles.archive.zipformat import (
    DESCRIPTOR,
    DESCRIPTOR_FLAG,
    LOCAL,
    LOCAL_HEADER,
    MAX32,
    UTF8_FLAG,
    ZIP64_EXTRA,
    Record,
    extra_fields,
    only,
    shown,
    zip64_invalid,
    zip64_values,
)
from registry.bundles.archive.zipholes import explain_hole, overlap, unlisted
from registry.bundles.findings import BundleRejected, rejected


def lay_out(source: Source, records: list[Record], stop: int, *, aligned: bool = False) -> list[Record]:
    """Fill in where each entry's data lies; return the records in the file's order.

    Entries must cover the bytes from 0 to ``stop``; ``aligned`` allows the zeros before an APK's
    signing block, which begins there. Raises BundleRejected: ``archive.overlap``,
    ``archive.header_mismatch``, ``archive.name_mismatch``, ``archive.size_mismatch``,
    ``archive.data_descriptor``, and what :func:`explain_hole` says. Nothing is inflated.
    """
    ordered = sorted(records, key=lambda one: one.offset)
    _refuse_overlap(source, ordered, stop)
    reached = 0
    following = [*(record.offset for record in ordered), stop][1:]
    for record, limit in zip(ordered, following, strict=True):
        if record.offset != reached:
            raise explain_hole(source, reached, record.offset)
        _read_local(source, record)
        reached = _end_of(source, record, limit)
        record.end = reached
    if reached != stop and not (aligned and is_alignment(source, reached, stop)):
        raise explain_hole(source, reached, stop)
    return ordered


def _refuse_overlap(source: Source, ordered: list[Record], stop: int) -> None:
    """Compare the ranges that the directory alone gives, a little too short, before anything else."""
    reached = 0
    for record in ordered:
        if source.at(record.offset, 4) != LOCAL:
            raise unlisted(record.offset)
        if record.offset < reached:
            raise overlap(record.label)
        reached = record.offset + LOCAL_HEADER.size + len(record.raw_name) + record.compressed_bytes
    if ordered and reached > stop:
        raise overlap(ordered[-1].label)


def _read_local(source: Source, record: Record) -> None:
    header = source.at(record.offset, LOCAL_HEADER.size)
    _, _, flags, method, _, _, crc, compressed, size, name_bytes, extra_bytes = LOCAL_HEADER.unpack(header)
    raw = source.at(record.offset + LOCAL_HEADER.size, name_bytes + extra_bytes)
    record.data_offset = record.offset + LOCAL_HEADER.size + name_bytes + extra_bytes
    if raw[:name_bytes] != record.raw_name:
        raise name_mismatch(record, shown(raw[:name_bytes]))
    check_packing(flags, method, record)
    _compare_flags(record, flags, method)
    if extra_bytes or MAX32 in {size, compressed}:
        fields = extra_fields(raw[name_bytes:], record)
        check_unicode_name(fields, record)
        data = only(fields, ZIP64_EXTRA, lambda: zip64_invalid("two ZIP64 fields", record.label))
        size, compressed = zip64_values(data, (size, compressed), record)
    _compare_numbers(record, (crc, compressed, size))


def _compare_flags(record: Record, flags: int, method: int) -> None:
    if method != record.method:
        raise rejected(
            "archive.header_mismatch",
            f"{record.label} is packed by method {method} here and {record.method} in the directory",
            "Pack the files again.",
            path=record.label,
        )
    if (flags ^ record.flags) & DESCRIPTOR_FLAG:
        raise _bad_descriptor(record, "only one of its two headers speaks of a data descriptor")
    if (flags ^ record.flags) & UTF8_FLAG:
        raise rejected(
            "path.encoding",
            f"only one of the two headers of {record.label} says that its name is UTF-8",
            "Pack the files again with names in UTF-8.",
            path=record.label,
        )


def _compare_numbers(record: Record, local: tuple[int, int, int]) -> None:
    """Compare CRC and sizes; with a data descriptor the local ones may also be zero."""
    listed = (record.crc, record.compressed_bytes, record.size_bytes)
    if local == listed:
        return
    if not record.flags & DESCRIPTOR_FLAG:
        raise size_mismatch(record, f"its header says {local}, the directory {listed}")
    if any(one not in {0, other} for one, other in zip(local, listed, strict=True)):
        raise _bad_descriptor(record, f"its header says {local}, the directory {listed}")


def _end_of(source: Source, record: Record, limit: int) -> int:
    """Return where the entry ends, its data descriptor included."""
    end = record.data_offset + record.compressed_bytes
    if end > limit:
        raise overlap(record.label)
    if record.flags & DESCRIPTOR_FLAG:
        return end + _descriptor_bytes(source.at(end, min(24, limit - end)), record, limit - end)
    return end


def _descriptor_bytes(found: bytes, record: Record, room: int) -> int:
    """Return the length of the data descriptor: with or without signature, 32 or 64 bits.

    The form that fills the room is meant where there is one; forms can look alike.
    """
    numbers = (record.crc, record.compressed_bytes, record.size_bytes)
    wide = struct.pack("<LQQ", *numbers)
    forms = [DESCRIPTOR + wide, wide]
    if max(numbers) <= MAX32:
        narrow = struct.pack("<LLL", *numbers)
        forms += [DESCRIPTOR + narrow, narrow]
    fitting = [form for form in forms if len(form) == room] or forms
    for form in fitting:
        if found.startswith(form):
            return len(form)
    raise _bad_descriptor(record, f"the directory says {numbers}, the bytes after its data do not")


def size_mismatch(record: Record, why: str) -> BundleRejected:
    """Make the refusal of an entry whose sizes do not agree with its data or with each other."""
    return rejected(
        "archive.size_mismatch",
        f"the sizes of {record.label} do not agree (CRC, packed, unpacked): {why}",
        "Pack the files again; the zip was changed or damaged.",
        path=record.label,
    )


def _bad_descriptor(record: Record, why: str) -> BundleRejected:
    return rejected(
        "archive.data_descriptor",
        f"the data descriptor of {record.label} does not agree: {why}",
        "Pack the files again with an ordinary zip program.",
        path=record.label,
    )
