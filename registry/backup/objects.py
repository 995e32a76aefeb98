"""Which objects belong to a backup, and where each is found though Marquee goes on working meanwhile.

What may still be conveyed or decided on has its bytes; what was turned away has none, and an upload
under way may be turned away, or published, while we copy.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from registry.database import session
from registry.policies.models import PolicyText
from registry.releases.models import Artifact, Picture, Release
from registry.releases.states import ReleaseState
from registry.storing import store
from registry.uploads.models import Upload, UploadState
from registry.uploads.sweeping import is_known
from storage.keys import blob_key, picture_key, policy_key, upload_key

UNDECIDED = (ReleaseState.WAITING, ReleaseState.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Kept:
    """One object of the set: where it lies, and what its bytes must be (no digest: an upload under way)."""

    bucket: str
    key: str
    sha256: str | None
    elsewhere: tuple[str, str] | None = None

    def places(self) -> Iterator[tuple[str, str]]:
        """Yield where it may be, the likeliest first; the last is looked up when it is asked for."""
        yield self.bucket, self.key
        if self.elsewhere:
            yield self.elsewhere
        sha256 = session().scalar(sa.select(Artifact.sha256).where(Artifact.incoming_key == self.key))
        if sha256 is not None:
            yield store().config.bucket_published, blob_key(sha256)

    def is_needed(self) -> bool:
        """Say whether the database, as it is now, still needs it."""
        return is_known(self.bucket, self.key)


def objects_of(connection: sa.Connection) -> Iterator[Kept]:
    """Yield every object that the database seen by this connection needs, each once."""
    seen: set[tuple[str, str]] = set()
    for rows in (_artifacts, _pictures, _policies, _uploads):
        for kept in rows(connection):
            if (kept.bucket, kept.key) not in seen:
                seen.add((kept.bucket, kept.key))
                yield kept


def _artifacts(connection: sa.Connection) -> Iterator[Kept]:
    config = store().config
    rows = connection.execute(
        sa.select(Artifact.sha256, Artifact.incoming_key, Release.published_at)
        .join(Release, Release.id == Artifact.release_id)
        .where(Release.published_at.is_not(None) | Release.state.in_(UNDECIDED))
    )
    for sha256, incoming_key, published_at in rows:
        public, waiting = (config.bucket_published, blob_key(sha256)), (config.bucket_incoming, incoming_key)
        first, other = (public, waiting) if published_at else (waiting, public)
        yield Kept(*first, sha256, elsewhere=other)


def _pictures(connection: sa.Connection) -> Iterator[Kept]:
    config = store().config
    rows = connection.execute(
        sa.select(Picture.sha256, Release.published_at)
        .join(Release, Release.id == Picture.release_id)
        .where(Release.published_at.is_not(None) | Release.state.in_(UNDECIDED))
    )
    for sha256, published_at in rows:
        key = picture_key(sha256)
        shown, hidden = (config.bucket_published, key), (config.bucket_incoming, key)
        first, other = (shown, hidden) if published_at else (hidden, shown)
        yield Kept(*first, sha256, elsewhere=other)


def _policies(connection: sa.Connection) -> Iterator[Kept]:
    for (sha256,) in connection.execute(sa.select(PolicyText.original_sha256)):
        yield Kept(store().config.bucket_published, policy_key(sha256), sha256)


def _uploads(connection: sa.Connection) -> Iterator[Kept]:
    rows = connection.execute(
        sa.select(Upload.id).where(Upload.state.in_([UploadState.RECEIVED, UploadState.INGESTING]))
    )
    for (upload_id,) in rows:
        yield Kept(store().config.bucket_incoming, upload_key(str(upload_id)), None)
