"""Find the listing that a new one looks like, by the index on skeletons."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.bundles.names import skeleton, too_similar
from registry.listings.models import Listing


def similar_listing(tx: Session, listing: Listing) -> Listing | None:
    """Return another publisher's listing whose identifier or name could be taken for this one's."""
    candidates = tx.scalars(
        select(Listing).where(
            Listing.id != listing.id,
            Listing.publisher_id != listing.publisher_id,
            (Listing.skeleton == skeleton(listing.identifier)) | Listing.name.op("%")(listing.name),
        ).limit(50)
    ).all()  # fmt: skip
    by_name = {name: found for found in candidates for name in (found.identifier, found.name)}
    hit = too_similar(listing.identifier, by_name) or too_similar(listing.name, by_name)
    return by_name.get(hit) if hit else None
