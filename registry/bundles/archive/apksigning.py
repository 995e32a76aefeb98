"""The APK Signing Block, which may stand between the entries and the directory of an APK."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from registry.bundles.archive.source import Source

_MAGIC = b"APK Sig Block 42"
_FOOTER = struct.Struct("<Q16s")
_MAX_BYTES = 16 * 1024 * 1024
_MAX_PAIRS = 1_000


@dataclass(frozen=True, slots=True)
class SigningBlock:
    """Where the block begins, and its values by id (v2 ``0x7109871a``, v3 ``0xf05368c0``)."""

    offset: int
    values: Mapping[int, bytes]


def find_signing_block(source: Source, directory_offset: int) -> SigningBlock | None:
    """Return the one valid block that ends where the directory begins, None without one.

    A block that is not valid is none, so its bytes belong to no entry and the bundle is refused.
    """
    footer = source.at(max(0, directory_offset - _FOOTER.size), _FOOTER.size)
    if len(footer) < _FOOTER.size:
        return None
    size, magic = _FOOTER.unpack(footer)
    offset = directory_offset - size - 8
    if magic != _MAGIC or not _FOOTER.size <= size <= _MAX_BYTES or offset < 0:
        return None
    if source.at(offset, 8) != struct.pack("<Q", size):
        return None
    values = _pairs(source.at(offset + 8, size - _FOOTER.size))
    return None if values is None else SigningBlock(offset, values)


def _pairs(content: bytes) -> dict[int, bytes] | None:
    """Return the id-value pairs if they fill the content exactly."""
    values: dict[int, bytes] = {}
    at = 0
    while at < len(content):
        if len(content) - at < 12 or len(values) > _MAX_PAIRS:
            return None
        length, identifier = struct.unpack_from("<QL", content, at)
        if length < 4 or length > len(content) - at - 8 or identifier in values:
            return None
        values[identifier] = content[at + 12 : at + 8 + length]
        at += 8 + length
    return values
