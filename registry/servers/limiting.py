"""Which limit of its own a media server would break with a release: asked wherever it reads or copies."""

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


def lets_in(release: Release, *, by: Actor) -> bool:
    """Say whether a server may read of a release at all; terms that ask for more may be read of."""
    if limits_of(by.server_id) == Limits():
        return True
    first_party = session().scalar(
        select(Publisher.first_party)
        .join(Listing, Listing.publisher_id == Publisher.id)
        .where(Listing.id == release.listing_id)
    )
    return broken_limit(release, first_party=bool(first_party), agreed=True, by=by) is None


def shows(listing: Listing, *, by: Actor) -> bool:
    """Say whether a server may read of a listing: of the release that it shows."""
    if limits_of(by.server_id) == Limits() or listing.latest_release_id is None:
        return True
    return lets_in(session().get_one(Release, listing.latest_release_id), by=by)


def _narrower(release: Release) -> bool:
    return release.id in narrower_releases(Listing.id == release.listing_id)
