"""Looks at how a picture is built before anything decodes it: frames, scans, packed chunks.

Pure byte walking over the four formats that are accepted; sizes in pixels are the decoder's to
tell, which reads them from the header too.
"""

import zlib
from collections.abc import Iterator

from registry.bundles.findings import BundleRejected, rejected

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: More frames than any animated icon has; only the first is kept in any case.
MOST_FRAMES = 500
#: A progressive JPEG has about ten; each walks over the whole picture.
MOST_SCANS = 100
MOST_CHUNKS = 5_000
#: A colour profile or a text in a picture needs far less.
UNPACKED_CHUNK_BYTES = 1024 * 1024


def refuse_bombs(data: bytes, path: str) -> None:
    """Return quietly when decoding one frame of the picture is safe to try.

    Raises BundleRejected: ``image.frames`` for an animation or a progressive picture without end,
    ``image.chunk`` for chunks that unpack beyond :data:`UNPACKED_CHUNK_BYTES` or are too many.
    """
    if data.startswith(PNG_SIGNATURE):
        _look_at_png(data, path)
    elif data.startswith(b"GIF8"):
        _count_frames(sum(1 for _ in _gif_frames(data)), path)
    elif data.startswith(b"RIFF"):
        _count_frames(data.count(b"ANMF"), path)
    elif data.startswith(b"\xff\xd8"):
        _count_scans(data.count(b"\xff\xda"), path)


def _look_at_png(data: bytes, path: str) -> None:
    frames = 0
    for number, (name, body) in enumerate(_png_chunks(data)):
        if number > MOST_CHUNKS + 2 * MOST_FRAMES:
            raise _too_much(path, f"more than {number} chunks")
        if name in {b"iCCP", b"zTXt", b"iTXt"}:
            _look_at_packed(name, body, path)
        frames += name == b"fcTL"
        _count_frames(max(frames, _claimed_frames(name, body)), path)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG_SIGNATURE)
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _claimed_frames(name: bytes, body: bytes) -> int:
    return int.from_bytes(body[:4], "big") if name == b"acTL" else 0


def _look_at_packed(name: bytes, body: bytes, path: str) -> None:
    """Unpack as much of a chunk as is allowed, from wherever in it a zlib stream may begin."""
    start = body.find(b"\0") + 2 if name != b"iTXt" else _international_text_start(body)
    stream = zlib.decompressobj()
    try:
        unpacked = stream.decompress(body[start:], UNPACKED_CHUNK_BYTES)
    except zlib.error:
        return
    if len(unpacked) == UNPACKED_CHUNK_BYTES:
        raise _too_much(path, f"an {name.decode()} chunk that unpacks to more than 1 MiB")


def _international_text_start(body: bytes) -> int:
    """Return where an iTXt chunk's text begins: after keyword, flags, language, translation."""
    after_keyword = body.find(b"\0") + 3
    after_language = body.find(b"\0", after_keyword) + 1
    return body.find(b"\0", after_language) + 1


def _gif_frames(data: bytes) -> Iterator[int]:
    """Yield the offset of each frame of a GIF, as far as its blocks can be followed."""
    at = 13 + _colour_table_bytes(data, 10)
    while at < len(data):
        if data[at] == 0x2C:
            yield at
            at = _after_blocks(data, at + 11 + _colour_table_bytes(data, at + 9))
        elif data[at] == 0x21:
            at = _after_blocks(data, at + 2)
        else:
            return


def _colour_table_bytes(data: bytes, flags_at: int) -> int:
    flags = data[flags_at] if flags_at < len(data) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1


def _count_frames(frames: int, path: str) -> None:
    if frames > MOST_FRAMES:
        raise rejected(
            "image.frames",
            f"{path} is an animation of {frames} frames; at most {MOST_FRAMES} are looked at.",
            "Use a still picture: only the first frame is shown.",
            path=path,
        )


def _count_scans(scans: int, path: str) -> None:
    if scans > MOST_SCANS:
        raise rejected(
            "image.frames",
            f"{path} is a JPEG of {scans} scans; at most {MOST_SCANS} are decoded.",
            "Save it again as a baseline JPEG.",
            path=path,
        )


def _too_much(path: str, what: str) -> BundleRejected:
    return rejected(
        "image.chunk",
        f"{path} has {what}.",
        "Save the picture again without embedded texts and colour profiles.",
        path=path,
    )
