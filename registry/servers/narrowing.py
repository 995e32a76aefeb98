"""Which releases ask for more by their terms than the one before: one rule for feeds, checks and copies.

The one before is the newest earlier release of the same listing that was ever published, offered or not.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from registry.database import session
from registry.licensing.models import LicenseRecord
from registry.listings.models import Listing
from registry.releases.models import Release
from registry.servers.facts import narrows


def narrower_releases(*among: ColumnElement[bool]) -> frozenset[UUID]:
    """Return the releases whose terms ask for more than those before; ``among`` chooses whole listings."""
    earlier = func.lag(LicenseRecord.expression).over(
        partition_by=Release.listing_id, order_by=Release.order_key
    )
    rows = session().execute(
        select(Release.id, LicenseRecord.expression, earlier.label("before"))
        .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
        .join(Listing, Listing.id == Release.listing_id)
        .where(Release.published_at.is_not(None), *among)
    )
    return frozenset(row.id for row in rows if narrows(row.before, row.expression or ""))
