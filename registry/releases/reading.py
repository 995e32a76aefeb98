"""Reading what belongs to releases, in one query for many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from registry.database import session
from registry.releases.models import Artifact, Picture


def artifacts_of(release_ids: Sequence[UUID]) -> Mapping[UUID, list[Artifact]]:
    """Return the artifacts of releases, the package first."""
    found: defaultdict[UUID, list[Artifact]] = defaultdict(list)
    rows = (
        select(Artifact).where(Artifact.release_id.in_(release_ids)).order_by(Artifact.role, Artifact.sha256)
    )
    for artifact in session().scalars(rows):
        found[artifact.release_id].append(artifact)
    return found


def pictures_of(release_id: UUID) -> dict[str, Picture]:
    """Return the pictures of a release by role."""
    rows = session().scalars(select(Picture).where(Picture.release_id == release_id).order_by(Picture.role))
    return {picture.role: picture for picture in rows}


def pictures_named(role: str, release_ids: Iterable[UUID]) -> dict[UUID, Picture]:
    """Return the picture of this role of each release that has one."""
    rows = select(Picture).where(Picture.role == role, Picture.release_id.in_(set(release_ids)))
    return {picture.release_id: picture for picture in session().scalars(rows)}
