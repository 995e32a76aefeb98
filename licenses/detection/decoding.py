"""Bytes of an unknown file as text; never fails, and says nothing it cannot know."""

import codecs

MAX_BYTES = 16 * 1024 * 1024
"""More of one file than this is not looked at."""

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 or UTF-32, else Windows-1252 read byte by byte.

    A UTF-8 byte order mark stays in the text, so that byte offsets are those of the file.
    """
    data = data[:MAX_BYTES]
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if guessed := _bare_utf16(data[:4096]):
        return data.decode(guessed, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        if problem.start >= len(data) - 3:  # the last character was cut by the limit
            return data.decode("utf-8", "ignore")
        return data.decode("cp1252", "replace") if _printable(data) else data.decode("latin-1")


def is_binary(data: bytes) -> bool:
    """Say whether the start of a file is no text in any encoding that :func:`decode` knows."""
    start = data[:4096]
    if any(start.startswith(mark) for mark, _ in _BOMS) or _bare_utf16(start):
        return False
    control = sum(start.count(bytes([code])) for code in (*range(9), *range(14, 32)))
    return control > max(8, len(start) // 20)


def _bare_utf16(start: bytes) -> str | None:
    if len(start) < 8 or start.count(0) < len(start) // 3:
        return None
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > len(start) // 3 and even < len(start) // 20 + 1:
        return "utf-16-le"
    if even > len(start) // 3 and odd < len(start) // 20 + 1:
        return "utf-16-be"
    return None


def _printable(data: bytes) -> bool:
    return not any(code in data for code in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))
