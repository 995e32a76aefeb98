"""The pages of a publisher's acts on a release."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from registry.database import session
from registry.errors import Invalid
from registry.listings.models import Listing
from registry.listings.pages import release_page
from registry.releases import service
from registry.releases.models import Release
from registry.web.access import account_only, current_actor, public
from registry.web.forms import faults_of

releases = Blueprint("releases", __name__)


@releases.get("/releases/<uuid:release_id>")
@public
def show(release_id: UUID) -> Redirect:
    """Lead to the release's page under its listing."""
    return redirect(_page_of(service.get_release(release_id, by=current_actor())))


@releases.post("/releases/<uuid:release_id>/yank")
@account_only
def yank(release_id: UUID) -> tuple[str, int] | Redirect:
    """Yank a release."""
    actor = current_actor()
    try:
        service.yank_release(release_id, reason=request.form.get("reason", ""), by=actor)
    except Invalid as error:
        release = service.get_release(release_id, by=actor)
        page = release_page(
            _listing_of(release), release, values=request.form, faults=faults_of(error, "reason")
        )
        return page, error.status
    flash("It is yanked: new installs no longer get it.", "ok")
    return redirect(_page_of(service.get_release(release_id, by=actor)))


@releases.post("/releases/<uuid:release_id>/unyank")
@account_only
def unyank(release_id: UUID) -> Redirect:
    """Offer a yanked release again."""
    release = service.unyank_release(release_id, by=current_actor())
    flash("It is offered again.", "ok")
    return redirect(_page_of(release))


def _listing_of(release: Release) -> Listing:
    return session().get_one(Listing, release.listing_id)


def _page_of(release: Release) -> str:
    listing = _listing_of(release)
    return url_for(
        "listings.show_release", ecosystem=listing.ecosystem, identifier=listing.identifier,
        version=release.version,
    )  # fmt: skip
