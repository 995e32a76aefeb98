"""Pictures by digest."""

from sqlalchemy import func, select

from registry.accounts.actor import Actor
from registry.database import session
from registry.errors import NotFound
from registry.listings.models import Listing
from registry.releases.models import Picture, Release
from registry.releases.service import may_see


def find_picture(sha256: str, *, by: Actor) -> tuple[Picture, bool]:
    """Return a picture that the caller may see, and whether it is published. Raises NotFound."""
    rows = session().execute(
        select(Picture, Release)
        .join(Release, Release.id == Picture.release_id)
        .where(Picture.sha256 == sha256)
        .order_by(Release.published_at.is_(None))
    )
    for picture, release in rows:
        if may_see(release, by):
            return picture, release.published_at is not None
    raise NotFound("There is no such picture.")


def find_picture_by_role(ecosystem: str, identifier: str, version: str, role: str, *, by: Actor) -> str:
    """Return the SHA-256 of a published release's picture that the caller may see. Raises NotFound.

    Kodi writes versions in lower case.
    """
    rows = session().execute(
        select(Picture.sha256, Release)
        .join(Release, Release.id == Picture.release_id)
        .join(Listing, Listing.id == Release.listing_id)
        .where(
            Listing.ecosystem == ecosystem,
            Listing.identifier == identifier,
            func.lower(Release.version) == version.lower(),
            Picture.role == role,
            Release.published_at.is_not(None),
        )
    )
    for sha256, release in rows:
        if may_see(release, by):
            return str(sha256)
    raise NotFound("There is no such picture.")
