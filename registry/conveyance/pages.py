"""The page of a copy: its receipt for people, with all that goes with it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template

from registry.conveyance.notices import notices_of_copy
from registry.conveyance.receipts import Given, acknowledged_for, find_copy, permissions_of
from registry.errors import LegallyRemoved, NotFound
from registry.licensing.permissions import WORDS, four_words
from registry.licensing.terms import InForce
from registry.licensing.words import ANSWERS, BASES, CONDITIONS, MEANING, RULES
from registry.mirrors.basis import basis_of_copy
from registry.web.access import current_actor, public

receipts = Blueprint("receipts", __name__)
RECIPIENTS = {
    "anonymous": "somebody who was not signed in", "account": "an account", "server": "a media server",
    "member": "a member of its publisher", "moderator": "a moderator", "mirror": "a mirror",
}  # fmt: skip


@receipts.get("/copies/<uuid:copy_id>")
@public
def show(copy_id: UUID) -> str:
    """Answer: what exactly did I get, and what may I do with it?"""
    given = find_copy(copy_id, by=current_actor())
    try:
        notices, withheld = notices_of_copy(copy_id, by=current_actor()), ""
    except (LegallyRemoved, NotFound) as error:
        notices, withheld = None, error.detail
    terms = InForce.of(given.record, at=given.copy.conveyed_at)
    return render_template(
        "copies/show.html",
        given=given, copy=given.copy, notices=notices, withheld=withheld, words=_words(given, terms),
        answers=ANSWERS, meaning=MEANING, conditions=CONDITIONS, rules=RULES, bases=BASES,
        recipients=RECIPIENTS, acknowledgements=acknowledged_for(given.copy), ends=terms.expiry,
        operator_basis=basis_of_copy(given.copy),
    )  # fmt: skip


def _words(given: Given, terms: InForce) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the four words: each with its answer as listings tell it, and what was decided."""
    decided = permissions_of(given)
    told = {one.word: one.answer for one in four_words(terms)}
    shown = []
    for word, facet in WORDS.items():
        one = decided[facet]
        on_conditions = one["allowed"] == "yes" and told[word] == "conditional"
        shown.append((word, "conditional" if on_conditions else one["allowed"], one))
    return shown
