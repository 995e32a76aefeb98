"""Publication: bytes first, row last. Runs in a worker after the approval, may run twice, may die anywhere.

The store itself copies the blob from ``incoming`` to its digest's key in ``published`` and we verify it
there; only then does one transaction make the release public and ask for its feed.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.actor import SYSTEM
from registry.clock import now
from registry.database import let_go, session, transaction
from registry.listings.models import Listing
from registry.mail.notices import tell_members
from registry.releases.models import Artifact, Picture, Release
from registry.releases.service import locked_release, move
from registry.releases.states import Event, ReleaseState
from registry.storing import store
from registry.work import Later
from storage.keys import blob_key, picture_key


def publish_release(subject: str) -> None:
    """Publish one approved release."""
    release = session().get(Release, UUID(subject), populate_existing=True)
    if release is None or release.approved_at is None or release.state is not ReleaseState.WAITING:
        return
    artifacts = list(session().scalars(select(Artifact).where(Artifact.release_id == release.id)))
    pictures = list(session().scalars(select(Picture).where(Picture.release_id == release.id)))
    let_go()
    move_bytes(artifacts, pictures)
    with transaction() as tx:
        release = locked_release(tx, release.id)
        if release.state is not ReleaseState.WAITING or release.approved_at is None:
            return
        if _more_came(tx, release.id, artifacts):
            raise Later(0.2)
        release.published_at, release.reasons = now(), []
        move(tx, release, Event.PUBLISH, by=SYSTEM, reason="review.approved")
        listing = tx.get_one(Listing, release.listing_id)
        tell_members(
            tx, listing.publisher_id, "release_published",
            subject=f"{listing.name} {release.version} is published",
            body=f"{listing.name} {release.version} passed review and is in the catalogue and the feeds now.",
        )  # fmt: skip
    _tidy(artifacts, pictures)


def _more_came(tx: Session, release_id: UUID, moved: list[Artifact]) -> bool:
    """Say whether a source was attached while the bytes were moved."""
    now_there = tx.scalars(select(Artifact.id).where(Artifact.release_id == release_id))
    return set(now_there) != {artifact.id for artifact in moved}


def move_bytes(artifacts: list[Artifact], pictures: list[Picture]) -> None:
    """Bring the bytes of a release to ``published``. Safe to repeat."""
    bucket = store().config.bucket_published
    for artifact in artifacts:
        if store().stat(bucket, blob_key(artifact.sha256)) != artifact.size_bytes:
            store().promote(artifact.sha256, artifact.incoming_key)
    for picture in pictures:
        if store().stat(bucket, picture_key(picture.sha256)) != picture.size_bytes:
            _publish_picture(picture)


def _publish_picture(picture: Picture) -> None:
    config, key = store().config, picture_key(picture.sha256)
    with store().open(config.bucket_incoming, key) as blob:
        store().put(
            config.bucket_published, key, blob.read(), sha256=picture.sha256, size=picture.size_bytes,
            content_type=picture.content_type,
        )  # fmt: skip


def _tidy(artifacts: list[Artifact], pictures: list[Picture]) -> None:
    """Remove what has been published from ``incoming``; what a crash leaves there, the sweep removes."""
    bucket = store().config.bucket_incoming
    for artifact in artifacts:
        store().delete(bucket, artifact.incoming_key)
    for picture in pictures:
        store().delete(bucket, picture_key(picture.sha256))
