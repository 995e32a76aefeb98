"""Pictures by digest."""

from sqlalchemy import select

from registry.accounts.actor import Actor
from registry.database import session
from registry.errors import NotFound
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
