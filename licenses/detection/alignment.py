"""Which words of a file stand for which words of a template, in about linear time.

Shingles that a template has once are anchors; between anchors the few words left are compared closely.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from licenses.detection.templates import FIXED, OPTIONAL, SIZE, Template

_CLOSE_LOOK = 120_000
"""Largest product of two word counts that is compared word by word."""

_LOOSE = 8
"""How many strange words may stand between the body of a match and its first or last words."""


_SKIPPED = 6
"""From how many words of a template that are passed over one or two equal words are chance."""

_STRAY = 24
"""Words that a template and a file may share by chance, out of order."""


@dataclass(slots=True)
class Run:
    """Words of a file, from ``at``, equal to words of a template, from ``place``."""

    at: int
    place: int
    length: int


@dataclass(slots=True)
class Sighting:
    """Runs that belong together: one appearance of a template in a file."""

    runs: list[Run] = field(default_factory=list)

    @property
    def matched(self) -> int:
        """How many words are equal."""
        return sum(run.length for run in self.runs)

    @property
    def start(self) -> int:
        """The first word of the file."""
        return self.runs[0].at

    @property
    def end(self) -> int:
        """One past the last word of the file."""
        return self.runs[-1].at + self.runs[-1].length


@dataclass(frozen=True, slots=True)
class Difference:
    """Template words from ``place`` to ``place_end`` that the file has as words ``at`` to ``at_end``."""

    place: int
    place_end: int
    at: int
    at_end: int


def where(shingles: list[int]) -> dict[int, list[int]]:
    """Return each shingle of a file with the places where it stands."""
    places: dict[int, list[int]] = {}
    for at, number in enumerate(shingles):
        places.setdefault(number, []).append(at)
    return places


def sightings(template: Template, places: dict[int, list[int]], free: bytearray) -> list[Sighting]:
    """Find where a template appears among the ``free`` words of a file, by its anchors."""
    found: list[Sighting] = []
    for run in _runs(template, places, free):
        home = _home(found, run, template.reach)
        if home is None:
            found.append(Sighting([run]))
        else:
            _attach(home, run)
    return found


def _runs(template: Template, places: dict[int, list[int]], free: bytearray) -> Iterator[Run]:
    common = template.places.keys() & places.keys()
    pairs = sorted((at, template.places[number]) for number in common for at in places[number])
    run: Run | None = None
    for at, place in pairs:
        if not free[at] or not free[at + SIZE - 1]:
            continue
        if run and run.at + run.length == at + SIZE - 1 and run.place + run.length == place + SIZE - 1:
            run.length += 1
            continue
        if run:
            yield run
        run = Run(at, place, SIZE)
    if run:
        yield run


def _home(found: list[Sighting], run: Run, reach: int) -> Sighting | None:
    """Return the sighting that a run continues, the one that shifts it least."""
    best, least = None, reach
    for sighting in found[-4:]:
        last = _before(sighting, run)
        gap, forward = run.at - (last.at + last.length), run.place - (last.place + last.length)
        if forward <= -SIZE or gap > reach:
            continue
        shift = abs(gap - forward)
        if shift <= least:
            best, least = sighting, shift
    return best


def _before(sighting: Sighting, run: Run) -> Run:
    """Return the run of a sighting that ``run`` can follow, if only chance finds are in between."""
    stray = 0
    for last in reversed(sighting.runs):
        if run.place - (last.place + last.length) > -SIZE:
            return last
        stray += last.length
        if stray > _STRAY:
            break
    return sighting.runs[-1]


def _attach(sighting: Sighting, run: Run) -> None:
    last = _before(sighting, run)
    while sighting.runs[-1] is not last:
        sighting.runs.pop()
    overlap = max(last.at + last.length - run.at, last.place + last.length - run.place, 0)
    if overlap < run.length:
        sighting.runs.append(Run(run.at + overlap, run.place + overlap, run.length - overlap))


def differences(
    template: Template, sighting: Sighting, words: list[str], bounds: tuple[int, int]
) -> tuple[int, int, int, list[Difference]]:
    """Compare a sighting closely; ``bounds`` are the words of the file that it may use.

    Returns the first word, one past the last, how many are equal, and the differences in order.
    """
    low, high = bounds
    first, last = sighting.runs[0], sighting.runs[-1]
    head, head_equal = _head(template, words, first, low)
    tail, tail_equal = _tail(template, words, last, high)
    start = min((at for at, _ in head_equal), default=first.at)
    end = max((at + 1 for at, _ in tail_equal), default=last.at + last.length)
    inner: list[Difference] = []
    equal = len(head_equal) + len(tail_equal)
    for before, after in pairwise(sighting.runs):
        gap = Difference(before.place + before.length, after.place, before.at + before.length, after.at)
        changes, same = _closely(template, words, gap)
        inner += changes
        equal += same
    return start, end, sighting.matched + equal, [*head, *inner, *tail]


def _closely(template: Template, words: list[str], gap: Difference) -> tuple[list[Difference], int]:
    mine = template.words[gap.place : gap.place_end]
    theirs = words[gap.at : gap.at_end]
    if not mine or not theirs or len(mine) * len(theirs) > _CLOSE_LOOK:
        return ([gap] if mine or theirs else []), 0
    changes, equal = [], 0
    for tag, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            equal += b - a
        else:
            changes.append(Difference(gap.place + a, gap.place + b, gap.at + c, gap.at + d))
    return changes, equal


def _head(
    template: Template, words: list[str], first: Run, low: int
) -> tuple[list[Difference], list[tuple[int, int]]]:
    """Match what stands before the first run, from right to left, as far as it holds together."""
    mine = template.words[: first.place]
    theirs = words[max(low, first.at - 2 * len(mine) - 30) : first.at]
    pairs = _outward(mine[::-1], theirs[::-1], template.softness[: first.place][::-1])
    equal = [(first.at - 1 - there, first.place - 1 - here) for here, there in pairs][::-1]
    return _between(equal, (None, 0), (first.at, first.place)), equal


def _tail(
    template: Template, words: list[str], last: Run, high: int
) -> tuple[list[Difference], list[tuple[int, int]]]:
    at, place = last.at + last.length, last.place + last.length
    mine = template.words[place:]
    theirs = words[at : min(high, at + 2 * len(mine) + 30)]
    pairs = _outward(mine, theirs, template.softness[place:])
    equal = [(at + there, place + here) for here, there in pairs]
    return _between(equal, (at, place), (None, len(template.words))), equal


def _outward(mine: list[str], theirs: list[str], softness: bytes) -> list[tuple[int, int]]:
    """Pair equal words outward from a run; a wide gap ends it once few fixed words are missing."""
    if not mine or not theirs or len(mine) * len(theirs) > 4 * _CLOSE_LOOK:
        return []
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    pairs: list[tuple[int, int]] = []
    mine_reached = reached = last = 0
    must = softness.count(FIXED)
    for here, there, size in blocks:
        strange = there - reached > _LOOSE
        by_chance = size < 3 and there > reached and here - mine_reached > _SKIPPED
        if size == 0 or by_chance or (strange and (size < 3 or len(pairs) >= must)):
            break
        pairs += [(here + n, there + n) for n in range(size)]
        mine_reached, reached, last = here + size, there + size, size
    if (
        last < 3
        and mine_reached < len(mine)
        and softness[mine_reached - last : mine_reached].count(OPTIONAL) == last
    ):
        del pairs[len(pairs) - last :]
    return pairs


def _between(
    equal: list[tuple[int, int]], before: tuple[int | None, int], after: tuple[int | None, int]
) -> list[Difference]:
    """Return the differences between equal pairs; an open end (None) has no words of the file."""
    found = []
    stops = [before, *equal, after]
    for number, ((at, place), (stop, place_next)) in enumerate(pairwise(stops)):
        inside = number > 0
        from_place = place + 1 if inside else place
        start = at + 1 if inside and at is not None else at
        if stop is None or start is None:
            start = end = start if start is not None else (stop or 0)
        else:
            end = stop
        if place_next > from_place or end > start:
            found.append(Difference(from_place, place_next, start, end))
    return found
