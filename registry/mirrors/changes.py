"""Writing that what mirrors may have of a release changed, in the transaction that changes it.

Serials grow in the order of commits: they are taken under one lock, as the last thing before the commit,
so that a reader who saw a serial has seen every smaller one.
"""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from registry.clock import now
from registry.database import before_commit, session, transaction
from registry.mirrors.models import MirrorChange
from registry.mirrors.offering import answer_for_mirrors, rows_for, rows_of
from registry.releases.models import Release

#: Whoever writes a serial holds this lock until the commit.
LOCK = 7_314_022
BATCH = 500


class Change(StrEnum):
    """What changed, as mirrors are told."""

    STATE = "state"
    LICENSE = "license"
    NOTICE = "notice"
    TIME = "time"


def note_change(tx: Session, release: Release, kind: Change) -> None:
    """Note that what mirrors may have of a locked release may have changed."""
    if release.published_at is not None:
        before_commit(("mirror", release.id), lambda: _write(tx, release.id, kind))


def catch_up() -> int:
    """Write the changes that came by themselves (an offer ended, a setting changed); return how many."""
    late, last = 0, UUID(int=0)
    while True:
        rows = session().execute(
            rows_of(MirrorChange.offered)
            .outerjoin(MirrorChange, MirrorChange.release_id == Release.id)
            .where(Release.published_at.is_not(None), Release.id > last)
            .order_by(Release.id)
            .limit(BATCH)
        )
        found = rows.all()
        moved = [row.id for row in found if answer_for_mirrors(row, at=now()).allowed != bool(row.offered)]
        session().rollback()
        for release_id in moved:
            note_time(release_id)
        late += len(moved)
        if len(found) < BATCH:
            return late
        last = found[-1].id


def note_time(release_id: UUID) -> None:
    """Note that time itself changed what mirrors may have of a release."""
    with transaction() as tx:
        release = tx.get_one(Release, release_id, with_for_update=True, populate_existing=True)
        note_change(tx, release, Change.TIME)


def _write(tx: Session, release_id: UUID, kind: Change) -> None:
    tx.flush()
    moment = now()
    offered = answer_for_mirrors(tx.execute(rows_for([release_id])).one(), at=moment).allowed
    if not offered and tx.get(MirrorChange, release_id, populate_existing=True) is None:
        return  # no mirror ever could have it, and none hears of it
    tx.execute(select(func.pg_advisory_xact_lock(LOCK)))
    next_serial = select(func.coalesce(func.max(MirrorChange.serial), 0) + 1).scalar_subquery()
    values = {"serial": next_serial, "kind": kind, "offered": offered, "made_at": moment}
    tx.execute(
        insert(MirrorChange)
        .values(release_id=release_id, **values)
        .on_conflict_do_update(index_elements=["release_id"], set_=values)
    )
