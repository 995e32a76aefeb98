"""Reads the tables of a .NET assembly (ECMA-335, partition II) that tell what its code refers to.

Only what the finder needs: types, members, methods' bodies and user strings. Anything that is not as the
standard says raises ValueError, which the caller takes for "no assembly".
"""

import re
import struct
from collections.abc import Iterator
from functools import cached_property

TYPE_REF, TYPE_DEF, FIELD, METHOD, MEMBER_REF, IMPL_MAP, NESTED, METHOD_SPEC = (
    0x01, 0x02, 0x04, 0x06, 0x0A, 0x1C, 0x29, 0x2B,
)  # fmt: skip
MOST_ROWS = 200_000
#: Columns of each table: bytes, s(tring), g(uid), b(lob), a table's number, or a coded index.
_SCHEMA = {
    0x00: "2 s g g g", 0x01: "scope s s", 0x02: "4 s s type 04 06", 0x03: "04", 0x04: "2 s b", 0x05: "06",
    0x06: "4 2 2 s b 08", 0x07: "08", 0x08: "2 2 s", 0x09: "02 type", 0x0A: "parent s b",
    0x0B: "2 constant b",
    0x0C: "custom attribute b", 0x0D: "marshal b", 0x0E: "2 security b", 0x0F: "2 4 02", 0x10: "4 04",
    0x11: "b", 0x12: "02 14", 0x13: "14", 0x14: "2 s type", 0x15: "02 17", 0x16: "17", 0x17: "2 s b",
    0x18: "2 06 semantics", 0x19: "02 method method", 0x1A: "s", 0x1B: "b", 0x1C: "2 forwarded s 1A",
    0x1D: "4 04", 0x1E: "4 4", 0x1F: "4", 0x20: "4 2 2 2 2 4 b s s", 0x21: "4", 0x22: "4 4 4",
    0x23: "2 2 2 2 4 b s s b", 0x24: "4 23", 0x25: "4 4 4 23", 0x26: "4 s b", 0x27: "4 4 s s implementation",
    0x28: "4 4 s implementation", 0x29: "02 02", 0x2A: "2 2 generic s", 0x2B: "method b", 0x2C: "2A type",
}  # fmt: skip
#: Coded indexes: bits of the tag, and the tables that they point into.
_CODED = {
    "type": (2, "02 01 1B"), "constant": (2, "04 08 17"), "marshal": (1, "04 08"),
    "security": (2, "02 06 20"),
    "custom": (5, "06 04 01 02 08 09 0A 00 0E 17 14 11 1A 1B 20 23 26 27 28 2A 2C 2B"),
    "parent": (3, "02 01 1A 06 1B"), "semantics": (1, "14 17"), "method": (1, "06 0A"),
    "forwarded": (1, "04 06"), "implementation": (2, "26 23 27"), "attribute": (3, "06 0A"),
    "scope": (2, "00 1A 23 01"), "generic": (1, "02 06"),
}  # fmt: skip
_FORMATS = {2: "H", 4: "I"}
#: In a body: a string that is loaded, or a token that a call, a field's access or a type test names.
_REFERENCE = re.compile(
    rb"\x72(...)\x70|[\x28\x6f\x73\x7b-\x80\xd0\x06\x07](...)([\x04\x06\x0a\x2b])", re.DOTALL
)


class Clr:
    """The metadata of one assembly."""

    def __init__(self, content: bytes) -> None:
        try:
            self._content = content
            self._sections = list(_sections(content))
            self._heaps = self._streams()
            self._layout()
        except (struct.error, IndexError, KeyError) as error:
            raise ValueError(f"no assembly: {error}") from error

    def rows(self, table: int) -> list[tuple[int, ...]]:
        """Return a table's rows, at most so many; column by column as the standard has them."""
        if table not in self._at:
            return []
        at, count, form = self._at[table]
        row = struct.Struct("<" + form)
        whole = min(count, MOST_ROWS, (len(self._tables) - at) // row.size)
        return list(row.iter_unpack(self._tables[at : at + max(whole, 0) * row.size]))

    def name(self, at: int) -> str:
        """Return a text of the heap of names."""
        heap = self._heaps.get("#Strings", b"")
        return heap[at : heap.find(b"\0", at)][:400].decode("utf-8", "replace")

    def user_string(self, at: int) -> str:
        """Return a literal by its offset."""
        heap = self._heaps.get("#US", b"")
        size, start = _length(heap, at)
        return heap[start : start + max(size - 1, 0)].decode("utf-16-le", "replace")

    def user_strings(self) -> Iterator[int]:
        """Yield the offsets of all literals."""
        heap, at = self._heaps.get("#US", b""), 1
        while at < len(heap):
            size, start = _length(heap, at)
            if size > 1:
                yield at
            at = start + max(size, 0)

    @cached_property
    def types(self) -> list[str]:
        """The full names of types of others, by row from 0."""
        return [f"{self.name(space)}.{self.name(name)}" for _, name, space in self.rows(TYPE_REF)]

    def references(self, rva: int) -> Iterator[tuple[int, int]]:
        """Yield (table, row from 1) of what a method's body names; 0x70 is a literal's offset."""
        body = self._body(rva)
        for match in _REFERENCE.finditer(body):
            if match[1] is not None:
                yield 0x70, int.from_bytes(match[1], "little")
            else:
                yield match[3][0], int.from_bytes(match[2], "little")

    def _body(self, rva: int) -> bytes:
        at = self._offset(rva)
        head = self._content[at]
        if head & 3 == 2:
            return self._content[at + 1 : at + 1 + (head >> 2)]
        (size,) = struct.unpack_from("<I", self._content, at + 4)
        return self._content[at + 12 : at + 12 + size]

    def _offset(self, rva: int) -> int:
        for virtual, size, raw in self._sections:
            if virtual <= rva < virtual + size:
                return rva - virtual + raw
        raise ValueError(f"no section holds {rva:#x}")

    def _streams(self) -> dict[str, bytes]:
        header = self._offset(_clr_rva(self._content))
        (metadata,) = struct.unpack_from("<I", self._content, header + 8)
        root = self._offset(metadata)
        if self._content[root : root + 4] != b"BSJB":
            raise ValueError("no metadata")
        (length,) = struct.unpack_from("<I", self._content, root + 12)
        at = root + 16 + length
        (count,) = struct.unpack_from("<H", self._content, at + 2)
        at, heaps = at + 4, {}
        for _ in range(min(count, 16)):
            offset, size = struct.unpack_from("<II", self._content, at)
            end = self._content.index(b"\0", at + 8)
            name = self._content[at + 8 : end].decode("latin-1")
            heaps[name] = self._content[root + offset : root + offset + size]
            at = at + 8 + (end - at - 8 + 4) // 4 * 4
        return heaps

    def _layout(self) -> None:
        """Find where each table begins and how its rows are made up."""
        self._tables = self._heaps["#~"]
        wide = self._tables[6]
        (valid,) = struct.unpack_from("<Q", self._tables, 8)
        present = [number for number in range(64) if valid >> number & 1]
        counts = dict(zip(present, struct.unpack_from(f"<{len(present)}I", self._tables, 24), strict=True))
        sizes = {heap: 4 if wide >> bit & 1 else 2 for bit, heap in enumerate("sgb")} | {"2": 2, "4": 4}
        at = 24 + 4 * len(present)
        self._at: dict[int, tuple[int, int, str]] = {}
        for number in present:
            form = "".join(_FORMATS[_width(column, sizes, counts)] for column in _SCHEMA[number].split())
            self._at[number] = (at, counts[number], form)
            at += counts[number] * struct.calcsize("<" + form)


def _width(column: str, sizes: dict[str, int], counts: dict[int, int]) -> int:
    if column in sizes:
        return sizes[column]
    bits, tables = _CODED.get(column, (0, column))
    most = max((counts.get(int(table, 16), 0) for table in tables.split()), default=0)
    return 2 if most < 1 << (16 - bits) else 4


def _sections(content: bytes) -> Iterator[tuple[int, int, int]]:
    (pe,) = struct.unpack_from("<I", content, 0x3C)
    count, optional = struct.unpack_from("<H12xH", content, pe + 6)
    for number in range(min(count, 96)):
        at = pe + 24 + optional + number * 40
        size, virtual, raw_size, raw = struct.unpack_from("<IIII", content, at + 8)
        yield virtual, max(size, raw_size), raw


def _clr_rva(content: bytes) -> int:
    (pe,) = struct.unpack_from("<I", content, 0x3C)
    plus = content[pe + 24 : pe + 26] == b"\x0b\x02"
    (rva,) = struct.unpack_from("<I", content, pe + 24 + (112 if plus else 96) + 14 * 8)
    if rva == 0:
        raise ValueError("a native program")
    return int(rva)


def _length(heap: bytes, at: int) -> tuple[int, int]:
    """Return a compressed length and where its bytes begin (II.23.2)."""
    first = heap[at] if at < len(heap) else 0
    if first < 0x80:
        return first, at + 1
    if first < 0xC0:
        return (first & 0x3F) << 8 | int.from_bytes(heap[at + 1 : at + 2], "big"), at + 2
    return (first & 0x1F) << 24 | int.from_bytes(heap[at + 1 : at + 4], "big"), at + 4
