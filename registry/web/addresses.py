"""Absolute addresses: always below PUBLIC_URL, whatever host name a request came by."""

from typing import Any

from flask import current_app

from registry.configured import settings


def absolute(endpoint: str, **values: Any) -> str:
    """Return the public address of an endpoint."""
    adapter = current_app.url_map.bind("")
    return settings().public_url + adapter.build(endpoint, values)


def own_path(address: str) -> str:
    """Return an address if it is a path of ours, else nothing: nobody is led elsewhere."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else ""
