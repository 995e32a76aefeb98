"""Absolute addresses: always below PUBLIC_URL, whatever host name a request came by."""

from typing import Any

from flask import url_for

from registry.configured import settings


def absolute(endpoint: str, **values: Any) -> str:
    """Return the public address of an endpoint."""
    return settings().public_url + url_for(endpoint, **values)
