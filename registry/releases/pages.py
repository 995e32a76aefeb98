"""The pages of a publisher's acts on a release."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from registry.database import session
from registry.errors import Invalid
from registry.listings.models import Listing
from registry.releases import service
from registry.releases.models import Release
from registry.web.access import account_only, current_actor, public

releases = Blueprint("releases", __name__)


@releases.get("/releases/<uuid:release_id>")
@public
def show(release_id: UUID) -> Redirect:
    """Lead to the release's page under its listing."""
    return redirect(_page_of(service.get_release(release_id, by=current_actor())))


@releases.post("/releases/<uuid:release_id>/yank")
@account_only
def yank(release_id: UUID) -> Redirect:
    """Yank a release."""
    actor = current_actor()
    try:
        service.yank_release(release_id, reason=request.form.get("reason", ""), by=actor)
    except Invalid as error:
        flash(error.detail, "bad")
    return redirect(_page_of(service.get_release(release_id, by=actor)))


@releases.post("/releases/<uuid:release_id>/unyank")
@account_only
def unyank(release_id: UUID) -> Redirect:
    """Offer a yanked release again."""
    return redirect(_page_of(service.unyank_release(release_id, by=current_actor())))


def _page_of(release: Release) -> str:
    listing = session().get_one(Listing, release.listing_id)
    return url_for(
        "listings.show_release", ecosystem=listing.ecosystem, identifier=listing.identifier,
        version=release.version,
    )  # fmt: skip
