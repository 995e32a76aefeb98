"""The API for mirrors: other registries, and servers that keep a copy of the catalogue."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from registry.conveyance.answering import answer_with_artifact
from registry.mirrors import service
from registry.web.access import current_actor, public

mirrors = APIBlueprint("mirrors", __name__, url_prefix="/api/v1/mirror", tag="Mirrors")


class SinceIn(BaseModel):
    """Where to go on: the ``serial`` of the answer before, 0 at first."""

    since: int = Field(0, ge=0)
    limit: int = Field(100, ge=1, le=service.MOST)


@mirrors.get("")
@mirrors.input(SinceIn, location="query", arg_name="asked")
@mirrors.doc(
    description="`offered` holds all that is known of a release; `removed` must no longer be passed on."
)
@public
def changes(asked: SinceIn) -> tuple[dict[str, Any], int, dict[str, str]]:
    """List what changed for mirrors since a serial; only releases that may be redistributed."""
    found = service.changes_since(asked.since, limit=asked.limit, by=current_actor())
    told = {
        "since": asked.since, "serial": found.serial, "latest": found.latest, "more": found.more,
        "changes": found.changes,
    }  # fmt: skip
    return told, 200, {"Cache-Control": "no-cache"}


@mirrors.get("/artifacts/<sha256>")
@mirrors.doc(description="HEAD and Range work. The copy is recorded as one of a mirror.")
@public
def artifact(sha256: str) -> Response:
    """Download an artifact that mirrors may pass on, by its SHA-256."""
    return answer_with_artifact(service.find_mirrored(sha256, by=current_actor()))
