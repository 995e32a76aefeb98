"""Unpacking the blocks of a squashfs, by the image's method and never past a block's own size."""

import lzma
import zlib
from collections.abc import Callable
from io import BytesIO

import zstandard

from registry.bundles.findings import BundleRejected, rejected

Unpack = Callable[[bytes, int], bytes]
_GZIP, _XZ, _ZSTD = 1, 4, 6
_NAMES = {2: "lzma", 3: "lzo", 5: "lz4"}
_XZ_MEMORY_BYTES = 64 * 1024 * 1024
_ZSTD_WINDOW_BYTES = 8 * 1024 * 1024


def unpacker(method: int) -> Unpack:
    """Return a function of (packed, most bytes) for a squashfs's compression number.

    The function returns at most one byte more than that, and raises BundleRejected (``archive.crc``)
    for damaged data. Raises BundleRejected (``archive.method``) for methods that are not read.
    """
    methods = {_GZIP: _gzip, _XZ: _xz, _ZSTD: _zstd}
    if method not in methods:
        raise rejected(
            "archive.method",
            f"the image is packed with {_NAMES.get(method, f'method {method}')}, which is not read",
            "Build the AppImage with zstd, gzip or xz (appimagetool --comp zstd).",
        )
    unpack = methods[method]

    def guarded(packed: bytes, most: int) -> bytes:
        try:
            return unpack(packed, most + 1)
        except (zlib.error, lzma.LZMAError, zstandard.ZstdError, MemoryError):
            raise damaged("a block cannot be unpacked") from None

    return guarded


def _gzip(packed: bytes, most: int) -> bytes:
    return zlib.decompressobj().decompress(packed, most)


def _xz(packed: bytes, most: int) -> bytes:
    inflater = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)
    return inflater.decompress(packed, most)


def _zstd(packed: bytes, most: int) -> bytes:
    inflater = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
    with inflater.stream_reader(BytesIO(packed)) as reader:
        return reader.read(most)


def damaged(why: str) -> BundleRejected:
    """Make the refusal of an image whose bytes make no sense."""
    return rejected(
        "archive.crc",
        f"the image is damaged: {why}",
        "Build the AppImage again, or upload it again if it was damaged on its way.",
    )
