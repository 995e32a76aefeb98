"""Writing license records: at ingest, and each time that something which they rest on changes.

Every function works in the caller's transaction. The newest record of a release is the one in force.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from licenses.compare import compare
from licenses.expiry import Expiry
from licenses.expressions import ExpressionError, normalise
from licenses.records import Declared, declare
from licenses.records import record as conclude_by_itself
from licenses.spdx import LIST_VERSION
from registry.bundles.inspection import Inspection
from registry.bundles.licensing import detection_as_json, detection_of_json
from registry.licensing.derived import REASON, breaks_same_license
from registry.licensing.models import (
    BY_A_PERSON,
    NOTHING_SAID,
    Basis,
    LicenseDetection,
    LicenseGrant,
    LicenseRecord,
    LicenseState,
    LicenseText,
    SourceKind,
)
from registry.licensing.terms import basis_for, digest_of, refs_of
from registry.listings.models import Listing
from registry.listings.showing import show_latest
from registry.mirrors.changes import Change, note_change
from registry.releases.models import Release
from registry.releases.states import ReleaseState
from registry.work import Work, enqueue

DETECTOR = f"marquee-3 spdx-{LIST_VERSION}"
#: Where a moderator's yes to the release is a yes to what the record suggests.
SUGGESTING = frozenset({"license.undeclared", "license.unproven"})


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new record says differently from the one before; the rest is taken over."""

    declared: Declared | None = None
    declared_by: UUID | None = None
    expression: str | None = None
    refs: Mapping[str, Any] = field(default_factory=dict)
    expiry: Expiry | None = None
    author_id: UUID | None = None
    note: str = ""


def record_at_ingest(
    tx: Session, release: Release, inspection: Inspection, *, account_id: UUID
) -> LicenseRecord:
    """Keep what was detected and draw the first record; add the reasons for which the release waits."""
    found = inspection.licenses
    assert found is not None  # noqa: S101 - an inspection that is ok has taken every step
    texts = _keep_texts(tx, found.detection.texts)
    detection = LicenseDetection(
        release_id=release.id, detector=DETECTOR, form=found.form, texts=texts,
        found=detection_as_json(found.detection) | {"texts": {}},
    )  # fmt: skip
    tx.add(detection)
    tx.flush()
    said = release.said.get("license")
    own = release.content.get("license")
    text = own or said
    draft = Draft(
        declared=declare(text) if text else None,
        declared_by=account_id if said and not own else None,
    )
    row = _drawn(tx, release, detection, draft, before=None)
    if own and said and _differ(own, said):
        row.state, row.expression, row.code = LicenseState.CONTRADICTION, None, "license.contradiction"
        row.reasons = [f"the bundle declares {own[:200]}, the upload said {said[:200]}", *row.reasons]
        _settle(row, None)
    _put_in_force(tx, release, row)
    return row


def redraw(tx: Session, release: Release, draft: Draft) -> LicenseRecord:
    """Draw a new record from the evidence and a new declaration or conclusion; put it in force."""
    before = record_in_force(tx, release)
    detection = tx.get_one(LicenseDetection, before.detection_id)
    row = _drawn(tx, release, detection, draft, before=before)
    _put_in_force(tx, release, row)
    return row


def carry_on(
    tx: Session, release: Release, author_id: UUID | None, note: str, **changed: Any
) -> LicenseRecord:
    """Write a record that differs from the one before only in ``changed`` (grant, source, changes)."""
    before = record_in_force(tx, release)
    kept = {
        name: getattr(before, name)
        for name in (
            "detection_id", "declared_text", "declared_expression", "declared_by", "state", "expression",
            "suggested", "code", "reasons", "refs", "grant_id", "form", "source", "source_address",
            "source_until", "changes", "change_date", "change_license",
        )
    }  # fmt: skip
    row = LicenseRecord(release_id=release.id, author_id=author_id, note=note, **{**kept, **changed})
    _settle(row, tx.get(LicenseGrant, row.grant_id) if row.grant_id else None)
    _put_in_force(tx, release, row)
    return row


def record_in_force(tx: Session, release: Release) -> LicenseRecord:
    """Return the record that the release names."""
    return tx.get_one(LicenseRecord, release.license_record_id)


def texts_of(tx: Session, detection: LicenseDetection) -> dict[str, str]:
    """Return the texts that a bundle brings, by path."""
    rows = tx.execute(
        select(LicenseText.sha256, LicenseText.text).where(LicenseText.sha256.in_(detection.texts.values()))
    )
    known = dict(rows.all())
    return {path: known[sha256] for path, sha256 in detection.texts.items()}


def last_published_record(tx: Session, release: Release) -> LicenseRecord | None:
    """Return the record in force of the newest other release of the listing that was ever published."""
    return tx.scalar(
        select(LicenseRecord)
        .join(Release, Release.license_record_id == LicenseRecord.id)
        .where(
            Release.listing_id == release.listing_id, Release.id != release.id,
            Release.published_at.is_not(None),
        )
        .order_by(Release.published_at.desc())
        .limit(1)
    )  # fmt: skip


def digest_of_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, the name under which it is kept and served."""
    return hashlib.sha256(text.encode()).hexdigest()


def _keep_texts(tx: Session, texts: Mapping[str, str]) -> dict[str, str]:
    digests = {path: digest_of_text(text) for path, text in texts.items()}
    rows = {digests[path]: text for path, text in texts.items()}
    if rows:
        values = [{"sha256": sha256, "text": text} for sha256, text in sorted(rows.items())]
        tx.execute(insert(LicenseText).values(values).on_conflict_do_nothing())
    return digests


def _drawn(
    tx: Session, release: Release, detection: LicenseDetection, draft: Draft, *, before: LicenseRecord | None
) -> LicenseRecord:
    declared = draft.declared
    if declared is None and before is not None and before.declared_text is not None:
        declared = declare(before.declared_text)
    own = conclude_by_itself(declared, detection_of_json(detection.found))
    concluded = draft.expression or own.concluded
    grant = tx.get(LicenseGrant, before.grant_id) if before is not None and before.grant_id else None
    row = LicenseRecord(
        release_id=release.id, detection_id=detection.id,
        declared_text=declared.text if declared else None,
        declared_expression=declared.expression if declared else None,
        declared_by=draft.declared_by if draft.declared or before is None else before.declared_by,
        state=LicenseState.CONCLUDED if draft.expression else LicenseState(own.state),
        expression=normalise(concluded) if concluded else None, suggested=own.suggested,
        code=BY_A_PERSON if draft.expression else own.code, reasons=list(own.reasons),
        refs=dict(draft.refs), form=detection.form, author_id=draft.author_id, note=draft.note,
        grant_id=grant.id if grant else None,
        source=before.source if before else SourceKind.NONE,
        source_address=before.source_address if before else None,
        source_until=before.source_until if before else None,
        changes=before.changes if before else release.said.get("changes"),
        change_date=draft.expiry.change_date if draft.expiry else None,
        change_license=draft.expiry.change_license if draft.expiry else None,
    )  # fmt: skip
    _settle(row, grant)
    return row


def _settle(row: LicenseRecord, grant: LicenseGrant | None) -> None:
    """Fill in what follows from expression and grant."""
    granted = grant is not None and grant.revoked_at is None
    row.basis = basis_for(row.expression, row.refs, granted=granted)
    of_grant = grant.terms_digest if grant is not None and row.basis is Basis.GRANT else None
    row.terms_digest = digest_of(row.expression, row.refs, row.basis, of_grant)


def _put_in_force(tx: Session, release: Release, row: LicenseRecord) -> None:
    tx.add(row)
    tx.flush()
    release.license_record_id = row.id
    if release.state is ReleaseState.WAITING:
        others = [reason for reason in release.reasons if not reason.startswith("license.")]
        release.reasons = [*others, *_reasons(tx, release, row)]
    tx.flush()
    note_change(tx, release, Change.LICENSE)
    if release.state is ReleaseState.PUBLISHED:
        listing = tx.get_one(Listing, release.listing_id, with_for_update=True)
        show_latest(tx, listing)
        enqueue(tx, Work.FEEDS, listing.ecosystem)


def _reasons(tx: Session, release: Release, row: LicenseRecord) -> list[str]:
    """Say why the license lets a release wait: it is open, or it is another one than last time."""
    reasons = []
    granted = row.code == NOTHING_SAID and row.basis is Basis.GRANT
    if row.state is not LicenseState.CONCLUDED and not granted:
        reasons.append("license.undecided")
    if row.state is LicenseState.CHANGED:
        reasons.append("license.altered")
    if row.state is LicenseState.CONTRADICTION:
        reasons.append("license.contradiction")
    last = last_published_record(tx, release)
    if last is not None and change_between(last, row) != "same":
        reasons.append("license.changed")
    if breaks_same_license(tx, release, row):
        reasons.append(REASON)
    return reasons


def change_between(old: LicenseRecord, new: LicenseRecord) -> str:
    """Return how the terms changed: same, wider, narrower or sideways; what is open counts as sideways."""
    now_said = new.expression or new.suggested
    if old.expression == now_said and old.refs == new.refs:
        return "same"
    if old.expression is None or now_said is None:
        return "sideways"
    try:
        change = compare(old.expression, now_said, refs_of(new.refs), refs_of(old.refs) or {}).change
    except ExpressionError:
        return "sideways"
    # Another license with the same facets is another license still.
    return "sideways" if change == "same" else change


def _differ(one: str, other: str) -> bool:
    mine, theirs = declare(one).expression, declare(other).expression
    return mine is not None and theirs is not None and normalise(mine) != normalise(theirs)
