"""The API of license records."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from registry.clock import now
from registry.database import session
from registry.errors import NotFound
from registry.licensing import service
from registry.licensing.asking import what_is_open
from registry.licensing.expiring import expiry_of
from registry.licensing.models import LicenseDetection, LicenseRecord, LicenseText
from registry.licensing.schemas import (
    ConcludeIn,
    DeclareIn,
    GrantIn,
    LicenseOut,
    MirrorBasesOut,
    MirrorBasisIn,
    MirrorBasisOut,
    OfferIn,
)
from registry.licensing.submission import current_terms
from registry.mirrors.basis import bases_of, record_basis
from registry.releases.models import Release
from registry.web.access import account_only, admin_only, current_actor, moderator_only, public

licensing = APIBlueprint("licensing", __name__, url_prefix="/api/v1", tag="Licenses")


def _show(row: LicenseRecord) -> dict[str, Any]:
    detection = session().get_one(LicenseDetection, row.detection_id)
    release = session().get_one(Release, row.release_id)
    in_force = release.license_record_id == row.id
    asked = what_is_open(release, row, at=now()).names if in_force else []
    return LicenseOut.of(row, detection, asked).model_dump()


@licensing.get("/releases/<uuid:release_id>/license")
@licensing.output(LicenseOut)
@public
def show(release_id: UUID) -> dict[str, Any]:
    """Show the license record in force: declared, detected, concluded, basis, and what follows."""
    _, row, _ = service.record_of(release_id, by=current_actor())
    return _show(row)


@licensing.get("/releases/<uuid:release_id>/license/history")
@public
def history(release_id: UUID) -> dict[str, Any]:
    """List every license record of a release, the oldest first."""
    return {"records": [_show(row) for row in service.history_of(release_id, by=current_actor())]}


@licensing.put("/releases/<uuid:release_id>/license/declared")
@licensing.input(DeclareIn, arg_name="body")
@licensing.output(LicenseOut)
@licensing.doc(security="token")
@account_only
def declare(release_id: UUID, body: DeclareIn) -> dict[str, Any]:
    """Say which license a waiting release has, where the bundle does not say it."""
    return _show(service.declare_license(release_id, body.license, by=current_actor()))


@licensing.put("/releases/<uuid:release_id>/license/concluded")
@licensing.input(ConcludeIn, arg_name="body")
@licensing.output(LicenseOut)
@licensing.doc(security="token")
@account_only
def conclude(release_id: UUID, body: ConcludeIn) -> dict[str, Any]:
    """Conclude the license as a moderator; a correction is a new record, in force for new copies at once."""
    references = {name: given.model_dump() for name, given in body.references.items()}
    row = service.conclude_license(
        release_id, body.expression, note=body.note, refs=references, by=current_actor(),
        expiry=expiry_of(body.change_date, body.change_license),
    )  # fmt: skip
    return _show(row)


@licensing.put("/releases/<uuid:release_id>/license/grant")
@licensing.input(GrantIn, arg_name="body")
@licensing.output(LicenseOut)
@licensing.doc(security="token")
@account_only
def grant(release_id: UUID, body: GrantIn) -> dict[str, Any]:
    """Grant this registry the right to convey a release, under the submission terms."""
    return _show(service.give_grant(release_id, terms_digest=body.terms_digest, by=current_actor()))


@licensing.delete("/releases/<uuid:release_id>/license/grant")
@licensing.output(LicenseOut)
@licensing.doc(security="token")
@account_only
def revoke(release_id: UUID) -> dict[str, Any]:
    """Revoke a grant: no new copies on its ground; copies made before keep their terms."""
    return _show(service.revoke_grant(release_id, by=current_actor()))


@licensing.put("/releases/<uuid:release_id>/license/source-offer")
@licensing.input(OfferIn, arg_name="body")
@licensing.output(LicenseOut)
@licensing.doc(security="token")
@account_only
def offer(release_id: UUID, body: OfferIn) -> dict[str, Any]:
    """Offer the source of a binary in writing, for at least three years."""
    row = service.offer_source(release_id, address=body.address, until=body.until, by=current_actor())
    return _show(row)


@licensing.get("/releases/<uuid:release_id>/license/mirror-basis")
@licensing.output(MirrorBasesOut)
@licensing.doc(security="token")
@moderator_only
def mirror_bases(release_id: UUID) -> dict[str, Any]:
    """List on which grounds the operator lets mirrors have a release whose copies are conditional."""
    rows = bases_of(release_id, by=current_actor())
    return {"bases": [MirrorBasisOut.of(row).model_dump() for row in rows]}


@licensing.put("/releases/<uuid:release_id>/license/mirror-basis")
@licensing.input(MirrorBasisIn, arg_name="body")
@licensing.output(MirrorBasisOut)
@licensing.doc(security="token")
@admin_only
def mirror_basis(release_id: UUID, body: MirrorBasisIn) -> dict[str, Any]:
    """Record such a ground, or take it back; in force at once, until the terms change. For admins."""
    row = record_basis(release_id, given=body.given, reason=body.reason, by=current_actor())
    return MirrorBasisOut.of(row).model_dump()


@licensing.get("/license-texts/<sha256>")
@public
def text(sha256: str) -> Response:
    """Show one license text as it stands in a bundle, as plain text."""
    found = session().get(LicenseText, sha256)
    if found is None or not service.text_is_public(sha256, by=current_actor()):
        raise NotFound("There is no such text.")
    return Response(found.text, content_type="text/plain; charset=utf-8")


@licensing.get("/submission-terms")
@public
def submission_terms() -> dict[str, Any]:
    """Show the submission terms that a grant is given under now."""
    terms = current_terms()
    return {"version": terms.version, "sha256": terms.sha256, "text": terms.text}
