"""Looks up one resource in ``resources.arsc``: a label, a version's name, an icon's file.

Only what is asked for is read; the table may be large, and most of it concerns nobody here.
"""

from collections.abc import Iterator
from typing import NamedTuple

from registry.bundles.ecosystems.android.chunks import (
    NOTHING,
    REFERENCE,
    STRING,
    Chunk,
    DamagedError,
    Strings,
    Value,
    chunk_at,
    chunks,
    numbers,
)

TABLE, PACKAGE, TYPE = 0x0002, 0x0200, 0x0201
SPARSE, NARROW = 0x01, 0x02
COMPLEX, COMPACT = 0x01, 0x08
MOST = 100  # texts of one resource, and resources on the way to them


class Variant(NamedTuple):
    """One value of a resource: whether it is for every language, its density, and the text."""

    everywhere: bool
    density: int
    text: str


class Resources:
    """A resource table."""

    def __init__(self, data: bytes) -> None:
        table = chunk_at(data, 0, len(data))
        if table.kind != TABLE:
            raise DamagedError(0, "it is not a resource table")
        first = chunk_at(data, table.body, table.end)
        self._data, self._strings = data, Strings(data, first)
        self._packages = [c for c in chunks(data, first.end, table.end) if c.kind == PACKAGE]

    def variants(self, number: int) -> list[Variant]:
        """Return a resource's texts, references followed; what is damaged has none."""
        found: list[Variant] = []
        asked, known = [number], {number}
        try:
            while asked and len(found) < MOST and len(known) < MOST:
                for everywhere, density, value in self._values(asked.pop()):
                    if value.kind == STRING:
                        found.append(Variant(everywhere, density, self._strings[value.data]))
                    elif value.kind == REFERENCE and value.data not in known:
                        known.add(value.data)
                        asked.append(value.data)
        except DamagedError:
            return []
        return found

    def text(self, number: int) -> str | None:
        """Return the text for every language, or else the first one, or None."""
        found = sorted(self.variants(number), key=lambda variant: not variant.everywhere)
        return found[0].text if found else None

    def _values(self, number: int) -> Iterator[tuple[bool, int, Value]]:
        for chunk in self._types(number >> 24, number >> 16 & 0xFF):
            value = self._value(chunk, number & 0xFFFF)
            if value is not None:
                *_, language, _, _, density = numbers("IIHHHH", self._data, chunk.start + 20)
                yield language == 0, density, value

    def _types(self, package: int, type_number: int) -> Iterator[Chunk]:
        for outer in self._packages:
            if numbers("I", self._data, outer.start + 8)[0] & 0xFF == package:
                for chunk in chunks(self._data, outer.body, outer.end):
                    if chunk.kind == TYPE and self._data[chunk.start + 8] == type_number:
                        yield chunk

    def _value(self, chunk: Chunk, index: int) -> Value | None:
        """Return a type's entry: its value, or None when it has none or holds several."""
        flags, count, start = numbers("xBxxII", self._data, chunk.start + 8)
        offset = self._offset(chunk, flags, count, index)
        if offset is None:
            return None
        at = chunk.start + start + offset
        _, how = numbers("HH", self._data, at)
        if how & COMPACT:
            return Value(how >> 8, *numbers("I", self._data, at + 4))
        if how & COMPLEX:
            return None
        return Value(*numbers("xxxBI", self._data, at + 8))

    def _offset(self, chunk: Chunk, flags: int, count: int, index: int) -> int | None:
        if flags & SPARSE:
            pairs = numbers(f"{2 * count}H", self._data, chunk.body)
            sparse = dict(zip(pairs[::2], pairs[1::2], strict=True))
            return sparse[index] * 4 if index in sparse else None
        if index >= count:
            return None
        if flags & NARROW:
            (narrow,) = numbers("H", self._data, chunk.body + 2 * index)
            return None if narrow == 0xFFFF else narrow * 4
        (offset,) = numbers("I", self._data, chunk.body + 4 * index)
        return None if offset == NOTHING else offset
