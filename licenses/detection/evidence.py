"""What has been seen of a file, told as matches, one conclusion and the reasons to ask."""

import hashlib
import re
from dataclasses import replace

from licenses.aliases import addressed
from licenses.detection.conclusion import conclude, one_of_the_texts
from licenses.detection.limits import limit_of
from licenses.detection.look import Look
from licenses.detection.matching import Found, Wholeness
from licenses.detection.report import FileDetection, Match
from licenses.detection.roles import Role
from licenses.detection.statements import Statement
from licenses.detection.tags import Declared
from licenses.words import Words


def report(result: FileDetection, look: Look) -> None:
    """Put into ``result`` what a look at the file has found."""
    exceptions = result.exceptions
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
    in_bytes(result, look.text)
    settle(result, exceptions, offered=look.offer is not None)
    if look.role is Role.LICENSE and not result.matches and not result.review:
        result.ask("named like a license, but nothing in it is a license that SPDX lists")


def _is_inside(tag: Declared, look: Look, telling: list[Found]) -> bool:
    """Say whether a tag is part of a license's text, as an example of how to use it."""
    starts, ends = look.words.starts, look.words.ends
    return any(
        one.kind == "text" and starts[one.start] < tag.start and tag.end < ends[one.end - 1]
        for one in telling
    )


def _report_found(
    result: FileDetection,
    look: Look,
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
        return f"the text of {name} is altered: “{added}” stands for “{short(missing)}”"
    if added:
        return f"the text of {name} is altered: “{added}” is added"
    return f"the text of {name} is altered: “{short(missing)}” is missing"


def _shown(words: Words, first: int, last: int) -> str:
    return short(" ".join(words.passage(first, last).split()))


def short(text: str) -> str:
    """Return a text, cut where it is too long for a reason."""
    return text if len(text) <= 120 else f"{text[:117]}…"


def _report_tag(result: FileDetection, look: Look, tag: Declared) -> None:
    if tag.expression is None:
        if tag.kind == "tag" or look.role is not Role.README:
            result.ask_about_name(short(tag.value))
        return
    result.matches.append(
        Match(tag.expression, tag.kind, tag.start, tag.end, 1.0, lower_bound=tag.lower_bound)
    )


def _report_statement(result: FileDetection, look: Look, one: Statement) -> None:
    start, end = look.words.starts[one.start], look.words.ends[one.end - 1]
    if one.expression is None:
        if not is_told(one.name, result.matches):
            result.ask_about_name(short(" ".join(one.name.split())))
        return
    kind = "header" if one.kind == "header" else "notice"
    limit = limit_of(look.words, one, whole_section=look.role is Role.README)
    if limit is not None:
        _report_limited(result, look, Match(one.expression, kind, start, end, 0.99, (limit,)))
        return
    result.matches.append(
        Match(one.expression, kind, start, end, 1.0, lower_bound=one.lower_bound, instead=one.instead)
    )
    _compare_address(result, look, one)
    if one.part and not one.instead:
        result.ask(f"a sentence puts only a part under {one.expression}")


def _report_limited(result: FileDetection, look: Look, match: Match) -> None:
    """Tell a license that the words beside it limit as altered: it is not that license any more."""
    (start, end), name = match.marks[0], match.expression
    passage = look.words.text[min(match.start, start) : max(match.end, end)]
    digest = hashlib.sha256(" ".join(passage.lower().split()).encode()).hexdigest()[:8]
    plain = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-")
    result.state = "changed"
    reference = f"LicenseRef-{plain}-changed-{digest}"
    result.matches.append(replace(match, expression=reference, end=max(match.end, end)))
    limit = short(" ".join(look.words.text[start:end].split()))
    result.ask(f"words beside “{name}” limit what it allows: “{limit}”")


def _compare_address(result: FileDetection, look: Look, one: Statement) -> None:
    """Ask where a Creative Commons license has the address of another one behind its name."""
    if one.expression is None or not one.expression.startswith("CC"):
        return
    end = look.words.ends[one.end - 1]
    for found in _CC_ADDRESS.finditer(look.text[look.words.starts[one.start] : end + _BESIDE]):
        alias = addressed(found[0])
        if alias is not None and alias.expression not in {None, one.expression}:
            result.ask(f"a sentence names {one.expression}, the address in it is that of {alias.expression}")


_CC_ADDRESS = re.compile(r"(?i)https?://(?:www\.)?creativecommons\.org/[\w./-]{3,80}[\w/]")
_BESIDE = 160


def is_told(name: str, matches: list[Match]) -> bool:
    """Say whether a vague name is of the family of a license that other evidence has in full."""
    letters = "".join(c for c in name.upper() if c.isalpha())
    return any(
        match.expression.split("-")[0] in letters
        or _SPELLED.get(match.expression.split("-")[0], "?") in letters
        for match in matches
        if match.kind in {"text", "header", "tag"}
    )


_SPELLED = {
    "GPL": "GENERALPUBLIC",
    "LGPL": "LESSERGENERALPUBLIC",
    "AGPL": "AFFEROGENERALPUBLIC",
    "MPL": "MOZILLAPUBLIC",
    "Apache": "APACHE",
    "BSD": "BSD",
}


def _report_unknown(result: FileDetection, look: Look) -> None:
    first = next(iter(look.loose.values()))[0]
    result.state = "changed" if result.matches else result.state
    result.ask(f"words that no known license has could carry a condition: “{_shown(look.words, *first)}”")


def in_bytes(result: FileDetection, text: str) -> None:
    """Turn the places of all matches from characters into bytes of UTF-8."""
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


def settle(result: FileDetection, exceptions: list[str], *, offered: bool = False) -> None:
    """Draw the conclusion from the matches; none where a text is cut off. ``offered``: one may be chosen."""
    usable = [match for match in result.matches if "-incomplete-" not in match.expression]
    if len(usable) < len(result.matches):
        return
    concluded = conclude(one_of_the_texts(usable) if offered else usable, exceptions)
    if concluded is None:
        if exceptions:
            result.ask(f"an exception ({', '.join(exceptions)}) stands here without its license")
        return
    if result.state == "changed" and not any("LicenseRef-" in m.expression for m in usable):
        return
    result.expressions = [concluded.expression, *concluded.alternatives]
    for note in concluded.notes:
        result.note(note)
