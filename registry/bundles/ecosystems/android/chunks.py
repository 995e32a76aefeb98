"""Android's chunk format, which binary manifests and resource tables share.

All offsets come from a stranger: each read is bounds-checked by ``struct`` and by slices, strings
are decoded only when asked for, and what does not fit raises :class:`DamagedError`.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

STRING_POOL = 0x0001
NOTHING = 0xFFFFFFFF
UTF8 = 0x100
LONGEST_STRING = 32_767

REFERENCE = 0x01
STRING = 0x03
BOOLEAN = 0x12


class DamagedError(Exception):
    """The bytes do not follow their format; the message says where."""

    def __init__(self, offset: int, what: str) -> None:
        super().__init__(f"{what} (byte {offset})")


class Chunk(NamedTuple):
    """A chunk's kind, where it starts, where its body starts and where it ends, in bytes."""

    kind: int
    start: int
    body: int
    end: int


class Value(NamedTuple):
    """A typed value: Android's data type and 32 bits of data."""

    kind: int
    data: int


def numbers(layout: str, data: bytes, offset: int) -> tuple[int, ...]:
    """Return little-endian integers at an offset. Raises DamagedError past the end."""
    try:
        return struct.unpack_from("<" + layout, data, offset)
    except struct.error:
        raise DamagedError(offset, "a number goes past the end") from None


def chunk_at(data: bytes, offset: int, end: int) -> Chunk:
    """Return the chunk at an offset; it must lie before ``end``."""
    kind, header, size = numbers("HHI", data, offset)
    if header < 8 or size < header or offset + size > min(end, len(data)):
        raise DamagedError(offset, f"a chunk claims {size} bytes")
    return Chunk(kind, offset, offset + header, offset + size)


def chunks(data: bytes, start: int, end: int) -> Iterator[Chunk]:
    """Yield the chunks that follow each other from ``start`` to ``end``."""
    while start < end:
        chunk = chunk_at(data, start, end)
        yield chunk
        start = chunk.end


class Strings:
    """A string pool, read on demand."""

    def __init__(self, data: bytes, chunk: Chunk) -> None:
        if chunk.kind != STRING_POOL:
            raise DamagedError(chunk.start, "a string pool should be here")
        count, _, flags, strings = numbers("IIII", data, chunk.start + 8)
        self._data, self._chunk, self._count = data, chunk, count
        self._utf8, self._strings = bool(flags & UTF8), chunk.start + strings

    def __getitem__(self, index: int) -> str:
        """Return a string by its index; the absent index is the empty string."""
        if index == NOTHING:
            return ""
        if index >= self._count:
            raise DamagedError(self._chunk.start, f"string {index} of {self._count} is asked for")
        (offset,) = numbers("I", self._data, self._chunk.body + 4 * index)
        at = self._strings + offset
        return self._short(at) if self._utf8 else self._wide(at)

    def _short(self, at: int) -> str:
        _, at = self._length(at, "B", 0x80)
        size, at = self._length(at, "B", 0x80)
        return self._slice(at, size).decode("utf-8", "replace")

    def _wide(self, at: int) -> str:
        units, at = self._length(at, "H", 0x8000)
        return self._slice(at, 2 * units).decode("utf-16-le", "replace")

    def _length(self, at: int, unit: str, more: int) -> tuple[int, int]:
        """Return a length of one or two units, and where the next thing starts."""
        size = struct.calcsize(unit)
        (first,) = numbers(unit, self._data, at)
        if not first & more:
            return first, at + size
        (second,) = numbers(unit, self._data, at + size)
        return (first & (more - 1)) << 8 * size | second, at + 2 * size

    def _slice(self, at: int, size: int) -> bytes:
        if size > 2 * LONGEST_STRING or at + size > self._chunk.end:
            raise DamagedError(at, f"a string claims {size} bytes")
        return self._data[at : at + size]
