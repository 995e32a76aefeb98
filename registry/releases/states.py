"""The states of a release, as one table: (state, event) → state. Pure.

Yank is the publisher's word (as in PEP 592 and cargo: not offered to new installs, still resolvable);
withdraw and quarantine are a moderator's.
"""

from enum import StrEnum


class ReleaseState(StrEnum):
    """Where a release stands."""

    WAITING = "waiting"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    PUBLISHED = "published"
    YANKED = "yanked"
    WITHDRAWN = "withdrawn"
    QUARANTINED = "quarantined"


class Event(StrEnum):
    """What can happen to a release."""

    PUBLISH = "publish"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    QUARANTINE = "quarantine"
    WITHDRAW = "withdraw"
    YANK = "yank"
    UNYANK = "unyank"
    RELEASE = "release"


S, E = ReleaseState, Event

TRANSITIONS: dict[tuple[ReleaseState, Event], ReleaseState] = {
    (S.WAITING, E.PUBLISH): S.PUBLISHED,
    (S.WAITING, E.REQUEST_CHANGES): S.CHANGES_REQUESTED,
    (S.WAITING, E.REJECT): S.REJECTED,
    (S.WAITING, E.QUARANTINE): S.QUARANTINED,
    (S.PUBLISHED, E.YANK): S.YANKED,
    (S.PUBLISHED, E.WITHDRAW): S.WITHDRAWN,
    (S.PUBLISHED, E.QUARANTINE): S.QUARANTINED,
    (S.YANKED, E.UNYANK): S.PUBLISHED,
    (S.YANKED, E.WITHDRAW): S.WITHDRAWN,
    (S.YANKED, E.QUARANTINE): S.QUARANTINED,
    (S.QUARANTINED, E.RELEASE): S.PUBLISHED,
    (S.QUARANTINED, E.WITHDRAW): S.WITHDRAWN,
    (S.QUARANTINED, E.REJECT): S.REJECTED,
}

OFFERED = frozenset({S.PUBLISHED})
RESOLVABLE = frozenset({S.PUBLISHED, S.YANKED})
TURNED_AWAY = frozenset({S.REJECTED, S.CHANGES_REQUESTED})
#: The reason of a withdrawal that answers 451 from then on (RFC 7725).
LEGAL_REASON = "legal.demand"


def is_legally_removed(state: ReleaseState, reason: str | None) -> bool:
    """Say whether a release was taken away after a legal demand."""
    return state is ReleaseState.WITHDRAWN and reason == LEGAL_REASON


def after(state: ReleaseState, event: Event) -> ReleaseState | None:
    """Return the state that ``event`` leads to, or None where it is refused."""
    return TRANSITIONS.get((state, event))
