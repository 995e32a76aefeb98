"""Sentences that put something under a license: “licensed under …”, “either version 2 … or later”.

The name must follow at once; a name that could mean several licenses is told as such, and a sentence
about something else (another program, an older version, what goes together with what) is left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from licenses.detection.naming import Names, name_at, names_at
from licenses.expressions import ExpressionError, Or, normalise, parse
from licenses.vocabulary import vocabulary
from licenses.words import Words

_VERBS = vocabulary("granting")
_JOINTS = frozenset(["under", "by", "to", "with", "per"])
_FILL = vocabulary("filling")
_BEFORE = 16
MOST_STATEMENTS = 300
"""More sentences than these in one place say nothing new."""
_NEGATIVE = re.compile(
    r"""(?ix)\b(?: not|cannot|never|no\s+longer|n't|previously|formerly|used\s+to\s+be|were|unlike|
      was\s+originally|
      compatible|incompatible|instead|relicens\w*|re-licens\w*|if|unless|whether|should\s+(?:not|be)|
      can\s+be\s+combined|inspired|recommend\w*|consider|question|why|example|e\.g|migrat\w*|chang(?:e|ed)\s+(?:the\s+)?
      licen[sc]e|upgrade[sd]?|must\s+be|to\s+be|contributions?|contribute|contributing|submit\w*|pull\s+request)\b"""
)
_PART = re.compile(
    r"(?i)\b(?:parts?|portions?|some|certain|several|files?\s+in|except|other(?:wise)?|third[- ]party|"
    r"bundled|"
    r"includes|contains|uses|depend\w*|librar(?:y|ies)\s+\w+\s+is|icons?|fonts?|images?|artwork|logos?|"
    r"documentation|docs|assets?|data)\b"
)
_OWN = re.compile(
    r"(?i)\b(?:this|the|our|its|it|all|that)\b|^\W*(?:licen[sc]ed|released|distributed|published|available|"
    r"dual|made|provided|code|source|software|project|copyright|free)\b"
)
_EXCEPTIONS = {
    "classpath exception": "Classpath-exception-2.0",
    "classpath linking exception": "Classpath-exception-2.0",
    "gnu classpath exception": "Classpath-exception-2.0",
    "gcc runtime library exception": "GCC-exception-3.1",
    "gcc runtime exception": "GCC-exception-3.1",
    "gcc linking exception": "GCC-exception-2.0",
    "llvm exception": "LLVM-exception",
    "llvm exceptions": "LLVM-exception",
    "font exception": "Font-exception-2.0",
    "autoconf exception": "Autoconf-exception-3.0",
    "bison exception": "Bison-exception-2.2",
    "linux syscall note": "Linux-syscall-note",
    "wxwindows exception": "WxWindows-exception-3.1",
    "wxwidgets exception": "WxWindows-exception-3.1",
    "ocaml lgpl linking exception": "OCaml-LGPL-linking-exception",
    "openjdk assembly exception": "OpenJDK-assembly-exception-1.0",
    "universal foss exception": "Universal-FOSS-exception-1.0",
}
_INSTEAD = re.compile(r"(?i)^\W*alternatively\b|\bin which case the provisions\b|\balternatively,")
_OFFER = re.compile(
    r"(?i)(?:\bat\s+your\s+(?:option|choice|discretion),?\s+)?(?:\b(?:you\s+may|please)\s+)?(?:\bchoose\s+|\bunder\s+)?"
    r"\b(?:either|any|one)(?:\s+one)?(?:\s+of)?\s+(?:of\s+)?the\s+following\s+(?:(?:two|three|open|source|free|software)\s+){0,3}"
    r"licen[sc]es?\b"
)
_CHOICE = re.compile(
    r"(?i)\b(?:dual|either|your (?:option|choice|discretion)|choose|choice|choosing|alternatively|or)\b"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """Words ``start`` to ``end`` that name a license; ``expression`` is None where several fit.

    ``part`` marks a sentence about a part only; ``own`` one whose subject is the work itself;
    ``instead`` one that offers this license in place of the one before.
    """

    start: int
    end: int
    name: str
    expression: str | None
    lower_bound: bool
    kind: str
    part: bool
    own: bool
    instead: bool = False


def statements(words: Words, first: int, last: int) -> Iterator[Statement]:
    """Yield the statements among words ``first`` to ``last``, the first few hundred of them."""
    at = first
    count = 0
    plain = words.words
    while at < last and count < MOST_STATEMENTS:
        named = plain[at] in {"license", "licensing"} and _begins(words, first, at)
        if not named and (plain[at] not in _JOINTS or not _has_verb(plain, first, at)):
            at += 1
            continue
        found = _statement(words, first, at, last)
        if found is None:
            at += 1
            continue
        yield found
        count += 1
        at = max(found.end, at + 1)


def offer_of_a_choice(text: str) -> tuple[int, int] | None:
    """Return the characters that offer a choice among the license texts of a file, if any do."""
    found = _OFFER.search(text)
    return found.span() if found else None


def bare_name(words: Words, first: int, last: int) -> Statement | None:
    """Read a license's name that a line or a section begins with, without a sentence around it."""
    for at in range(first, min(first + 3, last)):
        if (
            words.words[at] in {"the", "license", "licensed", "under", "this", "a", "project", "is"}
            or at == first
        ):
            names = names_at(words, at, last)
            if names.expressions:
                return _stated(words, at, names, "notice", last)
    return None


def _begins(words: Words, first: int, at: int) -> bool:
    """Say whether a word begins a sentence or a line."""
    if at == first:
        return True
    return bool(re.search(r"[.!?:]\s|\n", words.text[words.ends[at - 1] : words.starts[at]]))


def _has_verb(plain: list[str], first: int, at: int) -> bool:
    before = plain[at - 1] if at > first else ""
    if plain[at] == "by":
        return before in {"covered", "governed", "bound", "protected", "controlled"}
    if plain[at] == "under" and before in {"is", "are"}:
        return True
    return any(plain[n] in _VERBS for n in range(max(first, at - _BEFORE), at))


def _statement(words: Words, first: int, joint: int, last: int) -> Statement | None:
    at = joint + 1
    while at < min(last, joint + 9) and words.words[at] in _FILL and not name_at(words, at, last):
        at += 1
    names = names_at(words, at, last)
    if not names.expressions:
        return None
    start = _sentence_start(words, first, joint)
    before = words.text[words.starts[start] : words.ends[joint]]
    if _NEGATIVE.search(before):
        return None
    kind = (
        "header"
        if re.search(r"(?i)redistribute\s+it|this\s+file\s+except|source\s+code\s+form", before)
        else "notice"
    )
    return _stated(words, start, names, kind, last, before=before)


def _stated(words: Words, start: int, names: Names, kind: str, last: int, before: str = "") -> Statement:
    end = words.ends[names.at - 1]
    after = words.text[end : end + 160]
    if kind == "notice" and re.match(
        r"(?is)\W*(?:licen[sc]e)?\W*(?:\(the\W+licen[sc]e\W*\))?\W*you\s+may\s+not\s+use\s+this\s+file", after
    ):
        kind = "header"
    whole = f"{before} {after[:60]}"
    expression, exception_end = _joined(words, names, whole, last)
    return Statement(
        start,
        max(names.at, exception_end),
        " / ".join(names.texts),
        expression,
        names.lower_bound,
        kind,
        bool(_PART.search(before)),
        not before or (bool(_OWN.search(before)) and not re.search(r"(?i)\bwhich\b|\bthat\s+is\b", before)),
        bool(_INSTEAD.search(f"{before} {after[:120]}")),
    )


def _sentence_start(words: Words, first: int, at: int) -> int:
    """Return the first word of the sentence that word ``at`` stands in (40 words back at most)."""
    for n in range(at, max(first, at - 60), -1):
        between = words.text[words.ends[n - 1] : words.starts[n]]
        if re.search(r"[.!?:]\s|\n[\s#*/;%!>-]*\n|\n\s*(?:[-*•]|[0-9]+[.)])\s", between):
            return n
    return max(first, at - 60) if at - 60 > first else first


def _joined(words: Words, names: Names, whole: str, last: int) -> tuple[str | None, int]:
    """Join the names of a statement; add an exception that is named after them."""
    if any(one is None for one in names.expressions):
        return None, 0
    known = [one for one in names.expressions if one is not None]
    exception, end = _exception(words, names.at, last)
    if exception:
        known[-1] = _with(known[-1], exception)
    if len(known) == 1:
        return known[0], end
    choice = "or" in names.joints or "/" in names.joints or _CHOICE.search(whole)
    parts = [f"({one})" if isinstance(parse(one), Or) else one for one in known]
    return normalise((" OR " if choice else " AND ").join(parts)), end


def _with(expression: str, exception: str) -> str:
    try:
        return normalise(f"{expression} WITH {exception}")
    except ExpressionError:
        return expression


def _exception(words: Words, at: int, last: int) -> tuple[str | None, int]:
    """Return an SPDX exception named within the next words, and where its name ends."""
    for start in range(at, min(last, at + 6)):
        if words.words[start] not in {
            "with",
            "the",
            "a",
            "an",
            "w",
            "and",
            "plus",
            "including",
            "gnu",
            "as",
            "license",
        }:
            return (_exception_at(words, start, last)) if start > at else (None, 0)
        found = _exception_at(words, start, last)
        if found[0]:
            return found
    return None, 0


def _exception_at(words: Words, at: int, last: int) -> tuple[str | None, int]:
    for size in (5, 4, 3, 2):
        if at + size <= last and (name := _EXCEPTIONS.get(" ".join(words.words[at : at + size]))):
            return name, at + size
    return None, 0
