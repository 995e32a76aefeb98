"""The pages of the catalogue: home, browse, a listing, a release."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from registry.bundles.ecosystems import ECOSYSTEMS
from registry.bundles.ecosystems.base import Kind
from registry.bundles.prose import render_markdown
from registry.conveyance.connecting import install_way
from registry.listings import service
from registry.listings.models import Listing
from registry.listings.service import Search
from registry.publishers.models import Publisher
from registry.publishers.reading import publishers_by_id
from registry.releases.reading import artifacts_of, pictures_of
from registry.web.access import current_actor, public

listings = Blueprint("listings", __name__)
SORTS = {"new": "Newest first", "name": "By name", "relevance": "Best match"}


@listings.get("/")
@public
def home() -> str:
    """Show what is good here, for my server."""
    newest = service.search_listings(Search(), limit=9).rows
    counts = service.count_by_facet(Search())["ecosystem"]
    return render_template(
        "listings/home.html",
        newest=newest, publishers=_publishers(newest), counts=counts, ecosystems=ECOSYSTEMS,
    )  # fmt: skip


@listings.get("/browse")
@public
def browse() -> str:
    """Search the catalogue; the address holds the whole state."""
    search = _search()
    page = service.search_listings(search, cursor=request.args.get("cursor"))
    context: dict[str, Any] = {
        "search": search, "page": page, "publishers": _publishers(page.rows), "sorts": SORTS,
        "more": _with(cursor=page.next_cursor) if page.next_cursor else None,
    }  # fmt: skip
    if request.headers.get("HX-Request") and request.args.get("cursor"):
        return render_template("listings/_tiles.html", **context)
    return render_template(
        "listings/browse.html", counts=service.count_by_facet(search), ecosystems=ECOSYSTEMS, kinds=list(Kind),
        without=_without, **context,
    )  # fmt: skip


@listings.get("/listings/<ecosystem>/<identifier>")
@public
def show(ecosystem: str, identifier: str) -> str:
    """Answer: should I install it, and how?"""
    actor = current_actor()
    listing = service.find_listing(ecosystem, identifier, by=actor)
    releases = service.releases_of(listing, by=actor)
    latest = next((r for r in releases if r.id == listing.latest_release_id), None)
    shown = latest or (releases[0] if releases else None)
    return render_template(
        "listings/show.html",
        listing=listing, publisher=publishers_by_id([listing.publisher_id])[listing.publisher_id],
        releases=releases, latest=latest, shown=shown, about=_about(shown.content if shown else {}),
        artifacts=artifacts_of([shown.id])[shown.id] if shown else [],
        pictures=pictures_of(shown.id) if shown else {}, way=install_way(listing),
        tab=request.args.get("tab", "overview"),
    )  # fmt: skip


@listings.get("/listings/<ecosystem>/<identifier>/<version>")
@public
def show_release(ecosystem: str, identifier: str, version: str) -> str:
    """Answer: what exactly are these bytes?"""
    actor = current_actor()
    listing = service.find_listing(ecosystem, identifier, by=actor)
    release = service.find_release(listing, version, by=actor)
    return render_template(
        "releases/show.html",
        listing=listing, publisher=publishers_by_id([listing.publisher_id])[listing.publisher_id],
        release=release, artifacts=artifacts_of([release.id])[release.id],
        about=_about(release.content), may_manage=actor.may_manage(listing.publisher_id),
    )  # fmt: skip


def _about(content: dict[str, Any]) -> dict[str, str]:
    """Return the strangers' texts of a release as safe HTML."""
    return {key: render_markdown(content.get(key) or "") for key in ("description", "changelog")}


def _search() -> Search:
    asked = {
        key: request.args.get(key) or None for key in ("ecosystem", "kind", "license", "party", "publisher")
    }
    words = request.args.get("q", "").strip()
    sort = request.args.get("sort") or ("relevance" if words else "new")
    return Search(words=words, sort=sort, **asked)


def _publishers(rows: Any) -> dict[Any, Publisher]:
    found: list[Listing] = list(rows)
    return publishers_by_id([listing.publisher_id for listing in found])


def _with(**changes: str) -> str:
    query = {**request.args.to_dict(), **changes}
    return f"{request.path}?{urlencode(query)}"


def _without(*names: str) -> str:
    query = {k: v for k, v in request.args.to_dict().items() if k not in {*names, "cursor"}}
    return f"{request.path}?{urlencode(query)}"
