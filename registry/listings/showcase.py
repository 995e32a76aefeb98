"""Joining listings and releases with what is shown beside them, in a fixed number of queries."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from registry.accounts.actor import Actor
from registry.configured import settings
from registry.database import session
from registry.derivations.reading import origins_of
from registry.licensing.showing import records_of
from registry.listings.models import Listing
from registry.listings.schemas import ListingDetail, ListingOut, ReleaseOut
from registry.listings.service import releases_of
from registry.publishers.reading import publishers_by_id
from registry.releases.models import Release
from registry.releases.reading import artifacts_of


def show_listings(listings: Sequence[Listing]) -> list[ListingOut]:
    """Describe listings."""
    publishers = publishers_by_id({listing.publisher_id for listing in listings})
    latest = [listing.latest_release_id for listing in listings if listing.latest_release_id]
    rows = session().execute(select(Release.id, Release.version).where(Release.id.in_(latest)))
    versions = dict(rows.all())
    return [
        ListingOut.of(
            listing, publishers[listing.publisher_id],
            versions.get(listing.latest_release_id) if listing.latest_release_id else None,
            settings().public_url,
        )
        for listing in listings
    ]  # fmt: skip


def show_listing(listing: Listing, *, by: Actor) -> ListingDetail:
    """Describe one listing with the releases that the caller may know of."""
    releases = releases_of(listing, by=by)
    return ListingDetail(
        **show_listings([listing])[0].model_dump(),
        description=listing.description,
        releases=show_releases(releases),
    )


def show_releases(releases: Sequence[Release]) -> list[ReleaseOut]:
    """Describe releases of any listings."""
    listings = _listings({release.listing_id for release in releases})
    publishers = publishers_by_id({listing.publisher_id for listing in listings.values()})
    artifacts = artifacts_of([release.id for release in releases])
    records, origins = records_of(releases), origins_of(releases)
    shown = [
        ReleaseOut.of(
            release, listings[release.listing_id], publishers[listings[release.listing_id].publisher_id],
            artifacts[release.id], records[release.id], settings().public_url,
        )
        for release in releases
    ]  # fmt: skip
    for release, out in zip(releases, shown, strict=True):
        out.derived_from = origins[release.id].as_json() if release.id in origins else None
    return shown


def _listings(ids: set[UUID]) -> dict[UUID, Listing]:
    rows = session().scalars(select(Listing).where(Listing.id.in_(ids)))
    return {listing.id: listing for listing in rows}
