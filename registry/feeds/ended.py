"""Written offers of source that have ended: the binaries leave feeds, mirrors and searches by themselves."""

from uuid import UUID

from sqlalchemy import select

from registry.clock import now
from registry.database import session, transaction
from registry.feeds.models import FeedState
from registry.licensing.models import LicenseRecord, SourceKind
from registry.listings.models import Listing
from registry.listings.showing import show_terms_again
from registry.mirrors.changes import note_time
from registry.releases.models import Release
from registry.releases.states import OFFERED
from registry.work import Job, Work, enqueue


def leave_ended_offers() -> list[str]:
    """Ask for the feeds that hold a binary whose offer ended since they were built; return which."""
    rows = session().execute(
        select(Listing.ecosystem, Release.id, Listing.id)
        .join(Release, Release.listing_id == Listing.id)
        .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
        .join(FeedState, FeedState.ecosystem == Listing.ecosystem)
        .where(
            LicenseRecord.source == SourceKind.OFFER, LicenseRecord.source_until <= now(),
            LicenseRecord.source_until > FeedState.built_at, Release.state.in_(OFFERED),
        )
    )  # fmt: skip
    ended: dict[str, list[tuple[UUID, UUID]]] = {}
    for ecosystem, release_id, listing_id in rows:
        ended.setdefault(ecosystem, []).append((release_id, listing_id))
    # What was asked for already is on its way; asking anew would take its back-off away.
    asked = set(session().scalars(select(Job.subject).where(Job.work == Work.FEEDS)))
    session().rollback()
    found = [ecosystem for ecosystem in ended if ecosystem not in asked]
    for ecosystem in found:
        for release_id, listing_id in ended[ecosystem]:
            note_time(release_id)
            show_terms_again(listing_id)
        with transaction() as tx:
            enqueue(tx, Work.FEEDS, ecosystem)
    return found
