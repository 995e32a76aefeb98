"""One file, read once: what stands in it, what it says, and which of its words nobody has claimed."""

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import chain, islice

from licenses.detection import readme
from licenses.detection.debian import is_machine_readable, license_tags, silent_spans
from licenses.detection.markup import without_markup
from licenses.detection.matching import Found, Wholeness, find_texts
from licenses.detection.parameters import parameters_in
from licenses.detection.roles import Role, reads_like_agreement, reads_like_changes
from licenses.detection.sentences import carrying
from licenses.detection.statements import Statement, bare_name, offer_of_a_choice, statements
from licenses.detection.tags import Declared, field_tags, spdx_tags
from licenses.words import Words, cut

HEADER_CHARACTERS = 4096
"""How much of a code file's beginning counts as its header."""

MOST_TAGS = 1_000
"""More tags than these in one file say nothing new."""

CODE_CHARACTERS = 65_536
"""How much of a code file is looked at for texts; tags count anywhere."""

_MOSTLY, _NEAR, _ASIDE = 0.5, 0.6, 0.8
_LONG_PROSE = 200
_SHORT, _TINY = 60, 8


@dataclass(slots=True)
class Look:
    """What has been seen of a file so far."""

    text: str
    words: Words
    role: Role
    found: list[Found] = field(default_factory=list)
    said: list[Statement] = field(default_factory=list)
    tags: list[Declared] = field(default_factory=list)
    loose: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    offer: tuple[int, int] | None = None
    filled_in: bool = False
    complete: bool = True


def look_at(text: str, role: Role | None) -> Look:
    """Read a text in the given role, or in the one that its content shows."""
    plain = without_markup(text)
    stanzas = role in {None, Role.LICENSE} and is_machine_readable(plain)
    tags = list(islice(chain(spdx_tags(plain), license_tags(plain) if stanzas else ()), MOST_TAGS))
    silent = silent_spans(plain) if stanzas else []
    filled_in = parameters_in(plain) if role in {None, Role.LICENSE} else None
    spans = [*((tag.start, tag.end) for tag in tags), *silent, *([filled_in] if filled_in else [])]
    masked = _masked(plain, spans)
    words = cut(masked[:CODE_CHARACTERS] if role is Role.CODE else masked)
    look = Look(text, words, role or Role.PROSE, tags=tags, filled_in=filled_in is not None)
    if role is Role.CHANGELOG:
        return look
    finds = find_texts(words, thorough=role is not Role.CODE)
    look.found, look.complete = finds.found, finds.complete
    if role is None or role is Role.LICENSE or role is Role.NOTICE:
        look.role = _role_by_content(look, role)
    look.found = [one for one in look.found if _counts(one, look)]
    fields = _fields(look, masked)
    look.said = [one for one in _statements(look, masked) if not _overlaps(look, one, fields)]
    look.tags += fields
    if look.role is Role.LICENSE:
        look.offer = offer_of_a_choice(masked)
        look.loose = _loose(look)
    return look


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    """Blank out what is accounted for: tags, and fields that say nothing of a license."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            pieces += [text[at:start], " " * (end - start)]
            at = end
    return "".join([*pieces, text[at:]])


def _role_by_content(look: Look, role: Role | None) -> Role:
    whole = sum(
        one.end - one.start
        for one in look.found
        if one.kind in {"text", "exception"} and (one.score >= _NEAR or one.wholeness is Wholeness.CUT_OFF)
    )
    if whole >= _MOSTLY * len(look.words) and whole:
        return role or Role.LICENSE
    if reads_like_agreement(look.text):
        return Role.AGREEMENT
    if role is None and reads_like_changes(look.text):
        return Role.CHANGELOG
    if role is None:
        return Role.README if readme.looks_like_one(look.text) else Role.PROSE
    return role


def _counts(one: Found, look: Look) -> bool:
    """Say whether a find is evidence in this kind of file; what is altered counts only where it leads."""
    if one.wholeness is Wholeness.WHOLE:
        return True
    if one.kind == "aside":
        return one.score >= _ASIDE and not one.limited
    if look.role is Role.LICENSE:
        return one.kind == "text" or one.score >= 0.8
    return one.score >= 0.75 and one.wholeness is Wholeness.CHANGED


def _free(look: Look, last: int | None = None) -> list[tuple[int, int]]:
    """Return the word ranges that no find claims."""
    ranges, at = [], 0
    for one in look.found:
        ranges.append((at, one.start))
        at = one.end
    ranges.append((at, len(look.words)))
    return [(a, b) for a, b in ranges if a < b and (last is None or look.words.starts[a] < last)]


def _statements(look: Look, text: str) -> list[Statement]:
    if look.role is Role.README:
        return readme.statements_in(look.words, text, _free(look))
    limit = HEADER_CHARACTERS if look.role is Role.CODE else None
    said = [one for a, b in _free(look, limit) for one in statements(look.words, a, b)]
    if look.role is Role.PROSE and len(look.words) > _LONG_PROSE:
        said = [one for one in said if one.own and not one.part]
    if not said and not look.found:
        said = _only_a_name(look)
    return said


def _only_a_name(look: Look) -> list[Statement]:
    """Read a file that holds little but the name of a license."""
    length = len(look.words)
    if look.role not in {Role.LICENSE, Role.PROSE} or not 0 < length <= _SHORT:
        return []
    bare = bare_name(look.words, 0, length)
    if bare is None or (length > _TINY and (bare.end - bare.start) * 2 < length):
        return []
    return [bare]


def _fields(look: Look, text: str) -> list[Declared]:
    """Read license fields in headers and descriptions, where no find or tag has claimed them."""
    if look.role in {Role.CHANGELOG, Role.NOTICE, Role.AGREEMENT}:
        return []
    head = text[: HEADER_CHARACTERS if look.role is not Role.LICENSE else 2 * HEADER_CHARACTERS]
    spans = [(look.words.starts[one.start], look.words.ends[one.end - 1]) for one in look.found]
    return [
        one for one in field_tags(head) if all(one.end <= start or one.start >= end for start, end in spans)
    ]


def _overlaps(look: Look, one: Statement, fields: list[Declared]) -> bool:
    start, end = look.words.starts[one.start], look.words.ends[one.end - 1]
    return any(tag.start < end and start < tag.end for tag in fields)


def _loose(look: Look) -> dict[int, list[tuple[int, int]]]:
    """Give words beside the finds that could carry a condition to the find they stand nearest to."""
    loose: dict[int, list[tuple[int, int]]] = {}
    spans = [(tag.start, tag.end) for tag in look.tags] + ([look.offer] if look.offer else [])
    claimed = sorted([(one.start, one.end) for one in look.said] + [_words_of(look, *span) for span in spans])
    for first, last in _free(look):
        for start, end in _outside(first, last, claimed):
            for place in carrying(look.words, start, end):
                owner = sum(1 for one in look.found if one.start <= place[0] and one.kind != "aside")
                loose.setdefault(max(owner - 1, 0), []).append(place)
    return loose


def _words_of(look: Look, start: int, end: int) -> tuple[int, int]:
    return bisect_left(look.words.starts, start), bisect_left(look.words.starts, end)


def _outside(first: int, last: int, claimed: list[tuple[int, int]]) -> list[tuple[int, int]]:
    ranges = []
    for start, end in claimed:
        if start < last and end > first:
            ranges.append((first, start))
            first = max(first, end)
    return [(a, b) for a, b in (*ranges, (first, last)) if a < b]
