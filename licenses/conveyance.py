"""Who may get a copy, and on what conditions: one table, the first row that fits decides.

Pure and total: every combination of terms and request has an answer, and the answer says which row
gave it. An AND is as strict as its strictest part, an OR as generous as its most generous one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from licenses.expressions import And, Expression, License, parse
from licenses.terms import (
    CONDITIONS,
    LIMITING,
    Permission,
    Terms,
    generosity,
    of_expression,
    of_license,
)

Recipient = Literal["member", "moderator", "account", "server", "anonymous", "mirror"]
Action = Literal["use", "copy", "redistribute", "modify"]
Basis = Literal["license", "grant", "none"]
Form = Literal["source", "binary"]
State = Literal["concluded", "undecided", "changed", "contradiction", "legal_removed", "expired"]

ANSWERS = ("no", "conditional", "yes")
"""From least to most."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for what, and what the registry knows besides the terms.

    ``source_available``: the source artifact is there, or a written offer still holds.
    ``acknowledged``: the recipient accepted this terms digest. ``commercial_operator``: this
    registry is run commercially. ``operator_basis``: its operator recorded why mirrors may have it
    although its copies are conditional. Once ``expired`` a grant is gone, and the terms alone speak
    for new copies.
    """

    recipient: Recipient
    action: Action = "copy"
    basis: Basis = "license"
    form: Form = "source"
    source_available: bool = False
    acknowledged: bool = False
    state: State = "concluded"
    commercial_operator: bool = False
    operator_basis: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, the row that gave it, what it is bound to, what would help, what goes along.

    ``branch`` names the alternative of an OR under which the copy goes.
    """

    allowed: str
    rule: str
    conditions: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    deliver: tuple[str, ...] = ()
    branch: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what ``python -m licenses decide`` prints."""
        shown: dict[str, Any] = {
            "allowed": self.allowed,
            "rule": self.rule,
            "conditions": list(self.conditions),
            "needs": list(self.needs),
            "deliver": list(self.deliver),
        }
        return shown if self.branch is None else shown | {"branch": self.branch}


@dataclass(frozen=True, slots=True)
class Row:
    """One situation of the table: when it fits, each column's answer, and what would help.

    A cell is an answer, or names what it depends on: ``acknowledged``, ``operator basis``
    or ``use only``.
    """

    rule: str
    fits: Callable[[Terms, Request], bool]
    member: str
    moderator: str
    stranger: str
    mirror: str
    needs: tuple[str, ...] = ()


def _granted(asked: Request) -> bool:
    return asked.basis == "grant" and asked.state != "expired"


def _no_permission(terms: Terms, asked: Request) -> bool:
    if _granted(asked):
        return False
    return asked.basis == "none" or min(terms.redistribute, terms.copy) < Permission.CONDITIONAL


def _source_missing(terms: Terms, asked: Request) -> bool:
    missing = asked.form == "binary" and not asked.source_available
    return missing and "disclose_source" in terms.conditions


TABLE = (
    Row(
        "terms.legal_removal",
        lambda _terms, asked: asked.state == "legal_removed",
        *("no", "yes", "no", "no"),
        needs=("legal_release",),
    ),
    Row(
        "terms.undecided",
        lambda _terms, asked: asked.state in {"undecided", "changed", "contradiction"},
        *("yes", "yes", "no", "no"),
        needs=("conclusion",),
    ),
    Row(
        "terms.no_permission",
        _no_permission,
        *("yes", "yes", "no", "no"),
        needs=("license_or_grant",),
    ),
    Row("terms.source_missing", _source_missing, *("yes", "yes", "no", "no"), needs=("source",)),
    Row(
        "terms.acceptance",
        lambda terms, _asked: bool(terms.conditions & LIMITING),
        *("yes", "yes", "acknowledged", "operator basis"),
        needs=("operator_basis",),
    ),
    Row(
        "terms.grant",
        lambda terms, asked: _granted(asked) and min(terms.redistribute, terms.copy) < Permission.CONDITIONAL,
        *("yes", "yes", "use only", "no"),
        needs=("license",),
    ),
    Row("terms.license", lambda _terms, _asked: True, *("yes", "yes", "yes", "yes")),
)
"""LICENSES.md section 5, in the order in which rows decide."""

_ONWARD = frozenset({"redistribute", "modify"})

DELIVERED = {
    "include_copyright": "copyright_lines",
    "include_license": "license_texts",
    "include_notice_file": "notice_files",
    "state_changes": "changes_statement",
    "disclose_source": "source",
    "attribution": "attribution",
    "verbatim_only": "exact_bytes",
}
"""Condition → what goes with the copy to fulfil it."""


def decide(expression: str | Expression, asked: Request, refs: Mapping[str, Terms] | None = None) -> Decision:
    """Answer whether ``asked`` is allowed under an expression; a parsed one never raises.

    :raises licenses.expressions.ExpressionError: a text that is no expression.
    """
    if isinstance(expression, str):
        return _remembered(expression, asked) if not refs else _tree(parse(expression), asked, refs)
    return _tree(expression, asked, refs)


@lru_cache(maxsize=8192)
def _remembered(expression: str, asked: Request) -> Decision:
    return _tree(parse(expression), asked, None)


def decide_terms(terms: Terms, asked: Request) -> Decision:
    """Answer for the terms of one license."""
    row = next(row for row in TABLE if row.fits(terms, asked))
    allowed, needs = _cell(row, terms, asked)
    conditions = tuple(name for name in CONDITIONS if name in terms.conditions)
    decision = Decision(allowed, row.rule, conditions, needs)
    if asked.action in _ONWARD and asked.recipient != "member":
        decision = _onward(decision, terms, asked)
    return _with_delivery(decision, asked)


def _tree(node: Expression, asked: Request, refs: Mapping[str, Terms] | None) -> Decision:
    if isinstance(node, License):
        return decide_terms(of_license(node, refs), asked)
    parts = [(_tree(part, asked, refs), part) for part in node.parts]
    return _every([one for one, _ in parts]) if isinstance(node, And) else _best(parts, refs)


def _cell(row: Row, terms: Terms, asked: Request) -> tuple[str, tuple[str, ...]]:
    column = asked.recipient if asked.recipient in {"member", "moderator", "mirror"} else "stranger"
    cell = getattr(row, column)
    if cell == "acknowledged":
        return _acceptance(terms, asked)
    if cell == "operator basis":
        return ("yes", ()) if asked.operator_basis else ("no", row.needs)
    if cell == "use only":
        if asked.action in {"use", "copy"}:
            return "yes", ()
        return "no", row.needs
    return cell, () if cell == "yes" else row.needs


def _acceptance(terms: Terms, asked: Request) -> tuple[str, tuple[str, ...]]:
    """Ask for acceptance once a terms digest, of somebody known; commercial operators need more."""
    if asked.commercial_operator and "no_commercial" in terms.conditions:
        return "no", ("noncommercial_operator",)
    if asked.recipient == "anonymous":
        return "no", ("account", "acknowledgement")
    return ("yes", ()) if asked.acknowledged else ("conditional", ("acknowledgement",))


def _onward(so_far: Decision, terms: Terms, asked: Request) -> Decision:
    """Look at the facets themselves for passing on and changing, where a copy is to be had or agreed to."""
    if so_far.allowed == "no" and so_far.rule != "terms.acceptance":
        return so_far
    facet: Permission = getattr(terms, asked.action)
    if min(facet, terms.redistribute, terms.copy) < Permission.CONDITIONAL:
        return replace(so_far, allowed="no", rule="terms.no_permission", needs=("license",))
    limited = so_far.allowed == "yes" and terms.conditions & LIMITING
    return replace(so_far, allowed="conditional") if limited else so_far


def _with_delivery(decision: Decision, asked: Request) -> Decision:
    if decision.allowed == "no":
        return decision
    delivered = tuple(
        DELIVERED[name]
        for name in decision.conditions
        if name in DELIVERED and not (name == "disclose_source" and asked.form == "source")
    )
    return replace(decision, deliver=delivered)


def _every(parts: list[Decision]) -> Decision:
    worst = min(parts, key=lambda one: (ANSWERS.index(one.allowed), _RULES.index(one.rule)))
    deliver = () if worst.allowed == "no" else _union(one.deliver for one in parts)
    named = [one.branch for one in parts if one.branch]
    return Decision(
        worst.allowed,
        worst.rule,
        tuple(sorted(_union(one.conditions for one in parts), key=CONDITIONS.index)),
        _union(one.needs for one in parts),
        deliver,
        " AND ".join(dict.fromkeys(named)) or None,
    )


def _best(parts: list[tuple[Decision, Expression]], refs: Mapping[str, Terms] | None) -> Decision:
    decision, branch = max(
        parts,
        key=lambda one: (ANSWERS.index(one[0].allowed), generosity(of_expression(one[1], refs))),
    )
    return replace(decision, branch=decision.branch or str(branch))


def _union(groups: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


_RULES = [row.rule for row in TABLE]
