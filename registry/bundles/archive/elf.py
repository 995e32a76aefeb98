"""The ELF program at the head of an AppImage: where it ends, and what one section says."""

import struct
from dataclasses import dataclass

from registry.bundles.archive.source import Source
from registry.bundles.findings import BundleRejected, rejected

_MOST_SECTIONS = 1_000
_MOST_NAMES_BYTES = 65_536
_NO_BITS = 8  # a section that takes no room in the file
_HEADERS = {1: "HHIIIIIHHHHHH", 2: "HHIQQQIHHHHHH"}
_SECTIONS = {1: "IIIIII16x", 2: "IIQQQQ24x"}


@dataclass(frozen=True, slots=True)
class Section:
    """One section: ``name``, and its bytes from ``start`` to ``stop`` of the file."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Program:
    """An ELF file: its sections, and the first byte behind all that it speaks of."""

    sections: tuple[Section, ...]
    stop: int


def read_program(source: Source) -> Program:
    """Return the program at the beginning of the file. Raises BundleRejected (``archive.type``)."""
    ident = source.at(0, 16)
    if ident[4] not in _HEADERS or ident[5] not in {1, 2}:
        raise _damaged("its header is of no known form")
    order = "<" if ident[5] == 1 else ">"
    header = struct.Struct(order + _HEADERS[ident[4]])
    section = struct.Struct(order + _SECTIONS[ident[4]])
    fields = _exactly(source, 16, header.size)
    *_, offset, _, _, _, _, size, count, names_at = header.unpack(fields)
    if size != section.size or not 0 < count <= _MOST_SECTIONS or names_at >= count:
        raise _damaged("its table of sections is of no known form")
    table = _exactly(source, offset, size * count)
    rows = [section.unpack_from(table, at * size) for at in range(count)]
    names = _exactly(source, rows[names_at][4], min(rows[names_at][5], _MOST_NAMES_BYTES))
    sections = tuple(
        Section(_name(names, row[0]), row[4], row[4] + row[5]) for row in rows if row[1] != _NO_BITS
    )
    stop = max(offset + size * count, *(one.stop for one in sections))
    if stop > source.size:
        raise _damaged("its end is missing")
    return Program(sections, stop)


def _exactly(source: Source, offset: int, length: int) -> bytes:
    content = source.at(offset, length) if offset < source.size else b""
    if len(content) < length:
        raise _damaged("its end is missing")
    return content


def _name(names: bytes, at: int) -> str:
    return names[at : at + 64].split(b"\0")[0].decode("ascii", "replace")


def _damaged(why: str) -> BundleRejected:
    return rejected(
        "archive.type",
        f"the AppImage's program cannot be read: {why}",
        "Build the AppImage again with a current appimagetool.",
    )
