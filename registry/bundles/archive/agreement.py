"""Two other readers see the same zip: ``zipfile`` by its directory, ``stream-unzip`` by its data.

The data is unpacked once when a bundle is opened, by stream-unzip while we count; what our own reader
unpacks later, for whoever looks at an entry, is held to the same sizes and CRC.
"""

import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain, groupby

from stream_unzip import UnzipError, stream_unzip

from registry.bundles.archive.inflating import inflate
from registry.bundles.archive.source import Source
from registry.bundles.archive.zipformat import (
    CENTRAL,
    CENTRAL_HEADER,
    DESCRIPTOR_FLAG,
    STORED,
    UTF8_FLAG,
    Record,
)
from registry.bundles.archive.ziplayout import size_mismatch
from registry.bundles.findings import BundleRejected, rejected

# stream-unzip stops at the directory; it looks 28 bytes ahead after an entry.
_TERMINATOR = CENTRAL.ljust(CENTRAL_HEADER.size, b"\0")
_Unzipped = Iterator[tuple[bytes, int | None, Generator[bytes, None, None]]]


def agree_on_directory(source: Source, records: Sequence[Record]) -> None:
    """Compare names, CRC, sizes and places, in the directory's order, with what ``zipfile`` reads.

    Raises BundleRejected (``archive.disagreement``).
    """
    try:
        with zipfile.ZipFile(source.file) as other:
            theirs = [_facts(entry) for entry in other.infolist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise _disagreement(f"Python's zipfile refuses it: {error}") from None
    ours = [(one.raw_name, one.crc, one.compressed_bytes, one.size_bytes, one.offset) for one in records]
    for mine, other_one in zip(ours, theirs, strict=False):
        if mine != other_one:
            raise _disagreement(f"Python's zipfile sees {other_one}, this reader {mine}")
    if len(ours) != len(theirs):
        raise _disagreement(f"Python's zipfile sees {len(theirs):,} entries, not {len(ours):,}")


def _facts(entry: zipfile.ZipInfo) -> tuple[bytes, int, int, int, int]:
    codec = "utf-8" if entry.flag_bits & UTF8_FLAG else "cp437"
    raw_name = entry.orig_filename.encode(codec)
    return (raw_name, entry.CRC, entry.compress_size, entry.file_size, entry.header_offset)


def unpack_once(source: Source, ordered: Sequence[Record]) -> None:
    """Unpack every entry, in the file's order, and keep nothing.

    Raises BundleRejected: ``archive.size_mismatch``, ``archive.crc``, and ``archive.disagreement``
    where stream-unzip sees something else than this reader.
    """
    for streamed, run in groupby(ordered, key=_can_be_streamed):
        if streamed:
            _unpack_streamed(source, list(run))
        else:
            for record in run:
                _drain(inflate(source, record), record)


def _can_be_streamed(record: Record) -> bool:
    """Say whether an entry's end can be known from the front; not when its sizes come after it.

    stream-unzip calls the others NotStreamUnzippable, which is no disagreement.
    """
    return not (record.flags & DESCRIPTOR_FLAG and record.method == STORED)


def _unpack_streamed(source: Source, run: Sequence[Record]) -> None:
    packed = chain(source.chunks(run[0].offset, run[-1].end), (_TERMINATOR,))
    entries: _Unzipped = stream_unzip(packed)
    for record in run:
        try:
            raw_name, size, chunks = next(entries)
            _compare(record, raw_name, size)
            _drain(chunks, record)
        except (UnzipError, StopIteration) as error:
            raise _reason(source, record, repr(error)) from None
    if next(entries, None) is not None:
        raise _disagreement("stream-unzip sees more entries than the directory has")


def _compare(record: Record, raw_name: bytes, size: int | None) -> None:
    if raw_name != record.raw_name or size not in {None, record.size_bytes}:
        raise _disagreement(f"stream-unzip sees {raw_name!r} with {size} bytes, not {record.label}")


def _drain(chunks: Iterable[bytes], record: Record) -> None:
    """Count an entry's bytes against its size and CRC."""
    count = crc = 0
    for chunk in chunks:
        count += len(chunk)
        if count > record.size_bytes:
            raise size_mismatch(record, f"it unpacks to more than {record.size_bytes:,} bytes")
        crc = zlib.crc32(chunk, crc)
    if (count, crc) != (record.size_bytes, record.crc):
        raise _disagreement(f"{record.label} unpacks to {count:,} bytes with CRC {crc:08x}")


def _reason(source: Source, record: Record, seen: str) -> BundleRejected:
    """Let our own reader say what is wrong with an entry that stream-unzip cannot read."""
    try:
        _drain(inflate(source, record), record)
    except BundleRejected as refusal:
        return refusal
    return _disagreement(f"stream-unzip cannot read {record.label}: {seen}")


def _disagreement(what: str) -> BundleRejected:
    return rejected(
        "archive.disagreement",
        f"zip programs do not agree on this file: {what[:400]}",
        "Pack the files again with an ordinary zip program.",
    )
