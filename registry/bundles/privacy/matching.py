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

_NO_WORD = re.compile(r"\\[a-zA-Z]|\(\?[a-zA-Z:=!<]+|\[[^\]]*\]|\w[?*]|\{\d+(?:,\d*)?\}")
_WORD = re.compile(r"[A-Za-z_]{4,}")
_COMMENT = ("#", "//", "*", "/*", "--", "<!--", '"""', "'''")
MOST_TRIES = 20


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
    words = sorted(set(_WORD.findall(_NO_WORD.sub(" ", pattern))), key=len)
    return Row(sort, code, re.compile(pattern, re.MULTILINE), tuple(words), kit)


def matches_in(path: str, text: str, *, numbered: bool = True, first_line: int = 1) -> Iterator[Match]:
    """Yield the first place outside comments where each row fits."""
    for row in rows():
        if any(word in text for word in row.words):
            at = _first(row.pattern, text)
            if at is not None:
                line = text.count("\n", 0, at) + first_line if numbered else None
                yield Match(row, Evidence(path, line, excerpt_of(text, at)))


def matches_in_names(path: str, names: Iterable[str]) -> Iterator[Match]:
    """Yield the rows that fit the names and strings of a compiled file."""
    text = "\n".join(names)
    yield from matches_in(path, text, numbered=False)


def _first(pattern: re.Pattern[str], text: str) -> int | None:
    for tried, match in enumerate(pattern.finditer(text)):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        line = text[text.rfind("\n", 0, start) + 1 : start + 1].lstrip()
        if not line.startswith(_COMMENT):
            return start
        if tried >= MOST_TRIES:
            return None
    return None
