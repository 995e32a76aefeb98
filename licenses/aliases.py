"""Free text that names a license, as SPDX: through a table with a source a row, or not at all.

Text that could mean several licenses (“GPL”, “BSD”) stays text. Text that says a version but neither
*only* nor *or later* is read as *only*, the lower bound, and marked so.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from licenses.expressions import ExpressionError, normalise
from licenses.families import FILLING, longest
from licenses.spdx import DATA
from licenses.words import Words, cut

MAX_CHARACTERS = 2_000
"""A declared license longer than this is a text, not a name."""

_DROPPED = frozenset({"the", "license", "licenses", "version", "versions", "ver", "v", "vers", "lic"})
_GLUED = re.compile(
    r"^(a?gpl|lgpl|gfdl|apache|asl|mpl|epl|eupl|bsd|cddl|psf|cc|afl|osl|lppl|cecill|mspl|ofl)"
    r"v?([0-9]+)$"
)
_VERSION = re.compile(r"^v([0-9]+[a-z]?)$")
_DATES = (
    ("june", "1991"),
    ("29", "june", "2007"),
    ("june", "2007"),
    ("19", "november", "2007"),
    ("november", "2007"),
    ("february", "1999"),
    ("february", "1989"),
    ("january", "2004"),
    ("26", "february", "2007"),
)
"""Dates that a license's own title carries; they add nothing to its version."""


@dataclass(frozen=True, slots=True)
class Alias:
    """What a name stands for. ``expression`` is None where it could mean several licenses.

    ``lower_bound`` marks a version without *only* or *or later*, ``source`` says who uses the name.
    """

    expression: str | None
    lower_bound: bool
    source: str


def recognise(text: str) -> Alias | None:
    """Read a declared license: an SPDX expression, a known name, or names joined by “or” and “and”.

    Returns None for text that nobody is known to use as a name.
    """
    text = text.strip()
    if not text or len(text) > MAX_CHARACTERS:
        return None
    try:
        expression = normalise(text)
    except ExpressionError:
        return _named(text)
    suffixless = re.search(r"(?i)\b(?:A?GPL|LGPL|GFDL)-[0-9.]+(?![0-9.]*(?:-only|-or|\+|-with))", text)
    return Alias(expression, bool(suffixless), "SPDX expression")


@lru_cache(maxsize=1024)
def _named(text: str) -> Alias | None:
    if (by_address := addressed(text)) is not None:
        return by_address
    for form in (text, re.sub(r"\([^()]*\)", " ", text)):
        words = key(form).split()
        if found := table().get(" ".join(words)):
            return found
        family = longest(words)
        if family and FILLING.issuperset(words[family.length :]):
            return Alias(family.expression, family.lower_bound, family.source)
    return _joined(text)


def _joined(text: str) -> Alias | None:
    """Read “MIT or Apache 2.0”, “GPLv2 and LGPLv2.1”; a comma says neither, so it is not read."""
    joint = re.compile(
        r"(?i)\s+(or)\s+(?!later|newer|above|greater|higher|any)|\s*(/|\|+)\s*|\s+(and|&)\s+(?!later)"
    )
    parts = joint.split(text)
    names = [part.strip() for part in parts[::4]]
    joints = {"AND" if parts[at + 2] else "OR" for at in range(1, len(parts) - 1, 4)}
    if len(names) < 2 or len(joints) != 1:
        return None
    read = [recognise(re.sub(r"(?i)^(?:either|both|dual)\s+", "", name)) for name in names]
    if any(one is None or one.expression is None for one in read):
        return None
    known = [one for one in read if one is not None]
    joined = f" {joints.pop()} ".join(f"({one.expression})" for one in known)
    source = "; ".join(dict.fromkeys(one.source for one in known))
    return Alias(normalise(joined), any(one.lower_bound for one in known), source)


@cache
def table() -> dict[str, Alias]:
    """Return every known name, in the form that :func:`key` makes."""
    found: dict[str, Alias] = {}
    for line in (DATA / "aliases.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, expression, bound, source = line.split("\t")
            found[name] = Alias(None if expression == "?" else expression, bound == "lower", source)
    return found


def addressed(text: str) -> Alias | None:
    """Read the address of a license's page at SPDX, OSI, GNU, Creative Commons and the like."""
    for pattern, form in _ADDRESSES:
        if found := pattern.fullmatch(text.strip().rstrip("/ ")):
            expression = form.format(*(part or "" for part in found.groups()))
            try:
                return Alias(normalise(expression), "-only" in form, text.strip())
            except ExpressionError:
                return None
    return None


_ADDRESSES = tuple(
    (re.compile(rf"(?i)https?://(?:www\.)?{pattern}(?:\.html?|\.txt|\.php|\.en\.html)?"), form)
    for pattern, form in (
        (r"spdx\.org/licenses/([\w.+-]+?)", "{0}"),
        (r"opensource\.org/licen[sc]es?/([\w.+-]+?)", "{0}"),
        (r"choosealicense\.com/licenses/([\w.+-]+?)", "{0}"),
        (r"gnu\.org/(?:licenses|copyleft)/(?:old-licenses/)?(a?gpl|lgpl)-([0-9]\.[0-9])", "{0}-{1}-only"),
        (r"gnu\.org/licenses/(?:old-licenses/)?fdl-([0-9]\.[0-9])", "GFDL-{0}-only"),
        (
            r"creativecommons\.org/licenses/(by[a-z-]*)/([0-9]\.[0-9])(?:/(?:deed(?:\.\w+)?|legalcode))?",
            "CC-{0}-{1}",
        ),
        (r"creativecommons\.org/publicdomain/zero/1\.0(?:/(?:deed(?:\.\w+)?|legalcode))?", "CC0-1.0"),
        (r"apache\.org/licenses/LICENSE-([0-9]\.[0-9])", "Apache-{0}"),
        (r"mozilla\.org/(?:en-US/)?MPL/([0-9]\.[0-9])(?:/index)?", "MPL-{0}"),
        (r"eclipse\.org/legal/epl-(?:v10|1\.0)", "EPL-1.0"),
        (r"eclipse\.org/legal/epl-(?:v20|2\.0)", "EPL-2.0"),
        (r"boost\.org/LICENSE_1_0", "BSL-1.0"),
        (r"unlicense\.org", "Unlicense"),
        (r"wtfpl\.net(?:/about)?", "WTFPL"),
    )
)
"""Where licenses have their pages, and the id that the address holds."""


@cache
def most_words() -> int:
    """Return how many words the longest known name has."""
    return max(name.count(" ") for name in table()) + 1


def key(text: str) -> str:
    """Return the form in which names are compared: words that tell licenses apart, and “plus”."""
    found = cut(text)
    return " ".join(word for word, _ in name_words(found, 0, len(found)))


def name_words(words: Words, first: int, last: int) -> list[tuple[str, int]]:
    """Return the telling words of a range and, for each, one past the word that it comes from."""
    found: list[tuple[str, int]] = []
    for at in range(first, last):
        found += [(word, at + 1) for word in _telling(words.words[at])]
        after = words.ends[at]
        if words.text[after : after + 1] == "+":
            found.append(("plus", at + 1))
    return _without_dates(found)


def is_telling(word: str) -> str | None:
    """Return the first telling part of a word, or None for a word that names leave out."""
    found = _telling(word)
    return found[0] if found else None


def _telling(word: str) -> list[str]:
    if word in _DROPPED:
        return []
    if glued := _GLUED.match(word):
        return [glued[1], glued[2]]
    if numbered := _VERSION.match(word):
        return [numbered[1]]
    return [word]


def _without_dates(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    plain = [word for word, _ in found]
    for date in _DATES:
        size = len(date)
        for at in range(len(plain) - size, 0, -1):
            if tuple(plain[at : at + size]) == date:
                end = found[at + size - 1][1]
                found[at - 1] = (found[at - 1][0], end)
                del found[at : at + size], plain[at : at + size]
    return found
