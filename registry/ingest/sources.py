"""Attaching the source of a release: its bytes where the release's are, then one transaction.

A published release may get its source later; until then copies of a copyleft binary are refused.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.actor import SYSTEM
from registry.audit.service import record
from registry.bundles.checks import HOLDING_CODES
from registry.bundles.findings import Finding, Severity
from registry.bundles.inspection import Inspection
from registry.clock import now
from registry.database import let_go, session, transaction
from registry.ingest.content import steps_of
from registry.ingest.steps import done
from registry.licensing.models import SourceKind
from registry.licensing.recording import carry_on
from registry.listings.models import Listing
from registry.releases.models import Artifact, Release
from registry.releases.service import locked_release
from registry.releases.states import TURNED_AWAY, ReleaseState
from registry.storing import store
from registry.uploads.models import ENDED, Upload, UploadState
from registry.work import Later
from storage.keys import blob_key, upload_key

NOTE = "The publisher attached the source."
MOST_SOURCES = 3


def attach_source(
    upload: Upload, inspection: Inspection, sha256: str, md5: str, size_bytes: int
) -> Sequence[Finding]:
    """Make the upload the source of its release, or return the findings that refuse it. Runs twice."""
    release_id, key = UUID(upload.said["source_for"]), upload_key(str(upload.id))
    published = session().get_one(Release, release_id, populate_existing=True).published_at is not None
    let_go()
    refused = _to_be_looked_at(inspection)
    if refused or not inspection.ok:
        return [*inspection.findings, *refused]
    if published:
        _publish(sha256, key, size_bytes)
    with transaction() as tx:
        row = tx.get_one(Upload, upload.id, with_for_update=True, populate_existing=True)
        if row.state in ENDED:
            return ()
        release = locked_release(tx, release_id)
        if release.published_at is not None and not published:
            raise Later(0.5)  # it was published just now, without these bytes
        if wrong := _no_source_of(tx, release, sha256):
            return [*inspection.findings, wrong]
        if sha256 not in _sources(tx, release):
            tx.add(_artifact(tx, release, key, (sha256, md5, size_bytes)))
            tx.flush()
            kept = {"source_address": None, "source_until": None}
            carry_on(tx, release, row.account_id, NOTE, source=SourceKind.ARTIFACT, **kept)
        _finish(tx, row, release, inspection, sha256)
    if published:
        store().delete(store().config.bucket_incoming, key)
    return ()


def _publish(sha256: str, key: str, size_bytes: int) -> None:
    if store().stat(store().config.bucket_published, blob_key(sha256)) != size_bytes:
        store().promote(sha256, key)


def _to_be_looked_at(inspection: Inspection) -> list[Finding]:
    """Return why a moderator would have to look: what comes after the review must not need one."""
    return [
        Finding(
            "source.held",
            Severity.ERROR,
            f"It would need a moderator's look ({code}), and a source goes out without one.",
            "Take out what was found, or offer the source in writing.",
        )
        for code in inspection.holding_reasons
        if code in HOLDING_CODES
    ]


def _no_source_of(tx: Session, release: Release, sha256: str) -> Finding | None:
    if _belongs_to_another(tx, release, sha256):
        return Finding(
            "source.elsewhere",
            Severity.ERROR,
            "Another publisher has released exactly these bytes.",
            "Attach the source of your own release.",
        )
    if len(_sources(tx, release) - {sha256}) >= MOST_SOURCES:
        return Finding(
            "source.too_many",
            Severity.ERROR,
            f"This release has {MOST_SOURCES} sources already.",
            "Release a new version with its source.",
        )
    if release.state in TURNED_AWAY or release.state is ReleaseState.WITHDRAWN:
        return Finding(
            "source.too_late",
            Severity.ERROR,
            f"Its release is {release.state.value} by now.",
            "Attach the source to a release that is offered or waits.",
        )
    package = select(Artifact.id).where(
        Artifact.release_id == release.id, Artifact.role == "package", Artifact.sha256 == sha256
    )
    if tx.scalar(package) is None:
        return None
    return Finding(
        "source.same",
        Severity.ERROR,
        "These are the bytes of the release itself, not its source.",
        "Pack the source code that the release is built from.",
    )


def _sources(tx: Session, release: Release) -> set[str]:
    rows = select(Artifact.sha256).where(Artifact.release_id == release.id, Artifact.role == "source")
    return set(tx.scalars(rows))


def _belongs_to_another(tx: Session, release: Release, sha256: str) -> bool:
    """Say whether the bytes are a release of somebody else: nobody opens those by calling them a source."""
    own = tx.get_one(Listing, release.listing_id).publisher_id
    theirs = (
        select(Artifact.id)
        .join(Release, Release.id == Artifact.release_id)
        .join(Listing, Listing.id == Release.listing_id)
        .where(Artifact.sha256 == sha256, Artifact.role == "package", Listing.publisher_id != own)
    )
    return tx.scalar(theirs.limit(1)) is not None


def _artifact(tx: Session, release: Release, key: str, measured: tuple[str, str, int]) -> Artifact:
    sha256, md5, size_bytes = measured
    listing = tx.get_one(Listing, release.listing_id)
    return Artifact(
        release_id=release.id, role="source", filename=f"{listing.identifier}-{release.version}-source.zip",
        sha256=sha256, md5=md5, size_bytes=size_bytes, incoming_key=key,
    )  # fmt: skip


def _finish(tx: Session, upload: Upload, release: Release, inspection: Inspection, sha256: str) -> None:
    upload.state, upload.release_id, upload.touched_at = UploadState.WAITING, release.id, now()
    upload.findings = [finding.as_json() for finding in inspection.findings]
    upload.steps = [*steps_of(inspection), done("waiting")]
    upload.sha256, upload.needs = sha256, []
    record(
        tx, "source_attached", by=SYSTEM, subject=("release", release.id),
        detail={"upload": str(upload.id), "sha256": sha256},
    )  # fmt: skip
