"""Finds the texts of SPDX's list in a file, and says of each whether it is whole and unaltered."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from licenses.detection.accounting import alterations, is_numbering, limits
from licenses.detection.alignment import Difference, Sighting, differences, sightings, where
from licenses.detection.templates import FIXED, Template, kind_of, template
from licenses.shingles import SIZE, hashes, index
from licenses.spdx import LISTED
from licenses.words import Words

_LIKELY = 0.6
"""Share of a template's sampled shingles in a file from which the file may hold it unaltered."""

_POSSIBLE = 0.2
"""Share from which the file may hold it altered."""

_HALF = 0.4
"""The same where pieces are not looked for."""

_RELATED, _HEADER_RELATED = 0.6, 0.85
"""Share of a template's fixed words below which the rest is no version of it; headers are all alike."""

_CANDIDATES = 24
_CUT_SHARE, _CUT_WORDS = 0.12, 250
"""How much of a text must be there for the rest to be called cut off."""

_ROUNDS = 40
_LONG_FILE = 20_000
_TAIL = 2_000
_LONG_TEMPLATE = 1_000
_MOST_COMPARED = 1_800_000
"""How many words of templates and of a file are compared at most; more is no license but an attack."""
_NEARLY_ALL, _ALL = 0.95, 0.99


class Wholeness(StrEnum):
    """Whether all words of a text are there, and no others that could carry a condition."""

    WHOLE = "whole"
    CHANGED = "changed"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True)
class Altered:
    """Words ``at`` to ``at_end`` of the file that stand where the text has ``missing``."""

    at: int
    at_end: int
    missing: str


@dataclass(slots=True)
class Found:
    """One text, header or exception in a file, by its words ``start`` to ``end``."""

    template: Template
    start: int
    end: int
    equal: int
    fixed_equal: int
    wholeness: Wholeness
    strange: int = 0
    limited: bool = False
    altered: list[Altered] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return text, header, exception, or aside for words that say nothing of the terms."""
        return self.template.names[0][0]

    @property
    def names(self) -> list[str]:
        """The ids that share this text, the one to conclude first."""
        names = [name for _, name in self.template.names]
        return sorted(names, key=lambda name: (name.endswith("-or-later"), len(name), name))

    @property
    def is_perfect(self) -> bool:
        """Say whether no other template can fit better: no strange words, or hardly any in a long text."""
        few = 3 if self.template.fixed_count > _LONG_TEMPLATE else 0
        return self.wholeness is Wholeness.WHOLE and self.strange <= few

    @property
    def score(self) -> float:
        """Share of the words, the text's and the file's, that are equal; 1.0 where it is whole."""
        if self.wholeness is Wholeness.WHOLE:
            return 1.0
        strange = sum(one.at_end - one.at for one in self.altered)
        whole = self.template.fixed_count + strange
        return round(min(self.fixed_equal / max(whole, 1), 0.99), 4)


_ORDER = (frozenset({"text"}), frozenset({"exception", "header"}), frozenset({"aside"}))
"""What is looked for first: a license's text holds its own header, and a header holds an aside."""


@dataclass(slots=True)
class _Text:
    """A file's words, where its shingles stand, which words nothing has claimed, and what is judged.

    ``left`` is how many words may still be compared before a file is too much to look at.
    """

    words: Words
    places: dict[int, list[int]]
    free: bytearray
    left: int = _MOST_COMPARED
    known: dict[int, list[Found]] = field(default_factory=dict)

    def claim(self, found: list[Found]) -> None:
        """Take the words of what was found, and forget their shingles."""
        for one in found:
            self.free[one.start : one.end] = bytes(one.end - one.start)
        if sum(one.end - one.start for one in found) * 10 > self.free.count(1):
            free = self.free
            self.places = {
                number: still
                for number, places in self.places.items()
                if (still := [at for at in places if free[at]])
            }


@dataclass(frozen=True, slots=True)
class Finds:
    """What was found, in order; ``complete`` unless the file was too much to compare to the end."""

    found: list[Found]
    complete: bool


def find_texts(words: Words, *, thorough: bool = True) -> Finds:
    """Return what of SPDX's list stands in the words, none overlapping.

    Unless ``thorough``, pieces of a text are not looked for: enough for the header of a code file.
    """
    text = _Text(words, where(hashes(words.words)), bytearray(b"\1") * len(words))
    found: list[Found] = []
    for kinds in _ORDER:
        refused: set[int] = set()
        text.known.clear()
        for _ in range(_ROUNDS):
            best = _round(text, refused, kinds, thorough=thorough)
            if not best:
                break
            text.claim(best)
            found += best
    return Finds(sorted(found, key=lambda one: one.start), text.left > 0)


def _round(text: _Text, refused: set[int], kinds: frozenset[str], *, thorough: bool) -> list[Found]:
    """Return the best finds among the free words: whole ones, else altered ones."""
    every = _shares(text, refused)
    shares = [one for one in every if kind_of(one[0]) in kinds]
    likely = [number for number, share in shares if share >= _LIKELY][:_CANDIDATES]
    judged = _judged(likely, text)
    whole = [one for one in judged if one.wholeness is Wholeness.WHOLE]
    if whole and not _goes_on(whole, text):
        return _apart(whole)
    if "text" in kinds:
        least = _POSSIBLE if thorough else _HALF
        others = [number for number, share in shares if least <= share < _LIKELY or thorough]
        judged += _judged([n for n in others if n not in likely][: _CANDIDATES // 2], text)
    if whole:
        return _apart([one for one in whole if not _is_beginning(one, judged)] or _cut_off(judged))
    related = _without_headers([one for one in judged if _is_related(one)], every, text)
    if not related:
        refused.update(number for number, _ in shares)
    return _apart(related)


def _without_headers(related: list[Found], shares: list[tuple[int, float]], text: _Text) -> list[Found]:
    """Leave out what is no rest of a text but a whole header, which some texts end with."""
    if not any(one.kind == "text" for one in related):
        return related
    likely = [number for number, share in shares if share >= _LIKELY and kind_of(number) == "header"]
    headers = [one for one in _judged(likely[:_CANDIDATES], text) if one.wholeness is Wholeness.WHOLE]
    return [one for one in related if not any(_is_within(one, header) for header in headers)]


def _is_within(one: Found, header: Found) -> bool:
    return one.kind == "text" and header.start <= one.start and one.end <= header.end


def _goes_on(whole: list[Found], text: _Text) -> bool:
    """Say whether some words stand between the last whole text and the end of the file."""
    left = len(text.words) - max(one.end for one in whole)
    return 3 <= left < _TAIL


def _is_beginning(whole: Found, judged: list[Found]) -> bool:
    """Say whether a whole text is but the beginning of a longer one that is cut off at the file's end."""
    return any(one.start <= whole.start and one.end >= whole.end + 3 for one in _cut_off(judged))


def _cut_off(judged: list[Found]) -> list[Found]:
    return [one for one in judged if one.wholeness is Wholeness.CUT_OFF and one.kind == "text"]


def _is_related(one: Found) -> bool:
    """Say whether an altered text is near enough to its template to be called a version of it."""
    if one.kind == "text" and one.wholeness is Wholeness.CUT_OFF:
        enough = one.fixed_equal >= min(25, one.template.fixed_count // 2)
        return enough and (one.score >= _CUT_SHARE or one.fixed_equal >= _CUT_WORDS)
    strange = sum(altered.at_end - altered.at for altered in one.altered)
    share = one.fixed_equal / max(one.template.fixed_count, 1)
    if one.kind == "header":
        return share >= _HEADER_RELATED and one.limited
    return share >= _RELATED and strange <= max(one.fixed_equal // 2, 30)


def _shares(text: _Text, refused: set[int]) -> list[tuple[int, float]]:
    """Return templates by the share of their sampled shingles that stand in free words."""
    stored = index()
    free = text.free
    seen = [
        number
        for number in stored.sets_of.keys() & text.places.keys()
        if any(free[at] and free[at + SIZE - 1] for at in text.places[number])
    ]
    per_set = Counter(stored.sets_of[number] for number in seen)
    hits: dict[int, int] = defaultdict(int)
    for set_number, count in per_set.items():
        for one in stored.sets[set_number]:
            hits[one] += count
    shares = [
        (number, count / stored.totals[number], count)
        for number, count in hits.items()
        if number not in refused
    ]
    shares = [one for one in shares if one[1] >= _POSSIBLE or one[2] >= 12]
    shares.sort(key=lambda one: (one[1] < _ALL, -round(one[1], 1), -one[2], one[0]))
    return [(number, share) for number, share, _ in shares]


def _judged(numbers: list[int], text: _Text) -> list[Found]:
    """Compare the words with templates, the likeliest first, until one explains nearly all of them."""
    found: list[Found] = []
    left = text.free.count(1)
    for number in numbers:
        if text.left <= 0:
            break
        judged = _remembered(number, text)
        found += judged
        perfect = (one for one in judged if one.is_perfect)
        if sum(one.end - one.start for one in perfect) >= _NEARLY_ALL * left:
            break
    return found


def _remembered(number: int, text: _Text) -> list[Found]:
    """Judge a template's sightings; in a long file, what was judged before is not judged again."""
    known = text.known.get(number)
    if known is not None and len(text.words) > _LONG_FILE:
        return [one for one in known if text.free.find(0, one.start, one.end) < 0]
    pattern = template(number)
    text.known[number] = found = []
    for sighting in sightings(pattern, text.places, text.free):
        if sighting.matched >= min(8, pattern.fixed_count // 3) and text.left > 0:
            text.left -= len(pattern.words) + sighting.end - sighting.start
            found.append(judge(pattern, sighting, text.words, text.free))
    return found


def judge(pattern: Template, sighting: Sighting, words: Words, free: bytearray) -> Found:
    """Compare one sighting with its template word by word."""
    bounds = _bounds(sighting, free)
    start, end, equal, found = differences(pattern, sighting, words.words, bounds)
    altered = alterations(pattern, found, words)
    lost = sum(pattern.softness.count(FIXED, one.place, one.place_end) for one in found)
    wholeness = Wholeness.WHOLE if not altered else Wholeness.CHANGED
    if altered and _is_cut(pattern, altered, bounds, (start, end), len(words)):
        wholeness = Wholeness.CUT_OFF
    marked = [
        Altered(one.at, one.at_end, " ".join(pattern.words[one.place : one.place_end])) for one in altered
    ]
    strange = sum(one.at_end - one.at for one in found if not is_numbering(one, words))
    limited = any(limits(words.words[one.at : one.at_end]) for one in altered)
    fixed_equal = pattern.fixed_count - lost
    return Found(pattern, start, end, equal, fixed_equal, wholeness, strange, limited, marked)


def _bounds(sighting: Sighting, free: bytearray) -> tuple[int, int]:
    """Return how far the free words around a sighting reach."""
    low = free.rfind(0, 0, sighting.start) + 1
    high = free.find(0, sighting.end)
    return low, high if high >= 0 else len(free)


def _is_cut(
    pattern: Template,
    altered: list[Difference],
    bounds: tuple[int, int],
    span: tuple[int, int],
    length: int,
) -> bool:
    """Say whether all that differs is a missing beginning or end, where the file begins or ends."""
    for one in altered:
        added = one.at_end - one.at
        missing = pattern.softness.count(FIXED, one.place, one.place_end)
        at_end = one.place_end == len(pattern.words) and length - span[1] <= 3
        at_start = one.place == 0 and span[0] - bounds[0] <= 3
        if added > 1 or missing < 4 or not (at_end or at_start):
            return False
    return True


def _apart(found: list[Found]) -> list[Found]:
    """Choose among overlapping finds: the one with most equal words, then the least altered."""
    chosen: list[Found] = []
    taken = bytearray(max((one.end for one in found), default=0))
    for one in sorted(found, key=_preference):
        if taken.find(1, one.start, one.end) < 0:
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            chosen.append(one)
    return chosen


def _preference(one: Found) -> tuple[float, ...]:
    kind = {"text": 0, "exception": 1, "header": 2, "aside": 3}[one.kind]
    known = LISTED[one.names[0]].osi if one.names[0] in LISTED else False
    if one.wholeness is Wholeness.WHOLE:
        return (0, one.strange - one.equal, kind, -one.fixed_equal, not known, one.template.number)
    lost = 0 if one.wholeness is Wholeness.CUT_OFF else one.template.fixed_count - one.fixed_equal
    return (1, one.strange + lost - one.equal, kind, not known, one.template.number)


def alternatives(found: Found) -> Iterator[str]:
    """Yield the other ids that the same text could stand for."""
    yield from found.names[1:]
