"""Whether a release that was made from another one keeps its license."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.derivation import keeps_license
from licenses.expressions import ExpressionError
from registry.clock import now
from registry.licensing.models import LicenseRecord
from registry.licensing.terms import expression_at, refs_of
from registry.listings.models import Listing
from registry.releases.models import Release

REASON = "license.derived"


def breaks_same_license(tx: Session, release: Release, record: LicenseRecord) -> bool:
    """Say whether what is concluded or suggested does not keep the license of the original.

    Its own publisher may put it under another license; what is not known yet breaks nothing yet.
    """
    said = record.expression or record.suggested
    if release.derived_from_id is None or said is None:
        return False
    row = tx.execute(
        select(Listing.publisher_id, LicenseRecord)
        .join(Release, Release.listing_id == Listing.id)
        .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
        .where(Release.id == release.derived_from_id)
    ).one()
    own = tx.scalar(select(Listing.publisher_id).where(Listing.id == release.listing_id))
    original = expression_at(row.LicenseRecord, now())
    if row.publisher_id == own or original is None:
        return False
    try:
        return not keeps_license(original, said, refs_of(row.LicenseRecord.refs))
    except ExpressionError:
        return True
