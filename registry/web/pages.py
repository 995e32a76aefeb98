"""Pages of the whole: what a problem means, and the reference of the API."""

from typing import Any, cast

from apiflask import APIFlask
from flask import Blueprint, Response, current_app, jsonify, render_template

from registry.errors import NotFound
from registry.web.access import public
from registry.web.meanings import MEANINGS

reference = Blueprint("reference", __name__)


@reference.get("/api")
@public
def show() -> str:
    """Answer: how do I call it? Generated from the code."""
    spec = _spec()
    groups: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "put", "post", "patch", "delete"}:
                tag = (operation.get("tags") or ["Other"])[0]
                groups.setdefault(tag, []).append((method.upper(), path, operation))
    return render_template("reference/show.html", groups=groups, schemas=spec["components"]["schemas"])


@reference.get("/openapi.json")
@public
def openapi() -> Response:
    """Return the OpenAPI 3.1 document."""
    return jsonify(_spec())


@reference.get("/problems/<path:code>")
@public
def problem(code: str) -> str:
    """Explain a problem type (RFC 9457, section 3.1.1: its address should lead to documentation)."""
    if code not in MEANINGS:
        raise NotFound("There is no problem of that code.")
    return render_template("reference/problem.html", code=code, meaning=MEANINGS[code])


def _spec() -> dict[str, Any]:
    return cast("dict[str, Any]", cast("APIFlask", current_app).spec)
