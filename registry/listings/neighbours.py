"""Find the listing that a new one looks like, by the index on skeletons; no walk through all listings."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.bundles.names import likenesses, too_similar
from registry.listings.models import Listing


def similar_listing(tx: Session, listing: Listing) -> Listing | None:
    """Return another publisher's listing whose identifier could be taken for this one's, or None."""
    candidates = tx.scalars(
        select(Listing).where(
            Listing.publisher_id != listing.publisher_id,
            Listing.skeleton.in_(list(likenesses(listing.identifier))),
        )
    )
    by_name = {found.identifier: found for found in candidates}
    neighbour = too_similar(listing.identifier, by_name)
    return by_name[neighbour.name] if neighbour else None
