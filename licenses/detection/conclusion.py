"""From matches to one expression: what explains what, and what is left as alternatives."""

from dataclasses import dataclass, replace

from licenses.detection.report import Match
from licenses.expressions import Expression, ExpressionError, License, Or, all_of, leaves, normalise, parse

_LIBRARY_GPL = {"LGPL-3.0-only": "GPL-3.0", "LGPL-3.0-or-later": "GPL-3.0"}
"""LGPL 3 is written as additions to GPL 3, and its text comes with the other's."""


_NOT_FOR_GNU = frozenset(
    ("LLVM-exception", "Swift-exception", "LZMA-exception", "QPL-1.0-INRIA-2004-exception")
)
"""Exceptions that are made for other licenses than GNU's."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The expression, other readings of the same evidence, and what had to be assumed."""

    expression: str
    alternatives: list[str]
    notes: list[str]


def conclude(matches: list[Match], exceptions: list[str]) -> Conclusion | None:
    """Join the evidence of one file or one part; None where there is none."""
    units = _explained(_with_choices(matches))
    if not units:
        return None
    expressions = _with_exceptions(list(dict.fromkeys(unit.expression for unit in units)), exceptions)
    expression = all_of(expressions)
    open_ended = {
        leaf.id
        for unit in units
        if unit.lower_bound
        for leaf in leaves(parse(unit.expression))
        if leaf.id.endswith("-only")
    }
    notes = [
        f"the text of {name.removesuffix('-only')} does not say “only” or “or later”; "
        f"“only” is the lower bound"
        for name in sorted(open_ended)
    ]
    return Conclusion(expression, _later_readings(expression, open_ended), notes)


def one_of_the_texts(matches: list[Match]) -> list[Match]:
    """Join the license texts of a file that offers a choice among them; what is altered stays as it is."""
    texts = [match for match in matches if match.kind == "text" and "LicenseRef-" not in match.expression]
    names = list(dict.fromkeys(f"({match.expression})" for match in texts))
    if len(names) < 2:
        return matches
    choice = replace(texts[0], expression=normalise(" OR ".join(names)), lower_bound=False)
    return [choice, *(match for match in matches if match not in texts)]


def _with_choices(matches: list[Match]) -> list[Match]:
    """Join a match that is offered instead of the one before to it, as a choice."""
    joined: list[Match] = []
    for match in matches:
        if match.instead and joined:
            before = joined.pop()
            choice = normalise(f"({before.expression}) OR ({match.expression})")
            joined.append(replace(match, expression=choice, lower_bound=False))
        else:
            joined.append(match)
    return joined


def _explained(matches: list[Match]) -> list[Match]:
    """Drop matches that others explain: a bare text that a header dates, a text that is one of a choice."""
    kept = [
        match
        for match in matches
        if not any(_explains(other, match) for other in matches if other is not match)
    ]
    return _without_base_text(kept)


def _explains(other: Match, match: Match) -> bool:
    if match.lower_bound and _dates(other, match):
        return True
    return match.kind == "text" and _offers(other, match)


def _dates(other: Match, bare: Match) -> bool:
    """Say whether another match says “or later” or “only” of the license that a bare text is of."""
    if other.lower_bound:
        return False
    family = _family(bare.expression)
    return any(_family(leaf.id) == family for leaf in leaves(parse(other.expression)))


def _family(expression: str) -> str:
    return expression.removesuffix("-only").removesuffix("-or-later")


def _offers(other: Match, text: Match) -> bool:
    """Say whether another match is a choice that this text is one side of."""
    read = parse(other.expression)
    if not _has_choice(read):
        return False
    return any(_family(str(leaf)) == _family(text.expression) for leaf in leaves(read))


def _has_choice(read: Expression) -> bool:
    return isinstance(read, Or) or (
        not isinstance(read, License) and any(_has_choice(part) for part in read.parts)
    )


def _without_base_text(matches: list[Match]) -> list[Match]:
    bases = {_LIBRARY_GPL[match.expression] for match in matches if match.expression in _LIBRARY_GPL}
    return [
        match
        for match in matches
        if not (match.lower_bound and match.kind == "text" and _family(match.expression) in bases)
    ]


def _with_exceptions(expressions: list[str], exceptions: list[str]) -> list[str]:
    """Give each exception to the licenses that it can belong to: GNU's, or the only one there is."""
    for exception in dict.fromkeys(exceptions):
        if any(exception in one for one in expressions):
            continue
        gnu = [at for at, one in enumerate(expressions) if one.startswith(("GPL-", "LGPL-", "AGPL-"))]
        alone = [0] if len(expressions) == 1 and exception in _NOT_FOR_GNU else []
        for at in gnu or alone:
            try:
                expressions[at] = normalise(f"{expressions[at]} WITH {exception}")
            except ExpressionError:
                continue
    return expressions


def _later_readings(expression: str, open_ended: set[str]) -> list[str]:
    if not open_ended:
        return []
    return [str(_later(parse(expression), open_ended))]


def _later(read: Expression, open_ended: set[str]) -> Expression:
    if isinstance(read, License):
        if read.id not in open_ended:
            return read
        return replace(read, id=f"{read.id.removesuffix('-only')}-or-later")
    return replace(read, parts=tuple(_later(part, open_ended) for part in read.parts))
