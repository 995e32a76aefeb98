"""Ingest: from received bytes to a waiting release. Runs in a worker, may run twice, may die anywhere.

Short transaction (begun), then bytes (spooled, read in a closed child), then one transaction (the
outcome): either a release exists and waits, or the upload is rejected with its findings.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from registry.accounts.actor import SYSTEM
from registry.accounts.leaks import end_leaked
from registry.audit.service import record
from registry.bundles.confined import ReaderUnavailable, read_confined
from registry.bundles.findings import Finding, Severity
from registry.bundles.inspection import Inspection
from registry.bundles.limits import DEFAULT_LIMITS
from registry.clock import now
from registry.database import transaction
from registry.derivations.service import CHANGES, with_derivation
from registry.ingest.content import steps_of
from registry.ingest.reconcile import NEEDED, Reconciled, reconcile
from registry.ingest.recording import record_release
from registry.ingest.sources import attach_source
from registry.ingest.steps import done, failed, now_at
from registry.storing import store
from registry.uploads.models import ENDED, Upload, UploadState
from registry.uploads.service import forget_bytes
from registry.work import Later
from storage.errors import BlobNotFound
from storage.keys import picture_key, upload_key

log = structlog.get_logger()
ASKED = {**NEEDED, "changes": CHANGES}


@dataclass(frozen=True, slots=True)
class Spooled:
    """The upload's bytes in a file of ours, with what they really are."""

    file: BinaryIO
    sha256: str
    md5: str
    size_bytes: int


def ingest_upload(subject: str) -> None:
    """Take one upload from ``received`` to ``waiting`` or ``rejected``."""
    upload = _begin(UUID(subject))
    if upload is None:
        return
    try:
        with _spooled(upload) as spooled:
            wrong = _digest_finding(upload, spooled)
            if wrong:
                _reject(upload, [wrong], failed("stored"))
                return
            inspection = _read(upload, spooled)
    except BlobNotFound:
        _reject(upload, [_LOST], failed("stored"))
        return
    end_leaked(inspection.own_token_digests, where=f"the upload {upload.filename}")
    _settle(upload, spooled, inspection)


def _read(upload: Upload, spooled: Spooled) -> Inspection:
    """Read the file in the closed child, each step shown as it begins. Raises Later without a reader."""
    begun: list[str] = []

    def show(step: str) -> None:
        begun.append(step)
        shown = [*(done(name) for name in begun[:-1]), now_at(begun[-1])]
        with transaction() as tx:
            tx.execute(update(Upload).where(Upload.id == upload.id).values(steps=shown))

    try:
        return read_confined(
            spooled.file, upload.filename, said=upload.said, limits=DEFAULT_LIMITS, on_step=show
        )
    except ReaderUnavailable as error:
        log.warning("reader_unavailable", upload=str(upload.id), reason=str(error))
        raise Later(5) from error


def _settle(upload: Upload, spooled: Spooled, inspection: Inspection) -> None:
    steps = steps_of(inspection)
    if "source_for" in upload.said:
        wrong = attach_source(upload, inspection, spooled.sha256, spooled.md5, spooled.size_bytes)
        if wrong:
            _reject(upload, list(wrong), *steps)
        return
    if not inspection.ok or inspection.metadata is None:
        _reject(upload, inspection.findings, *steps)
        return
    agreed = with_derivation(reconcile(inspection.metadata, upload.said), upload.said, upload.publisher_id)
    if agreed.findings:
        _reject(upload, [*inspection.findings, *agreed.findings], *steps)
        return
    if agreed.needs:
        _ask(upload, agreed, inspection, steps)
        return
    _keep_pictures(inspection)
    refusal = record_release(upload, agreed, inspection, spooled.sha256, spooled.md5, spooled.size_bytes)
    if refusal:
        _reject(upload, [*inspection.findings, refusal], *steps, failed("waiting"))


def _begin(upload_id: UUID) -> Upload | None:
    with transaction() as tx:
        upload = tx.get(Upload, upload_id, with_for_update=True, populate_existing=True)
        if upload is None or upload.state in ENDED or upload.state is UploadState.OPEN:
            return None
        upload.state, upload.touched_at = UploadState.INGESTING, now()
    return upload


@contextmanager
def _spooled(upload: Upload) -> Iterator[Spooled]:
    """Copy the upload into an unnamed file, hashing what passes."""
    sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    blob = store().open(store().config.bucket_incoming, upload_key(str(upload.id)))
    with tempfile.TemporaryFile(prefix="marquee-") as file, blob:
        for chunk in blob:
            sha256.update(chunk)
            md5.update(chunk)
            size += file.write(chunk)
        file.seek(0)
        yield Spooled(file, sha256.hexdigest(), md5.hexdigest(), size)


def _digest_finding(upload: Upload, spooled: Spooled) -> Finding | None:
    if spooled.size_bytes == upload.size_bytes and upload.sha256 in (None, spooled.sha256):
        return None
    return Finding(
        "upload.digest",
        Severity.ERROR,
        f"The bytes that came have SHA-256 {spooled.sha256}, the upload declared {upload.sha256}.",
        "Send the file again; if it happens twice, compute the digest of the file that you send.",
    )


_LOST = Finding(
    "upload.lost",
    Severity.ERROR,
    "The store no longer has the bytes of this upload.",
    "Upload the file again.",
)


def _keep_pictures(inspection: Inspection) -> None:
    for picture in inspection.pictures:
        sha256 = hashlib.sha256(picture.body).hexdigest()
        store().put(
            store().config.bucket_incoming, picture_key(sha256), picture.body, sha256=sha256,
            size=len(picture.body), content_type=picture.content_type,
        )  # fmt: skip


def _ask(upload: Upload, agreed: Reconciled, inspection: Inspection, steps: list[dict[str, Any]]) -> None:
    """Let the upload wait in ``received`` for what only a person can say."""
    with transaction() as tx:
        row = _row(tx, upload)
        row.state, row.needs, row.steps = UploadState.RECEIVED, list(agreed.needs), steps
        asked = [
            Finding(
                f"said.{need}",
                Severity.WARNING,
                ASKED[need],
                "Answer on the upload's page, or PATCH it.",
            )
            for need in agreed.needs
        ]
        row.findings = [finding.as_json() for finding in (*inspection.findings, *asked)]
        row.touched_at = now()


def _reject(upload: Upload, findings: list[Finding] | tuple[Finding, ...], *steps: dict[str, Any]) -> None:
    with transaction() as tx:
        row = _row(tx, upload)
        if row.state in ENDED:
            return
        row.state, row.touched_at = UploadState.REJECTED, now()
        row.findings, row.steps = [finding.as_json() for finding in findings], list(steps)
        codes = sorted({f.code for f in findings if f.severity is Severity.ERROR})
        record(tx, "upload_rejected", by=SYSTEM, subject=("upload", row.id), detail={"codes": codes})
    forget_bytes(row)


def _row(tx: Session, upload: Upload) -> Upload:
    return tx.get_one(Upload, upload.id, with_for_update=True, populate_existing=True)
