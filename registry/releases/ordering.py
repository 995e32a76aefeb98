"""Keep the versions of a listing in the order of its client, so that "the newest" is one index away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.releases.models import Release


def renumber(tx: Session, listing_id: UUID, version_key: Callable[[str], Any]) -> None:
    """Give the releases of one listing their numbers, from 1, in version order."""
    releases = list(tx.scalars(select(Release).where(Release.listing_id == listing_id)))
    releases.sort(key=lambda release: (version_key(release.version), release.created_at))
    for number, release in enumerate(releases, start=1):
        if release.order_key != number:
            release.order_key = number
