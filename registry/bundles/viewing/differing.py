"""How the lines of a file differ from those it had before: hunks with what stands around each change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from registry.bundles.viewing.reading import MOST_CHARACTERS, MOST_LINES, Part

#: So many lines of each side are compared.
MOST_COMPARED = 20_000
AROUND = 3
KEPT, ADDED, REMOVED = " ", "+", "-"

#: A mark, the line's number before and now (0 where it is not there), its text.
Line = tuple[str, int, int, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Hunks of lines, in order; none where both are the same.

    ``unseen`` says that a side has more than was compared, ``cut`` that more differs than is told.
    """

    hunks: tuple[tuple[Line, ...], ...]
    unseen: bool = False
    cut: bool = False


def differ(before: Part, after: Part) -> Difference:
    """Compare two files from their beginning; a carriage return counts."""
    unseen = any(part.next is not None or part.cut for part in (before, after))
    hunks: list[tuple[Line, ...]] = []
    lines_left, room = MOST_LINES, 2 * MOST_CHARACTERS
    for hunk in _hunks(before.lines, after.lines):
        told: list[Line] = []
        for line in hunk:
            lines_left -= 1
            room -= len(line[3])
            if lines_left < 0 or room < 0:
                return Difference((*hunks, tuple(told)), unseen, cut=True)
            told.append(line)
        hunks.append(tuple(told))
    return Difference(tuple(hunks), unseen)


def _hunks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Line, ...]]:
    for group in SequenceMatcher(None, before, after).get_grouped_opcodes(AROUND):
        yield tuple(line for change in group for line in _lines(before, after, change))


def _lines(
    before: Sequence[str], after: Sequence[str], change: tuple[str, int, int, int, int]
) -> Iterator[Line]:
    tag, old, old_end, new, new_end = change
    if tag == "equal":
        for offset, text in enumerate(after[new:new_end]):
            yield KEPT, old + offset + 1, new + offset + 1, text
        return
    for number, text in enumerate(before[old:old_end], old + 1):
        yield REMOVED, number, 0, text
    for number, text in enumerate(after[new:new_end], new + 1):
        yield ADDED, 0, number, text
