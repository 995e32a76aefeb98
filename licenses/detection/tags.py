"""Machine-readable declarations in a file: SPDX tags, ``@license`` and the like, metadata fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from licenses.aliases import Alias, recognise
from licenses.expressions import ExpressionError, normalise


@dataclass(frozen=True, slots=True)
class Declared:
    """One declaration: its characters in the text, what it says, and what that means in SPDX.

    ``expression`` is None where the value is no SPDX expression and no unambiguous name.
    """

    start: int
    end: int
    value: str
    expression: str | None
    kind: str
    lower_bound: bool = False


_SPDX = re.compile(r"(?i)SPDX-License-Identifier\s{0,4}:[ \t]*([^\r\n]{1,2000})")
_IGNORED = re.compile(r"REUSE-Ignore" r"Start(.*?)(?:REUSE-Ignore" r"End|\Z)", re.DOTALL)
_CLOSERS = re.compile(
    r"(?:\s*(?:\*/|-->|--\}\}|#\}|\*\)|\}\}|%>|\?>|\|#|;+|[\"'`*,]+|<br\s*/?>|</\w+>|\\n.*|\]\]))+\s*$"
)
_FIELDS = re.compile(
    r"""(?imx)^[ \t/*#;%!"'.<-]{0,12}(?:
      @licen[sc]e[ \t]+(?P<doc>[^\r\n*]{1,200})
    | @?(?:(?:plugin|theme|package|add-?on)[ \t]+)?licen[sc]e
      (?:[ \t]*(?:name|id|identifier|type|ur[il]))?["']?[ \t]*[:=][ \t]*
      ["']?(?P<field>[^\r\n"'{}<>]{1,200})
    | __licen[sc]e__[ \t]*=[ \t]*["'](?P<dunder>[^\r\n"']{1,200})
    | MODULE_LICENSE\([ \t]*"(?P<module>[^"\r\n]{1,60})"
    | <licen[sc]e>\s{0,40}<name>\s{0,40}(?P<maven>[^<]{2,200})
    | License-Expression[ \t]*:[ \t]*(?P<pep639>[^\r\n]{1,400})
    )"""
)
_KERNEL = {"GPL v2": "GPL-2.0-only", "Dual MIT/GPL": "MIT OR GPL-2.0-only"}


def spdx_tags(text: str) -> Iterator[Declared]:
    """Yield every ``SPDX-License-Identifier`` tag that REUSE would count."""
    if "spdx-license-identifier" not in text.lower():
        return
    ignored = [found.span() for found in _IGNORED.finditer(text)]
    for found in _SPDX.finditer(text):
        if any(start <= found.start() < end for start, end in ignored):
            continue
        expression, length = _expression(found[1])
        value = found[1][:length] if length else found[1].strip()
        end = found.start(1) + (length or len(found[1].rstrip()))
        yield Declared(found.start(), end, value.strip(), expression, "tag")


def _expression(rest: str) -> tuple[str | None, int]:
    """Return the longest expression that a line begins with, and its length."""
    rest = rest[: len(rest.rstrip())]
    rest = rest[: _CLOSERS.search(rest).start()] if _CLOSERS.search(rest) else rest  # type: ignore[union-attr]
    stops = [found.end() for found in re.finditer(r"[^\s]+", rest)]
    for stop in reversed(stops[:200]):
        part = rest[:stop].rstrip(",;.")
        for form in (part, part.strip("\"'`()<>[]")):
            try:
                return normalise(form), len(part)
            except ExpressionError:
                continue
    return None, 0


def field_tags(text: str) -> Iterator[Declared]:
    """Yield license fields that stand on a line of their own, in code headers and descriptions."""
    if "licen" not in text.lower():
        return
    for found in _FIELDS.finditer(text):
        group = found.lastgroup or ""
        value = found[group].strip()
        trimmed = _CLOSERS.sub("", value).strip().rstrip(".")
        alias = _meaning(trimmed, group)
        if alias is not None and _is_a_name(trimmed):
            kind = "tag" if group != "field" or alias.source == "SPDX expression" else "notice"
            yield Declared(
                found.start(group), found.end(group), trimmed, alias.expression, kind, alias.lower_bound
            )


def _meaning(value: str, group: str) -> Alias | None:
    if group == "module" and value in _KERNEL:
        return Alias(_KERNEL[value], lower_bound=False, source="Linux module.h")
    vague = None
    for form in (value, *(stop.split(value)[0] for stop in _STOPS)):
        alias = recognise(form)
        if alias is not None and alias.expression is not None:
            return alias
        vague = vague or alias
    return vague


_STOPS = (
    re.compile(r"\s+\(?<?(?:https?:|see\b|www\.)"),
    re.compile(r"\s+[-\u2013\u2014(]|\s{2,}|;\s"),
    re.compile(r",\s|\.\s"),
)
"""Where a name in a field may end and something else begin, the surest first."""


def _is_a_name(value: str) -> bool:
    return bool(re.search(r"[A-Za-z]{2}", value)) and not value.endswith(("(", "{"))
