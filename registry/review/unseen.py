"""Characters that nobody sees, told by their names: the text of strangers as moderators must read it. Pure.

Controls, format characters (bidirectional ones among them), private ones, fillers, selectors and every
space but the plain one. What a page shows of them is their number and name, never the character.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

#: A piece of a line: its text and nothing, or the mark of one unseen character and its name.
Piece = tuple[str, str]

_PLAIN = re.compile(r"[\t\x20-\x7e]*")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})
#: Unseen by what they are for, not by category: fillers, joiners, selectors, the empty Braille cell.
_UNSEEN_OTHERS = re.compile(
    "[\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2800\\u3164\\ufe00-\\ufe0f\\uffa0"
    "\\U000e0100-\\U000e01ef]"
)
_CONTROL_NAMES = {0: "NULL", 7: "BELL", 8: "BACKSPACE", 12: "FORM FEED", 13: "CARRIAGE RETURN", 27: "ESCAPE"}


def pieces_of(text: str) -> list[Piece]:
    """Return a line in pieces, each unseen character one of its own: ``("U+202E", "RIGHT-TO-LEFT …")``."""
    if _PLAIN.fullmatch(text):
        return [(text, "")]
    return list(_cut(text))


def _cut(text: str) -> Iterator[Piece]:
    for name, run in groupby(text, _name_of):
        if name:
            yield from ((f"U+{ord(each):04X}", name) for each in run)
        else:
            yield "".join(run), ""


@lru_cache(maxsize=4096)
def _name_of(character: str) -> str:
    """Return the name of a character that is not seen, nothing for one that is."""
    if character in {"\t", " "}:
        return ""
    unseen = unicodedata.category(character) in _UNSEEN_CATEGORIES or _UNSEEN_OTHERS.match(character)
    if not unseen:
        return ""
    named = unicodedata.name(character, "") or _CONTROL_NAMES.get(ord(character), "")
    return named or {"Co": "PRIVATE USE", "Cc": "CONTROL"}.get(
        unicodedata.category(character), "NO CHARACTER"
    )
