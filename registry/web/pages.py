"""Pages of the whole: what a problem means, and the reference of the API."""

from typing import Any, cast

from apiflask import APIFlask
from flask import Blueprint, Response, current_app, jsonify, render_template

from registry.configured import settings
from registry.errors import NotFound
from registry.web.access import public
from registry.web.describing import operations_by_tag
from registry.web.meanings import MEANINGS

reference = Blueprint("reference", __name__)


@reference.get("/api")
@public
def show() -> str:
    """Answer: how do I call it? Generated from the code."""
    groups = operations_by_tag(_spec(), settings().public_url)
    return render_template("reference/show.html", groups=groups)


@reference.get("/openapi.json")
@public
def openapi() -> Response:
    """Return the OpenAPI 3.1 document."""
    return jsonify(_spec())


@reference.get("/problems")
@public
def problems() -> str:
    """List every problem type."""
    return render_template("reference/problems.html", meanings=MEANINGS)


@reference.get("/problems/<path:code>")
@public
def problem(code: str) -> str:
    """Explain a problem type (RFC 9457, section 3.1.1: its address should lead to documentation)."""
    if code not in MEANINGS:
        raise NotFound("There is no problem of that code.")
    return render_template("reference/problem.html", code=code, meaning=MEANINGS[code])


def _spec() -> dict[str, Any]:
    return cast("dict[str, Any]", cast("APIFlask", current_app).spec)
