"""READMEs: only their license section, and sentences whose subject is the work itself, count."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

from licenses.detection.statements import Statement, bare_name, statements
from licenses.words import Words

_HEADING = re.compile(
    r"""(?mx)^(?P<hash>[ \t]{0,3}\#{1,6}[ \t]*(?P<atx>[^\n#]{1,120}?)[ \t]*\#*[ \t]*$)
    | ^(?P<under>[^\n]{1,100})\n[ \t]*(?:={3,}|-{3,}|~{3,}|\^{3,}|\*{3,})[ \t]*$
    | ^[ \t]{0,3}(?:\*\*|__)(?P<bold>[^\n*_]{1,80})(?:\*\*|__):?[ \t]*$
    | ^[ \t]{0,3}(?P<caps>[A-Z][A-Z &/]{3,60}):?[ \t]*$
    | ^(?P<plain>(?:[Ll]icen[sc]e|[Ll]icensing|[Cc]opyright(?:[ ]and[ ][Ll]icen[sc]e)?|[Ll]egal)):?[ \t]*$"""
)
_LICENSE = re.compile(
    r"(?i)^\W*(?:[0-9.]+\s+)?(?:[\w\s&/,]{0,30}\b)?(?:licen[cs]es?|licen[cs]ing|copying|legal|copyright\s*(?:&|and)\s*licen[cs]e)\b[\w\s&/,]{0,25}\W*$"
)
_BADGE = re.compile(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,600}\)|\]\([^)\n]{0,600}\)|https?://[^\s<>\")]{1,600}")
_FENCE = re.compile(r"(?ms)^[ \t]{0,3}```.{0,20000}?^[ \t]{0,3}```[ \t]*$")
_SECTION_WORDS, _MOST_SECTIONS = 160, 20


def looks_like_one(text: str) -> bool:
    """Say whether a text has headings as a README has."""
    start = text[:100_000]
    lines = sum(1 for line in start.splitlines() if line.strip())
    headings = sum(1 for _ in _HEADING.finditer(start))
    return headings >= 2 and headings * 2 <= lines


def sections(text: str) -> Iterator[tuple[int, int]]:
    """Yield the character ranges of sections about the license, without their headings."""
    headings = [(found.start(), found.end(), _title(found)) for found in _HEADING.finditer(text)]
    for number, (_, end, title) in enumerate(headings):
        if _LICENSE.match(title):
            stop = headings[number + 1][0] if number + 1 < len(headings) else len(text)
            yield end, stop


def _title(found: re.Match[str]) -> str:
    return next((found[name] for name in ("atx", "under", "bold", "caps", "plain") if found[name]), "")


def statements_in(words: Words, text: str, free: list[tuple[int, int]]) -> list[Statement]:
    """Return statements in license sections, or else sentences about the work itself."""
    quiet = _without_quotes(text)
    about = list(islice(sections(quiet), _MOST_SECTIONS))
    said: list[Statement] = []
    for start, end in about:
        said += _in_section(words, free, start, end)
    if said or about:
        return said
    fences = [found.span() for found in _FENCE.finditer(text)]
    return [
        one
        for first, last in free
        for one in statements(words, first, last)
        if one.own and not one.part and not _inside(fences, words.starts[one.start])
    ]


def _without_quotes(text: str) -> str:
    return _FENCE.sub(lambda found: " " * (found.end() - found.start()), text)


def _inside(ranges: list[tuple[int, int]], at: int) -> bool:
    return any(start <= at < end for start, end in ranges)


def _in_section(words: Words, free: list[tuple[int, int]], start: int, end: int) -> list[Statement]:
    inside = [
        (first, last)
        for a, b in free
        for first in [_first_at(words, a, b, start)]
        for last in [min(_first_at(words, a, b, end), first + _SECTION_WORDS)]
        if first < last
    ]
    said = [one for first, last in inside for one in statements(words, first, last)]
    if said:
        return said
    for first, last in inside:
        bare = bare_name(words, first, last)
        if bare is not None:
            return [bare]
    return []


def _first_at(words: Words, first: int, last: int, character: int) -> int:
    return bisect_left(words.starts, character, first, last)
