"""The API of releases: show, yank, offer again."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import BaseModel, ConfigDict

from registry.listings.schemas import ReleaseOut
from registry.listings.showcase import show_releases
from registry.releases import service
from registry.web.access import account_only, current_actor, public

releases = APIBlueprint("releases_api", __name__, url_prefix="/api/v1/releases", tag="Releases")


class YankIn(BaseModel):
    """Why a release is yanked; people who have it will read it."""

    model_config = ConfigDict(extra="forbid")

    reason: str


@releases.get("/<uuid:release_id>")
@releases.output(ReleaseOut)
@public
def show(release_id: UUID) -> dict[str, Any]:
    """Show a release."""
    return show_releases([service.get_release(release_id, by=current_actor())])[0].model_dump()


@releases.post("/<uuid:release_id>/yank")
@releases.input(YankIn, arg_name="body")
@releases.output(ReleaseOut)
@releases.doc(security="token")
@account_only
def yank(release_id: UUID, body: YankIn) -> dict[str, Any]:
    """Take a release out of feeds and search; its exact version still resolves."""
    released = service.yank_release(release_id, reason=body.reason, by=current_actor())
    return show_releases([released])[0].model_dump()


@releases.delete("/<uuid:release_id>/yank")
@releases.output(ReleaseOut)
@releases.doc(security="token")
@account_only
def unyank(release_id: UUID) -> dict[str, Any]:
    """Offer a yanked release again."""
    return show_releases([service.unyank_release(release_id, by=current_actor())])[0].model_dump()
