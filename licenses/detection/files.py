"""One file: every word of a license file accounted for, and only clear statements from any other."""

import hashlib
import re
from dataclasses import dataclass, field, replace

from licenses.detection import readme
from licenses.detection.accounting import carrying
from licenses.detection.conclusion import conclude
from licenses.detection.decoding import decode, is_binary
from licenses.detection.markup import without_markup
from licenses.detection.matching import Found, Wholeness, find_texts
from licenses.detection.metadata import declared_in
from licenses.detection.report import FileDetection, Match
from licenses.detection.roles import Role, reads_like_agreement, reads_like_changes, role_of
from licenses.detection.statements import Statement, bare_name, statements
from licenses.detection.tags import Declared, field_tags, spdx_tags
from licenses.words import Words, cut

HEADER_CHARACTERS = 4096
"""How much of a code file's beginning counts as its header."""

_WORTH_READING = re.compile(r"licen[sc]|copyright|spdx|gpl|permission|redistribut|warrant|public domain")
_MOSTLY, _NEAR = 0.5, 0.6
_LONG_PROSE = 200
_SHORT, _TINY = 60, 8


@dataclass(slots=True)
class _Look:
    """What has been seen of a file so far."""

    text: str
    words: Words
    role: Role
    found: list[Found] = field(default_factory=list)
    said: list[Statement] = field(default_factory=list)
    tags: list[Declared] = field(default_factory=list)
    loose: dict[int, list[tuple[int, int]]] = field(default_factory=dict)


def detect_file(path: str, data: bytes) -> FileDetection:
    """Say what one file tells about its license; ``path`` is only looked at for its name."""
    role = role_of(path)
    if is_binary(data):
        result = FileDetection(path, (role or Role.PROSE).value)
        if role is Role.LICENSE:
            result.ask("the file is named like a license but is no text")
        return result
    return detect_text(path, decode(data), role)


def detect_text(path: str, text: str, role: Role | None = None) -> FileDetection:
    """Say what a text tells about its license, read in the given role or in the one that fits it."""
    if role is Role.METADATA:
        return _of_metadata(path, text)
    if role in {Role.CODE, Role.PROSE} and not _WORTH_READING.search(text.lower()):
        return FileDetection(path, role.value)
    look = _look(text, role)
    result = FileDetection(path, look.role.value)
    if look.role is Role.CHANGELOG:
        look.said, look.found = [], []
    elif look.role is Role.AGREEMENT:
        look.said, look.found = [], []
        result.ask("it reads like an agreement with users, which no open license is")
    _report(result, look)
    return result


def _look(text: str, role: Role | None) -> _Look:
    plain = without_markup(text)
    tags = [*spdx_tags(plain)]
    masked = _masked(plain, tags)
    words = cut(masked)
    look = _Look(text, words, role or Role.PROSE, tags=tags)
    if role is Role.CHANGELOG:
        return look
    look.found = find_texts(words)
    if role is None or role is Role.LICENSE or role is Role.NOTICE:
        look.role = _role_by_content(look, role)
    look.found = [one for one in look.found if _counts(one, look)]
    look.said = [*_statements(look, masked)]
    look.tags += _fields(look, masked)
    if look.role is Role.LICENSE:
        look.loose = _loose(look)
    return look


def _masked(text: str, tags: list[Declared]) -> str:
    """Blank out tags, so that their words are accounted for."""
    for tag in tags:
        text = f"{text[: tag.start]}{' ' * (tag.end - tag.start)}{text[tag.end :]}"
    return text


def _role_by_content(look: _Look, role: Role | None) -> Role:
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


def _counts(one: Found, look: _Look) -> bool:
    """Say whether a find is evidence in this kind of file; what is altered counts only where it leads."""
    if one.wholeness is Wholeness.WHOLE:
        return True
    if one.kind == "aside":
        return False
    if look.role is Role.LICENSE:
        return one.kind == "text" or one.score >= 0.8
    return one.score >= 0.75 and one.wholeness is Wholeness.CHANGED


def _free(look: _Look, last: int | None = None) -> list[tuple[int, int]]:
    """Return the word ranges that no find claims."""
    ranges, at = [], 0
    for one in look.found:
        ranges.append((at, one.start))
        at = one.end
    ranges.append((at, len(look.words)))
    return [(a, b) for a, b in ranges if a < b and (last is None or look.words.starts[a] < last)]


def _statements(look: _Look, text: str) -> list[Statement]:
    if look.role is Role.README:
        return readme.statements_in(look.words, text, _free(look))
    limit = HEADER_CHARACTERS if look.role is Role.CODE else None
    said = [one for a, b in _free(look, limit) for one in statements(look.words, a, b)]
    if look.role is Role.PROSE and len(look.words) > _LONG_PROSE:
        said = [one for one in said if one.own and not one.part]
    if not said and not look.found:
        said = _only_a_name(look)
    return said


def _only_a_name(look: _Look) -> list[Statement]:
    """Read a file that holds little but the name of a license."""
    length = len(look.words)
    if look.role not in {Role.LICENSE, Role.PROSE} or not 0 < length <= _SHORT:
        return []
    bare = bare_name(look.words, 0, length)
    if bare is None or (length > _TINY and (bare.end - bare.start) * 2 < length):
        return []
    return [bare]


def _fields(look: _Look, text: str) -> list[Declared]:
    """Read license fields in headers and descriptions, where no find or tag has claimed them."""
    if look.role in {Role.CHANGELOG, Role.NOTICE, Role.AGREEMENT}:
        return []
    head = text[: HEADER_CHARACTERS if look.role is not Role.LICENSE else 2 * HEADER_CHARACTERS]
    spans = [(look.words.starts[one.start], look.words.ends[one.end - 1]) for one in look.found]
    spans += [(look.words.starts[one.start], look.words.ends[one.end - 1]) for one in look.said]
    return [
        one for one in field_tags(head) if all(one.end <= start or one.start >= end for start, end in spans)
    ]


def _loose(look: _Look) -> dict[int, list[tuple[int, int]]]:
    """Give words beside the finds that could carry a condition to the find they stand nearest to."""
    loose: dict[int, list[tuple[int, int]]] = {}
    claimed = sorted(
        [(one.start, one.end) for one in look.said] + [_words_of(look, tag) for tag in look.tags]
    )
    for first, last in _free(look):
        for start, end in _outside(first, last, claimed):
            for place in carrying(look.words, start, end):
                owner = sum(1 for one in look.found if one.start <= place[0] and one.kind != "aside")
                loose.setdefault(max(owner - 1, 0), []).append(place)
    return loose


def _words_of(look: _Look, tag: Declared) -> tuple[int, int]:
    starts = look.words.starts
    inside = (
        [at for at in range(len(starts)) if tag.start <= starts[at] < tag.end] if len(starts) < 5000 else []
    )
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _outside(first: int, last: int, claimed: list[tuple[int, int]]) -> list[tuple[int, int]]:
    ranges = []
    for start, end in claimed:
        if start < last and end > first:
            ranges.append((first, start))
            first = max(first, end)
    return [(a, b) for a, b in (*ranges, (first, last)) if a < b]


def _report(result: FileDetection, look: _Look) -> None:
    exceptions: list[str] = []
    telling = [one for one in look.found if one.kind != "aside"]
    for number, one in enumerate(telling):
        _report_found(result, look, one, look.loose.get(number, []), exceptions)
    for tag in look.tags:
        if not _is_inside(tag, look, telling):
            _report_tag(result, look, tag)
    for statement in look.said:
        _report_statement(result, look, statement)
    if look.loose and not telling:
        _report_unknown(result, look)
    result.matches.sort(key=lambda match: match.start)
    if "subject to the classpath exception" in look.words.joined:
        exceptions.append("Classpath-exception-2.0")
    _in_bytes(result, look.text)
    _conclude(result, exceptions)
    if look.role is Role.LICENSE and not result.matches and not result.review:
        result.ask("named like a license, but nothing in it is a license that SPDX lists")


def _is_inside(tag: Declared, look: _Look, telling: list[Found]) -> bool:
    """Say whether a tag is part of a license's text, as an example of how to use it."""
    starts, ends = look.words.starts, look.words.ends
    return any(
        one.kind == "text" and starts[one.start] < tag.start and tag.end < ends[one.end - 1]
        for one in telling
    )


def _report_found(
    result: FileDetection,
    look: _Look,
    one: Found,
    loose: list[tuple[int, int]],
    exceptions: list[str],
) -> None:
    words = look.words
    start, end = words.starts[one.start], words.ends[one.end - 1]
    kind = "header" if one.kind == "header" else "text"
    name = one.names[0]
    if one.wholeness is Wholeness.WHOLE and not loose:
        if one.kind == "exception":
            exceptions.append(name)
            return
        bound = kind == "text" and name.endswith("-only") and not name.startswith("AGPL-1")
        result.matches.append(Match(name, kind, start, end, one.score, lower_bound=bound))
        return
    marks = [(altered.at, altered.at_end) for altered in one.altered] + loose
    places = tuple(_characters(words, one, a, b) for a, b in marks)
    word = "incomplete" if one.wholeness is Wholeness.CUT_OFF and not loose else "changed"
    result.state = word if result.state != "changed" else "changed"
    reference = f"LicenseRef-{name}-{word}-{_digest(words, one, loose)}"
    result.matches.append(Match(reference, kind, start, end, min(one.score, 0.99), places))
    result.ask(_why(words, one, loose, name))


def _characters(words: Words, one: Found, first: int, last: int) -> tuple[int, int]:
    if first < last:
        return words.starts[first], words.ends[last - 1]
    at = words.starts[min(first, len(words) - 1)] if first < one.end else words.ends[one.end - 1]
    return at, at


def _digest(words: Words, one: Found, loose: list[tuple[int, int]]) -> str:
    said = words.words[one.start : one.end] + [w for a, b in loose for w in words.words[a:b]]
    return hashlib.sha256(" ".join(said).encode()).hexdigest()[:8]


def _why(words: Words, one: Found, loose: list[tuple[int, int]], name: str) -> str:
    if one.wholeness is Wholeness.CUT_OFF and not loose:
        return f"the text of {name} is cut off"
    if loose:
        return f"words beside the text of {name} could carry a condition: “{_shown(words, *loose[0])}”"
    first = one.altered[0]
    added, missing = _shown(words, first.at, first.at_end), first.missing
    if added and missing:
        return f"the text of {name} is altered: “{added}” stands for “{_short(missing)}”"
    if added:
        return f"the text of {name} is altered: “{added}” is added"
    return f"the text of {name} is altered: “{_short(missing)}” is missing"


def _shown(words: Words, first: int, last: int) -> str:
    return _short(" ".join(words.passage(first, last).split()))


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}…"


def _report_tag(result: FileDetection, look: _Look, tag: Declared) -> None:
    if tag.expression is None:
        if tag.kind == "tag" or look.role is not Role.README:
            result.ask(f"“{_short(tag.value)}” names no single license")
        return
    result.matches.append(
        Match(tag.expression, tag.kind, tag.start, tag.end, 1.0, lower_bound=tag.lower_bound)
    )


def _report_statement(result: FileDetection, look: _Look, one: Statement) -> None:
    start, end = look.words.starts[one.start], look.words.ends[one.end - 1]
    if one.expression is None:
        if not _is_dated(one.name, result):
            result.ask(f"“{_short(' '.join(one.name.split()))}” could be several licenses")
        return
    kind = "header" if one.kind == "header" else "notice"
    result.matches.append(
        Match(one.expression, kind, start, end, 1.0, lower_bound=one.lower_bound, instead=one.instead)
    )
    if one.part and not one.instead:
        result.ask(f"a sentence puts only a part under {one.expression}")


def _is_dated(name: str, result: FileDetection) -> bool:
    """Say whether a vague name is of the family of a license that the same file has in full."""
    letters = "".join(c for c in name.upper() if c.isalpha())
    return any(
        match.expression.split("-")[0] in letters
        or _SPELLED.get(match.expression.split("-")[0], "?") in letters
        for match in result.matches
        if match.kind in {"text", "header"}
    )


_SPELLED = {
    "GPL": "GENERALPUBLIC",
    "LGPL": "LESSERGENERALPUBLIC",
    "AGPL": "AFFEROGENERALPUBLIC",
    "MPL": "MOZILLAPUBLIC",
    "Apache": "APACHE",
    "BSD": "BSD",
}


def _report_unknown(result: FileDetection, look: _Look) -> None:
    first = next(iter(look.loose.values()))[0]
    result.state = "changed" if result.matches else result.state
    result.ask(f"words that no known license has could carry a condition: “{_shown(look.words, *first)}”")


def _in_bytes(result: FileDetection, text: str) -> None:
    if text.isascii():
        return
    places = sorted(
        {n for m in result.matches for n in (m.start, m.end, *(p for mark in m.marks for p in mark))}
    )
    at, count, table = 0, 0, {}
    for place in places:
        count += len(text[at:place].encode("utf-8", "surrogatepass"))
        at, table[place] = place, count
    result.matches = [
        replace(
            match,
            start=table[match.start],
            end=table[match.end],
            marks=tuple((table[a], table[b]) for a, b in match.marks),
        )
        for match in result.matches
    ]


def _conclude(result: FileDetection, exceptions: list[str]) -> None:
    usable = [match for match in result.matches if "-incomplete-" not in match.expression]
    if len(usable) < len(result.matches):
        return
    concluded = conclude(usable, exceptions)
    if concluded is None:
        if exceptions:
            result.ask(f"an exception ({', '.join(exceptions)}) stands here without its license")
        return
    if result.state == "changed" and not any("LicenseRef-" in m.expression for m in usable):
        return
    result.expressions = [concluded.expression, *concluded.alternatives]
    for note in concluded.notes:
        result.note(note)


def _of_metadata(path: str, text: str) -> FileDetection:
    result = FileDetection(path, Role.METADATA.value)
    for tag in [*spdx_tags(text), *declared_in(path, text)]:
        if tag.expression is None:
            result.ask(f"“{_short(tag.value)}” names no single license")
        else:
            result.matches.append(
                Match(tag.expression, tag.kind, tag.start, tag.end, 1.0, lower_bound=tag.lower_bound)
            )
    _in_bytes(result, text)
    _conclude(result, [])
    return result
