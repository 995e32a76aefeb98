"""Moving a release from state to state: the one function that may, and the publisher's own acts."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.actor import Actor
from registry.audit.service import record
from registry.clock import now
from registry.database import session, transaction
from registry.errors import NotAllowed, NotFound, StateMoved, fault
from registry.listings.models import Listing
from registry.listings.showing import show_latest
from registry.mirrors.changes import Change, note_change
from registry.releases.models import Release
from registry.releases.states import Event, ReleaseState, after
from registry.servers.limiting import let_in
from registry.work import Work, enqueue

TOLD = {
    Event.PUBLISH: "release_published",
    Event.REQUEST_CHANGES: "release_changes_requested",
    Event.REJECT: "release_rejected",
    Event.QUARANTINE: "release_quarantined",
    Event.WITHDRAW: "release_withdrawn",
    Event.YANK: "release_yanked",
    Event.UNYANK: "release_unyanked",
    Event.RELEASE: "release_released",
}


def locked_release(tx: Session, release_id: UUID) -> Release:
    """Return a release, locked until the transaction ends. Raises NotFound."""
    found = tx.get(Release, release_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("There is no such release.")
    return found


def move(tx: Session, release: Release, event: Event, *, by: Actor, reason: str, note: str = "") -> None:
    """Move a locked release. Raises StateMoved when the table of states refuses it."""
    target = after(release.state, event)
    if target is None:
        raise StateMoved(
            f"This release is {release.state.value}; it cannot {event.value.replace('_', ' ')} now."
        )
    before = release.state
    release.state, release.state_reason, release.state_note = target, reason, note
    touch(tx, release)
    note_change(tx, release, Change.STATE)
    record(
        tx, TOLD[event], by=by, subject=("release", release.id),
        detail={"from": before.value, "to": target.value, "reason": reason},
    )  # fmt: skip
    if ReleaseState.PUBLISHED in {before, target}:
        listing = tx.get_one(Listing, release.listing_id, with_for_update=True)
        tx.flush()  # the listing shows its newest offered release, this one maybe
        show_latest(tx, listing)
        if before is ReleaseState.PUBLISHED and listing.latest_release_id is not None:
            touch(tx, locked_release(tx, listing.latest_release_id))  # a way back is an update too
        enqueue(tx, Work.FEEDS, listing.ecosystem)


def touch(tx: Session, release: Release) -> None:
    """Let ``changed_at`` grow strictly within the listing: Stash sees an update by a later date alone."""
    newest = tx.scalar(
        select(Release.changed_at)
        .where(Release.listing_id == release.listing_id)
        .order_by(Release.changed_at.desc())
        .limit(1)
    )
    moment = now()
    if newest is not None and moment < newest + timedelta(seconds=1):
        moment = newest + timedelta(seconds=1)
    release.changed_at = moment


def yank_release(release_id: UUID, *, reason: str, by: Actor) -> Release:
    """Take a release out of feeds and search; it stays resolvable by its exact version."""
    return _by_publisher(release_id, Event.YANK, reason=reason, by=by)


def unyank_release(release_id: UUID, *, by: Actor) -> Release:
    """Offer a yanked release again."""
    return _by_publisher(release_id, Event.UNYANK, reason="unyanked", by=by)


def _by_publisher(release_id: UUID, event: Event, *, reason: str, by: Actor) -> Release:
    text = reason.strip()
    if not text or len(text) > 500:
        raise fault("reason", "Say why in 1 to 500 characters; people who have this release will read it.")
    with transaction() as tx:
        release = locked_release(tx, release_id)
        listing = tx.get_one(Listing, release.listing_id)
        if not by.may_manage(listing.publisher_id):
            raise NotAllowed("Only an owner or maintainer of its publisher may do this.")
        move(tx, release, event, by=by, reason=text)
    return release


def get_release(release_id: UUID, *, by: Actor) -> Release:
    """Return a release that the caller may know of. Raises NotFound."""
    found = session().get(Release, release_id, populate_existing=True)
    if found is None or not may_see(found, by):
        raise NotFound("There is no such release.")
    return found


def may_see(release: Release, by: Actor) -> bool:
    """Say whether a release is known to the caller: once published to all, before to its own people.

    A media server knows nothing of what its limits keep out.
    """
    return bool(seen_by([release], by))


def seen_by(releases: Sequence[Release], by: Actor) -> list[Release]:
    """Return those of these releases that are known to the caller, in their order."""
    published = let_in([each.id for each in releases if each.published_at is not None], by=by)
    return [each for each in releases if each.id in published or _is_of_own(each, by)]


def _is_of_own(release: Release, by: Actor) -> bool:
    if release.published_at is not None:
        return False
    if by.is_moderator or not by.memberships:
        return by.is_moderator
    publisher = session().scalar(select(Listing.publisher_id).where(Listing.id == release.listing_id))
    return publisher is not None and by.role_in(publisher) is not None
