"""The moderators' form: an expression, and what each ``LicenseRef-`` in it allows. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from registry.licensing.permissions import references_in
from registry.licensing.terms import WORDS

Sent = MultiDict[str, str]
Given = dict[str, dict[str, Any]]


def blank_terms() -> dict[str, Any]:
    """Return terms of which nothing is known."""
    return {"facets": dict.fromkeys(WORDS, "unknown"), "conditions": []}


def terms_for(names: Iterable[str], *known: Mapping[str, Any]) -> Given:
    """Return the terms of each name: the first that is known of it, else blank ones."""
    return {
        name: next(({**blank_terms(), **one[name]} for one in known if name in one), blank_terms())
        for name in names
    }


def terms_sent(form: Sent) -> Given:
    """Return the terms that were sent, by name."""
    return {
        name: {
            "facets": {word: form.get(f"facet.{name}.{word}", "unknown") for word in WORDS},
            "conditions": form.getlist(f"condition.{name}"),
        }
        for name in form.getlist("reference")[:20]
    }


def terms_missing(expression: str, sent: Mapping[str, Any]) -> list[str]:
    """Return the references of an expression of which nothing was said."""
    return [name for name in references_in(expression) if name not in sent]


def default_note(reasons: Iterable[str]) -> str:
    """Return the note of a conclusion to which nothing was written."""
    told = "; ".join(reasons)
    return f"Confirmed as suggested: {told}."[:4000] if told else "Confirmed."
