"""Errors of a form: a sentence beside the field that it is about."""

from registry.errors import MarqueeError


def faults_of(error: MarqueeError, field: str = "form") -> dict[str, str]:
    """Return field → sentence; an error of no field is told beside ``field``."""
    found = {fault.pointer.removeprefix("/"): fault.detail for fault in error.faults}
    return found or {field: error.detail}
