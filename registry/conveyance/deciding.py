"""The one function that says whether an artifact may go out, to whom, and by which rule. Pure.

Every way that bytes leave asks here: download, feed, copy, mirror, presigned address, HEAD and Range.
Three questions in this order: the state of the release, the terms it is under, the notice that its
recipient must have acknowledged.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from licenses.conveyance import Decision
from registry.conveyance.models import Recipient
from registry.licensing.terms import InForce, decide_copy
from registry.licensing.words import RULES
from registry.privacy.gate import HOW, privacy_need
from registry.releases.states import ReleaseState


class Outcome(StrEnum):
    """What the answer to a request for a copy is."""

    ALLOWED = "allowed"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    GONE = "gone"
    LEGAL = "legal"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer, the id of the rule that gave it, and a sentence for people."""

    outcome: Outcome
    rule: str
    sentence: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    terms: Decision | None = None

    @property
    def allowed(self) -> bool:
        """Say whether the copy may be made."""
        return self.outcome is Outcome.ALLOWED


BY_STATE = {
    ReleaseState.PUBLISHED: Answer(Outcome.ALLOWED, "state.published"),
    ReleaseState.YANKED: Answer(
        Outcome.ALLOWED, "state.yanked", "Its publisher no longer offers it to new installs."
    ),
    ReleaseState.QUARANTINED: Answer(
        Outcome.REFUSED, "state.quarantined", "It is withheld as possibly harmful."
    ),
    ReleaseState.WITHDRAWN: Answer(
        Outcome.GONE, "state.withdrawn", "A moderator has withdrawn it; it is not offered."
    ),
}


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a release and of who asks for it, as plain values.

    ``legal`` says that it was taken away after a legal demand. ``terms`` are those in force.
    ``own_protocol``: the client speaks only a feed's protocol. ``operator_basis``: the operator recorded
    why mirrors may have it although its copies are conditional. ``limit`` is the one of a media server's
    own limits that the release breaks.
    """

    state: ReleaseState
    ever_published: bool
    recipient: Recipient
    at: datetime
    terms: InForce
    legal: bool = False
    terms_acknowledged: bool = False
    commercial_operator: bool = False
    operator_basis: bool = False
    first_party: bool = True
    notice_digest: str | None = None
    notice_acknowledged: bool = False
    privacy_gate: str = "inform"
    own_protocol: bool = False
    limit: str | None = None


def decide(case: Case) -> Answer:
    """Decide on one copy. Total: every case has an answer."""
    of_state = _by_state(case)
    if case.recipient in {Recipient.MEMBER, Recipient.MODERATOR} or not of_state.allowed:
        return of_state
    if case.limit is not None:
        return Answer(Outcome.REFUSED, "server.limit", OUTSIDE_LIMITS, {"limit": case.limit})
    return _by_terms(case, of_state)


def _by_state(case: Case) -> Answer:
    if case.legal and case.recipient is not Recipient.MODERATOR:
        return LEGALLY_REMOVED
    if case.state in BY_STATE and (case.recipient is not Recipient.MODERATOR or BY_STATE[case.state].allowed):
        return BY_STATE[case.state]
    if case.recipient is Recipient.MODERATOR:
        return Answer(Outcome.ALLOWED, "state.review")
    if case.recipient is Recipient.MEMBER:
        return Answer(Outcome.ALLOWED, "state.member")
    if case.ever_published:
        return Answer(Outcome.REFUSED, "state.not_offered", "It is not offered now.")
    return Answer(Outcome.UNKNOWN, "state.not_published", "Nothing is known under this digest.")


def _by_terms(case: Case, of_state: Answer) -> Answer:
    """Return the answer of the terms, then of the notice."""
    decision = decide_copy(
        case.terms, case.recipient.value, at=case.at, acknowledged=case.terms_acknowledged,
        commercial_operator=case.commercial_operator, operator_basis=case.operator_basis,
    )  # fmt: skip
    extra: dict[str, Any] = {
        "terms": case.terms.digest, "expression": case.terms.expression,
        "conditions": list(decision.conditions), "needs": list(decision.needs),
    }  # fmt: skip
    if decision.allowed == "no":
        return Answer(Outcome.REFUSED, decision.rule, RULES[decision.rule], extra, decision)
    if decision.allowed == "conditional":
        return Answer(
            Outcome.ASKED, decision.rule, RULES[decision.rule], {**extra, "how": HOW_TERMS}, decision
        )
    notice = _by_notice(case)
    if notice is not None:
        return notice
    rule = of_state.rule if case.state is ReleaseState.YANKED else decision.rule
    return Answer(Outcome.ALLOWED, rule, of_state.sentence, extra, decision)


def _by_notice(case: Case) -> Answer | None:
    rule = privacy_need(
        first_party=case.first_party, notice_digest=case.notice_digest,
        acknowledged=case.notice_acknowledged, gate=case.privacy_gate, recipient=case.recipient,
        own_protocol=case.own_protocol,
    )  # fmt: skip
    if rule is None:
        return None
    return Answer(Outcome.ASKED, rule, ASK_NOTICE, {"notice": case.notice_digest, "how": HOW})


HOW_TERMS = "PUT /api/v1/acknowledgements with the terms' digest, or accept them on the listing's page."
ASK_NOTICE = (
    "It comes from a third party, whose own privacy practices apply. Read its notice and acknowledge it."
)
OUTSIDE_LIMITS = "The owner of this media server lets nothing of this kind onto it."
LEGALLY_REMOVED = Answer(Outcome.LEGAL, "terms.legal_removal", RULES["terms.legal_removal"])
