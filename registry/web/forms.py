"""Pages and parts of them; errors of a form: a sentence beside the field that it is about."""

from flask import request

from registry.errors import MarqueeError


def faults_of(error: MarqueeError, field: str = "form") -> dict[str, str]:
    """Return field → sentence; an error of no field is told beside ``field``."""
    found = {fault.pointer.removeprefix("/"): fault.detail for fault in error.faults}
    return found or {field: error.detail}


def is_part() -> bool:
    """Say whether our script asks for a part of the page rather than for the whole."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
