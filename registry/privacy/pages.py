"""The pages of privacy: a notice, a release's records, the form, a moderator's acts, a listing's history."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from registry.acknowledgements.models import How, Subject
from registry.acknowledgements.service import acknowledge, has_acknowledged
from registry.bundles.privacy import taxonomy
from registry.bundles.privacy.comparison import covers
from registry.database import session
from registry.errors import Invalid, MarqueeError, fault
from registry.listings.models import Listing
from registry.listings.service import find_listing
from registry.policies.service import Seen, is_of_its_people, policies_of
from registry.privacy import forms, service, words
from registry.privacy.comparing import contacts_of
from registry.privacy.history import history_rows
from registry.privacy.label import label_of
from registry.privacy.models import Act, Source
from registry.privacy.moderation import act_on_privacy
from registry.privacy.reading import in_force
from registry.privacy.showing import data_lines
from registry.publishers.models import Publisher
from registry.releases.models import Release
from registry.releases.service import get_release
from registry.review.own import may_decide_on
from registry.web.access import account_only, current_actor, moderator_only, public
from registry.web.addresses import own_path
from registry.web.forms import faults_of

privacy = Blueprint("privacy", __name__)
LEVELS = {"E1": "stands in code or data", "E2": "reaches a network call", "E3": "mark of a telemetry kit"}


@privacy.get("/notices/<digest>")
@public
def notice(digest: str) -> str:
    """Answer: what am I told, and have I acknowledged it?"""
    found = service.find_notice(digest, by=current_actor())
    listing, publisher = service.subject_of(found)
    return render_template(
        "privacy/notice.html",
        notice=found, label=label_of(found.content), next=own_path(request.args.get("next", "")),
        name=listing.name, publisher=publisher.name,
        acknowledged=has_acknowledged(Subject.NOTICE, digest, by=current_actor()),
    )  # fmt: skip


@privacy.post("/notices/<digest>")
@account_only
def acknowledge_notice(digest: str) -> Redirect:
    """Keep that the account has read a notice."""
    found = service.find_notice(digest, by=current_actor())
    acknowledge(Subject.NOTICE, digest, how=How.PAGE, by=current_actor())
    flash("Kept: you have read this notice. You are asked again only when it changes.", "ok")
    here = url_for("privacy.notice", digest=found.digest)
    return redirect(own_path(request.form.get("next", "")) or here)


@privacy.get("/releases/<uuid:release_id>/privacy")
@public
def show(release_id: UUID) -> str:
    """Show what of a release was declared, found and set, each with its evidence."""
    return _page(release_id, {}, {})


@privacy.post("/releases/<uuid:release_id>/privacy/acts")
@moderator_only
def act(release_id: UUID) -> tuple[str, int] | Redirect:
    """Record a moderator's act."""
    values = request.form.to_dict()
    try:
        done = _chosen(values.get("act", ""))
        subject = values.get({Act.MATURITY: "label", Act.UNSET: "taken"}.get(done, "host"), "")
        act_on_privacy(
            release_id, done, reason=values.get("reason", ""), subject=subject,
            row=forms.row_said_by(values), by=current_actor(),
        )  # fmt: skip
    except Invalid as error:
        return _page(release_id, values, faults_of(error, "form")), error.status
    flash(f"Recorded: {words.ACTS[done.value]}.", "ok")
    return redirect(url_for("privacy.show", release_id=release_id))


@privacy.get("/releases/<uuid:release_id>/privacy/declare")
@account_only
def declare(release_id: UUID) -> str:
    """Ask plain questions, beginning with what is declared, was declared last, or was found."""
    release = get_release(release_id, by=current_actor())
    seen = service.picture_of(release_id, by=current_actor())
    last = service.declaration_before(release)
    taken = last if request.args.get("from") == "last" and last else seen.known.declared
    answers = forms.answers_of(taken, seen.known.found)
    return _form(release, seen, answers, last=last is not None, faults=[])


@privacy.post("/releases/<uuid:release_id>/privacy/declare")
@account_only
def declare_by_form(release_id: UUID) -> tuple[str, int] | Redirect:
    """Take the answers."""
    actor, said = current_actor(), forms.said_by(request.form)
    release = get_release(release_id, by=actor)
    last = service.declaration_before(release)
    try:
        if request.form.get("leaves") not in {forms.NOTHING, forms.SOMETHING}:
            raise fault("leaves", "Say whether anything leaves the server.")
        same = last is not None and service.reads_as(said, last)
        source = Source.LAST_RELEASE if same else Source.FORM
        label = request.form.get("maturity") or None
        service.declare_privacy(release_id, said, source=source, by=actor, maturity=label)
    except MarqueeError as error:
        seen = service.picture_of(release_id, by=actor)
        told = [each.detail for each in error.faults] or [error.detail]
        page = _form(release, seen, forms.answers_in(request.form), last=last is not None, faults=told)
        return page, error.status
    flash("Declared. The notice below is what people are told.", "ok")
    return redirect(url_for("privacy.show", release_id=release_id))


@privacy.get("/listings/<ecosystem>/<identifier>/privacy")
@public
def history(ecosystem: str, identifier: str) -> str:
    """Answer: which notices has this listing had, and what changed?"""
    actor = current_actor()
    listing = find_listing(ecosystem, identifier, by=actor)
    rows = history_rows(service.history_of(listing, by=actor))
    return render_template(
        "privacy/history.html",
        listing=listing, publisher=session().get_one(Publisher, listing.publisher_id), rows=rows,
        label=label_of(rows[0].content) if rows else None,
    )  # fmt: skip


def _page(release_id: UUID, values: Mapping[str, str], faults: Mapping[str, str]) -> str:
    actor = current_actor()
    seen = service.picture_of(release_id, by=actor)
    listing = session().get_one(Listing, seen.release.listing_id)
    declared = (seen.known.declared.hosts or ()) if seen.known.declared else ()
    unsettled = [each for each in seen.standings if each.overruled is None]
    return render_template(
        "privacy/show.html",
        seen=seen, release=seen.release, listing=listing, words=words, values=values, faults=faults,
        publisher=session().get_one(Publisher, listing.publisher_id), levels=LEVELS, open=unsettled,
        label=label_of(seen.notice.content) if seen.notice else None, data=data_lines(seen.known),
        unfound=_unfound(seen, declared),
        declared_words=lambda host: "yes" if any(covers(each, host) for each in declared) else "no",
        may_declare=actor.may_upload_to(listing.publisher_id) and seen.release.state in service.DECLARABLE,
        moderates=actor.is_moderator, **_choices(),
        may_decide=actor.is_moderator and may_decide_on(session(), seen.release, listing, actor),
        hosts_open=[(each.host, each.host) for each in unsettled],
        standing=_taken_back(seen), policy=_policy(seen, listing),
    )  # fmt: skip


def _policy(seen: service.Picture, listing: Listing) -> Seen | None:
    """Return the page that the release names as its policy, for those who may save it as it came."""
    named = seen.declaration.policy_url if seen.declaration else None
    if named is None or not is_of_its_people(listing, by=current_actor()):
        return None
    return next((each for each in policies_of(listing) if each.policy.url == named), None)


def _unfound(seen: service.Picture, declared: Iterable[str]) -> list[str]:
    """Return the hosts that are declared and stand nowhere in the code."""
    found = contacts_of(seen.known.found)
    return [host for host in declared if not any(covers(host, each.host) for each in found)]


def _taken_back(seen: service.Picture) -> list[tuple[str, str]]:
    """Return what a reviewer may take back, as choices."""
    return [(act.subject, words.DATA_SHORT.get(act.subject, act.subject)) for act in in_force(seen.acts)]


def _choices() -> dict[str, list[tuple[str, str]]]:
    return {
        "data_choices": [(code, words.DATA[code]) for code in taxonomy.DATA],
        "purpose_choices": [(code, words.PURPOSES[code]) for code in taxonomy.PURPOSES],
        "recipient_choices": [(code, words.RECIPIENTS[code]) for code in taxonomy.RECIPIENTS],
        "label_choices": list(words.MATURITY.items()),
    }


def _form(
    release: Release, seen: service.Picture, answers: forms.Answers, *, last: bool, faults: list[str]
) -> str:
    return render_template(
        "privacy/declare.html",
        release=release, listing=session().get_one(Listing, release.listing_id), answers=answers,
        faults=faults, last=last, words=words, contacts=contacts_of(seen.known.found), seen=seen,
    )  # fmt: skip


def _chosen(name: str) -> Act:
    try:
        return Act(name)
    except ValueError as error:
        raise fault("form", "Choose what to do.") from error
