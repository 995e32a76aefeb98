"""The API of moderators."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict

from registry.listings.schemas import ReleaseOut
from registry.listings.showcase import show_releases
from registry.releases.service import get_release
from registry.review import service
from registry.review.models import Verdict
from registry.web.access import account_only, current_actor
from registry.web.pagination import link_header

reviews = APIBlueprint("reviews_api", __name__, url_prefix="/api/v1", tag="Review")


class DecisionIn(BaseModel):
    """A decision: approve, request_changes, reject, quarantine or withdraw; why; what would mend it.

    ``license``, with an approval, is the SPDX expression that is concluded where evidence leaves it open.
    """

    model_config = ConfigDict(extra="forbid")

    decision: Verdict
    reason: str = "review.approved"
    note: str = ""
    license: str | None = None


class DecisionOut(BaseModel):
    """A decision that was recorded, and the release after it."""

    id: str
    decision: Verdict
    reason: str
    note: str
    self_approved: bool
    decided_at: str
    release: ReleaseOut


@reviews.get("/reviews")
@reviews.doc(security="token")
@account_only
def queue() -> Response:
    """List what waits for a decision, oldest first."""
    page = service.list_waiting(by=current_actor(), cursor=request.args.get("cursor"))
    rows = [release.model_dump() for release in show_releases(page.rows)]
    response = jsonify({"releases": rows, "next": page.next_cursor})
    response.headers.update(link_header(page.next_cursor))
    return response


@reviews.post("/reviews/<uuid:release_id>/claim")
@reviews.doc(security="token")
@account_only
def claim(release_id: UUID) -> dict[str, Any]:
    """Tell other moderators that you are looking at this release, for half an hour."""
    held = service.claim_review(release_id, by=current_actor())
    return {"release": str(release_id), "until": held.until.isoformat()}


@reviews.post("/releases/<uuid:release_id>/decisions")
@reviews.input(DecisionIn, arg_name="body")
@reviews.output(DecisionOut, status_code=201)
@reviews.doc(security="token")
@account_only
def decide(release_id: UUID, body: DecisionIn) -> dict[str, Any]:
    """Decide on a release."""
    actor = current_actor()
    made = service.decide_review(
        release_id, verdict=body.decision, reason=body.reason, note=body.note, license=body.license, by=actor
    )
    release = show_releases([get_release(release_id, by=actor)])[0]
    return DecisionOut(
        id=str(made.id), decision=made.verdict, reason=made.reason, note=made.note,
        self_approved=made.self_approved, decided_at=made.decided_at.isoformat(), release=release,
    ).model_dump()  # fmt: skip
