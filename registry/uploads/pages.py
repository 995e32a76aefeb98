"""The pages of publishing: drop a file, watch its steps, say what the bundle cannot."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Redirect

from registry.bundles.limits import DEFAULT_LIMITS, MIB
from registry.clock import now
from registry.errors import Invalid, Malformed, MarqueeError, fault
from registry.licensing.asking import Asked, what_is_open
from registry.licensing.service import record_of
from registry.licensing.showing import asking_forms, records_of, show_license
from registry.privacy.words import MATURITY
from registry.publishers.service import list_publishers_of
from registry.releases.mine import list_releases_of
from registry.releases.models import Release
from registry.review.waiting import places_in_queue, usual_wait_s
from registry.uploads import service
from registry.uploads.bodies import SizedBody
from registry.uploads.models import ENDED, Upload, UploadState
from registry.uploads.parts import received_parts
from registry.uploads.relations import related_of
from registry.uploads.showing import show_upload
from registry.web.access import account_only, current_actor, takes_up_to
from registry.web.forms import faults_of, is_part
from registry.web.limits import limited
from registry.web.templating import KINDS

uploads_pages = Blueprint("uploads_pages", __name__)
STEPS = (
    ("stored", "Stored", "The bytes are safe and their digest is checked."),
    ("opened", "Opened", "The archive is whole and holds no tricks."),
    ("identified", "Identified", "We know which media server it is for."),
    ("read", "Read", "Its own metadata is read."),
    ("checked", "Checked", "Every file was looked at."),
    ("searched", "Searched", "Hosts, data and rights that its code names are listed."),
    ("licensed", "Licenses read", "What its files say of the license is compared with what is declared."),
    ("pictured", "Pictured", "Its pictures are encoded anew."),
    ("waiting", "In the queue", "A moderator looks at it next."),
)
FORM_EXTRA_BYTES = 1 * MIB
#: What the form of a new upload says beside the file.
SAID = ("source_for", "derived_from", "changes", "maturity")


@uploads_pages.get("/publish")
@account_only
def publish() -> str:
    """Answer: how do I get mine in?"""
    return _form({}, {})


@uploads_pages.post("/publish")
@account_only
@takes_up_to(DEFAULT_LIMITS.upload_bytes + FORM_EXTRA_BYTES)
@limited("60 per minute")
def publish_plain() -> tuple[str, int] | Redirect:
    """Take a file by the plain form, for browsers without JavaScript."""
    try:
        upload = _take(request.files.getlist("file"))
    except MarqueeError as error:
        return _form(request.form, faults_of(error, "file")), error.status
    return redirect(url_for("uploads_pages.show", upload_id=upload.id))


@uploads_pages.post("/publish/open")
@account_only
@limited("60 per minute")
def open_in_parts() -> tuple[Response, int]:
    """Open an upload for the page's script, which sends the parts; the digest is computed here."""
    asked = request.get_json()
    if not isinstance(asked, dict) or type(asked.get("size")) is not int:
        raise fault("size", "Say the size of the file in bytes.")
    said = asked.get("said")
    upload, _ = service.open_upload(
        publisher=str(asked.get("publisher", "")), filename=str(asked.get("filename", "")),
        size_bytes=asked["size"], sha256=None, by=current_actor(),
        said=_said(said if isinstance(said, dict) else {}),
    )  # fmt: skip
    service.prepare_parts(upload)
    shown = show_upload(upload, by=current_actor())
    page = url_for("uploads_pages.show", upload_id=upload.id)
    return jsonify(
        {**shown, "page": page, "state_url": url_for("uploads.show_upload", upload_id=upload.id)}
    ), 201


@uploads_pages.get("/uploads/<uuid:upload_id>")
@account_only
def show(upload_id: UUID) -> str:
    """Show where an upload stands; the steps renew themselves."""
    part = is_part() and request.args.get("part") == "steps"
    return _page(upload_id, template="uploads/_steps.html" if part else "uploads/show.html")


@uploads_pages.post("/uploads/<uuid:upload_id>/say")
@account_only
def say(upload_id: UUID) -> tuple[str, int] | Redirect:
    """Take what the bundle cannot say."""
    words = {key: value for key, value in request.form.items() if key != "csrf_token"}
    try:
        service.say(upload_id, words, by=current_actor())
    except Invalid as error:
        faults = {key.removeprefix("said/"): text for key, text in faults_of(error).items()}
        return _page(upload_id, values=words, faults=faults), error.status
    return redirect(url_for("uploads_pages.show", upload_id=upload_id))


@uploads_pages.post("/uploads/<uuid:upload_id>/abort")
@account_only
def abort(upload_id: UUID) -> Redirect:
    """Give an upload up."""
    service.abort_upload(upload_id, by=current_actor())
    flash("The upload was given up; its bytes are gone.", "ok")
    return redirect(url_for("uploads_pages.mine"))


@uploads_pages.get("/mine")
@account_only
def mine() -> str:
    """Answer: where do mine stand?"""
    actor = current_actor()
    rows = list_releases_of(actor)
    uploads = service.list_uploads(by=actor)
    return render_template(
        "uploads/mine.html",
        uploads=[u for u in uploads if u.release_id is None and u.state is not UploadState.ABORTED],
        rows=rows, publishers=list_publishers_of(actor), usual_wait_s=usual_wait_s(),
        asked=_asked_of([release for release, _, _ in rows]),
        places=places_in_queue([release.id for release, _, _ in rows]),
    )  # fmt: skip


def _asked_of(releases: list[Release]) -> dict[UUID, Asked]:
    """Return what is still wanted of the licenses of releases, by the release's id."""
    records, moment = records_of(releases), now()
    found = {release.id: what_is_open(release, records[release.id], at=moment) for release in releases}
    return {release_id: asked for release_id, asked in found.items() if asked.anything}


def _form(values: Mapping[str, str], faults: Mapping[str, str]) -> str:
    publishers = list_publishers_of(current_actor())
    return render_template(
        "uploads/publish.html",
        publishers=publishers, choices=[(publisher.slug, publisher.name) for publisher, _ in publishers],
        values=values or request.args, faults=faults, most=DEFAULT_LIMITS.upload_bytes,
        steps=[(title, text) for _, title, text in STEPS],
        related=related_of(values or request.args, by=current_actor()), labels=list(MATURITY.items()),
    )  # fmt: skip


def _page(
    upload_id: UUID,
    *,
    template: str = "uploads/show.html",
    values: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> str:
    upload = service.get_upload(upload_id, by=current_actor())
    steps = _steps(upload)
    return render_template(
        template,
        upload=upload, steps=steps, told=_told(steps), ended=upload.state in ENDED or bool(upload.needs),
        findings=_findings(upload), received=sum(part.size_bytes for part in received_parts(upload)),
        kinds=[(kind.value, text.capitalize()) for kind, text in KINDS.items()], values=values or {},
        faults=faults or {}, **_license_questions(upload),
    )  # fmt: skip


def _license_questions(upload: Upload) -> dict[str, Any]:
    """Return what the evidence leaves open of the license of the release that the upload became."""
    if upload.release_id is None:
        return {"asked": Asked()}
    actor = current_actor()
    release, record, detection = record_of(upload.release_id, by=actor)
    mine = actor.may_upload_to(upload.publisher_id)
    asked = what_is_open(release, record, at=now()) if mine else Asked()
    here = url_for("uploads_pages.show", upload_id=upload.id)
    return {"release": release, "next": here, **asking_forms(show_license(record, detection), asked)}


def _said(given: Mapping[str, Any]) -> dict[str, str]:
    """Return what the form says beside the file: of another release, and for whom it is."""
    return {key: str(given[key]) for key in SAID if given.get(key)}


def _take(files: list[FileStorage]) -> Upload:
    if len(files) > 1:
        raise Malformed("Choose one file; each upload is one bundle.")
    if not files or not files[0].filename:
        raise fault("file", "Choose one file.")
    file = files[0]
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    opened, _ = service.open_upload(
        publisher=request.form.get("publisher", ""), filename=file.filename or "", size_bytes=size,
        sha256=None, said=_said(request.form), by=current_actor(),
    )  # fmt: skip
    for number in range(1, -(-size // opened.part_bytes) + 1):
        length = min(opened.part_bytes, size - file.stream.tell())
        service.receive_part(opened.id, number, SizedBody(file.stream, length), by=current_actor())
        file.stream.seek(number * opened.part_bytes)
    return service.complete_upload(opened.id, by=current_actor())


def _steps(upload: Upload) -> list[dict[str, str]]:
    """Join the steps taken with those to come; the first one not taken is the present one."""
    taken = {step["name"]: step["state"] for step in upload.steps}
    shown: list[dict[str, str]] = []
    for name, title, text in STEPS:
        state = taken.get(name, "now" if all(s["state"] == "done" for s in shown) else "later")
        still = upload.state in ENDED or bool(upload.needs) or upload.state is UploadState.OPEN
        shown.append({"title": title, "text": text, "state": "later" if still and state == "now" else state})
    return shown


def _findings(upload: Upload) -> list[dict[str, str]]:
    """Return the findings to show; what a form beside them asks for is not said twice."""
    return [found for found in upload.findings if not (upload.needs and found["code"].startswith("said."))]


def _told(steps: list[dict[str, str]]) -> str:
    """Return where it stands in one sentence, for those who do not see the list."""
    for number, step in enumerate(steps, start=1):
        if step["state"] != "done":
            return f"Step {number} of {len(steps)}: {step['title']}"
    return "All steps are done."
