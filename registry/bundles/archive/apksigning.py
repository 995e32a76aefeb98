"""The APK Signing Block, which may stand between the entries and the directory of an APK."""

import struct
from dataclasses import dataclass

from registry.bundles.archive.source import Source

_MAGIC = b"APK Sig Block 42"
_FOOTER = struct.Struct("<Q16s")
_MAX_BYTES = 16 * 1024 * 1024
_MAX_PAIRS = 1_000
_ALIGNMENT = 4096


@dataclass(frozen=True, slots=True)
class SigningBlock:
    """Where the block begins, and the whole of it, from its size to its magic."""

    offset: int
    content: bytes


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
    content = source.at(offset, size + 8)
    if content[:8] != struct.pack("<Q", size) or not _pairs_fill(content[8 : -_FOOTER.size]):
        return None
    return SigningBlock(offset, content)


def is_alignment(source: Source, start: int, offset: int) -> bool:
    """Say whether only zeros lead from the last entry to a block on the next multiple of 4096.

    apksigner puts them there, so that the block can be mapped into memory by itself.
    """
    size = offset - start
    return 0 < size < _ALIGNMENT and offset % _ALIGNMENT == 0 and not source.at(start, size).strip(b"\0")


def _pairs_fill(content: bytes) -> bool:
    """Say whether pairs of an id (once each) and a value fill the content exactly."""
    seen: set[int] = set()
    at = 0
    while at < len(content):
        if len(content) - at < 12 or len(seen) > _MAX_PAIRS:
            return False
        length, identifier = struct.unpack_from("<QL", content, at)
        if length < 4 or length > len(content) - at - 8 or identifier in seen:
            return False
        seen.add(identifier)
        at += 8 + length
    return True
