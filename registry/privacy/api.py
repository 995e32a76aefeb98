"""The API of privacy: what is known of a release, declaring it, notices, and a moderator's acts."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from registry.accounts.actor import Actor
from registry.configured import settings
from registry.listings.service import find_listing
from registry.privacy import service
from registry.privacy.history import history_rows
from registry.privacy.models import Source
from registry.privacy.moderation import act_on_privacy
from registry.privacy.schemas import ActIn, DeclarationIn, GivenOut, HistoryOut, NoticeOut, PrivacyOut
from registry.web.access import account_only, current_actor, public
from registry.web.limits import limited

privacy = APIBlueprint("privacy_api", __name__, url_prefix="/api/v1", tag="Notices")


@privacy.get("/releases/<uuid:release_id>/privacy")
@privacy.output(PrivacyOut)
@public
def show(release_id: UUID) -> dict[str, Any]:
    """Show what of a release's privacy was declared, found in its code and set by reviewers."""
    return _described(release_id, current_actor())


@privacy.put("/releases/<uuid:release_id>/privacy")
@privacy.input(DeclarationIn, arg_name="body")
@privacy.output(PrivacyOut)
@privacy.doc(security="token", description="For members of its publisher. Once published: a new notice.")
@account_only
@limited("60 per hour")
def declare(release_id: UUID, body: DeclarationIn) -> dict[str, Any]:
    """Declare what a release does with data."""
    actor = current_actor()
    said = body.model_dump(exclude={"maturity"})
    service.declare_privacy(release_id, said, source=Source.API, by=actor, maturity=body.maturity)
    return _described(release_id, actor)


@privacy.post("/releases/<uuid:release_id>/privacy/acts")
@privacy.input(ActIn, arg_name="body")
@privacy.output(PrivacyOut, status_code=201)
@privacy.doc(security="token", description="For moderators, with the scope review.")
@account_only
def act(release_id: UUID, body: ActIn) -> dict[str, Any]:
    """Accept what became wider, require a declaration, set a row or the label, overrule a contradiction."""
    actor = current_actor()
    act_on_privacy(
        release_id, body.act, reason=body.reason, subject=body.subject, row=body.row, by=actor
    )  # fmt: skip
    return _described(release_id, actor)


@privacy.get("/notices/<digest>")
@privacy.output(NoticeOut)
@public
def notice(digest: str) -> dict[str, Any]:
    """Show a privacy notice by its digest, for machines; ``text`` is the short form of feeds."""
    return NoticeOut.of(service.find_notice(digest, by=current_actor()), settings().public_url).model_dump()


@privacy.get("/listings/<ecosystem>/<identifier>/notices")
@privacy.output(HistoryOut)
@public
def history(ecosystem: str, identifier: str) -> dict[str, Any]:
    """List the privacy notices that a listing had, since when, why, and what changed."""
    actor = current_actor()
    listing = find_listing(ecosystem, identifier, by=actor)
    rows = history_rows(service.history_of(listing, by=actor))
    return HistoryOut(notices=[GivenOut.of(row) for row in rows]).model_dump()


def _described(release_id: UUID, actor: Actor) -> dict[str, Any]:
    return PrivacyOut.of(service.picture_of(release_id, by=actor)).model_dump()
