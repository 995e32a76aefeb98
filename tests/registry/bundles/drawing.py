"""Draws pictures, honest and hostile, for the tests of inspection."""

import io
import struct
import zlib

from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name, body=b""):
    """Return one PNG chunk."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def header(width, height, *, depth=8, colour=2):
    """Return a PNG's IHDR chunk."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def png_of(*chunks):
    """Return a PNG of exactly these chunks."""
    return SIGNATURE + b"".join(chunks)


def picture(form="PNG", size=(64, 64), *, mode="RGB", colour=None, **saving):
    """Return the bytes of an honest picture."""
    target = io.BytesIO()
    colour = colour or {"RGB": (200, 30, 30), "RGBA": (200, 30, 30, 90)}.get(mode, 1)
    Image.new(mode, size, colour).save(target, form, **saving)
    return target.getvalue()


def with_chunk_after_header(png, extra):
    """Return a PNG with a chunk put behind its IHDR."""
    return png[:33] + extra + png[33:]


def one_bit_bomb(side):
    """Return a PNG of side² pixels of one bit each, a few kilobytes long."""
    row = b"\0" + bytes((side + 7) // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return png_of(header(side, side, depth=1, colour=0), chunk(b"IDAT", packed), chunk(b"IEND"))


def animated_png(frames, *, claimed=None):
    """Return an APNG with that many frame chunks."""
    still = picture()
    control = struct.pack(">IIIIIHHBB", 0, 64, 64, 0, 0, 1, 10, 0, 0)
    body = still[33:-12] + b"".join(chunk(b"fcTL", control) for _ in range(frames))
    claim = frames if claimed is None else claimed
    return still[:33] + chunk(b"acTL", struct.pack(">II", claim, 0)) + body + still[-12:]
