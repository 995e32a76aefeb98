"""The transaction in which an upload becomes a release that waits, or learns why it cannot."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from registry.accounts.actor import SYSTEM
from registry.audit.service import record
from registry.bundles.checks import holding_reasons
from registry.bundles.ecosystems import ecosystem
from registry.bundles.findings import Finding, Severity
from registry.bundles.inspection import Inspection
from registry.bundles.names import skeleton
from registry.clock import now
from registry.database import transaction
from registry.ingest.content import content_of, files_of, steps_of
from registry.ingest.reconcile import Reconciled
from registry.ingest.steps import done
from registry.licensing.recording import record_at_ingest
from registry.listings.models import Listing
from registry.listings.neighbours import similar_listing
from registry.privacy.recording import record_privacy
from registry.publishers.models import Publisher
from registry.releases.models import Artifact, Picture, Release, Tombstone
from registry.releases.ordering import renumber
from registry.releases.states import TURNED_AWAY
from registry.review.automatic import approve_by_policy
from registry.uploads.models import ENDED, Upload, UploadState
from storage.keys import upload_key


def record_release(
    upload: Upload,
    agreed: Reconciled,
    inspection: Inspection,
    sha256: str,
    md5: str,
    size_bytes: int,
) -> Finding | None:
    """Record the release, or return the finding that refuses it. Runs twice without harm."""
    assert inspection.metadata is not None  # noqa: S101 - the caller has looked
    with transaction() as tx:
        row = tx.get_one(Upload, upload.id, with_for_update=True, populate_existing=True)
        if row.state in ENDED:
            return None
        listing, fresh = _listing(tx, row.publisher_id, agreed, inspection)
        refusal = _taken(tx, listing, row.publisher_id) or _buried(tx, listing, agreed.version)
        if refusal:
            return _undone(tx, refusal)
        known = tx.scalar(
            select(Release).where(
                Release.listing_id == listing.id,
                Release.version == agreed.version,
                Release.state.not_in(TURNED_AWAY),
            )
        )
        if known and not _same_artifact(tx, known.id, sha256):
            return _undone(tx, _exists(listing, agreed.version))
        release = known or _new_release(tx, row, listing, agreed, inspection, fresh=fresh)
        if not known:
            _add_files(tx, row, release, inspection, (sha256, md5, size_bytes))
            record_at_ingest(tx, release, inspection, account_id=row.account_id)
            record_privacy(tx, release, inspection, row)
        _finish(tx, row, release, inspection, sha256)
    return None


def _undone(tx: Session, refusal: Finding) -> Finding:
    """Undo the listing that a refused upload has just made."""
    tx.rollback()
    return refusal


def _listing(
    tx: Session, publisher_id: UUID, agreed: Reconciled, inspection: Inspection
) -> tuple[Listing, bool]:
    """Return the listing of the identifier, made if it is new; two makers at once get one (unique key)."""
    assert inspection.metadata is not None  # noqa: S101
    where = (
        Listing.ecosystem == inspection.metadata.ecosystem,
        Listing.identifier == agreed.identifier,
    )
    made = tx.execute(
        insert(Listing)
        .values(
            publisher_id=publisher_id, ecosystem=inspection.metadata.ecosystem,
            identifier=agreed.identifier, kind=agreed.kind, name=agreed.name,
            summary=inspection.metadata.summary[:500], skeleton=skeleton(agreed.identifier),
            description="", copies=0, created_at=now(), updated_at=now(),
        )
        .on_conflict_do_nothing(index_elements=["ecosystem", "identifier"])
        .returning(Listing.id)
    ).one_or_none()  # fmt: skip
    listing = tx.scalars(select(Listing).where(*where).with_for_update()).one()
    return listing, made is not None


def _taken(tx: Session, listing: Listing, publisher_id: UUID) -> Finding | None:
    if listing.publisher_id == publisher_id:
        return None
    owner = tx.get_one(Publisher, listing.publisher_id)
    return Finding(
        "identifier.taken",
        Severity.ERROR,
        f"{listing.identifier} belongs to the publisher {owner.slug}.",
        "Choose another identifier, or file a claim on the listing's page if this one is yours.",
    )


def _buried(tx: Session, listing: Listing, version: str) -> Finding | None:
    grave = tx.get(Tombstone, (listing.ecosystem, listing.identifier, version))
    if grave is None:
        return None
    return Finding(
        "release.tombstoned",
        Severity.ERROR,
        f"{listing.identifier} {version} was here before; a name and version are never used again.",
        "Give the release a new version.",
    )


def _exists(listing: Listing, version: str) -> Finding:
    return Finding(
        "release.exists",
        Severity.ERROR,
        f"{listing.identifier} {version} is here already with other bytes; a release never changes.",
        "Raise the version and upload again.",
    )


def _same_artifact(tx: Session, release_id: UUID, sha256: str) -> bool:
    same = select(Artifact.id).where(Artifact.release_id == release_id, Artifact.sha256 == sha256)
    return tx.scalar(same) is not None


def _new_release(
    tx: Session,
    upload: Upload,
    listing: Listing,
    agreed: Reconciled,
    inspection: Inspection,
    *,
    fresh: bool,
) -> Release:
    assert inspection.metadata is not None  # noqa: S101 - the caller has looked
    release = Release(
        listing_id=listing.id, version=agreed.version,
        content=content_of(inspection.metadata, agreed), said=agreed.said,
        findings=[finding.as_json() for finding in inspection.findings], files=files_of(inspection),
        uploaded_by=upload.account_id, derived_from_id=_origin(agreed),
        reasons=_reasons(tx, listing, inspection.findings, fresh=fresh),
    )  # fmt: skip
    tx.add(release)
    tx.flush()  # its id is needed by its artifacts
    renumber(tx, listing.id, ecosystem(listing.ecosystem).version_key)
    return release


def _origin(agreed: Reconciled) -> UUID | None:
    said = agreed.said.get("derived_from")
    return UUID(said) if said else None


def _reasons(tx: Session, listing: Listing, findings: Sequence[Finding], *, fresh: bool) -> list[str]:
    """Say why a moderator must look; shown in the queue."""
    owner = tx.get_one(Publisher, listing.publisher_id)
    reasons = ["review.first_release"] if listing.latest_release_id is None else ["review.update"]
    if not owner.first_party:
        reasons.append("review.third_party")
    if fresh and similar_listing(tx, listing):
        reasons.append("name.too_similar")
    reasons.extend(holding_reasons(list(findings)))
    return reasons


def _add_files(
    tx: Session,
    upload: Upload,
    release: Release,
    inspection: Inspection,
    digests: tuple[str, str, int],
) -> None:
    sha256, md5, size_bytes = digests
    listing = tx.get_one(Listing, release.listing_id)
    filename = ecosystem(listing.ecosystem).filename(listing.identifier, release.version)
    tx.add(
        Artifact(
            release_id=release.id, role="package", filename=filename, sha256=sha256, md5=md5,
            size_bytes=size_bytes, incoming_key=upload_key(str(upload.id)),
        )
    )  # fmt: skip
    for picture in inspection.pictures:
        tx.add(
            Picture(
                release_id=release.id, role=picture.role, sha256=hashlib.sha256(picture.body).hexdigest(),
                content_type=picture.content_type, width_px=picture.width_px,
                height_px=picture.height_px, size_bytes=len(picture.body),
            )
        )  # fmt: skip


def _finish(tx: Session, upload: Upload, release: Release, inspection: Inspection, sha256: str) -> None:
    upload.state, upload.release_id, upload.touched_at = UploadState.WAITING, release.id, now()
    upload.findings = [finding.as_json() for finding in inspection.findings]
    upload.steps = _steps(inspection)
    upload.sha256 = sha256
    upload.needs = []
    record(
        tx,
        "release_received",
        by=SYSTEM,
        subject=("release", release.id),
        detail={"upload": str(upload.id)},
    )
    tx.flush()
    approve_by_policy(tx, release)


def _steps(inspection: Inspection) -> list[dict[str, Any]]:
    return [*steps_of(inspection), done("waiting")]
