"""Looks for the signatures of data, capabilities and kits in a text, each row once a file.

Every row's pattern needs one of its plain words; only where a word stands in the text is the pattern
tried, which keeps two hundred files under a second.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from registry.bundles.privacy.evidence import Evidence, excerpt_of
from registry.bundles.privacy.signatures import CAPABILITIES, DATA
from registry.bundles.privacy.telemetry import KITS, Kit

_NO_WORD = re.compile(r"\\[a-zA-Z]|\(\?(?:[:=!]|<[=!])|\[[^\]]*\]|\w[?*]|\{\d+(?:,\d*)?\}")
_LETTERS, _SIGNS = re.compile(r"[A-Za-z_]{4,}"), ("UA-", "G-")
_WORD = re.compile("|".join((_LETTERS.pattern, *_SIGNS)))
#: In every file, so no sign of anything.
_EVERYWHERE = frozenset({"import", "from", "require", "http"})
_COMMENT = ("#", "//", "*", "/*", "--", "<!--", '"""', "'''")
MOST_TRIES = 200
AROUND = 300


@dataclass(frozen=True, slots=True)
class Row:
    """A compiled row: ``sort`` is data, capability or kit."""

    sort: str
    code: str
    pattern: re.Pattern[str]
    words: tuple[str, ...]
    kit: Kit | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A row that a text fits, and where."""

    row: Row
    evidence: Evidence


@cache
def rows() -> tuple[Row, ...]:
    """Return all rows, compiled once."""
    plain = [("data", each) for each in DATA] + [("capability", each) for each in CAPABILITIES]
    out = [_row(sort, each.code, each.pattern) for sort, each in plain]
    return (*out, *(_row("kit", kit.name, kit.pattern, kit) for kit in KITS))


def _row(sort: str, code: str, pattern: str, kit: Kit | None = None) -> Row:
    plain = set(_WORD.findall(_NO_WORD.sub(" ", pattern)))
    words = sorted(plain - _EVERYWHERE or plain, key=len)
    return Row(sort, code, re.compile(pattern, re.MULTILINE), tuple(words), kit)


def matches_in(path: str, text: str, *, numbered: bool = True, first_line: int = 1) -> Iterator[Match]:
    """Yield the first place outside comments where each row fits."""
    there = _words_in(text)
    for row in rows():
        places = (_first(row.pattern, text, word) for word in row.words if word in there)
        at = min((place for place in places if place is not None), default=None)
        if at is not None:
            line = text.count("\n", 0, at) + first_line if numbered else None
            yield Match(row, Evidence(path, line, excerpt_of(text, at)))


def matches_in_names(path: str, names: Iterable[str]) -> Iterator[Match]:
    """Yield the rows that fit the names and strings of a compiled file."""
    text = "\n".join(names)
    yield from matches_in(path, text, numbered=False)


def _words_in(text: str) -> str:
    """Return each run of letters of a text once, a line each, and the signs that are more than letters.

    A row's word is letters alone, so it stands in the text where it stands in one of these: far less to
    search for hundreds of words.
    """
    return "\n".join({*_LETTERS.findall(text), *(sign for sign in _SIGNS if sign in text)})


def _first(pattern: re.Pattern[str], text: str, word: str) -> int | None:
    """Return where the pattern first fits around a word, in its line, outside a comment."""
    at = -1
    for _ in range(MOST_TRIES):
        at = text.find(word, at + 1)
        if at < 0:
            return None
        start = max(text.rfind("\n", 0, at) + 1, at - AROUND)
        end = text.find("\n", at, at + AROUND)
        line = text[start : end if end >= 0 else at + AROUND]
        found = pattern.search(line)
        if found and not line.lstrip().startswith(_COMMENT):
            return start + found.start() + len(found[0]) - len(found[0].lstrip())
    return None
