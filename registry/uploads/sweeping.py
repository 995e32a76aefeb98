"""What uploads leave behind when their clients never come back."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from registry.accounts.actor import SYSTEM
from registry.audit.service import record
from registry.clock import now
from registry.database import session, transaction
from registry.feeds.models import FeedDocument
from registry.policies.models import PolicyText
from registry.releases.models import Artifact, Picture, Release
from registry.releases.states import ReleaseState
from registry.storing import store
from registry.uploads.models import ENDED, Upload, UploadState
from registry.uploads.service import OPEN_FOR, forget_bytes
from storage.sweep import sweep

ORPHAN_AFTER = timedelta(hours=24)


def sweep_uploads(*, orphan_after: timedelta = ORPHAN_AFTER) -> dict[str, int]:
    """Give up uploads that stood open for a week, then remove objects that nothing knows.

    Objects younger than ``orphan_after`` stay: bytes are stored before the row that names them.
    """
    ended = _end_stale(now() - OPEN_FOR)
    removed = 0
    for bucket in (store().config.bucket_incoming, store().config.bucket_published):
        swept = sweep(store(), bucket, partial(is_known, bucket), before=now() - orphan_after)
        removed += swept.objects + swept.uploads
    return {"uploads_ended": ended, "objects_removed": removed}


def _end_stale(untouched_since: datetime) -> int:
    stale = session().scalars(
        select(Upload.id).where(
            Upload.state.in_([UploadState.OPEN, UploadState.RECEIVED]),
            Upload.touched_at < untouched_since,
            (Upload.state == UploadState.OPEN) | (Upload.needs != []),
        )
    )
    return sum(_ended(upload_id, untouched_since) for upload_id in stale.all())


def _ended(upload_id: UUID, untouched_since: datetime) -> bool:
    with transaction() as tx:
        row = tx.get_one(Upload, upload_id, with_for_update=True, populate_existing=True)
        if row.touched_at >= untouched_since:  # its client came back just now
            return False
        row.state = UploadState.ABORTED
        record(tx, "upload_aborted", by=SYSTEM, subject=("upload", row.id), detail={"why": "stale"})
    forget_bytes(row)
    return True


def is_known(bucket: str, key: str) -> bool:
    """Say whether the database still needs an object."""
    purpose, _, rest = key.partition("/")
    digest = rest.rsplit("/", 1)[-1]
    if bucket == store().config.bucket_incoming and purpose != "picture":
        return _needed_in_incoming(key)
    found: Select[Any] = select(Artifact.id).where(Artifact.sha256 == digest)
    if purpose == "picture":
        found = select(Picture.release_id).where(Picture.sha256 == digest)
        if bucket == store().config.bucket_incoming:
            found = found.join(Release, Release.id == Picture.release_id).where(
                Release.published_at.is_(None)
            )
    if purpose == "policy":
        found = select(PolicyText.id).where(PolicyText.original_sha256 == digest)
    if purpose == "feed":
        found = select(FeedDocument.path).where(
            (FeedDocument.sha256 == digest) | (FeedDocument.gzip_sha256 == digest)
        )
    return session().scalar(found.limit(1)) is not None


def _needed_in_incoming(key: str) -> bool:
    """Bytes of an upload under way, or of a release that may still be published."""
    waiting = [ReleaseState.WAITING, ReleaseState.QUARANTINED]
    held = (
        select(Artifact.id)
        .join(Release, Release.id == Artifact.release_id)
        .where(Artifact.incoming_key == key, Release.state.in_(waiting))
    )
    under_way = select(Upload.id).where(Upload.id == _upload_of(key), Upload.state.not_in(ENDED))
    return any(session().scalar(rows.limit(1)) for rows in (held, under_way))


def _upload_of(key: str) -> UUID | None:
    try:
        return UUID(key.removeprefix("upload-"))
    except ValueError:
        return None
