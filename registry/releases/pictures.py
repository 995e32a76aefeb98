"""Pictures by digest."""

from sqlalchemy import select

from registry.database import session
from registry.errors import NotFound
from registry.releases.models import Picture


def find_picture(sha256: str) -> Picture:
    """Return a picture that some release has. Raises NotFound."""
    found = session().scalar(select(Picture).where(Picture.sha256 == sha256).limit(1))
    if found is None:
        raise NotFound("There is no such picture.")
    return found
