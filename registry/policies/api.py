"""The API of policy pages: what is watched of a listing, what waits to be called, and the call."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from registry.listings.service import find_listing
from registry.policies import schemas, service
from registry.policies.answering import answer_with_original
from registry.policies.models import Standing
from registry.policies.originals import find_original
from registry.policies.wording import difference
from registry.web.access import account_only, current_actor, public

policies = APIBlueprint("policies_api", __name__, url_prefix="/api/v1", tag="Privacy")


@policies.get("/listings/<ecosystem>/<identifier>/policies")
@policies.output(schemas.PolicyList)
@public
def of_listing(ecosystem: str, identifier: str) -> dict[str, Any]:
    """Show the policy pages that a listing names, with what was wrong with them at the last look."""
    actor = current_actor()
    listing = find_listing(ecosystem, identifier, by=actor)
    seen = service.policies_of(listing)
    if not service.may_call(listing, by=actor):
        seen = [service.Seen(each.policy, each.listing, each.current) for each in seen]
    return {"policies": [schemas.PolicyOut.of(each).model_dump() for each in seen]}


@policies.get("/policies/pending")
@policies.output(schemas.PolicyList)
@policies.doc(security="token")
@account_only
def pending() -> dict[str, Any]:
    """List the changes of policy pages that wait for you to call them, the oldest first."""
    seen = service.list_pending(by=current_actor())
    return {"policies": [schemas.PolicyOut.of(each).model_dump() for each in seen]}


@policies.get("/policies/texts/<uuid:text_id>")
@policies.output(schemas.TextWhole)
@public
def text(text_id: UUID) -> dict[str, Any]:
    """Show what stood on a policy page, and how it differs from what is in force."""
    seen, found = service.find_text(text_id, by=current_actor())
    before = seen.current.text if seen.current else ""
    told = difference(before, found.text) if seen.current and seen.current.id != found.id else []
    return {**schemas.TextOut.of(found).model_dump(), "text": found.text, "difference": told}


@policies.get("/policies/texts/<uuid:text_id>/original")
@policies.doc(security="token", description="An attachment, of the type that it came with.")
@account_only
def original(text_id: UUID) -> Response:
    """Download the page as it came: for moderators and members of its publisher."""
    return answer_with_original(find_original(text_id, by=current_actor()))


@policies.post("/policies/texts/<uuid:text_id>/call")
@policies.input(schemas.CallChange, arg_name="body")
@policies.output(schemas.TextOut)
@policies.doc(security="token")
@account_only
def call(text_id: UUID, body: schemas.CallChange) -> dict[str, Any]:
    """Call a change of words *wording* or *meaning*, as the publisher or a moderator."""
    found = service.call_change(text_id, Standing(body.standing), note=body.note, by=current_actor())
    return schemas.TextOut.of(found).model_dump()
