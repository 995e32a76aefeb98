"""The API of the catalogue."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from registry.listings import service
from registry.listings.schemas import ListingDetail, ListingPage, ReleaseOut
from registry.listings.showcase import show_listing, show_listings, show_releases
from registry.servers.limiting import shown_to
from registry.web.access import account_only, current_actor, public
from registry.web.limits import limited
from registry.web.pagination import link_header

listings = APIBlueprint("listings_api", __name__, url_prefix="/api/v1/listings", tag="Catalogue")


class SearchIn(BaseModel):
    """What is looked for; every part may be left out."""

    model_config = ConfigDict(extra="ignore")

    q: str = ""
    ecosystem: str | None = None
    kind: str | None = None
    license: str | None = Field(None, description="the concluded SPDX expression")
    may: str = Field("", description="what everybody may do, by commas: redistribute, modify, commercial")
    basis: str | None = Field(None, description="why copies go out: license, grant or none")
    party: str | None = Field(None, description="first or third")
    third_party: bool | None = Field(None, description="the same as party: true is third, false first")
    maturity: str | None = Field(None, description="at most this label: everyone, teen, mature or adult")
    publisher: str | None = None
    sort: str = Field("new", description="new, name, copies or relevance")
    limit: int = Field(24, ge=1, le=100)
    cursor: str | None = None


class ClaimIn(BaseModel):
    """Why an identifier is yours."""

    model_config = ConfigDict(extra="forbid")

    publisher: str
    reason: str


def _party(third_party: bool | None) -> str | None:  # noqa: FBT001 - a filter as it was asked for
    return None if third_party is None else "third" if third_party else "first"


@listings.get("")
@listings.input(SearchIn, location="query", arg_name="asked")
@listings.output(ListingPage)
@public
def search(asked: SearchIn) -> Response:
    """Search the catalogue."""
    wanted = service.Search(
        words=asked.q, ecosystem=asked.ecosystem, kind=asked.kind, license=asked.license,
        party=asked.party or _party(asked.third_party), publisher=asked.publisher,
        maturity=asked.maturity, sort=asked.sort, basis=asked.basis,
        may=tuple(word for word in asked.may.split(",") if word),
    )  # fmt: skip
    page = service.search_listings(wanted, cursor=asked.cursor, limit=asked.limit)
    rows = shown_to(page.rows, by=current_actor())
    answer = ListingPage(listings=show_listings(rows), next=page.next_cursor)
    response = jsonify(answer.model_dump())
    response.headers.update(link_header(page.next_cursor))
    return response


@listings.get("/<ecosystem>/<identifier>")
@listings.output(ListingDetail)
@public
def show(ecosystem: str, identifier: str) -> dict[str, Any]:
    """Show one listing with its releases."""
    actor = current_actor()
    listing = service.find_listing(ecosystem, identifier, by=actor)
    return show_listing(listing, by=actor).model_dump()


@listings.get("/<ecosystem>/<identifier>/<version>")
@listings.output(ReleaseOut)
@public
def show_version(ecosystem: str, identifier: str, version: str) -> dict[str, Any]:
    """Show one release by its exact version; a yanked one still resolves."""
    actor = current_actor()
    listing = service.find_listing(ecosystem, identifier, by=actor)
    release = service.find_release(listing, version, by=actor)
    return show_releases([release])[0].model_dump()


@listings.post("/<ecosystem>/<identifier>/claims")
@listings.input(ClaimIn, arg_name="body")
@listings.doc(security="token")
@account_only
@limited("10 per hour")
def claim(ecosystem: str, identifier: str, body: ClaimIn) -> tuple[dict[str, Any], int]:
    """File a claim on an identifier that another publisher holds."""
    filed = service.claim_identifier(
        ecosystem, identifier, publisher=body.publisher, reason=body.reason, by=current_actor()
    )
    return {"id": str(filed.id)}, 201
