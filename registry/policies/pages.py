"""The pages of policies: what waits to be called, and one change with its difference."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from registry.errors import MarqueeError
from registry.policies import service
from registry.policies.answering import answer_with_original
from registry.policies.models import PolicyText, Standing
from registry.policies.originals import find_original
from registry.policies.service import Seen
from registry.policies.wording import difference
from registry.web.access import account_only, current_actor, public
from registry.web.forms import faults_of

policies = Blueprint("policies", __name__, url_prefix="/policies")


@policies.get("")
@account_only
def pending() -> str:
    """Answer: which policies have changed, and wait for me to say what the change is?"""
    return render_template("policies/list.html", rows=service.list_pending(by=current_actor()))


@policies.get("/<uuid:text_id>")
@public
def show(text_id: UUID) -> str:
    """Answer: what does this policy say, and what changed?"""
    return _page(*service.find_text(text_id, by=current_actor()), {})


@policies.get("/<uuid:text_id>/original")
@account_only
def original(text_id: UUID) -> Response:
    """Hand out the page as it came, to be saved."""
    return answer_with_original(find_original(text_id, by=current_actor()))


@policies.post("/<uuid:text_id>")
@account_only
def call(text_id: UUID) -> tuple[str, int] | Redirect:
    """Call a change of words wording or meaning."""
    form = request.form
    try:
        said = Standing(form.get("standing", "")) if form.get("standing") in set(Standing) else Standing.FIRST
        service.call_change(text_id, said, note=form.get("note", ""), by=current_actor())
    except MarqueeError as error:
        if error.status == 404:
            raise
        seen, found = service.find_text(text_id, by=current_actor())
        return _page(seen, found, faults_of(error, "standing")), error.status
    told = "a new notice is in force." if said is Standing.MEANING else "nothing else changes."
    flash(f"The change is one of {said.value}; {told}", "ok")
    return redirect(url_for("policies.pending"))


def _page(seen: Seen, found: PolicyText, faults: dict[str, str]) -> str:
    before = seen.current
    differs = before is not None and before.id != found.id and found.standing is Standing.PENDING
    return render_template(
        "policies/show.html", seen=seen, text=found, faults=faults, note=request.form.get("note", ""),
        parts=difference(before.text, found.text) if differs and before else None,
        may_call=service.may_call(seen.listing, by=current_actor()),
        may_save=service.is_of_its_people(seen.listing, by=current_actor()),
        history=service.history_of(seen.policy),
    )  # fmt: skip
