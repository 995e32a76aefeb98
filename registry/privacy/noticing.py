"""Renewing what follows from the records: why a release waits, and the notice in force."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from registry.clock import now
from registry.listings.models import Listing
from registry.mirrors.changes import Change, note_change
from registry.policies.meaning import meaning_of
from registry.privacy.comparing import Known, reasons_of, with_reasons
from registry.privacy.feed_text import feed_texts
from registry.privacy.models import NoticeGiven, PrivacyNotice
from registry.privacy.notice import About, digest_of, notice_of, says_something
from registry.privacy.reading import facts_before, known_of
from registry.publishers.models import Publisher
from registry.releases.models import Release
from registry.releases.states import OFFERED, ReleaseState
from registry.work import Work, enqueue


def renew(tx: Session, release: Release, *, because: str) -> None:
    """Bring reasons and notice up to date after a change of the records. The release is locked."""
    tx.flush()
    known = known_of(tx, release)
    listing = tx.get_one(Listing, release.listing_id)
    publisher = tx.get_one(Publisher, listing.publisher_id)
    if release.state is ReleaseState.WAITING:
        holding = reasons_of(known, facts_before(tx, release), third_party=not publisher.first_party)
        release.reasons = with_reasons(release.reasons, holding)
    _give_notice(tx, release, listing, _about(tx, listing, publisher, known), known, because)


def renew_all_of(tx: Session, publisher: Publisher, *, because: str) -> None:
    """Renew every release of a publisher that can still be got: whose it is has changed."""
    rows = (
        select(Release)
        .join(Listing, Listing.id == Release.listing_id)
        .where(
            Listing.publisher_id == publisher.id,
            Release.state.in_([ReleaseState.WAITING, ReleaseState.PUBLISHED, ReleaseState.YANKED]),
        )
        .with_for_update(of=Release)
    )
    for release in tx.scalars(rows).all():
        renew(tx, release, because=because)


def _about(tx: Session, listing: Listing, publisher: Publisher, known: Known) -> About:
    url = known.declared.policy_url if known.declared else None
    meaning = meaning_of(tx, listing.id, url) if url else None
    return About(listing.ecosystem, listing.identifier, publisher.slug, publisher.first_party, meaning)


def _give_notice(
    tx: Session, release: Release, listing: Listing, about: About, known: Known, because: str
) -> None:
    content = notice_of(known, about)
    digest = digest_of(content) if says_something(content) else None
    if digest == release.notice_digest:
        return
    if digest is not None:
        tx.execute(
            insert(PrivacyNotice)
            .values(digest=digest, content=content, feed=feed_texts(content), made_at=now())
            .on_conflict_do_nothing(index_elements=["digest"])
        )
        tx.add(NoticeGiven(release_id=release.id, digest=digest, because=because))
    release.notice_digest = digest
    note_change(tx, release, Change.NOTICE)
    if release.state in OFFERED:
        enqueue(tx, Work.FEEDS, listing.ecosystem)
