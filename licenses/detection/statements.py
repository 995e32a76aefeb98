"""Sentences that put something under a license: “licensed under …”, “either version 2 … or later”.

The name must follow at once; a name that could mean several licenses is told as such, and a sentence
about something else (another program, an older version, what goes together with what) is left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from licenses.aliases import name_words, table
from licenses.expressions import ExpressionError, Or, normalise, parse
from licenses.families import longest
from licenses.vocabulary import vocabulary
from licenses.words import Words

_VERBS = vocabulary("granting")
_JOINTS = frozenset(["under", "by", "to", "with", "per"])
_FILL = vocabulary("filling")
_BEFORE = 16
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


@dataclass(slots=True)
class _Names:
    """Names in a row: their expressions, where they end, and how they are joined."""

    at: int
    expressions: list[str | None] = field(default_factory=list)
    joints: set[str] = field(default_factory=set)
    lower_bound: bool = False
    texts: list[str] = field(default_factory=list)


def statements(words: Words, first: int, last: int) -> Iterator[Statement]:
    """Yield the statements among words ``first`` to ``last``."""
    at = first
    plain = words.words
    while at < last:
        named = plain[at] in {"license", "licensing"} and _begins(words, first, at)
        if not named and (plain[at] not in _JOINTS or not _has_verb(plain, first, at)):
            at += 1
            continue
        found = _statement(words, first, at, last)
        if found is None:
            at += 1
            continue
        yield found
        at = max(found.end, at + 1)


def bare_name(words: Words, first: int, last: int) -> Statement | None:
    """Read a license's name that a line or a section begins with, without a sentence around it."""
    for at in range(first, min(first + 3, last)):
        if (
            words.words[at] in {"the", "license", "licensed", "under", "this", "a", "project", "is"}
            or at == first
        ):
            names = _names(words, at, last)
            if names.expressions:
                return _stated(words, at, names, "notice", last)
    return None


def _begins(words: Words, first: int, at: int) -> bool:
    """Say whether a word begins a sentence or a line."""
    if at == first:
        return True
    return bool(re.search(r"[.!?:]\s|\n", words.text[words.ends[at - 1] : words.starts[at]]))


def _has_verb(plain: list[str], first: int, at: int) -> bool:
    return any(plain[n] in _VERBS for n in range(max(first, at - _BEFORE), at))


def _statement(words: Words, first: int, joint: int, last: int) -> Statement | None:
    at = joint + 1
    while at < min(last, joint + 9) and words.words[at] in _FILL and not _name_at(words, at, last):
        at += 1
    names = _names(words, at, last)
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


def _stated(words: Words, start: int, names: _Names, kind: str, last: int, before: str = "") -> Statement:
    after = words.text[words.ends[names.at - 1] :][:160]
    if kind == "notice" and re.match(
        r"(?is)\W*(?:licen[sc]e)?\W*(?:\(the\W+licen[sc]e\W*\))?\W*you\s+may\s+not\s+use\s+this\s+file", after
    ):
        kind = "header"
    whole = f"{before} {words.text[words.ends[names.at - 1] :][:60]}"
    expression, exception_end = _joined(words, names, whole, last)
    return Statement(
        start,
        max(names.at, exception_end),
        " / ".join(names.texts),
        expression,
        names.lower_bound,
        kind,
        bool(_PART.search(before)),
        bool(not before or _OWN.search(before)),
        bool(_INSTEAD.search(f"{before} {after[:120]}")),
    )


def _sentence_start(words: Words, first: int, at: int) -> int:
    """Return the first word of the sentence that word ``at`` stands in (40 words back at most)."""
    for n in range(at, max(first, at - 60), -1):
        between = words.text[words.ends[n - 1] : words.starts[n]]
        if re.search(r"[.!?:]\s|\n[\s#*/;%!>-]*\n|\n\s*(?:[-*•]|[0-9]+[.)])\s", between):
            return n
    return max(first, at - 60) if at - 60 > first else first


def _names(words: Words, at: int, last: int) -> _Names:
    """Read license names joined by commas, “or” and “and”, from word ``at`` on."""
    found = _Names(at)
    while len(found.expressions) < 8:
        one = _name_at(words, at, last)
        if one is None:
            break
        end, expression, bound = one
        found.expressions.append(expression)
        found.texts.append(words.passage(at, end))
        found.lower_bound |= bound
        found.at = end
        joint = _joint(words, end, last)
        if joint is None:
            break
        found.joints |= joint[1]
        at = joint[0]
    return found


def _name_at(words: Words, at: int, last: int) -> tuple[int, str | None, bool] | None:
    """Return the end, expression and lower bound of the longest known name at a word."""
    telling = name_words(words, at, _name_limit(words, at, min(last, at + 40)))
    plain = [word for word, _ in telling]
    best: tuple[int, str | None, bool] | None = None
    if family := longest(plain):
        best = (family.length, family.expression, family.lower_bound)
    for size in range(min(len(plain), 14), best[0] if best else 0, -1):
        if alias := table().get(" ".join(plain[:size])):
            best = (size, alias.expression, alias.lower_bound)
            break
    if best is None or best[0] == 0 or _is_everyday(plain[: best[0]], words, at):
        return None
    end = telling[best[0] - 1][1]
    while end < last and words.words[end] in {"license", "licenses"} and end - at < 40:
        end += 1
    return end, best[1], best[2]


def _is_everyday(plain: list[str], words: Words, at: int) -> bool:
    """Say whether a name is also an ordinary word and is not written as a name."""
    if len(plain) > 1:
        return False
    written = words.text[words.starts[at] : words.ends[at]]
    return plain[0].isdigit() or (written.islower() and plain[0] in _EVERYDAY)


_EVERYDAY = vocabulary("everyday")


def _name_limit(words: Words, at: int, last: int) -> int:
    """Return where the sentence ends that a name stands in."""
    for n in range(at + 1, last):
        between = words.text[words.ends[n - 1] : words.starts[n]]
        if re.search(r"\n[\s#*/;%!>-]*\n|[!?]\s", between):
            return n
        if re.search(r"\.\s", between) and not {words.words[n - 1], words.words[n]} & _VERSION_WORDS:
            return n
    return last


_VERSION_WORDS = frozenset(("version", "v", "ver", "either"))


_LINK_BEHIND = re.compile(
    r"""(?x)[\s"'\u201d\u2019]*(?: \][\[(][^\])\s]*[\])] | \(?<?https?://[^\s>)]+[>)]?
      | \((?:the\s+)?["'\u201c][^)]{1,40}\) | \([A-Za-z0-9\ .+-]{1,12}\) )"""
)


def _past_link(words: Words, at: int, last: int) -> int:
    """Return the word after an address that stands behind a name, in brackets or not."""
    for _ in range(2):
        if at >= last:
            return at
        rest = words.text[words.ends[at - 1] : words.ends[at - 1] + 400]
        link = _LINK_BEHIND.match(rest)
        if link is None:
            return at
        stop = words.ends[at - 1] + link.end()
        while at < last and words.starts[at] < stop:
            at += 1
    return at


def _joint(words: Words, at: int, last: int) -> tuple[int, set[str]] | None:
    """Return where the next name begins and which of “or”, “and”, a comma stands before it."""
    said: set[str] = set()
    at = _past_link(words, at, last)
    start = at
    while at < min(last, start + 7):
        between = words.text[words.ends[at - 1] : words.starts[at]]
        if "," in between or "/" in between or "|" in between:
            said.add("/" if "/" in between or "|" in between else ",")
        if re.search(r"[.;!?]\s|\n\s*\n", between):
            return None
        if words.words[at] in {"or", "and"}:
            said.add(words.words[at])
        elif words.words[at] not in {
            "the",
            "under",
            "a",
            "an",
            "either",
            "at",
            "your",
            "option",
            "choice",
            "terms",
            "of",
            "license",
            "licenses",
            "version",
            "both",
            "by",
        } or (said and _name_at(words, at, last)):
            break
        at += 1
    return (at, said) if said and at < last and _name_at(words, at, last) else None


def _joined(words: Words, names: _Names, whole: str, last: int) -> tuple[str | None, int]:
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
