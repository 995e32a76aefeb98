"""One entry's bytes out of a zip: counted, checked, and never more than the entry admits."""

import zlib
from collections.abc import Iterator
from itertools import chain

from registry.bundles.archive.source import CHUNK_BYTES, Source
from registry.bundles.archive.zipformat import STORED, Record
from registry.bundles.archive.ziplayout import size_mismatch
from registry.bundles.findings import BundleRejected, rejected


def inflate(source: Source, record: Record) -> Iterator[bytes]:
    """Yield the entry's bytes, at most 64 KiB at a time.

    Raises BundleRejected: ``archive.size_mismatch`` at the first byte too many or where bytes are
    missing or left over, ``archive.crc`` for damaged data.
    """
    crc = 0
    packed = source.chunks(record.data_offset, record.data_offset + record.compressed_bytes)
    chunks = _stored(packed, record) if record.method == STORED else _deflated(packed, record)
    for chunk in chunks:
        crc = zlib.crc32(chunk, crc)
        yield chunk
    if crc != record.crc:
        raise damaged(record, f"its CRC is {crc:08x} and should be {record.crc:08x}")


def _stored(packed: Iterator[bytes], record: Record) -> Iterator[bytes]:
    if record.compressed_bytes != record.size_bytes:
        raise size_mismatch(record, "it is stored, but its packed and unpacked sizes differ")
    yield from packed


def _deflated(packed: Iterator[bytes], record: Record) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    left = record.size_bytes
    for block in chain(packed, (b"",)):  # the empty one asks for what zlib still holds back
        rest = block
        while chunk := _some(inflater, rest, left, record):
            rest = inflater.unconsumed_tail
            left -= len(chunk)
            if left < 0:
                raise size_mismatch(record, f"it unpacks to more than {record.size_bytes:,} bytes")
            yield chunk
        if inflater.unused_data:
            raise size_mismatch(record, "there are bytes after the end of its packed data")
    if left:
        raise size_mismatch(record, f"{left:,} of {record.size_bytes:,} bytes are missing")
    if not inflater.eof:
        raise size_mismatch(record, "its packed data has no end")


def _some(inflater: "zlib._Decompress", rest: bytes, left: int, record: Record) -> bytes:
    """Unpack at most 64 KiB, and at most one byte more than there may be."""
    try:
        return inflater.decompress(rest, min(CHUNK_BYTES, left + 1))
    except zlib.error:
        raise damaged(record, "its packed data cannot be unpacked") from None


def damaged(record: Record, why: str) -> BundleRejected:
    """Make the refusal of an entry whose data is not what was packed."""
    return rejected(
        "archive.crc",
        f"{record.label} is damaged: {why}",
        "The file was damaged on its way: make or download it again, then upload it.",
        path=record.label,
    )
