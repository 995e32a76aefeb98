"""How long the queue is for the publisher who waits in it."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from registry.clock import now
from registry.database import session
from registry.releases.models import Release
from registry.releases.states import ReleaseState
from registry.review.models import Decision

LATELY = timedelta(days=60)


def places_in_queue(release_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Return the place, from 1, of those of these releases that wait for a decision."""
    if not release_ids:
        return {}
    waiting = (Release.state == ReleaseState.WAITING, Release.approved_at.is_(None))
    place = func.row_number().over(order_by=(Release.created_at, Release.id))
    ranked = select(Release.id, place.label("place")).where(*waiting).subquery()
    rows = session().execute(select(ranked.c.id, ranked.c.place).where(ranked.c.id.in_(release_ids)))
    return dict(rows.all())


def usual_wait_s() -> int | None:
    """Return how many seconds half of the releases decided on lately have waited; None before any."""
    waited = func.extract("epoch", Decision.decided_at - Release.created_at)
    median = func.percentile_cont(0.5).within_group(waited)
    rows = (
        select(median)
        .join(Release, Release.id == Decision.release_id)
        .where(Decision.account_id.is_not(None), Decision.decided_at > now() - LATELY)
    )
    found = session().scalar(rows)
    return None if found is None else int(found)
