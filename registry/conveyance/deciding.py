"""The one function that says whether an artifact may go out, to whom, and by which rule. Pure.

Every way that bytes leave asks here: download, feed, copy, presigned address, HEAD and Range. Today it
looks at the state of the release; terms and notices join it here and nowhere else.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from registry.conveyance.models import Recipient
from registry.releases.states import ReleaseState


class Outcome(StrEnum):
    """What the answer to a request for a copy is."""

    ALLOWED = "allowed"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer, the id of the rule that gave it, and a sentence for people."""

    outcome: Outcome
    rule: str
    sentence: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

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


def decide(*, state: ReleaseState, ever_published: bool, recipient: Recipient) -> Answer:
    """Decide on one copy. Total: every state and recipient has an answer."""
    if state in BY_STATE and (recipient is not Recipient.MODERATOR or BY_STATE[state].allowed):
        return BY_STATE[state]
    if recipient is Recipient.MODERATOR:
        return Answer(Outcome.ALLOWED, "state.review")
    if recipient is Recipient.MEMBER:
        return Answer(Outcome.ALLOWED, "state.member")
    if ever_published:
        return Answer(Outcome.REFUSED, "state.not_offered", "It is not offered now.")
    return Answer(Outcome.UNKNOWN, "state.not_published", "Nothing is known under this digest.")
