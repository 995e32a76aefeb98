"""The license record: declared, detected, and what follows from both; or what a person must decide.

Equal statements conclude by themselves. Everything else waits with a suggestion and the reasons, so that
a moderator can conclude with one key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from licenses.aliases import recognise
from licenses.detection.bundles import BundleDetection
from licenses.expressions import And, Expression, License, Or, leaves, parse

State = Literal["concluded", "undecided", "changed", "contradiction"]

_GNU = ("AGPL-", "GFDL-", "GPL-", "LGPL-")


@dataclass(frozen=True, slots=True)
class Declared:
    """What the publisher says: the text as given, and its SPDX expression where it has one.

    ``lower_bound``: a version was given without *only* or *or later*.
    """

    text: str
    expression: str | None
    lower_bound: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What follows: the state, the conclusion or a suggestion, and the reasons, as codes and sentences.

    ``concluded`` is set only in the state *concluded*; ``suggested`` is what a moderator would confirm.
    """

    state: State
    concluded: str | None
    suggested: str | None
    code: str
    reasons: tuple[str, ...]


def declare(text: str) -> Declared:
    """Read what a publisher declared; markup and scripts are no license and are told as a problem."""
    plain = " ".join(text.split())
    if not plain:
        return Declared("", None)
    if "<" in plain or "\x00" in text:
        return Declared(plain, None, problem="the declared license is markup, not a name or an expression")
    alias = recognise(plain)
    if alias is None:
        return Declared(plain, None, problem="the declared license is no SPDX expression and no known name")
    if alias.expression is None:
        return Declared(plain, None, problem="the declared license could be several licenses")
    return Declared(plain, alias.expression, alias.lower_bound)


def record(declared: Declared | None, detected: BundleDetection) -> Record:
    """Draw the record's conclusion from what was declared and what was detected."""
    found = detected.expression
    said = declared.expression if declared else None
    reasons = tuple(detected.reasons)
    if detected.state in {"changed", "incomplete"}:
        return Record("changed", None, found or said, "license.changed", reasons)
    if declared and declared.problem:
        return Record("undecided", None, found, "license.unclear", (declared.problem, *reasons))
    if said is None and found is None:
        return Record("undecided", None, None, "license.missing", ("nothing says what the license is",))
    if said is None:
        return Record("undecided", None, found, "license.undeclared", ("only the files say it", *reasons))
    if found is None:
        return Record("undecided", None, said, "license.unproven", ("no file confirms it", *reasons))
    return _compared(declared, said, detected, reasons)


def _compared(
    declared: Declared | None, said: str, detected: BundleDetection, reasons: tuple[str, ...]
) -> Record:
    found = detected.expression or ""
    agreed = agreement(said, detected, lower_bound=bool(declared and declared.lower_bound))
    if agreed is None:
        told = f"declared is {said}, but the files say {found}"
        return Record("contradiction", None, found, "license.contradiction", (told, *reasons))
    if detected.review:
        return Record("undecided", None, agreed, "license.unclear", reasons)
    return Record("concluded", agreed, agreed, "license.agreed", reasons)


def agreement(said: str, detected: BundleDetection, *, lower_bound: bool = False) -> str | None:
    """Return the expression on which a declaration and the files agree, or None where they do not.

    They agree where they are equal; where the files leave open what the declaration says (*or later*, a
    choice between texts that are there); and where the files only add what vendored parts bring.
    """
    found = detected.expression
    if found is None:
        return None
    if parse(said) == parse(found) or said in detected.alternatives:
        return said
    if lower_bound and _same_but_later(said, found):
        return found
    declared, own = parse(said), _own(detected)
    others = [part.expression for part in detected.parts if part.folder and part.expression]
    if own is not None and (own == declared or said in _own_alternatives(detected) or _offers(declared, own)):
        return str(And(tuple(_distinct([declared, *map(parse, others)])))) if others else said
    if own is None and others and {str(part) for part in map(parse, others)} == {said}:
        return said
    return said if _offers(declared, parse(found)) else None


def _own(detected: BundleDetection) -> Expression | None:
    expressions = [part.expression for part in detected.parts if not part.folder and part.expression]
    return parse(expressions[0]) if expressions else None


def _own_alternatives(detected: BundleDetection) -> list[str]:
    return [one for part in detected.parts if not part.folder for one in part.alternatives]


def _distinct(parts: list[Expression]) -> list[Expression]:
    flat: dict[Expression, None] = {}
    for part in parts:
        for inner in part.parts if isinstance(part, And) else (part,):
            flat.setdefault(inner)
    return list(flat)


def _offers(declared: Expression, found: Expression) -> bool:
    """Say whether the declaration is a choice whose sides are the licenses that the files have."""
    if not isinstance(declared, Or):
        return False
    sides = {_family(leaf) for leaf in leaves(declared)}
    return {_family(leaf) for leaf in leaves(found)} <= sides and not isinstance(found, Or)


def _same_but_later(said: str, found: str) -> bool:
    mine, theirs = list(leaves(parse(said))), list(leaves(parse(found)))
    return len(mine) == len(theirs) and all(map(_is_family, mine, theirs))


def _is_family(mine: License, theirs: License) -> bool:
    return mine == theirs or (mine.id.startswith(_GNU) and _family(mine) == _family(theirs))


def _family(leaf: License) -> str:
    return leaf.id.removesuffix("-only").removesuffix("-or-later")


def collisions(parts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the ``LicenseRef-`` names that stand for different texts in different parts of a bundle.

    ``parts`` maps each folder to the texts of its references, by name. A name that collides cannot be
    concluded: nobody could tell which text is meant.
    """
    seen: dict[str, str] = {}
    found = set()
    for references in parts.values():
        for name, text in references.items():
            plain = " ".join(text.split())
            if seen.setdefault(name.lower(), plain) != plain:
                found.add(name)
    return sorted(found)
