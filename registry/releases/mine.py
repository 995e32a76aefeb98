"""The releases of one's own publishers, newest first."""

from sqlalchemy import select

from registry.accounts.actor import Actor
from registry.database import session
from registry.listings.models import Listing
from registry.releases.models import Release
from registry.review.models import Decision

MOST = 100


def list_releases_of(by: Actor) -> list[tuple[Release, Listing, Decision | None]]:
    """Return the newest releases with their listing and the last decision on each."""
    rows = session().execute(
        select(Release, Listing)
        .join(Listing, Listing.id == Release.listing_id)
        .where(Listing.publisher_id.in_(list(by.memberships)))
        .order_by(Release.created_at.desc())
        .limit(MOST)
    )
    found = rows.all()
    decided = session().scalars(
        select(Decision)
        .where(Decision.release_id.in_([release.id for release, _ in found]))
        .order_by(Decision.decided_at)
    )
    last = {decision.release_id: decision for decision in decided}
    return [(release, listing, last.get(release.id)) for release, listing in found]
