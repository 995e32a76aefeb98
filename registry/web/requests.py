"""What every request gets: an id, a log line, the client's address as far as it can be believed."""

import re
import time
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from registry.configured import settings

log = structlog.get_logger()
SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def install(app: Flask) -> None:
    """Give each request its id and its line in the log."""
    app.before_request(_begin)
    app.after_request(_end)


def current_request_id() -> str:
    """Return the id of this request, made if need be."""
    if "request_id" not in g:
        g.request_id = uuid4().hex
    return str(g.request_id)


def client_address() -> str:
    """Return the client's address; a forwarding header counts only from a trusted proxy."""
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    address = request.remote_addr or "0.0.0.0"  # noqa: S104 - a value, nothing is bound
    while hops and _trusted(address, settings().trusted_proxies):
        address = hops.pop()
    return address


def client_network() -> str:
    """Return the network of the client's address (/24 or /48): one person has many addresses there."""
    try:
        address = ip_address(client_address())
    except ValueError:
        return "unknown"
    return str(ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False))


def _trusted(address: str, proxies: Sequence[IPv4Network | IPv6Network]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in proxies)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if SANE_ID.fullmatch(given) else uuid4().hex
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = current_request_id()
    took_ms = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    if not request.path.startswith("/static/"):
        # The path without the secret of a personal feed, and never a query: both may carry secrets.
        log.info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else "-",
            status=response.status_code,
            ms=round(took_ms, 1),
        )
    return response
