"""A listing shows the texts of its newest offered release."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.bundles.ecosystems.base import Kind
from registry.clock import now
from registry.licensing.models import LicenseRecord
from registry.licensing.permissions import permissions_of
from registry.listings.models import Listing
from registry.releases.models import Picture, Release
from registry.releases.states import ReleaseState


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
    terms = tx.get(LicenseRecord, latest.license_record_id) if latest.license_record_id else None
    listing.license = terms.expression if terms else None
    listing.basis = terms.basis.value if terms else None
    listing.permissions = permissions_of(terms.expression, terms.refs) if terms else []
    listing.maturity = latest.maturity
    listing.icon_sha256 = tx.scalar(
        select(Picture.sha256).where(Picture.release_id == latest.id, Picture.role == "icon")
    )
