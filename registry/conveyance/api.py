"""The API of artifacts and their copies."""

import base64
import hashlib
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from licenses.notices import Notices
from registry.conveyance import service
from registry.conveyance.answering import answer_with_artifact
from registry.conveyance.notices import notices_of_copy, notices_of_release
from registry.conveyance.receipts import receipt_of
from registry.conveyance.sbom import cyclonedx_of_release, spdx_of_release
from registry.web.access import current_actor, public
from registry.web.addresses import absolute
from registry.web.limits import limited

copies = APIBlueprint("copies", __name__, url_prefix="/api/v1", tag="Copies")


@copies.get("/artifacts/<sha256>")
@copies.doc(description="HEAD and Range work; every answer carries Marquee-Copy: ID.")
@public
def artifact(sha256: str) -> Response:
    """Download an artifact by its SHA-256; the bytes, or a redirect to where they are."""
    return answer_with_artifact(service.find_wanted(sha256, by=current_actor()))


@copies.post("/artifacts/<sha256>/copies")
@public
@limited("120 per minute")
def make_copy(sha256: str) -> tuple[dict[str, Any], int]:
    """Record a new copy, with a new id; ``url`` gives its bytes."""
    copy = service.make_copy(sha256, by=current_actor())
    return {
        "id": str(copy.id),
        "url": absolute("copies.artifact", sha256=sha256, copy=copy.id),
        "receipt": absolute("copies.receipt", copy_id=copy.id),
    }, 201


@copies.get("/copies/<uuid:copy_id>")
@public
def receipt(copy_id: UUID) -> dict[str, Any]:
    """Show the receipt of a copy: what went out, under which terms, and where the notices are."""
    return receipt_of(copy_id, by=current_actor())


@copies.get("/copies/<uuid:copy_id>/notices")
@copies.doc(description="text/plain. They stay as they were when the copy was made.")
@public
def notices(copy_id: UUID) -> Response:
    """Show what goes with a copy: license texts, copyright lines, NOTICE files, changes, source."""
    return _as_text(notices_of_copy(copy_id, by=current_actor()))


@copies.get("/releases/<uuid:release_id>/notices")
@copies.doc(description="text/plain. What a copy made now would have with it.")
@public
def release_notices(release_id: UUID) -> Response:
    """Show the notices of a release: license texts, copyright lines, NOTICE files, changes, source."""
    return _as_text(notices_of_release(release_id, by=current_actor()))


@copies.get("/releases/<uuid:release_id>/sbom.spdx.json")
@public
def spdx(release_id: UUID) -> Response:
    """Show a release as an SPDX 2.3 document."""
    return _document(spdx_of_release(release_id, by=current_actor()), "application/spdx+json")


@copies.get("/releases/<uuid:release_id>/sbom.cdx.json")
@public
def cyclonedx(release_id: UUID) -> Response:
    """Show a release as a CycloneDX 1.6 document."""
    return _document(
        cyclonedx_of_release(release_id, by=current_actor()), "application/vnd.cyclonedx+json; version=1.6"
    )


def _as_text(told: Notices) -> Response:
    response = _document(told.as_text(), "text/plain; charset=utf-8")
    digest = hashlib.sha256(response.get_data())
    response.headers["ETag"] = f'"{digest.hexdigest()}"'
    response.headers["Content-Digest"] = f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    return response


def _document(text: str, content_type: str) -> Response:
    """Return a document that a correction of its record changes: it is asked for anew each time."""
    return Response(text, content_type=content_type, headers={"Cache-Control": "no-cache"})
