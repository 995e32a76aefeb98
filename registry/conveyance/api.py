"""The API of artifacts and their copies."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from registry.conveyance import service
from registry.conveyance.answering import answer_with_artifact
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
    copy, _ = service.make_copy(sha256, by=current_actor())
    return {
        "id": str(copy.id),
        "url": absolute("copies.artifact", sha256=sha256, copy=copy.id),
        "receipt": absolute("copies.receipt", copy_id=copy.id),
    }, 201


@copies.get("/copies/<uuid:copy_id>")
@public
def receipt(copy_id: UUID) -> dict[str, Any]:
    """Show the receipt of a copy."""
    return service.receipt_of(copy_id)
