"""The API of uploads."""

import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Flask, Response, current_app, request

from registry.accounts.actor import Actor
from registry.bundles.limits import DEFAULT_LIMITS
from registry.errors import fault
from registry.uploads import service
from registry.uploads.bodies import body_of_request
from registry.uploads.models import ENDED, Upload
from registry.uploads.rules import PART_BYTES, digest_of_request
from registry.uploads.schemas import OpenUpload, Say, UploadOut
from registry.uploads.showing import show_upload as described
from registry.web.access import account_only, current_actor
from registry.web.limits import limited

uploads = APIBlueprint("uploads", __name__, url_prefix="/api/v1/uploads", tag="Uploads")
EVENTS_FOR_S = 50
EVENTS_EVERY_S = 0.4
SAID_IN_QUERY = (
    "version", "license", "name", "kind", "identifier", "maturity", "changes", "source_for", "derived_from",
)  # fmt: skip


def _show(upload: Upload) -> dict[str, Any]:
    return described(upload, by=current_actor())


@uploads.post("")
@uploads.input(OpenUpload, arg_name="body")
@uploads.output(UploadOut, status_code=201)
@uploads.doc(security="token")
@account_only
@limited("120 per minute")
def open_upload(body: OpenUpload) -> tuple[dict[str, Any], int]:
    """Open an upload in parts. 200 and the known upload when the same bytes are here already."""
    upload, new = service.open_upload(
        publisher=body.publisher, filename=body.filename, size_bytes=body.size,
        sha256=body.sha256 or _missing(), said=body.said, by=current_actor(),
    )  # fmt: skip
    service.prepare_parts(upload)
    return _show(upload), 201 if new else 200


def _missing() -> str:
    return digest_of_request({}, {})


@uploads.put("")
@uploads.output(UploadOut, status_code=202)
@uploads.doc(
    security="token",
    description="The file is the body. Query: publisher, filename, sha256, and what the bundle cannot say.",
)
@account_only
@limited("120 per minute")
def upload_whole() -> tuple[dict[str, Any], int]:
    """Upload a small file in one request. 200 and the known upload when the same bytes are here already."""
    for name in ("publisher", "filename"):
        if not request.args.get(name):
            raise fault(name, f"Say the {name} in the query: PUT /api/v1/uploads?{name}=…")
    upload, new = service.receive_whole(
        publisher=request.args["publisher"], filename=request.args["filename"],
        sha256=digest_of_request(dict(request.headers), request.args),
        said={key: request.args[key] for key in SAID_IN_QUERY if key in request.args},
        body=body_of_request(at_most=DEFAULT_LIMITS.upload_bytes), by=current_actor(),
    )  # fmt: skip
    return _show(upload), 202 if new else 200


@uploads.get("")
@uploads.doc(security="token")
@account_only
def list_uploads() -> dict[str, Any]:
    """List the newest uploads of your publishers."""
    return {"uploads": [_show(upload) for upload in service.list_uploads(by=current_actor())]}


@uploads.get("/<uuid:upload_id>")
@uploads.output(UploadOut)
@uploads.doc(security="token")
@account_only
def show_upload(upload_id: UUID) -> dict[str, Any]:
    """Show where an upload stands, and which parts are safe."""
    return _show(service.get_upload(upload_id, by=current_actor()))


@uploads.put("/<uuid:upload_id>/parts/<int:number>")
@uploads.doc(security="token", description="The part is the body; its size must be exact.")
@account_only
def receive_part(upload_id: UUID, number: int) -> dict[str, Any]:
    """Store one part; the same part again replaces the one before."""
    body = body_of_request(at_most=PART_BYTES)
    part = service.receive_part(upload_id, number, body, by=current_actor())
    return {"number": part.number, "size": part.size_bytes}


@uploads.post("/<uuid:upload_id>/complete")
@uploads.output(UploadOut, status_code=202)
@uploads.doc(security="token")
@account_only
def complete_upload(upload_id: UUID) -> dict[str, Any]:
    """Join the parts and begin ingest. Safe to repeat."""
    return _show(service.complete_upload(upload_id, by=current_actor()))


@uploads.patch("/<uuid:upload_id>")
@uploads.input(Say, arg_name="body")
@uploads.output(UploadOut)
@uploads.doc(security="token")
@account_only
def say(upload_id: UUID, body: Say) -> dict[str, Any]:
    """Say what the bundle cannot, and go on."""
    return _show(service.say(upload_id, body.said, by=current_actor()))


@uploads.delete("/<uuid:upload_id>")
@uploads.output(UploadOut)
@uploads.doc(security="token")
@account_only
def abort_upload(upload_id: UUID) -> dict[str, Any]:
    """Give an upload up."""
    return _show(service.abort_upload(upload_id, by=current_actor()))


@uploads.get("/<uuid:upload_id>/events")
@uploads.doc(security="token", description="Server-sent events; each is the upload, when it changed.")
@account_only
def events(upload_id: UUID) -> Response:
    """Follow an upload until it ends; reconnect after 50 s."""
    actor = current_actor()
    service.get_upload(upload_id, by=actor)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    response = Response(_follow(app, upload_id, actor), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    return response


def _follow(app: Flask, upload_id: UUID, actor: Actor) -> Iterator[str]:
    """Give the upload whenever it changed; nothing of the database is held while we wait."""
    last, until = "", time.monotonic() + EVENTS_FOR_S
    while time.monotonic() < until:
        with app.app_context():
            upload = service.get_upload(upload_id, by=actor)
            text = json.dumps(described(upload, by=actor))
        if text != last:
            last = text
            yield f"event: upload\ndata: {text}\n\n"
        if upload.state in ENDED or upload.needs:
            return
        time.sleep(EVENTS_EVERY_S)
