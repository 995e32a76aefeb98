"""The use cases of an upload: open, receive a part, complete, say what was missing, abort.

Every acknowledged byte is in the store and every acknowledged part in the database; whatever dies in
between, the client asks for the parts received and goes on.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from registry.accounts.actor import Actor, Scope
from registry.audit.service import record
from registry.bundles.limits import DEFAULT_LIMITS
from registry.clock import now
from registry.configured import settings
from registry.database import let_go, session, transaction
from registry.errors import Conflict, Invalid, NotAllowed, NotFound, StateMoved, fault
from registry.publishers.models import Publisher
from registry.releases.models import Release
from registry.releases.states import TURNED_AWAY, ReleaseState
from registry.storing import multipart, store
from registry.uploads import rules
from registry.uploads.bodies import SizedBody
from registry.uploads.models import ENDED, Upload, UploadPart, UploadState
from registry.uploads.parts import all_parts, begin_in_store, missing_parts
from registry.uploads.relations import check_relations
from registry.uploads.said import check_said
from registry.work import Work, enqueue
from storage.errors import DigestMismatch, UploadNotFound
from storage.keys import upload_key

OPEN_FOR = timedelta(days=7)
MOST_OPEN = 20
GIVEN_UP = "This upload was given up meanwhile; send the file again."


def open_upload(
    *,
    publisher: str,
    filename: str,
    size_bytes: int,
    sha256: str | None,
    said: Mapping[str, Any],
    by: Actor,
) -> tuple[Upload, bool]:
    """Open an upload; return it and whether it is new.

    The same bytes again for the same publisher give the upload that is already there. Raises Invalid,
    TooLarge, WrongType, NotAllowed, NotFound.
    """
    owner = _publisher_to_upload_to(publisher, by)
    name = rules.check_filename(filename)
    rules.check_size(size_bytes, DEFAULT_LIMITS)
    if sha256 is not None:
        rules.check_digest(sha256)
    words = check_relations(check_said(said), owner.id, by=by)
    upload = Upload(
        publisher_id=owner.id, account_id=by.must_be_signed_in(), filename=name, size_bytes=size_bytes,
        sha256=sha256, said=words, part_bytes=rules.PART_BYTES,
    )  # fmt: skip
    with transaction() as tx:
        if sha256 and (known := _same_bytes(tx, owner.id, sha256, words)):
            return known, False
        _check_not_too_many(owner.id)
        tx.add(upload)
        tx.flush()  # its id names the key in the store
        record(tx, "upload_opened", by=by, subject=("upload", upload.id), detail={"filename": name})
    return upload, True


def receive_part(upload_id: UUID, number: int, body: SizedBody, *, by: Actor) -> UploadPart:
    """Store one part. The same part again replaces the one before. Raises Invalid, Conflict."""
    upload = _upload_to_change(upload_id, by)
    _must_be_open(upload)
    expected = rules.part_size(number, upload.size_bytes, upload.part_bytes)
    if body.length != expected:
        raise fault(
            "number",
            f"Part {number} of this upload has {expected} bytes; the body has {body.length}.",
        )
    store_id = begin_in_store(upload)
    let_go()
    try:
        etag = multipart().put_part(upload_key(str(upload.id)), store_id, number, body, size=expected)
    except UploadNotFound as error:
        raise StateMoved("This upload has been completed or given up; ask for its state.") from error
    part = {
        "upload_id": upload.id, "number": number, "etag": etag, "size_bytes": expected, "received_at": now()
    }  # fmt: skip
    with transaction() as tx:
        tx.execute(
            insert(UploadPart)
            .values(**part)
            .on_conflict_do_update(
                index_elements=["upload_id", "number"],
                set_={"etag": etag, "size_bytes": expected, "received_at": now()},
            )
        )
        _locked(tx, upload.id).touched_at = now()
    return UploadPart(**part)


def receive_whole(
    *,
    publisher: str,
    filename: str,
    sha256: str,
    said: Mapping[str, Any],
    body: SizedBody,
    by: Actor,
) -> tuple[Upload, bool]:
    """Take a file in one request: open, store, complete; return the upload and whether it is new.

    Raises Invalid (``upload.digest``) and the rest.
    """
    upload, new = open_upload(
        publisher=publisher,
        filename=filename,
        size_bytes=body.length,
        sha256=sha256,
        said=said,
        by=by,
    )
    if upload.state is not UploadState.OPEN:
        return upload, False
    let_go()
    try:
        store().put(
            store().config.bucket_incoming, upload_key(str(upload.id)), body,
            sha256=sha256, size=body.length, content_type="application/octet-stream",
        )  # fmt: skip
    except DigestMismatch as error:
        _give_up(upload, new=new, by=by, why="digest")
        raise fault(
            "sha256",
            "The bytes that came do not have the SHA-256 that was declared; send the file again.",
            code="upload.digest",
        ) from error
    except Exception:
        _give_up(upload, new=new, by=by, why="broken")
        raise
    return _received(upload.id, by=by), True


def _give_up(upload: Upload, *, new: bool, by: Actor, why: str) -> None:
    """Give up an upload whose only sender failed; one that another request opened is that one's."""
    if new:
        abort_upload(upload.id, by=by, why=why)


def complete_upload(upload_id: UUID, *, by: Actor) -> Upload:
    """Join the parts and hand the upload to ingest. Safe to repeat. Raises Invalid when parts are missing."""
    upload = _upload_to_change(upload_id, by)
    if upload.state is UploadState.ABORTED:
        raise StateMoved(GIVEN_UP)
    if upload.state is not UploadState.OPEN:
        return upload
    parts = all_parts(upload)
    missing = missing_parts(upload, parts)
    key = upload_key(str(upload.id))
    if missing:
        raise Invalid(
            f"{len(missing)} of the parts are missing, the first is {missing[0]}. Send them, then complete.",
            code="upload.parts_missing",
            extra={"missing": missing[:1000]},
        )
    let_go()
    try:
        multipart().complete(key, upload.store_id or "", {p.number: p.etag for p in parts})
    except UploadNotFound:
        # A completion that was cut short after the store had joined the parts: the object is there.
        if store().stat(store().config.bucket_incoming, key) != upload.size_bytes:
            raise Conflict("The store has lost this upload; start it again.", code="upload.lost") from None
    return _received(upload.id, by=by)


def say(upload_id: UUID, said: Mapping[str, Any], *, by: Actor) -> Upload:
    """Add what the bundle cannot say (its version, say) and go on. Raises Invalid, Conflict."""
    upload = _upload_to_change(upload_id, by)
    words = check_relations(check_said({**upload.said, **said}), upload.publisher_id, by=by)
    with transaction() as tx:
        row = _locked(tx, upload.id)
        if row.state in ENDED:
            raise StateMoved("This upload has ended; upload the file again to say something else.")
        row.said, row.needs, row.touched_at = words, [], now()
        record(tx, "upload_described", by=by, subject=("upload", row.id), detail={"said": words})
        if row.state is UploadState.RECEIVED:
            enqueue(tx, Work.INGEST, row.id)
    return row


def abort_upload(upload_id: UUID, *, by: Actor, why: str = "asked") -> Upload:
    """Give an upload up; its bytes go at once. Raises StateMoved once ingest has begun."""
    upload = get_upload(upload_id, by=by)
    with transaction() as tx:
        row = _locked(tx, upload.id)
        if row.state is UploadState.ABORTED:
            return row
        if row.state not in {UploadState.OPEN, UploadState.RECEIVED}:
            raise StateMoved(f"This upload is {row.state.value} already; it cannot be given up now.")
        row.state, row.touched_at = UploadState.ABORTED, now()
        record(tx, "upload_aborted", by=by, subject=("upload", row.id), detail={"why": why})
    forget_bytes(row)
    return row


def forget_bytes(upload: Upload) -> None:
    """Remove an upload's bytes and unfinished parts from ``incoming``. Safe to repeat."""
    key = upload_key(str(upload.id))
    if upload.store_id:
        multipart().abort(key, upload.store_id)
    store().delete(store().config.bucket_incoming, key)


def get_upload(upload_id: UUID, *, by: Actor) -> Upload:
    """Return an upload to its publisher's members and the moderators. Raises NotFound to all others."""
    by.must_be_signed_in()
    upload = session().get(Upload, upload_id, populate_existing=True)
    if upload is None or not (by.is_moderator or by.may_upload_to(upload.publisher_id)):
        raise NotFound("There is no such upload, or it is another publisher's.")
    return upload


def list_uploads(*, by: Actor, limit: int = 50) -> list[Upload]:
    """Return the newest uploads of the publishers that the account is a member of."""
    return list(
        session().scalars(
            select(Upload)
            .where(Upload.publisher_id.in_(list(by.memberships)))
            .order_by(Upload.created_at.desc())
            .limit(limit)
        )
    )


def prepare_parts(upload: Upload) -> None:
    """Begin the upload in the store where its clients will send parts straight there."""
    if upload.state is UploadState.OPEN and settings().store.public_url:
        begin_in_store(upload)


def _upload_to_change(upload_id: UUID, by: Actor) -> Upload:
    upload = get_upload(upload_id, by=by)
    if not by.may_upload_to(upload.publisher_id):
        raise NotAllowed("Only members of its publisher may send, complete or describe this upload.")
    return upload


def _publisher_to_upload_to(slug: str, by: Actor) -> Publisher:
    by.must_have(Scope.UPLOAD)
    owner = session().scalar(select(Publisher).where(Publisher.slug == slug))
    if owner is None:
        raise NotFound(f"There is no publisher {slug!r}; create it first.", code="publisher.unknown")
    if not by.may_upload_to(owner.id):
        raise NotAllowed(f"You are not a member of {slug!r}; ask one of its owners to add you.")
    if not by.verified:
        raise NotAllowed(
            "Verify your e-mail address first: open the link in the mail that we sent.",
            code="account.unverified",
        )
    return owner


def _same_bytes(tx: Session, publisher_id: UUID, sha256: str, said: Mapping[str, Any]) -> Upload | None:
    """Find the upload of this publisher with these bytes that is under way or became a release.

    Whoever asks the same holds until the transaction ends, so that of a hundred at once one is new.
    """
    tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{publisher_id}:{sha256}", 0))))
    gone = select(Release.id).where(Release.state.in_([*TURNED_AWAY, ReleaseState.WITHDRAWN]))
    rows = tx.scalars(
        select(Upload)
        .where(
            Upload.publisher_id == publisher_id,
            Upload.sha256 == sha256,
            Upload.state.not_in([UploadState.REJECTED, UploadState.ABORTED]),
            Upload.release_id.is_(None) | Upload.release_id.not_in(gone),
        )
        .order_by(Upload.created_at)
    )
    wanted, source_for = said.get("version"), said.get("source_for")
    return next(
        (
            row
            for row in rows
            if wanted in (None, row.said.get("version")) and row.said.get("source_for") == source_for
        ),
        None,
    )


def _check_not_too_many(publisher_id: UUID) -> None:
    still_open = session().scalars(
        select(Upload.id)
        .where(Upload.publisher_id == publisher_id, Upload.state == UploadState.OPEN)
        .limit(MOST_OPEN)
    )
    if len(list(still_open)) >= MOST_OPEN:
        raise Conflict(
            f"{MOST_OPEN} uploads of this publisher are open; complete or give up some of them first.",
            code="upload.too_many_open",
        )


def _must_be_open(upload: Upload) -> None:
    if upload.state is not UploadState.OPEN:
        raise StateMoved(f"This upload is {upload.state.value}; it takes no more parts.")


def _received(upload_id: UUID, *, by: Actor) -> Upload:
    with transaction() as tx:
        row = _locked(tx, upload_id)
        if row.state is UploadState.ABORTED:
            raise StateMoved(GIVEN_UP)
        if row.state is UploadState.OPEN:
            row.state, row.completed_at, row.touched_at = UploadState.RECEIVED, now(), now()
            row.steps = [{"name": "stored", "state": "done"}]
            record(tx, "upload_received", by=by, subject=("upload", row.id))
            enqueue(tx, Work.INGEST, row.id)
    return row


def _locked(tx: Session, upload_id: UUID) -> Upload:
    return tx.scalars(
        select(Upload).where(Upload.id == upload_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()
