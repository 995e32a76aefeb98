"""Looking at all published releases again, with the detector and tables of today; nothing is changed.

One release at a time: its stored bytes go through the closed reader, and what would now be concluded is
held against the record in force.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from licenses.expressions import ExpressionError, normalise
from licenses.records import Record, declare
from licenses.records import record as conclude_by_itself
from registry.bundles.confined import ReaderUnavailable, read_confined
from registry.bundles.inspection import Inspection
from registry.bundles.licensing import LicenseFindings
from registry.database import let_go, session
from registry.licensing.models import (
    BY_A_PERSON,
    BY_ITS_DATE,
    Basis,
    LicenseDetection,
    LicenseGrant,
    LicenseRecord,
)
from registry.licensing.recording import DETECTOR
from registry.licensing.terms import basis_for
from registry.listings.models import Listing
from registry.releases.models import Artifact, Release
from registry.releases.states import RESOLVABLE
from registry.storing import store
from storage.errors import StorageError
from storage.keys import blob_key

BATCH = 100
COMPARED = ("state", "expression", "suggested", "form", "basis")


@dataclass(frozen=True, slots=True)
class Audited:
    """One release: what is recorded, what would be now, and how they differ; or why it was not looked at."""

    release_id: UUID
    ecosystem: str
    identifier: str
    version: str
    recorded: dict[str, Any] = field(default_factory=dict)
    now: dict[str, Any] = field(default_factory=dict)
    differs: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the line that ``licenses audit --json`` prints."""
        return {
            "release": str(self.release_id), "ecosystem": self.ecosystem, "identifier": self.identifier,
            "version": self.version, "recorded": self.recorded, "now": self.now,
            "differs": list(self.differs), "reasons": list(self.reasons), "error": self.error,
        }  # fmt: skip

    def as_line(self) -> str:
        """Return the same for people."""
        name = f"{self.ecosystem} {self.identifier} {self.version}"
        if self.error is not None:
            return f"{name}: not looked at: {self.error}"
        if not self.differs:
            return f"{name}: as recorded"
        told = [f"{what} {_said(self.recorded[what])} → {_said(self.now[what])}" for what in self.differs]
        return f"{name}: {'; '.join(told)}"


@dataclass(frozen=True, slots=True)
class _Subject:
    release: Release
    listing: Listing
    artifact: Artifact
    record: LicenseRecord
    detector: str
    granted: bool


def audit_licenses() -> Iterator[Audited]:
    """Yield every published release, looked at again; no more than one is in memory."""
    last = UUID(int=0)
    while batch := _ids_after(last):
        for release_id in batch:
            yield _looked_at(_subject(release_id))
            session().expunge_all()
        last = batch[-1]


def _ids_after(last: UUID) -> list[UUID]:
    rows = select(Release.id).where(Release.state.in_(RESOLVABLE), Release.id > last)
    return list(session().scalars(rows.order_by(Release.id).limit(BATCH)))


def _subject(release_id: UUID) -> _Subject:
    row = session().execute(
        select(Release, Listing, Artifact, LicenseRecord, LicenseDetection.detector, LicenseGrant)
        .join(Listing, Listing.id == Release.listing_id)
        .join(Artifact, (Artifact.release_id == Release.id) & (Artifact.role == "package"))
        .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
        .join(LicenseDetection, LicenseDetection.id == LicenseRecord.detection_id)
        .outerjoin(LicenseGrant, LicenseGrant.id == LicenseRecord.grant_id)
        .where(Release.id == release_id)
    )
    release, listing, artifact, record, detector, grant = row.one()
    return _Subject(release, listing, artifact, record, detector, bool(grant and not grant.revoked_at))


def _looked_at(subject: _Subject) -> Audited:
    named = (
        subject.release.id,
        subject.listing.ecosystem,
        subject.listing.identifier,
        subject.release.version,
    )
    let_go()
    try:
        found = _inspected(subject).licenses
    except (ReaderUnavailable, StorageError) as error:
        return Audited(*named, error=str(error)[:300])
    if found is None:
        return Audited(*named, error="the reader refuses its bytes by now")
    return _compared(named, subject, found)


def _inspected(subject: _Subject) -> Inspection:
    with tempfile.TemporaryFile(prefix="marquee-") as file:
        with store().open(store().config.bucket_published, blob_key(subject.artifact.sha256)) as blob:
            for chunk in blob:
                file.write(chunk)
        file.seek(0)
        return read_confined(file, subject.artifact.filename)


def _compared(named: tuple[UUID, str, str, str], subject: _Subject, found: LicenseFindings) -> Audited:
    record = subject.record
    text = record.declared_text
    own = conclude_by_itself(declare(text) if text else None, found.detection)
    now = {**_concluded(record, own), "form": found.form, "detector": DETECTOR}
    now["basis"] = _basis(now["expression"], record, granted=subject.granted).value
    recorded = {
        "state": record.state.value, "expression": record.expression, "suggested": record.suggested,
        "form": record.form, "basis": record.basis.value, "detector": subject.detector,
    }  # fmt: skip
    differs = tuple(key for key in COMPARED if now[key] != recorded[key])
    return Audited(*named, recorded=recorded, now=now, differs=differs, reasons=own.reasons[:20])


def _concluded(record: LicenseRecord, own: Record) -> dict[str, Any]:
    """Return what would be concluded: what a person concluded stays, only the suggestion may be another."""
    by_person = record.code in {BY_A_PERSON, BY_ITS_DATE}
    return {
        "state": record.state.value if by_person else own.state,
        "expression": record.expression if by_person else _plain(own.concluded),
        "suggested": own.suggested,
    }  # fmt: skip


def _basis(expression: str | None, record: LicenseRecord, *, granted: bool) -> Basis:
    try:
        return basis_for(expression, record.refs, granted=granted)
    except ExpressionError:
        return Basis.NONE


def _plain(expression: str | None) -> str | None:
    return normalise(expression) if expression else None


def _said(value: Any) -> str:
    return "nothing" if value is None else str(value)
