"""From a license record to what the decision table is asked. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from licenses.conveyance import Decision, Request, decide
from licenses.conveyance import Recipient as Column
from licenses.expressions import ExpressionError
from licenses.terms import Permission, Terms, of_expression
from registry.licensing.models import Basis, LicenseRecord, LicenseState, SourceKind

UNKNOWN = "NOASSERTION"
WORDS = ("use", "copy", "redistribute", "modify")


@dataclass(frozen=True, slots=True)
class InForce:
    """The terms in force for one release, as plain values."""

    expression: str
    state: LicenseState
    basis: Basis
    form: str
    source: SourceKind
    source_until: datetime | None
    digest: str
    refs: Mapping[str, Any]

    @classmethod
    def of(cls, record: LicenseRecord) -> "InForce":
        """Take what a record says."""
        return cls(
            record.expression or UNKNOWN, record.state, record.basis, record.form, record.source,
            record.source_until, record.terms_digest, record.refs,
        )  # fmt: skip


def decide_copy(
    terms: InForce,
    recipient: str,
    *,
    at: datetime,
    action: str = "copy",
    acknowledged: bool = False,
    commercial_operator: bool = False,
) -> Decision:
    """Ask the decision table about one release. Total: terms that cannot be read are no permission."""
    asked = Request(
        recipient=cast("Column", recipient), action=cast("Any", action), basis=terms.basis.value,
        form=cast("Any", terms.form), source_available=has_source(terms, at), acknowledged=acknowledged,
        state=terms.state.value,
        commercial_operator=commercial_operator,
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
