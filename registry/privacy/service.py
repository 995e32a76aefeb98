"""What a publisher's members declare of a release, and what everybody may read of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.actor import Actor, Scope
from registry.audit.service import record
from registry.bundles.privacy.declaration import Declaration
from registry.database import session, transaction
from registry.errors import Conflict, NotAllowed, NotFound, StateMoved, fault
from registry.listings.models import Listing
from registry.privacy.comparing import (
    Change,
    Known,
    Standing,
    change_between,
    facts_of,
    standings_of,
)
from registry.privacy.declaring import read_said
from registry.privacy.history import Given
from registry.privacy.maturity import LEVELS
from registry.privacy.models import NoticeGiven, PrivacyDeclaration, PrivacyNotice, PrivacySet, Source
from registry.privacy.noticing import renew
from registry.privacy.reading import acts_on, facts_before, known_of, newest_declaration, release_before
from registry.privacy.recording import add_declaration
from registry.publishers.models import Publisher
from registry.releases.models import Release
from registry.releases.service import get_release, locked_release
from registry.releases.states import ReleaseState
from registry.servers.limiting import let_in

DIGEST = re.compile(r"[0-9a-f]{64}")
DECLARABLE = frozenset({ReleaseState.WAITING, ReleaseState.PUBLISHED, ReleaseState.YANKED})


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is known of one release's privacy, for a page or the API.

    ``change`` compares with ``before``, the release published before it; both None without one.
    """

    release: Release
    known: Known
    declaration: PrivacyDeclaration | None
    acts: list[PrivacySet]
    standings: list[Standing]
    before: Release | None
    change: Change | None
    notice: PrivacyNotice | None
    third_party: bool


def picture_of(release_id: UUID, *, by: Actor) -> Picture:
    """Return what is known of a release that the caller may know of. Raises NotFound."""
    release, tx = get_release(release_id, by=by), session()
    known, before = known_of(tx, release), facts_before(tx, release)
    return Picture(
        release=release, known=known, declaration=newest_declaration(tx, release),
        acts=acts_on(tx, release), standings=standings_of(known),
        before=release_before(tx, release) if before is not None else None,
        change=None if before is None else change_between(before, facts_of(known)),
        notice=notice_in_force(release), third_party=_is_third_party(tx, release),
    )  # fmt: skip


def declare_privacy(
    release_id: UUID, said: Mapping[str, Any], *, source: Source, by: Actor, maturity: str | None = None
) -> PrivacyDeclaration:
    """Declare anew what a release does with data, and its label where one is said; its notice follows.

    Both or neither are kept. Raises Invalid (``privacy.declaration``), NotAllowed, StateMoved, and Conflict
    (``privacy.contradiction``) when what is approved already would contradict its declaration.
    """
    declared = read_said(said)
    with transaction() as tx:
        release = _own_release(tx, release_id, by)
        if maturity:
            _label(tx, release, maturity, by)
        row = add_declaration(tx, release, declared, source, None, account_id=by.account_id, by=by)
        tx.flush()
        if release.state is not ReleaseState.WAITING or release.approved_at is not None:
            _must_not_contradict(known_of(tx, release))
        renew(tx, release, because="declared")
    return row


def declaration_before(release: Release) -> Declaration | None:
    """Return what the release before declares, to take over; None where it declares nothing."""
    before = release_before(session(), release)
    return known_of(session(), before).declared if before is not None else None


def notice_in_force(release: Release) -> PrivacyNotice | None:
    """Return the notice of a release; None where there is nothing to tell."""
    return session().get(PrivacyNotice, release.notice_digest) if release.notice_digest else None


def find_notice(digest: str, *, by: Actor) -> PrivacyNotice:
    """Return a notice by its digest; to a media server one of what its limits let in. Raises NotFound."""
    found = session().get(PrivacyNotice, digest) if DIGEST.fullmatch(digest) else None
    if found is None or not (by.server_id is None or let_in(_given_with(digest), by=by)):
        raise NotFound("There is no notice of this digest.")
    return found


def reads_as(said: Mapping[str, Any], declared: Declaration) -> bool:
    """Say whether what was said is exactly this declaration. Raises Invalid."""
    return read_said(said) == declared


def subject_of(notice: PrivacyNotice) -> tuple[Listing, Publisher]:
    """Return the listing and the publisher that a notice is about, as they are now."""
    content = notice.content
    row = session().execute(
        select(Listing, Publisher)
        .join(Publisher, Publisher.id == Listing.publisher_id)
        .where(Listing.ecosystem == content["ecosystem"], Listing.identifier == content["identifier"])
    )
    listing, publisher = row.one()
    return listing, publisher


def history_of(listing: Listing, *, by: Actor) -> list[Given]:
    """Return the notices of a listing's published releases that the caller may know of, the newest first.

    What a notice said while its release still waited is nobody's history: only the last one before
    publication counts, and each after it.
    """
    query = (
        select(Release, NoticeGiven, PrivacyNotice)
        .join(NoticeGiven, NoticeGiven.release_id == Release.id)
        .join(PrivacyNotice, PrivacyNotice.digest == NoticeGiven.digest)
        .where(Release.listing_id == listing.id, Release.published_at.is_not(None))
        .order_by(NoticeGiven.given_at)
    )
    rows = session().execute(query).all()
    known = let_in([row.Release.id for row in rows], by=by)
    first: dict[UUID, Given] = {}
    later: list[Given] = []
    for release, given, notice in rows:
        if release.id not in known:
            continue
        assert release.published_at is not None  # noqa: S101 - the query says so
        if given.given_at <= release.published_at:
            first[release.id] = Given(release, notice, release.published_at, "release")
        else:
            later.append(Given(release, notice, given.given_at, given.because))
    return sorted([*first.values(), *later], key=lambda one: one.since, reverse=True)


def _given_with(digest: str) -> Sequence[UUID]:
    return session().scalars(select(NoticeGiven.release_id).where(NoticeGiven.digest == digest)).all()


def _own_release(tx: Session, release_id: UUID, by: Actor) -> Release:
    """Return a release of one of the caller's publishers, locked."""
    by.must_have(Scope.UPLOAD)
    release = locked_release(tx, release_id)
    listing = tx.get_one(Listing, release.listing_id)
    if not by.may_upload_to(listing.publisher_id):
        if release.published_at is None and not by.is_moderator:
            raise NotFound("There is no such release.")
        raise NotAllowed("Only members of its publisher declare what it does with data.")
    if release.state not in DECLARABLE:
        raise StateMoved(f"This release is {release.state.value}; nothing can be declared of it now.")
    return release


def _label(tx: Session, release: Release, label: str, by: Actor) -> None:
    """Give a waiting release its label. Raises Invalid, StateMoved."""
    if label not in LEVELS:
        raise fault("maturity", f"The label is one of {', '.join(LEVELS)}.")
    if release.maturity == label:
        return
    if release.state is not ReleaseState.WAITING or release.approved_at is not None:
        raise StateMoved("The label of an approved release is changed by a moderator; ask one.")
    release.maturity = label
    record(tx, "maturity_said", by=by, subject=("release", release.id), detail={"label": label})


def _must_not_contradict(known: Known) -> None:
    standing = [each for each in standings_of(known) if each.overruled is None]
    if standing:
        raise Conflict(
            f"It is approved already, and its code names {standing[0].contradiction.found}, which this "
            "declaration leaves out. Declare it too.",
            code="privacy.contradiction",
            extra={"contradictions": [each.as_json() for each in standing]},
        )


def _is_third_party(tx: Session, release: Release) -> bool:
    """Say whether a release is a third party's: everything is that the operator does not publish."""
    of_operator = (
        select(Publisher.first_party)
        .join(Listing, Listing.publisher_id == Publisher.id)
        .where(Listing.id == release.listing_id)
    )
    return not tx.scalar(of_operator)
