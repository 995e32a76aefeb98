"""The steps that people see, as JSON: stored, opened, identified, read, checked, pictured, waiting."""

from typing import Any


def done(name: str) -> dict[str, Any]:
    """Return a step that went well."""
    return {"name": name, "state": "done"}


def failed(name: str) -> dict[str, Any]:
    """Return a step that ended the upload."""
    return {"name": name, "state": "failed"}


def now_at(name: str) -> dict[str, Any]:
    """Return a step that is under way."""
    return {"name": name, "state": "now"}
