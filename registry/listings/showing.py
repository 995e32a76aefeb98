"""A listing shows the texts of its newest offered release, and what its terms allow today."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.bundles.ecosystems.base import Kind
from registry.clock import now
from registry.configured import settings
from registry.database import session, transaction
from registry.licensing.models import LicenseRecord
from registry.licensing.permissions import permissions_of
from registry.licensing.terms import InForce, expression_at
from registry.listings.models import Listing
from registry.releases.models import Picture, Release
from registry.releases.states import ReleaseState

BATCH = 500


def show_latest(tx: Session, listing: Listing) -> None:
    """Copy what the catalogue and search show from the newest offered release, or show nothing."""
    latest = tx.scalar(
        select(Release)
        .where(Release.listing_id == listing.id, Release.state == ReleaseState.PUBLISHED)
        .order_by(Release.order_key.desc())
        .limit(1)
    )
    listing.updated_at = now()
    listing.latest_release_id = latest.id if latest else None
    if latest is None:
        return
    content: dict[str, Any] = latest.content
    listing.kind, listing.name = Kind(content["kind"]), content["name"]
    listing.summary, listing.description = content["summary"][:500], content["description"]
    _show_terms(listing, tx.get_one(LicenseRecord, latest.license_record_id))
    listing.maturity = latest.maturity
    listing.icon_sha256 = tx.scalar(
        select(Picture.sha256).where(Picture.release_id == latest.id, Picture.role == "icon")
    )


def show_terms_again(listing_id: UUID) -> None:
    """Show what the terms of a listing's newest release allow by now; it is no news of the listing's."""
    with transaction() as tx:
        listing = tx.get_one(Listing, listing_id, with_for_update=True, populate_existing=True)
        latest = tx.get(Release, listing.latest_release_id) if listing.latest_release_id else None
        if latest is not None:
            _show_terms(listing, tx.get_one(LicenseRecord, latest.license_record_id))


def catch_up_listings() -> int:
    """Show anew what time or a setting has changed of what may be done; return of how many listings."""
    late, last = 0, UUID(int=0)
    while True:
        rows = session().execute(
            select(Listing.id, Listing.license, Listing.basis, Listing.permissions, LicenseRecord)
            .join(Release, Release.id == Listing.latest_release_id)
            .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
            .where(Listing.id > last)
            .order_by(Listing.id)
            .limit(BATCH)
        )
        found = rows.all()
        moved = [row.id for row in found if (row.license, row.basis, row.permissions) != _terms(row[-1])]
        session().rollback()
        for listing_id in moved:
            show_terms_again(listing_id)
        late += len(moved)
        if len(found) < BATCH:
            return late
        last = found[-1].id


def _show_terms(listing: Listing, record: LicenseRecord) -> None:
    listing.license, listing.basis, listing.permissions = _terms(record)


def _terms(record: LicenseRecord) -> tuple[str | None, str, list[str]]:
    at = now()
    terms = InForce.of(record, at=at)
    allowed = permissions_of(terms, at=at, commercial=settings().commercial_operator)
    return expression_at(record, at), terms.basis.value, allowed
