"""Debian's machine-readable copyright files (copyright format 1.0, also REUSE's ``dep5``): stanzas of fields.

https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from licenses.aliases import recognise
from licenses.detection.sentences import STRONG, outside_links
from licenses.detection.tags import Declared
from licenses.expressions import normalise

_FORMAT = re.compile(
    r"(?i)\ufeff?\s*(?:#[^\n]*\n\s*)*Format(?:-Specification)?:\s*\S*(?:copyright-format|dep-?5|CopyrightFormat)"
)
_FIELD = re.compile(r"(?m)^([A-Za-z][A-Za-z0-9-]{0,40}):((?:[^\n]*)(?:\n[ \t]+[^\n]*)*)")
_PATHS = frozenset({"format", "format-specification", "files", "files-excluded", "files-included"})
"""Fields that hold paths and addresses alone."""

_NAMES_AND_YEARS = frozenset({"copyright", "source", "upstream-author", "upstream-contact", "upstream-name"})
"""Fields that say nothing of a license unless a word stands in them that could carry a condition."""

_NAMES = {
    "perl": "Artistic-1.0-Perl OR GPL-1.0-or-later",
    "artistic": "Artistic-1.0-Perl",
    "gpl-2+ with font exception": "GPL-2.0-or-later WITH Font-exception-2.0",
    "gpl-3+ with font exception": "GPL-3.0-or-later WITH Font-exception-2.0",
}
"""Short names of the format that mean one license there, and elsewhere several or none."""

_JOINTS = ((r",\s*and\s+", " AND "), (r",\s*or\s+", " OR "), (r"\s+or\s+", " OR "), (r"\s+and\s+", " AND "))
"""What joins short names, the weakest first: a comma before a word weakens it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a stanza: its name in lower case, its value, and where both stand in the text."""

    name: str
    value: str
    start: int
    value_start: int
    end: int


def is_machine_readable(text: str) -> bool:
    """Say whether a text begins as a copyright file of this format does."""
    return _FORMAT.match(text) is not None


def fields(text: str) -> Iterator[Field]:
    """Yield the fields of all stanzas in their order."""
    for found in _FIELD.finditer(text):
        yield Field(found[1].lower(), found[2], found.start(), found.start(2), found.end())


def silent_spans(text: str) -> list[tuple[int, int]]:
    """Return the places that say nothing of a license: the fields' names, and fields of names and paths."""
    return [(one.start, one.end if _is_silent(one) else one.value_start) for one in fields(text)]


def _is_silent(field: Field) -> bool:
    if field.name in _PATHS:
        return True
    words = re.findall(r"[^\W_]+", outside_links(field.value))
    return field.name in _NAMES_AND_YEARS and not any(map(STRONG.match, words))


def stanzas(text: str) -> Iterator[dict[str, str]]:
    """Yield each stanza as its fields' values by name."""
    for stanza in re.split(r"\n[ \t]*\n", text):
        yield {one.name: one.value.strip() for one in fields(stanza)}


def license_tags(text: str) -> Iterator[Declared]:
    """Yield what the first lines of ``License`` fields name; of unknown names only those without a text."""
    given = [(one, *one.value.partition("\n")[::2]) for one in fields(text) if one.name == "license"]
    explained = {line.strip() for _, line, body in given if body.strip()}
    for one, line, _ in given:
        value = line.strip()
        expression = expression_of(value)
        if value and (expression is not None or value not in explained):
            start = one.value_start + len(line) - len(line.lstrip())
            yield Declared(start, start + len(value), value, expression, "tag")


def expression_of(synopsis: str) -> str | None:
    """Return what short names joined by ``or`` and ``and`` mean in SPDX; None where one is not known."""
    for joint, operator in _JOINTS:
        parts = re.split(joint, synopsis)
        if len(parts) > 1:
            known = [expression_of(part) for part in parts[:100]]
            return None if None in known else normalise(operator.join(f"({one})" for one in known))
    return _named(synopsis.strip())


def _named(name: str) -> str | None:
    """Return one license; a version without a plus is that version only."""
    if name.lower() in _NAMES:
        return _NAMES[name.lower()]
    alias = recognise(name)
    return alias.expression if alias else None
