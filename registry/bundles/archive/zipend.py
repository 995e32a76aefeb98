"""Finding the one end of a zip: exactly one end record, at the very end, ZIP64 or not."""

from dataclasses import dataclass

from registry.bundles.archive.source import Source
from registry.bundles.archive.zipformat import (
    END,
    END64,
    END64_RECORD,
    END_RECORD,
    LOCAL,
    LOCATOR64,
    LOCATOR64_RECORD,
    MAX16,
    MAX32,
    zip64_invalid,
)
from registry.bundles.findings import BundleRejected, rejected

_TAIL_BYTES = END_RECORD.size + MAX16


@dataclass(frozen=True, slots=True)
class End:
    """What the end of a zip says: ``entries`` in ``size`` bytes from ``offset``, up to ``stop``.

    ``stop`` is where the end records begin, which is not always ``offset + size``.
    """

    entries: int
    size: int
    offset: int
    stop: int


def has_end(source: Source) -> bool:
    """Say whether the file ends as a zip does, whatever it begins with."""
    tail_offset, tail = _tail(source)
    return any(_reaches_end(source, tail, tail_offset + at, at) for at in _ends(tail))


def find_end(source: Source) -> End:
    """Return the end of the zip.

    Raises BundleRejected: ``archive.truncated``, ``archive.trailing``, ``archive.eocd_ambiguous``,
    ``archive.header_mismatch`` (a whole zip in the comment), ``archive.multidisk``,
    ``archive.zip64_invalid``.
    """
    tail_offset, tail = _tail(source)
    ends = _ends(tail)
    reaching = [at for at in ends if _reaches_end(source, tail, tail_offset + at, at)]
    if not reaching:
        raise _no_end(tail, tail_offset, ends)
    at = next((at for at in reaching if _is_likely(tail, at, tail_offset)), reaching[-1])
    if any(other > at for other in ends):
        raise _ambiguous(tail[at:])
    _, disk, first_disk, here, entries, size, offset, _ = END_RECORD.unpack_from(tail, at)
    _one_disk(disk, first_disk, here, entries)
    position = tail_offset + at
    locator = source.at(max(0, position - LOCATOR64_RECORD.size), LOCATOR64_RECORD.size)
    if locator.startswith(LOCATOR64):
        return _end64(source, locator, position - LOCATOR64_RECORD.size, (entries, size, offset))
    if MAX32 in {size, offset}:
        raise zip64_invalid("the end of the zip speaks of ZIP64 records that are not there")
    return End(entries, size, offset, position)


def _tail(source: Source) -> tuple[int, bytes]:
    offset = max(0, source.size - _TAIL_BYTES)
    return offset, source.at(offset, _TAIL_BYTES)


def _ends(tail: bytes) -> list[int]:
    """Return where complete end records may begin, first to last."""
    found = []
    at = tail.find(END)
    while 0 <= at <= len(tail) - END_RECORD.size:
        found.append(at)
        at = tail.find(END, at + 1)
    return found


def _reaches_end(source: Source, tail: bytes, position: int, at: int) -> bool:
    comment_bytes = END_RECORD.unpack_from(tail, at)[-1]
    return bool(position + END_RECORD.size + comment_bytes == source.size)


def _is_likely(tail: bytes, at: int, tail_offset: int) -> bool:
    """Say whether an end record makes sense; bytes of an entry can look like one by accident."""
    _, disk, first_disk, here, entries, size, offset, _ = END_RECORD.unpack_from(tail, at)
    is_before = MAX32 in {size, offset} or offset + size <= tail_offset + at
    return disk == first_disk and here == entries and is_before


def _end64(source: Source, locator: bytes, position: int, usual: tuple[int, ...]) -> End:
    """Read the 64-bit end record, which must stand right before its locator, without extras."""
    _, disk, offset, disks = LOCATOR64_RECORD.unpack(locator)
    start = position - END64_RECORD.size
    if offset != start or disk != 0 or disks > 1:
        raise zip64_invalid(
            f"the ZIP64 locator points to byte {offset:,}; its record must stand at {start:,}"
        )
    record = source.at(start, END64_RECORD.size)
    if not record.startswith(END64):
        raise zip64_invalid("there is no ZIP64 end record where the locator points")
    _, length, _, _, disk, first_disk, here, entries, size, offset = END64_RECORD.unpack(record)
    if length != END64_RECORD.size - 12:
        raise zip64_invalid("the ZIP64 end record has extensible data")
    _one_disk(disk, first_disk, here, entries)
    for small, full, limit in zip(usual, (entries, size, offset), (MAX16, MAX32, MAX32), strict=True):
        if small not in {limit, full}:
            raise zip64_invalid(f"the two end records disagree: {small:,} and {full:,}")
    return End(entries, size, offset, start)


def _one_disk(disk: int, first_disk: int, here: int, entries: int) -> None:
    if {disk, first_disk} - {0, MAX16} or here != entries:
        raise rejected(
            "archive.multidisk",
            f"the zip says that it is part {disk + 1} of a set",
            "Upload one zip that is not split.",
        )


def _no_end(tail: bytes, tail_offset: int, ends: list[int]) -> BundleRejected:
    for at in ends:
        size, offset, comment_bytes = END_RECORD.unpack_from(tail, at)[-3:]
        stop = at + END_RECORD.size + comment_bytes
        after_zip64 = at >= 20 and tail[at - 20 : at - 16] == LOCATOR64
        is_real = after_zip64 or offset + size == tail_offset + at
        if stop < len(tail) and is_real:
            return rejected(
                "archive.trailing",
                f"{len(tail) - stop:,} bytes follow the end of the zip",
                "Upload the zip alone; nothing may be appended to it.",
            )
    return rejected(
        "archive.truncated",
        "the end of the zip is missing",
        "The file was cut off: make or download it again, then upload it.",
    )


def _ambiguous(tail: bytes) -> BundleRejected:
    if LOCAL in tail:
        return rejected(
            "archive.header_mismatch",
            "the comment of the zip holds another zip with a directory of its own",
            "Upload one zip, without a comment.",
        )
    return rejected(
        "archive.eocd_ambiguous",
        "the zip ends twice: its comment holds a second end record",
        "Pack the files again, without a comment.",
    )
