"""Bytes of an entry to lines of text: UTF-8 or UTF-16, as a stream, no line longer than a window."""

import codecs
from collections.abc import Iterable, Iterator

LONGEST_LINE = 65_536
#: So much of the end of a cut line is looked at again with what follows.
OVERLAP = 300


def encoding_of(head: bytes) -> str:
    """Return the encoding that the first bytes show: a mark, or a zero in every second place."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(head) >= 8 and not any(head[1:8:2]) and all(head[0:8:2]):
        return "utf-16-le"
    if len(head) >= 8 and not any(head[0:8:2]) and all(head[1:8:2]):
        return "utf-16-be"
    return "utf-8-sig"


def as_text(content: bytes) -> str:
    """Return a small file's text; what is not text in it becomes the replacement character."""
    return content.decode(encoding_of(content[:8]), "replace")


def lines_of(pieces: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Yield (line from 1, text). A long line comes in windows that overlap, under one number."""
    decoder, number, rest = None, 1, ""
    for piece in pieces:
        if decoder is None:
            decoder = codecs.getincrementaldecoder(encoding_of(piece[:8]))("replace")
        *whole, rest = (rest + decoder.decode(piece)).split("\n")
        for line in whole:
            yield number, line
            number += 1
        if len(rest) > LONGEST_LINE:
            yield number, rest
            rest = rest[-OVERLAP:]
    if rest:
        yield number, rest
