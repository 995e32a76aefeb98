r"""A part of a text file as numbered lines, never more than a page can show.

Lines end at ``\n`` alone and count from 1, as those of evidence and findings do.
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from registry.bundles.archive.base import Bundle
from registry.bundles.privacy.decoding import encoding_of

MOST_CHARACTERS = 512 * 1024
MOST_LINES = 5_000
#: So many lines are shown before one that lies behind the first part.
LINES_BEFORE = 20
_HEAD_CHARACTERS = 8_192
_STRANGE_IN_TEXT = 0.1
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f\x1b") | {"\ufffd"}


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a file from number ``first`` on.

    ``next`` is the number of the line that follows them, None at the file's end; ``cut`` says that the
    last line goes on beyond what is shown.
    """

    first: int
    lines: tuple[str, ...]
    next: int | None = None
    cut: bool = False


def read_part(bundle: Bundle, path: str, line: int = 1, *, most_lines: int = MOST_LINES) -> Part | None:
    """Return the first part of a file, or where ``line`` lies behind it the part around that.

    None for a file that is not text. Raises KeyError, BundleRejected.
    """
    texts = _texts(bundle, path)
    begin = next(texts, "")
    if not _is_text(begin):
        return None
    part = _gather(chain([begin], texts), 1, most_lines)
    if part.next is None or line < part.next:
        return part
    return _gather(_texts(bundle, path), max(1, line - LINES_BEFORE), most_lines)


def _texts(bundle: Bundle, path: str) -> Iterator[str]:
    pieces = iter(bundle.stream(path))
    head = next(pieces, b"")
    decoder = codecs.getincrementaldecoder(encoding_of(head[:8]))("replace")
    for piece in chain([head], pieces):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _is_text(begin: str) -> bool:
    head = begin[:_HEAD_CHARACTERS]
    strange = sum(each in _CONTROLS for each in head)
    return "\0" not in head and strange <= len(head) * _STRANGE_IN_TEXT


def _gather(texts: Iterable[str], first: int, most_lines: int) -> Part:
    lines: list[str] = []
    room = MOST_CHARACTERS
    for number, piece in _pieces_of_lines(texts):
        following = first + len(lines)
        if number >= following and (len(lines) == most_lines or room <= 0):
            if piece or number > following:  # what follows the last line's end is no line
                return Part(first, tuple(lines), following, cut=room < 0)
        elif number >= first:
            if number == following:
                lines.append("")
            lines[-1] += piece[: max(room, 0)]
            room -= len(piece)
            if room < 0 and len(lines) > 1:
                return Part(first, tuple(lines[:-1]), number)
    if lines and not lines[-1]:
        lines.pop()
    return Part(first, tuple(lines), cut=room < 0)


def _pieces_of_lines(texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield each line's number with a piece of it; a line may come in several."""
    number = 1
    for text in texts:
        begun, *others = text.split("\n")
        yield number, begun
        for other in others:
            number += 1
            yield number, other
