"""The moderators' pages: the queue and the decision."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from registry.database import session
from registry.derivations.reading import origin_of
from registry.errors import Conflict, Invalid, StateMoved, fault
from registry.licensing.change import unchanged_since
from registry.licensing.showing import license_of
from registry.privacy import words
from registry.privacy.comparing import contacts_of
from registry.privacy.label import line_of
from registry.privacy.service import picture_of
from registry.privacy.showing import data_lines
from registry.releases.models import Release
from registry.releases.reading import pictures_of
from registry.releases.service import get_release
from registry.review import service
from registry.review.evidence import gather
from registry.review.models import Verdict
from registry.review.own import may_decide_on
from registry.review.showing import show_queue
from registry.review.words import REASON_WORDS, WAITING_WORDS
from registry.web.access import current_actor, moderator_only
from registry.web.forms import faults_of

reviews = Blueprint("reviews", __name__)


@reviews.get("/review")
@moderator_only
def queue() -> str:
    """Answer: what should I decide next?"""
    page = service.list_waiting(by=current_actor(), cursor=request.args.get("cursor"))
    return render_template(
        "reviews/queue.html",
        rows=show_queue(page.rows), next=page.next_cursor, total=service.count_waiting(), words=WAITING_WORDS,
    )  # fmt: skip


@reviews.get("/review/<uuid:release_id>")
@moderator_only
def show(release_id: UUID) -> str:
    """Answer: may this go out?"""
    return _page(release_id, {}, {})


@reviews.post("/review/<uuid:release_id>")
@moderator_only
def decide(release_id: UUID) -> tuple[str, int] | Redirect:
    """Record a decision and open the next one."""
    actor = current_actor()
    try:
        verdict = Verdict(request.form.get("decision", ""))
        made = service.decide_review(
            release_id, verdict=verdict, by=actor, note=request.form.get("note", ""),
            reason=_reason(verdict), license=request.form.get("license", "").strip() or None,
        )  # fmt: skip
    except ValueError:
        return _page(release_id, request.form.to_dict(), {"decision": "Choose a decision."}), 422
    except StateMoved:
        raise
    except (Invalid, Conflict) as error:
        about = "license" if error.code == "license.undecided" else "decision"
        return _page(release_id, request.form.to_dict(), faults_of(error, about)), error.status
    flash(f"Recorded: {made.verdict.value.replace('_', ' ')}.", "ok")
    rest = [release for release in service.list_waiting(by=actor, limit=2).rows if release.id != release_id]
    if rest:
        return redirect(url_for("reviews.show", release_id=rest[0].id))
    return redirect(url_for("reviews.queue"))


@reviews.post("/review/<uuid:release_id>/claim")
@moderator_only
def claim(release_id: UUID) -> Redirect:
    """Tell other moderators that one is looking."""
    try:
        service.claim_review(release_id, by=current_actor())
    except Conflict as error:
        flash(error.detail, "bad")
    return redirect(url_for("reviews.show", release_id=release_id))


@reviews.post("/review/<uuid:release_id>/release")
@moderator_only
def release_again(release_id: UUID) -> Redirect:
    """Offer a quarantined release again."""
    service.release_from_quarantine(release_id, note=request.form.get("note", ""), by=current_actor())
    flash("It is offered again.", "ok")
    return redirect(url_for("reviews.show", release_id=release_id))


def _reason(verdict: Verdict) -> str:
    reason = request.form.get("reason", "")
    if not reason and verdict is not Verdict.APPROVE:
        raise fault("reason", "Choose a reason; the publisher reads it.")
    return reason or "review.approved"


def _license(release: Release) -> dict[str, Any]:
    """Return what the page shows of the license, and the record that holds again where nothing changed."""
    shown = license_of(release)
    again = unchanged_since(session(), release, shown.record)
    return {"license": shown, "license_again": again}


def _privacy(release: Release) -> dict[str, Any]:
    """Return what the page shows of privacy."""
    seen = picture_of(release.id, by=current_actor())
    return {
        "privacy": seen, "privacy_lines": data_lines(seen.known), "privacy_words": words,
        "privacy_contacts": contacts_of(seen.known.found),
        "privacy_line": line_of(seen.notice.content) if seen.notice else "nothing declared, nothing found",
    }  # fmt: skip


def _page(release_id: UUID, values: dict[str, str], faults: dict[str, str]) -> str:
    actor = current_actor()
    evidence = gather(get_release(release_id, by=actor))
    icon = pictures_of(release_id).get("icon")
    return render_template(
        "reviews/show.html",
        seen=evidence, values=values, faults=faults, reasons=REASON_WORDS, words=WAITING_WORDS,
        reasons_against=[(code, text) for code, text in REASON_WORDS.items() if code != "review.approved"],
        queue=show_queue(service.list_waiting(by=actor, limit=12).rows),
        icon_sha256=icon.sha256 if icon else None, **_privacy(evidence.release),
        **_license(evidence.release), origin=origin_of(evidence.release),
        may_decide=may_decide_on(session(), evidence.release, evidence.listing, actor),
    )  # fmt: skip
