"""How often a listing was fetched: summed now and then, so that a download writes to no shared row."""

from sqlalchemy import func, select, update

from registry.conveyance.models import Copy
from registry.database import transaction
from registry.listings.models import Listing
from registry.releases.models import Release

MOST_AT_ONCE = 50_000


def count_copies() -> int:
    """Add the copies that were not counted yet to their listings; return how many there were."""
    with transaction() as tx:
        fresh = (
            select(Copy.id)
            .where(Copy.counted.is_(False))
            .limit(MOST_AT_ONCE)
            .with_for_update(skip_locked=True)
            .cte("fresh")
        )
        marked = (
            update(Copy)
            .where(Copy.id.in_(select(fresh.c.id)))
            .values(counted=True)
            .returning(Copy.release_id)
            .cte("marked")
        )
        rows = tx.execute(
            select(Release.listing_id, func.count())
            .join(marked, marked.c.release_id == Release.id)
            .group_by(Release.listing_id)
        ).all()
        for listing_id, count in sorted(rows, key=lambda row: str(row[0])):
            tx.execute(update(Listing).where(Listing.id == listing_id).values(copies=Listing.copies + count))
    return sum(count for _, count in rows)
