"""SPDX's templates as word lists with their optional and replaceable parts, read when first needed."""

import json
import zipfile
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from io import BytesIO

from licenses.shingles import SIZE, hashes
from licenses.spdx import DATA

FIXED, OPTIONAL, REPLACEABLE = 0, 1, 2


@dataclass(frozen=True)
class Blank:
    """A replaceable part: its place in the words, and its wordings where it has not any wording."""

    start: int
    end: int
    wordings: frozenset[str] | None


@dataclass(frozen=True)
class Template:
    """One text, header or exception as SPDX's list has it.

    ``names`` are the kind and id of all that share the wording; ``softness`` says of each word
    whether it is fixed, optional or replaceable; ``groups`` are the
    places of the optional words, part by part.
    """

    number: int
    names: tuple[tuple[str, str], ...]
    words: list[str]
    softness: bytes
    blanks: list[Blank]
    groups: dict[int, list[int]]

    @cached_property
    def fixed_count(self) -> int:
        """How many words must be there."""
        return self.softness.count(FIXED)

    @cached_property
    def places(self) -> dict[int, int]:
        """Each shingle that stands once in the words → its place."""
        seen: dict[int, int] = {}
        twice = set()
        for place, number in enumerate(hashes(self.words)):
            if number in seen:
                twice.add(number)
            seen[number] = place
        for number in twice:
            del seen[number]
        return seen

    @cached_property
    def reach(self) -> int:
        """How many words may stand between two parts that belong together."""
        return len(self.words) + 400

    def blank_at(self, start: int, end: int) -> Blank | None:
        """Return the replaceable part that touches the words between two places."""
        at = bisect_left(self.blanks, start, key=lambda blank: blank.end)
        if at < len(self.blanks) and self.blanks[at].start <= end:
            return self.blanks[at]
        return None


@cache
def _archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO((DATA / "templates.zip").read_bytes()))


@cache
def _names() -> list[list[str]]:
    names: list[list[str]] = json.loads(_archive().read("names.json"))
    return names


def count() -> int:
    """Return how many templates there are."""
    return len(_names())


def kind_of(number: int) -> str:
    """Return text, header, exception or aside."""
    return _names()[number][0].partition(" ")[0]


@lru_cache(maxsize=256)
def template(number: int) -> Template:
    """Return one template by its number in the index."""
    raw = _archive().read(str(number)).decode().split()
    words: list[str] = []
    softness = bytearray()
    blanks: list[Blank] = []
    groups: dict[int, list[int]] = {}
    inside: list[int] = []
    parts = iter(raw)
    for word in parts:
        if word == "<o":
            inside.append(len(groups))
            groups[inside[-1]] = []
        elif word == "o>":
            inside.pop()
        elif word in {"<v", "<e"}:
            blanks.append(_blank(parts, words, softness, "v>" if word == "<v" else "e>"))
        else:
            if inside:
                groups[inside[-1]].append(len(words))
            words.append(word)
            softness.append(OPTIONAL if inside else FIXED)
    pairs = tuple((kind, name) for kind, _, name in (one.partition(" ") for one in _names()[number]))
    return Template(number, pairs, words, bytes(softness), blanks, groups)


def _blank(parts: Iterator[str], words: list[str], softness: bytearray, end: str) -> Blank:
    start = len(words)
    inside = []
    for word in parts:
        if word == end:
            break
        inside.append(word)
    original, *wordings = " ".join(inside).split("|")
    words += original.split()
    softness += bytes([REPLACEABLE]) * (len(words) - start)
    any_wording = end == "v>"
    known = frozenset(" ".join(one.split()) for one in (original, *wordings))
    return Blank(start, len(words), None if any_wording else known)


__all__ = ["FIXED", "OPTIONAL", "REPLACEABLE", "SIZE", "Blank", "Template", "count", "template"]
