"""The pages of the catalogue: home, browse, a listing, a release."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, render_template, request

from registry.bundles.ecosystems import ECOSYSTEMS
from registry.bundles.ecosystems.base import Ecosystem
from registry.bundles.prose import render_markdown
from registry.configured import settings
from registry.conveyance.connecting import install_way
from registry.conveyance.getting import getting_of
from registry.derivations.reading import derived_from, origin_of
from registry.derivations.service import may_derive
from registry.licensing import words as license_words
from registry.licensing.showing import license_of, records_of
from registry.listings import service
from registry.listings.models import Listing
from registry.listings.service import Search
from registry.privacy.label import Label, label_of
from registry.privacy.service import notice_in_force
from registry.privacy.words import MATURITY
from registry.publishers.models import Publisher
from registry.publishers.reading import publishers_by_id
from registry.releases.models import Release
from registry.releases.reading import artifacts_of, pictures_named, pictures_of
from registry.web.access import current_actor, public
from registry.web.forms import is_part
from registry.web.leaving import way_out
from registry.web.templating import CHOSEN, KINDS, KNOWN, chosen_ecosystem

listings = Blueprint("listings", __name__)
FACETS = ("ecosystem", "kind", "party", "license", "basis", "maturity", "publisher")
SORTS = {"": "Newest first", "copies": "Most installed", "name": "By name"}
SORTS_OF_WORDS = {"": "Best match", "new": "Newest first", "copies": "Most installed", "name": "By name"}
TABS = {
    "overview": "Overview",
    "versions": "Versions",
    "license": "License",
    "privacy": "Privacy",
    "changes": "Changes",
}
POSTERS, TILES, POPULAR, MOST_ROWS = 3, 4, 4, 3
REMEMBERED_FOR_S = 365 * 24 * 3600


@listings.get("/")
@public
def home() -> Response:
    """Show what is good here, for my server; the choice of server is remembered in this browser."""
    chosen = _chosen()
    counts = service.count_by_ecosystem(Search())
    newest = service.search_listings(Search(ecosystem=chosen or None), limit=POSTERS + TILES).rows
    popular = [(e, _popular(e.name)) for e in _liked(chosen, counts)]
    rows = [*newest, *(listing for _, found in popular for listing in found)]
    latest = [row.latest_release_id for row in newest[:POSTERS] if row.latest_release_id]
    page = render_template(
        "listings/home.html",
        newest=newest, popular=popular, posters=pictures_named("fanart", latest), counts=counts,
        publishers=_publishers(rows), ecosystems=_by_count(counts), chosen=chosen, chosen_ecosystem=chosen,
    )  # fmt: skip
    return _remembering(Response(page), chosen)


@listings.get("/browse")
@public
def browse() -> Response:
    """Search the catalogue; the address holds the whole state."""
    search = _search()
    page = service.search_listings(search, cursor=request.args.get("cursor"))
    context: dict[str, Any] = {
        "search": search, "page": page, "publishers": _publishers(page.rows),
        "more": _address(cursor=page.next_cursor) if page.next_cursor else None,
    }  # fmt: skip
    if is_part() and request.args.get("cursor"):
        return Response(render_template("listings/_tiles.html", **context))
    context |= {
        "facets": _facets(service.count_by_facet(search)), "total": service.count_listings(search),
        "sorts": SORTS_OF_WORDS if search.words else SORTS, "sort": request.args.get("sort", ""),
        "narrowed": any(request.args.get(name) for name in (*FACETS, "may")),
    }  # fmt: skip
    response = Response(render_template(f"listings/{'_found' if is_part() else 'browse'}.html", **context))
    if is_part():
        response.headers["HX-Replace-Url"] = _address()
    return response


@listings.get("/listings/<ecosystem>/<identifier>")
@public
def show(ecosystem: str, identifier: str) -> str:
    """Answer: should I install it, and how?"""
    actor = current_actor()
    listing = service.find_listing(ecosystem, identifier, by=actor)
    releases = service.releases_of(listing, by=actor)
    latest = next((r for r in releases if r.id == listing.latest_release_id), None)
    shown = latest or (releases[0] if releases else None)
    pictures = pictures_of(shown.id) if shown else {}
    records = records_of(releases)
    tab = request.args.get("tab", "overview")
    return render_template(
        "listings/show.html",
        listing=listing, publisher=publishers_by_id([listing.publisher_id])[listing.publisher_id],
        releases=releases, latest=latest, shown=shown, about=_about(shown.content if shown else {}),
        artifacts=artifacts_of([release.id for release in releases]), pictures=pictures,
        shots=[picture for role, picture in pictures.items() if role.startswith("screenshot")],
        records=records, license=license_of(shown) if shown else None, kinds=license_words.KINDS,
        getting=getting_of(shown, by=actor) if shown else None,
        origin=origin_of(shown) if shown else None, made_from_it=derived_from(listing.id),
        may_derive=latest is not None and may_derive(latest, by=actor),
        label=_label(shown), way=install_way(listing), tabs=TABS, tab=tab if tab in TABS else "overview",
    )  # fmt: skip


@listings.get("/listings/<ecosystem>/<identifier>/<version>")
@public
def show_release(ecosystem: str, identifier: str, version: str) -> str:
    """Answer: what exactly are these bytes?"""
    actor = current_actor()
    listing = service.find_listing(ecosystem, identifier, by=actor)
    return release_page(listing, service.find_release(listing, version, by=actor), values={}, faults={})


def release_page(
    listing: Listing, release: Release, *, values: Mapping[str, str], faults: Mapping[str, str]
) -> str:
    """Return the page of a release; also with what was wrong in a form on it."""
    shown = license_of(release)
    return render_template(
        "releases/show.html",
        listing=listing, publisher=publishers_by_id([listing.publisher_id])[listing.publisher_id],
        release=release, artifacts=artifacts_of([release.id])[release.id], about=_about(release.content),
        origin=origin_of(release),
        label=_label(release), license=shown, kinds=license_words.KINDS,
        getting=getting_of(release, by=current_actor()),
        may_manage=current_actor().may_manage(listing.publisher_id), values=values, faults=faults,
    )  # fmt: skip


def _label(release: Release | None) -> Label | None:
    """Return the privacy label of a release, None where there is nothing to tell."""
    notice = notice_in_force(release) if release else None
    return label_of(notice.content) if notice else None


def _about(content: dict[str, Any]) -> dict[str, str]:
    """Return the strangers' texts of a release as safe HTML."""
    texts = {key: content.get(key) or "" for key in ("description", "changelog")}
    return {key: render_markdown(text, lead=way_out) for key, text in texts.items()}


def _search() -> Search:
    asked = {key: request.args.get(key) or None for key in FACETS}
    words = request.args.get("q", "").strip()
    sort = request.args.get("sort") or ("relevance" if words else "new")
    may = tuple(word for said in request.args.getlist("may") for word in said.split(",") if word)
    return Search(words=words, sort=sort, may=may, **asked)


def _facets(counts: dict[str, dict[str, int]]) -> dict[str, list[tuple[str, str, int]]]:
    """Return each facet's choices: value, words, how many listings it would leave."""
    titles = {e.name: e.title for e in ECOSYSTEMS}
    words: dict[str, dict[str, str]] = {
        "ecosystem": {name: titles.get(name, name) for name in counts["ecosystem"]},
        "kind": {kind.value: text.capitalize() for kind, text in KINDS.items()},
        "party": {"first": "First party", "third": "Third parties"},
        "license": {name: "No license" if name == "NONE" else name for name in counts["license"]},
        "basis": {name: license_words.BY_BASIS[name] for name in counts["basis"]},
        "may": license_words.PERMISSIONS,
        "maturity": MATURITY,
    }
    return {
        facet: [(value, text, counts[facet].get(value, 0)) for value, text in choices.items()]
        for facet, choices in words.items()
    }


def _chosen() -> str:
    """Return the ecosystem that was just chosen or is remembered; an unknown one is none."""
    asked = request.args.get(CHOSEN)
    return chosen_ecosystem() if asked is None else asked if asked in KNOWN else ""


def _remembering(response: Response, chosen: str) -> Response:
    if CHOSEN in request.args and chosen:
        response.set_cookie(
            CHOSEN, chosen, max_age=REMEMBERED_FOR_S, samesite="Lax", secure=settings().secure, httponly=True
        )
    elif CHOSEN in request.args:
        response.delete_cookie(CHOSEN, samesite="Lax", secure=settings().secure, httponly=True)
    return response


def _liked(chosen: str, counts: dict[str, int]) -> list[Ecosystem]:
    """Return the ecosystems to show a row of: the chosen one, else those with the most listings."""
    liked = [e for e in _by_count(counts) if e.name == chosen or not chosen]
    return [e for e in liked[:MOST_ROWS] if counts[e.name] > 1]


def _by_count(counts: dict[str, int]) -> list[Ecosystem]:
    """Return the ecosystems that have listings, those with the most first."""
    return sorted((e for e in ECOSYSTEMS if counts.get(e.name)), key=lambda e: -counts[e.name])


def _popular(ecosystem: str) -> list[Listing]:
    return list(service.search_listings(Search(ecosystem=ecosystem, sort="copies"), limit=POPULAR).rows)


def _publishers(rows: Iterable[Listing]) -> dict[UUID, Publisher]:
    return publishers_by_id([listing.publisher_id for listing in rows])


def _address(**changes: str) -> str:
    """Return this page's address with the parts that say something, and these changed."""
    said = [(key, value) for key, value in request.args.items(multi=True) if value and key != "cursor"]
    query = urlencode([*said, *changes.items()])
    return f"{request.path}?{query}" if query else request.path
