"""A text cut into pieces, so that pages can mark where evidence stands and which words are altered. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from licenses.detection.alignment import differences, sightings, where
from licenses.detection.templates import Template
from licenses.shingles import hashes
from licenses.spdx import text_of
from licenses.words import Words, cut

NOT_ALONE = ("-changed-", "-incomplete-")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a text: ``plain``, ``match`` (evidence), ``altered``, ``missing``, ``gap`` (words lack)."""

    text: str
    kind: str = "plain"


def marked(text: str, matches: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """Cut a text by its matches, whose places count bytes of its UTF-8."""
    spans = [(match["start"], match["end"]) for match in matches]
    marks = [tuple(mark) for match in matches for mark in match.get("marks", ())]
    at = _characters(text, [place for span in (*spans, *marks) for place in span])
    inside = [(at[a], at[b]) for a, b in spans]
    altered = [(at[a], at[b]) for a, b in marks]
    stops = sorted({0, len(text), *(place for span in (*inside, *altered) for place in span)})
    gaps = {a for a, b in altered if a == b}
    pieces: list[Piece] = []
    for start, end in pairwise(stops):
        if start in gaps:
            pieces.append(Piece("", "gap"))
        kind = "altered" if _within(start, altered) else "match" if _within(start, inside) else "plain"
        pieces.append(Piece(text[start:end], kind))
    if len(text) in gaps:
        pieces.append(Piece("", "gap"))
    return pieces


def template_beside(passage: str, expression: str) -> list[Piece]:
    """Return the text that SPDX has for an altered license, with the words marked that the passage lacks.

    ``passage`` is what was taken for the altered text. Empty where the expression names no altered text.
    """
    template = text_of(base_of(expression) or "")
    if template is None:
        return []
    words = cut(template)
    return _pieces_of_words(words, _lost(words.words, cut(passage).words))


def _lost(mine: list[str], theirs: list[str]) -> list[tuple[int, int]]:
    """Return the places of words that only the template has, found in about linear time."""
    template = Template(0, (("text", ""),), mine, bytes(len(mine)), [], {})
    found = sightings(template, where(hashes(theirs)), bytearray(b"\1") * len(theirs))
    if not found:
        return []
    best = max(found, key=lambda sighting: sighting.matched)
    *_, differing = differences(template, best, theirs, (0, len(theirs)))
    return [(one.place, one.place_end) for one in differing if one.place < one.place_end]


def base_of(expression: str) -> str | None:
    """Return what an altered or cut text was made from: ``LicenseRef-MIT-changed-…`` → ``MIT``."""
    for word in NOT_ALONE:
        name, found, _ = expression.removeprefix("LicenseRef-").rpartition(word)
        if found:
            return name
    return None


def span_text(text: str, start: int, end: int) -> str:
    """Return the part of a text between two places that count bytes of its UTF-8."""
    return text.encode("utf-8", "surrogatepass")[start:end].decode("utf-8", "replace")


def _within(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _characters(text: str, places: Sequence[int]) -> dict[int, int]:
    """Map places that count bytes to places that count characters; what lies outside is brought inside."""
    if text.isascii():
        return {place: min(max(place, 0), len(text)) for place in places}
    at: dict[int, int] = {}
    raw = text.encode("utf-8", "surrogatepass")
    before, count = 0, 0
    for place in sorted(set(places)):
        stop = min(max(place, before), len(raw))
        count += len(raw[before:stop].decode("utf-8", "replace"))
        before, at[place] = stop, count
    return at


def _pieces_of_words(words: Words, places: Sequence[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], 0
    for first, last in places:
        start, end = words.starts[first], words.ends[last - 1]
        pieces += [Piece(words.text[at:start]), Piece(words.text[start:end], "missing")]
        at = end
    return [piece for piece in (*pieces, Piece(words.text[at:])) if piece.text]
