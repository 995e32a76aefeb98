"""The queue as moderators see it: each release with its listing, publisher, icon and who looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from registry.clock import now
from registry.database import session
from registry.listings.models import Listing
from registry.publishers.models import Publisher
from registry.publishers.reading import publishers_by_id
from registry.releases.models import Release
from registry.releases.reading import pictures_named
from registry.review.models import ReviewClaim


@dataclass(frozen=True, slots=True)
class Waiting:
    """One release that waits, with what a row shows of it; ``claim`` only while it holds."""

    release: Release
    listing: Listing
    publisher: Publisher
    icon: str | None
    claim: ReviewClaim | None


def show_queue(releases: Sequence[Release]) -> list[Waiting]:
    """Join releases with what is shown beside them, in a fixed number of queries."""
    ids = [release.id for release in releases]
    held = select(ReviewClaim).where(ReviewClaim.release_id.in_(ids), ReviewClaim.until > now())
    claims = {claim.release_id: claim for claim in session().scalars(held)}
    of_these = select(Listing).where(Listing.id.in_({release.listing_id for release in releases}))
    listings = {listing.id: listing for listing in session().scalars(of_these)}
    publishers = publishers_by_id(listing.publisher_id for listing in listings.values())
    icons = pictures_named("icon", ids)
    return [
        Waiting(
            release=release,
            listing=(listing := listings[release.listing_id]),
            publisher=publishers[listing.publisher_id],
            icon=icons[release.id].sha256 if release.id in icons else None,
            claim=claims.get(release.id),
        )
        for release in releases
    ]
