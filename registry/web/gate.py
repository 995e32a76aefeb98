"""What is refused before any view looks at it: what no honest client sends and no view should meet."""

import json
import re
from typing import Any
from urllib.parse import unquote

import structlog
from flask import Flask, Response, request
from sqlalchemy.exc import DataError

from registry.errors import Invalid, Malformed, MarqueeError, TooLarge
from registry.web.bodies import patient
from registry.web.problems import answer

log = structlog.get_logger()

MOST_FIELDS = 1000
FORM = "application/x-www-form-urlencoded"
# A null character, or half of a pair (a whole pair is a fine character: those are looked at closely).
DOUBTFUL = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]")


class LengthRequired(MarqueeError):
    """A body without a stated length."""

    code, status, title = "upload.length", 411, "Say how long the body is"


def install(app: Flask) -> None:
    """Look at every request before all else."""
    app.wsgi_app = patient(app.wsgi_app)  # type: ignore[method-assign,assignment]
    app.before_request(_refuse)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(RecursionError, _too_deep)


def _refuse() -> None:
    if "Transfer-Encoding" in request.headers:
        raise LengthRequired("Send Content-Length; a body of unknown length is not read.")
    if "\0" in request.path or "\0" in unquote(request.query_string.decode("latin-1")):
        raise Malformed("An address has no null characters.")
    if request.mimetype == FORM and request.get_data().count(b"&") >= MOST_FIELDS:
        raise TooLarge(f"A form has at most {MOST_FIELDS} fields.", code="request.too_large")
    if request.is_json and DOUBTFUL.search(request.get_data()) and not _is_text(request.get_data()):
        raise Invalid("The JSON holds characters that are none: \\u0000, or half of a surrogate pair.")


def _unstorable(error: Exception) -> Response:
    log.warning("value_not_storable", reason=str(error).splitlines()[0])
    return answer(Invalid("A value in the request is no text or number that can be kept."))


def _too_deep(_: Exception) -> Response:
    return answer(Malformed("The JSON is nested too deeply."))


def _is_text(body: bytes) -> bool:
    """Say whether every string of a JSON document can be stored as text."""
    try:
        return _storable(json.loads(body))
    except (ValueError, RecursionError):
        return True  # no JSON at all; the view says so in its own words


def _storable(value: Any) -> bool:
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in text.replace("\\\\", "")
