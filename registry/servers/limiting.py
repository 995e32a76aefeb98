"""Which limit of its own a media server would break with a release: asked wherever it reads or copies.

Every route that a server or a personal feed may call asks here, or names no listing: ``docs/servers.md`` has
the list, and ``tests/registry/servers/test_routes.py`` walks all of them.
"""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from registry.accounts.actor import Actor
from registry.database import session
from registry.listings.models import Listing
from registry.privacy.models import PrivacyNotice
from registry.publishers.models import Publisher
from registry.releases.models import Release
from registry.servers.facts import facts_of
from registry.servers.limits import Limits, within_limits
from registry.servers.models import MediaServer
from registry.servers.narrowing import narrower_releases


def limits_of(server_id: UUID | None) -> Limits:
    """Return the limits of a server; none for whoever is no server."""
    server = session().get(MediaServer, server_id) if server_id is not None else None
    return Limits.of(server) if server is not None else Limits()


def broken_limit(release: Release, *, first_party: bool, agreed: bool, by: Actor) -> str | None:
    """Return the name of the limit of the server ``by`` that a release breaks, or None.

    ``agreed``: its owner has acknowledged the terms.
    """
    limits = limits_of(by.server_id)
    if limits == Limits():
        return None
    told = session().scalar(
        select(PrivacyNotice.content).where(PrivacyNotice.digest == release.notice_digest)
    )
    narrower = limits.no_narrower_terms and not agreed and _narrower(release)
    facts = facts_of(first_party=first_party, maturity=release.maturity, notice=told, narrower=narrower)
    return within_limits(limits, facts)


def let_in(release_ids: Iterable[UUID], *, by: Actor) -> frozenset[UUID]:
    """Return of which of these releases a server may read at all; terms that ask for more may be read of.

    One query for all of them; whoever is no server reads of each.
    """
    asked, limits = frozenset(release_ids), limits_of(by.server_id)
    if limits == Limits() or not asked:
        return asked
    rows = session().execute(
        select(Release.id, Release.maturity, Publisher.first_party, PrivacyNotice.content)
        .join(Listing, Listing.id == Release.listing_id)
        .join(Publisher, Publisher.id == Listing.publisher_id)
        .outerjoin(PrivacyNotice, PrivacyNotice.digest == Release.notice_digest)
        .where(Release.id.in_(asked))
    )
    return frozenset(
        release_id
        for release_id, maturity, first_party, told in rows
        if within_limits(limits, facts_of(first_party=first_party, maturity=maturity, notice=told)) is None
    )


def shown_to(listings: Sequence[Listing], *, by: Actor) -> list[Listing]:
    """Return the listings that a server may read of, by the release that each shows.

    One that offers nothing any more shows what it published last.
    """
    if limits_of(by.server_id) == Limits():
        return list(listings)
    speaks = {listing.id: listing.latest_release_id for listing in listings if listing.latest_release_id}
    speaks |= _published_last([listing.id for listing in listings if listing.id not in speaks])
    readable = let_in(speaks.values(), by=by)
    return [listing for listing in listings if speaks.get(listing.id) in readable]


def _published_last(listing_ids: Collection[UUID]) -> dict[UUID, UUID]:
    rows = session().execute(
        select(Release.listing_id, Release.id)
        .where(Release.listing_id.in_(listing_ids), Release.published_at.is_not(None))
        .order_by(Release.order_key)
    )
    return {row.listing_id: row.id for row in rows}


def _narrower(release: Release) -> bool:
    return release.id in narrower_releases(Listing.id == release.listing_id)
