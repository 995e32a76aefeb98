"""The only place where an error becomes an answer: problem+json under /api and /feeds, a page elsewhere."""

from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, jsonify, render_template, request
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from registry.configured import settings
from registry.database import roll_back, session
from registry.errors import MarqueeError, NotFound, Unavailable
from registry.web.requests import current_request_id
from storage.errors import StorageUnavailable

log = structlog.get_logger()

HTTP_CODES = {
    400: "request.malformed",
    401: "auth.required",
    403: "auth.forbidden",
    404: "not_found",
    405: "request.method",
    408: "request.timeout",
    413: "request.too_large",
    414: "request.too_large",
    415: "request.type",
    422: "request.invalid",
    429: "rate.limited",
}

WORDS = {
    404: "There is nothing at this address. It was mistyped, or what was here has another address now.",
    405: "This address takes no such request; the header Allow names those that it takes.",
}


def install(app: Flask) -> None:
    """Register the handlers for every way that a request can fail."""
    app.register_error_handler(MarqueeError, answer)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StorageUnavailable, lambda _: answer(_down("storage")))
    app.register_error_handler(OperationalError, _database_down)
    app.register_error_handler(InterfaceError, _database_down)
    app.register_error_handler(Exception, _crash)


def wants_json() -> bool:
    """Say whether the caller is a program rather than a person's browser."""
    return request.path.startswith(("/api/", "/feeds/")) or (
        request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    )


def problem(error: MarqueeError) -> dict[str, Any]:
    """Return the RFC 9457 object of an error; extension members in snake_case."""
    base = request.url_root.rstrip("/")
    body: dict[str, Any] = {
        **error.extra,
        "type": f"{base}/problems/{error.code}",
        "title": type(error).title,
        "status": error.status,
        "detail": error.detail,
        "instance": f"urn:request:{current_request_id()}",
    }
    if error.faults:
        body["errors"] = [{"detail": f.detail, "pointer": f.pointer} for f in error.faults]
    return body


def answer(error: MarqueeError) -> Response:
    """Turn an error into the response that fits the caller."""
    roll_back(session())
    if wants_json():
        response = jsonify(problem(error))
        response.content_type = "application/problem+json"
    else:
        response = Response(render_template("problem.html", error=error), content_type="text/html")
    response.status_code = error.status
    if request.headers.get("HX-Request"):
        response.headers["HX-Reswap"] = "none"  # a part of a page stays as it was
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    if error.status == HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS:
        response.headers["Link"] = f'<{settings().public_url}>; rel="blocked-by"'  # RFC 7725, section 4
    if error.status == HTTPStatus.UNAUTHORIZED and wants_json():
        response.headers["WWW-Authenticate"] = 'Bearer realm="Marquee"'
    return response


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400 and error.response is not None:
        return error.response  # type: ignore[return-value]
    told = _Told(WORDS.get(status) or error.description or HTTPStatus(status).phrase)
    told.title = NotFound.title if status == HTTPStatus.NOT_FOUND else _Told.title
    told.status = status
    told.code = HTTP_CODES.get(status, f"http.{status}")
    response = answer(told)
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


class _Told(MarqueeError):
    """An error that werkzeug raised; its sentence is werkzeug's."""

    title = "The request was refused"


def _down(part: str) -> Unavailable:
    return Unavailable(
        f"The {part} does not answer. Nothing was lost; try again in a few seconds.",
        retry_after_s=5,
    )


def _database_down(error: Exception) -> Response:
    log.error("database_unavailable", reason=str(error).splitlines()[0])
    return answer(_down("database"))


def _crash(error: Exception) -> Response:
    log.error("request_failed", error=type(error).__name__, exc_info=error)
    return answer(
        MarqueeError(
            f"Marquee made a mistake; it is in the log as request {current_request_id()}. "
            "Nothing half-done was kept. Please tell the operator that number.",
            code="internal",
        )
    )
