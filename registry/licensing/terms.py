"""From a license record to the terms in force at a moment, and what the decision table is asked. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

from licenses.conveyance import Decision, Request, decide
from licenses.conveyance import Recipient as Column
from licenses.expiry import Expiry, in_force
from licenses.expressions import ExpressionError
from licenses.terms import Permission, Terms, of_expression
from registry.licensing.models import Basis, LicenseRecord, LicenseState, SourceKind

UNKNOWN = "NOASSERTION"
WORDS = ("use", "copy", "redistribute", "modify")


@dataclass(frozen=True, slots=True)
class InForce:
    """The terms in force for one release, as plain values.

    ``expiry`` is what is still to come: another license from a day on.
    """

    expression: str
    state: LicenseState
    basis: Basis
    form: str
    source: SourceKind
    source_until: datetime | None
    digest: str
    refs: Mapping[str, Any]
    expiry: Expiry | None = None

    @classmethod
    def of(cls, record: LicenseRecord, *, at: datetime) -> "InForce":
        """Take what a record says, as it holds at a moment."""
        return cls(
            record.expression or UNKNOWN, record.state, record.basis, record.form, record.source,
            record.source_until, record.terms_digest, record.refs, record.expiry,
        ).at(at)  # fmt: skip

    def at(self, moment: datetime) -> "InForce":
        """Return the terms as they are at a moment: from the change date on, those that follow."""
        if self.expiry is None or moment.astimezone(UTC).date() < self.expiry.change_date:
            return self
        try:
            follows = in_force(self.expression, self.expiry, self.expiry.change_date, refs_of(self.refs))
        except ExpressionError:
            follows = UNKNOWN
        basis = basis_for(follows, self.refs, granted=self.basis is Basis.GRANT)
        digest = digest_of(follows, self.refs, basis, None)
        return replace(self, expression=follows, basis=basis, digest=digest, expiry=None)


def expression_at(record: LicenseRecord, at: datetime) -> str | None:
    """Return the expression in force at a moment; None where nothing is concluded."""
    return InForce.of(record, at=at).expression if record.expression else None


def decide_copy(
    terms: InForce,
    recipient: str,
    *,
    at: datetime,
    action: str = "copy",
    **known: bool,
) -> Decision:
    """Ask the decision table about one release. Total: terms that cannot be read are no permission.

    ``known`` is what ``Request`` calls acknowledged, commercial_operator and operator_basis.
    """
    asked = Request(
        recipient=cast("Column", recipient), action=cast("Any", action), basis=terms.basis.value,
        form=cast("Any", terms.form), source_available=has_source(terms, at), state=terms.state.value,
        **known,
    )  # fmt: skip
    try:
        return decide(terms.expression, asked, refs_of(terms.refs))
    except ExpressionError:
        return decide(UNKNOWN, asked)


def has_source(terms: InForce, at: datetime) -> bool:
    """Say whether the source comes along: an artifact, or an offer that still holds."""
    if terms.source is SourceKind.OFFER:
        return terms.source_until is None or at < terms.source_until
    return terms.source is SourceKind.ARTIFACT


def basis_for(expression: str | None, refs: Mapping[str, Any], *, granted: bool) -> Basis:
    """Return why copies may be conveyed: the license if it allows it, else a grant, else nothing."""
    if expression is not None:
        terms = of_expression(expression, refs_of(refs))
        if min(terms.redistribute, terms.copy) >= Permission.CONDITIONAL:
            return Basis.LICENSE
    return Basis.GRANT if granted else Basis.NONE


def digest_of(expression: str | None, refs: Mapping[str, Any], basis: Basis, grant_digest: str | None) -> str:
    """Return the digest that names these terms, the same for every release that has them."""
    named = {"expression": expression, "references": refs, "basis": basis.value, "grant": grant_digest}
    return hashlib.sha256(json.dumps(named, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def refs_of(refs: Mapping[str, Any]) -> dict[str, Terms] | None:
    """Return the terms that a moderator set for references; None where there are none."""
    if not refs:
        return None
    return {name: _terms(given["facets"], given.get("conditions", ())) for name, given in refs.items()}


def _terms(facets: Mapping[str, str], conditions: Iterable[str]) -> Terms:
    use, copy, redistribute, modify = (Permission[facets[word].upper()] for word in WORDS)
    return Terms(use, copy, redistribute, modify, conditions=frozenset(conditions))
