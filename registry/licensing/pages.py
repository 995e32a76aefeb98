"""The pages of a license: the record and its evidence, what publishers may say, the moderators' desk."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from licenses.compatibility import CREDIT
from registry.acknowledgements.models import How, Subject
from registry.acknowledgements.service import acknowledge
from registry.clock import now
from registry.conveyance.service import check_not_removed
from registry.database import session
from registry.errors import Conflict, Invalid, MarqueeError, NotFound, StateMoved, fault
from registry.licensing import forms, service, words
from registry.licensing.asking import Asked, suggestions, what_is_open
from registry.licensing.change import Change, change_of
from registry.licensing.declaring import check_expression
from registry.licensing.expiring import expiry_of, suggested_expiry
from registry.licensing.models import LicenseRecord
from registry.licensing.recording import texts_of
from registry.licensing.showing import LicenseShown, asking_forms, show_license, show_text
from registry.licensing.terms import InForce
from registry.listings.models import Listing
from registry.mirrors.basis import bases_of, basis_helps, basis_in_force, record_basis
from registry.publishers.models import Publisher
from registry.releases.models import Release
from registry.review.own import may_decide_on
from registry.web.access import account_only, admin_only, current_actor, moderator_only, public
from registry.web.addresses import own_path
from registry.web.forms import faults_of

license_pages = Blueprint("license_pages", __name__)
#: Texts that need a look are shown at once, as many as these; the others a click away.
MOST_TEXTS = 4


@license_pages.get("/releases/<uuid:release_id>/license")
@public
def show(release_id: UUID) -> str:
    """Answer: what is recorded of its license, and on which evidence?"""
    return _page(release_id, {}, {})


@license_pages.get("/releases/<uuid:release_id>/license/text")
@public
def text(release_id: UUID) -> str:
    """Show one text of a bundle with its evidence marked."""
    release, _, detection = service.record_of(release_id, by=current_actor())
    check_not_removed(release, by=current_actor())
    shown = show_text(detection, request.args.get("file", ""))
    if shown is None:
        raise NotFound("No text of that name was kept from this release.")
    return render_template("licensing/text.html", release=release, text=shown)


@license_pages.post("/releases/<uuid:release_id>/license/declare")
@account_only
def declare(release_id: UUID) -> tuple[str, int] | Redirect:
    """Take the license that the publisher says."""
    said = request.form.get("license", "")
    return _said(
        release_id, lambda: service.declare_license(release_id, said, by=current_actor()),
        "Kept as said by you. A moderator compares it with the files.", "license",
    )  # fmt: skip


@license_pages.post("/releases/<uuid:release_id>/license/grant")
@account_only
def grant(release_id: UUID) -> tuple[str, int] | Redirect:
    """Take the publisher's grant under the terms whose digest the form carries."""

    def act() -> LicenseRecord:
        if request.form.get("agreed") != "yes":
            raise fault("terms_digest", "Say that you have read the terms and may grant this.")
        digest = request.form.get("terms_digest", "")
        return service.give_grant(release_id, terms_digest=digest, by=current_actor())

    return _said(release_id, act, "Granted. You may revoke it at any time.", "terms_digest")


@license_pages.post("/releases/<uuid:release_id>/license/revoke")
@account_only
def revoke(release_id: UUID) -> tuple[str, int] | Redirect:
    """Take a grant back."""
    return _said(
        release_id, lambda: service.revoke_grant(release_id, by=current_actor()),
        "Revoked: no new copies are made on its ground.", "form",
    )  # fmt: skip


@license_pages.post("/releases/<uuid:release_id>/license/offer")
@account_only
def offer(release_id: UUID) -> tuple[str, int] | Redirect:
    """Take a written offer of the source."""
    address = request.form.get("address", "")
    return _said(
        release_id,
        lambda: service.offer_source(release_id, address=address, until=_until(), by=current_actor()),
        "Kept: the offer goes with every copy.", "address",
    )  # fmt: skip


@license_pages.post("/releases/<uuid:release_id>/terms")
@account_only
def accept(release_id: UUID) -> Redirect:
    """Keep that the account accepts the terms in force, which the form names by their digest."""
    actor = current_actor()
    release, record, _ = service.record_of(release_id, by=actor)
    terms = InForce.of(record, at=now())
    if request.form.get("digest") == terms.digest:
        acknowledge(Subject.TERMS, terms.digest, how=How.PAGE, by=actor)
        flash("Accepted. You are asked again only when these terms change.", "ok")
    else:
        flash("These terms have changed since you read them. Read them again below.", "bad")
    listing = session().get_one(Listing, release.listing_id)
    here = url_for("listings.show", ecosystem=listing.ecosystem, identifier=listing.identifier)
    return redirect(own_path(request.form.get("next", "")) or here)


@license_pages.get("/review/<uuid:release_id>/license")
@moderator_only
def review(release_id: UUID) -> str:
    """Answer: which license is it, and what says so?"""
    return _desk(release_id, {}, {}, {})


@license_pages.post("/review/<uuid:release_id>/license")
@moderator_only
def conclude(release_id: UUID) -> tuple[str, int] | Redirect:
    """Record a conclusion: what the form says, or the same as last time."""
    sent = forms.terms_sent(request.form)
    try:
        if request.form.get("act") == "last":
            row = service.conclude_as_last(release_id, note=request.form.get("note", ""), by=current_actor())
        else:
            row = _conclude_as_said(release_id, sent)
    except StateMoved:
        raise
    except (Invalid, Conflict) as error:
        page = _desk(release_id, request.form.to_dict(), faults_of(error, "expression"), sent)
        return page, error.status
    flash(f"Concluded: {row.expression}. Why copies go out: {words.BASES[row.basis.value]}.", "ok")
    return redirect(url_for("reviews.show", release_id=release_id))


@license_pages.post("/review/<uuid:release_id>/license/mirrors")
@admin_only
def mirrors(release_id: UUID) -> tuple[str, int] | Redirect:
    """Record the operator's ground on which mirrors may have it, or take it back."""
    given = request.form.get("act") == "record"
    try:
        record_basis(release_id, given=given, reason=request.form.get("reason", ""), by=current_actor())
    except StateMoved:
        raise
    except (Invalid, Conflict) as error:
        return _desk(release_id, request.form.to_dict(), faults_of(error, "reason"), {}), error.status
    flash("Recorded: mirrors hear of it now." if given else "Taken back: mirrors hear of it now.", "ok")
    return redirect(url_for("license_pages.review", release_id=release_id))


def _conclude_as_said(release_id: UUID, sent: forms.Given) -> LicenseRecord:
    actor = current_actor()
    _, record, _ = service.record_of(release_id, by=actor)
    expression = check_expression(request.form.get("expression", ""))
    if missing := forms.terms_missing(expression, sent):
        raise fault("references", f"Say what {missing[0][:100]} allows; what is not known is not allowed.")
    wanted = forms.terms_missing(expression, {})
    note = request.form.get("note", "").strip() or forms.default_note(record.reasons)
    refs = {name: sent[name] for name in wanted}
    expiry = expiry_of(_day(), request.form.get("change_license"))
    return service.conclude_license(release_id, expression, note=note, refs=refs, expiry=expiry, by=actor)


def _day() -> date | None:
    said = request.form.get("change_date", "").strip()
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise fault("change_date", "Say from which day on: 2030-01-31.") from error


def _said(
    release_id: UUID, act: Callable[[], LicenseRecord], told: str, field: str
) -> tuple[str, int] | Redirect:
    """Do what a publisher's form asks; a fault is told beside its field on the license's page."""
    try:
        act()
    except StateMoved:
        raise
    except (Invalid, Conflict) as error:
        return _page(release_id, request.form.to_dict(), faults_of(error, field)), error.status
    flash(told, "ok")
    here = url_for("license_pages.show", release_id=release_id)
    return redirect(own_path(request.form.get("next", "")) or here)


def _until() -> datetime:
    try:
        day = datetime.fromisoformat(request.form.get("until", "")).replace(tzinfo=UTC)
    except ValueError as error:
        raise fault("until", "Say until which day: 2030-01-31.") from error
    return day + timedelta(hours=23, minutes=59)  # the whole of that day


def _page(release_id: UUID, values: Mapping[str, str], faults: Mapping[str, str]) -> str:
    actor = current_actor()
    release, record, detection = service.record_of(release_id, by=actor)
    listing, publisher = _of(release)
    may_say = actor.may_upload_to(publisher.id)
    asked = what_is_open(release, record, at=now()) if may_say else Asked()
    return render_template(
        "licensing/show.html",
        release=release, listing=listing, publisher=publisher, words=words, values=values, faults=faults,
        history=service.history_of(release_id, by=actor), next=own_path(request.form.get("next", "")),
        **asking_forms(show_license(record, detection), asked),
    )  # fmt: skip


def _desk(release_id: UUID, values: dict[str, str], faults: Mapping[str, str], sent: forms.Given) -> str:
    actor = current_actor()
    release, record, detection = service.record_of(release_id, by=actor)
    shown, change = show_license(record, detection), change_of(release, record, detection)
    listing, publisher = _of(release)
    wanted = [file.path for file in shown.files if file.sha256 and (file.altered or file.review)]
    return render_template(
        "licensing/review.html",
        release=release, listing=listing, publisher=publisher, shown=shown, change=change, words=words,
        values=values, faults=faults, credit=CREDIT, suggestions=suggestions(record),
        history=service.history_of(release_id, by=actor), terms=_terms(values, shown, change, sent),
        texts=[text for path in wanted[:MOST_TEXTS] if (text := show_text(detection, path))],
        may_decide=may_decide_on(session(), release, listing, actor),
        ends=_ends(values, record, texts_of(session(), detection).values()),
        bases=bases_of(release.id, by=actor), basis_helps=basis_helps(record),
        basis=basis_in_force(session(), release.id, InForce.of(record, at=now()).digest),
    )  # fmt: skip


def _terms(
    values: Mapping[str, str], shown: LicenseShown, change: Change | None, sent: forms.Given
) -> forms.Given:
    """Return the terms to fill in: of the references that are written, concluded or suggested."""
    try:
        written = check_expression(values["expression"]) if "expression" in values else ""
    except MarqueeError:
        written = ""
    names = forms.terms_missing(written, {}) if written else shown.references
    return forms.terms_for(names, sent, shown.record.refs, change.last.refs if change else {})


def _ends(values: Mapping[str, str], record: LicenseRecord, texts: Iterable[str]) -> tuple[str, str]:
    """Return the day and the license to fill in: what was sent, else what is recorded or suggested."""
    if "change_date" in values:
        return values["change_date"], values.get("change_license", "")
    if record.expiry is not None:
        return record.expiry.change_date.isoformat(), record.expiry.change_license
    if record.expression is not None:
        return "", ""
    day, other = suggested_expiry(record.suggested, texts)
    return day.isoformat() if day else "", other or ""


def _of(release: Release) -> tuple[Listing, Publisher]:
    listing = session().get_one(Listing, release.listing_id)
    return listing, session().get_one(Publisher, listing.publisher_id)
