"""The queue and the decision. Nobody decides on their own release, unless the operator lets a lone admin."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from registry.accounts.actor import Actor
from registry.audit.service import record
from registry.clock import now
from registry.database import session, transaction
from registry.errors import Conflict, NotAllowed, StateMoved, fault
from registry.licensing.service import settle_for_approval
from registry.listings.models import Listing
from registry.mail.notices import tell_members
from registry.paging import Page, cursor_of, values_of
from registry.privacy.moderation import must_be_settled
from registry.releases.models import Release, Tombstone
from registry.releases.service import locked_release, move
from registry.releases.states import Event, ReleaseState
from registry.review.models import Decision, ReviewClaim, Verdict
from registry.review.own import check_not_own
from registry.review.words import REASON_WORDS
from registry.work import Work, enqueue

CLAIM_FOR = timedelta(minutes=30)
EVENTS = {
    Verdict.REQUEST_CHANGES: Event.REQUEST_CHANGES,
    Verdict.REJECT: Event.REJECT,
    Verdict.QUARANTINE: Event.QUARANTINE,
    Verdict.WITHDRAW: Event.WITHDRAW,
}
BURYING = frozenset({Verdict.WITHDRAW, Verdict.REJECT})


def list_waiting(*, by: Actor, cursor: str | None = None, limit: int = 50) -> Page[Release]:
    """Return the releases that wait for a decision, oldest first."""
    _must_moderate(by)
    rows = (
        select(Release)
        .where(Release.state == ReleaseState.WAITING, Release.approved_at.is_(None))
        .order_by(Release.created_at, Release.id)
        .limit(limit + 1)
    )
    if cursor:
        created, last = values_of(cursor, 2)
        rows = rows.where(
            tuple_(Release.created_at, Release.id) > tuple_(datetime.fromisoformat(created), UUID(last))
        )
    found = list(session().scalars(rows))
    more = len(found) > limit
    last_row = found[limit - 1] if more else None
    next_cursor = cursor_of(last_row.created_at.isoformat(), str(last_row.id)) if last_row else None
    return Page(found[:limit], next_cursor)


def count_waiting() -> int:
    """Return how many releases wait."""
    waiting = (Release.state == ReleaseState.WAITING, Release.approved_at.is_(None))
    return session().scalar(select(func.count()).select_from(Release).where(*waiting)) or 0


def claim_review(release_id: UUID, *, by: Actor) -> ReviewClaim:
    """Tell other moderators that this one is being looked at. Raises Conflict while somebody else does."""
    _must_moderate(by)
    account_id, until = by.must_be_signed_in(), now() + CLAIM_FOR
    with transaction() as tx:
        locked_release(tx, release_id)
        held = tx.get(ReviewClaim, release_id, populate_existing=True)
        if held and held.account_id != account_id and held.until > now():
            raise Conflict("Another moderator is looking at this release.", code="review.claimed")
        tx.execute(
            insert(ReviewClaim)
            .values(release_id=release_id, account_id=account_id, until=until)
            .on_conflict_do_update(
                index_elements=["release_id"], set_={"account_id": account_id, "until": until}
            )
        )
    return ReviewClaim(release_id=release_id, account_id=account_id, until=until)


def decide_review(
    release_id: UUID,
    *,
    verdict: Verdict,
    reason: str,
    note: str,
    by: Actor,
    license: str | None = None,  # noqa: A002
) -> Decision:
    """Decide on a release. ``license`` is concluded with an approval.

    Raises NotAllowed on one's own, StateMoved when it has gone on, Conflict (``license.undecided``), Invalid.
    """
    _must_moderate(by)
    _check_words(verdict, reason, note)
    with transaction() as tx:
        release = locked_release(tx, release_id)
        listing = tx.get_one(Listing, release.listing_id)
        own = check_not_own(tx, release, listing, by)
        if verdict is Verdict.APPROVE:
            _check_may_be_approved(release)
            settle_for_approval(tx, release, license=license, note=note, by=by)
            must_be_settled(tx, release)
            _approve(tx, release, by)
        else:
            release.approved_at = None
            move(tx, release, EVENTS[verdict], by=by, reason=reason, note=note)
        if verdict in BURYING:
            _bury(tx, listing, release, reason)
        decision = Decision(
            release_id=release.id, account_id=by.account_id, verdict=verdict, reason=reason, note=note,
            self_approved=own,
        )  # fmt: skip
        tx.add(decision)
        _tell(tx, listing, release, verdict, reason, note)
    return decision


def release_from_quarantine(release_id: UUID, *, note: str, by: Actor) -> Release:
    """Offer a quarantined release again, when it had been published. Raises StateMoved."""
    _must_moderate(by)
    with transaction() as tx:
        release = locked_release(tx, release_id)
        if release.published_at is None:
            raise StateMoved("It was never published; reject it, or let its publisher upload it again.")
        move(tx, release, Event.RELEASE, by=by, reason="review.approved", note=note)
    return release


def decisions_on(release_id: UUID) -> list[Decision]:
    """Return the decisions on a release, oldest first."""
    rows = select(Decision).where(Decision.release_id == release_id).order_by(Decision.decided_at)
    return list(session().scalars(rows))


def _must_moderate(by: Actor) -> None:
    by.must_be_signed_in()
    if not by.is_moderator:
        raise NotAllowed("Only moderators see the queue (a token needs the scope review).")


def _check_words(verdict: Verdict, reason: str, note: str) -> None:
    if reason not in REASON_WORDS:
        raise fault("reason", f"The reason is one of {', '.join(REASON_WORDS)}.")
    if verdict is not Verdict.APPROVE and not note.strip():
        raise fault("note", "Say in the note what is wrong and what would mend it; the publisher reads it.")
    if len(note) > 5000:
        raise fault("note", "At most 5,000 characters.")


def _check_may_be_approved(release: Release) -> None:
    if release.state is not ReleaseState.WAITING or release.approved_at is not None:
        raise StateMoved(f"This release is {release.state.value} already.")


def _approve(tx: Session, release: Release, by: Actor) -> None:
    release.approved_at = now()
    record(tx, "release_approved", by=by, subject=("release", release.id))
    enqueue(tx, Work.PUBLISH, release.id)


def _bury(tx: Session, listing: Listing, release: Release, reason: str) -> None:
    """Keep a withdrawn name and version from ever being used again; one that nobody saw may be."""
    if release.published_at is None:
        return
    tx.execute(
        insert(Tombstone)
        .values(
            ecosystem=listing.ecosystem, identifier=listing.identifier, version=release.version,
            reason=reason, created_at=now(),
        )
        .on_conflict_do_nothing()
    )  # fmt: skip


def _tell(tx: Session, listing: Listing, release: Release, verdict: Verdict, reason: str, note: str) -> None:
    if verdict is Verdict.APPROVE:
        return  # the publisher hears of it when it is published
    words = verdict.value.replace("_", " ")
    tell_members(
        tx, listing.publisher_id, f"release_{verdict.value}",
        subject=f"{listing.name} {release.version}: {words}",
        body=f"A moderator decided: {words}.\nReason: {REASON_WORDS[reason]} ({reason}).\n\n{note}\n",
    )  # fmt: skip
