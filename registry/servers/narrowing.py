"""Which releases ask for more by their terms than those before: one rule for feeds, checks and copies.

Compared is with the newest earlier release of the same listing, ever published, that did not ask for more
itself: terms that nobody has agreed to are not what the next release is measured by.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, select

from registry.database import session
from registry.licensing.models import LicenseRecord
from registry.listings.models import Listing
from registry.releases.models import Release
from registry.servers.facts import narrows


def narrower_releases(*among: ColumnElement[bool]) -> frozenset[UUID]:
    """Return the releases whose terms ask for more than those before; ``among`` chooses whole listings."""
    rows = session().execute(
        select(Release.id, Release.listing_id, LicenseRecord.expression)
        .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
        .join(Listing, Listing.id == Release.listing_id)
        .where(Release.published_at.is_not(None), *among)
        .order_by(Release.listing_id, Release.order_key)
    )
    found: set[UUID] = set()
    agreed_to: dict[UUID, str | None] = {}
    for release_id, listing_id, expression in rows:
        if narrows(agreed_to.get(listing_id), expression or ""):
            found.add(release_id)
        else:
            agreed_to[listing_id] = expression
    return frozenset(found)
