"""The page between this registry and a stranger's: it names the host, and nothing of ours goes along.

Only addresses that one of our own pages showed lead on: each carries a seal made with SECRET_KEY, so that
nobody can send a link of ours that leads wherever they like.
"""

import hashlib
import hmac
from urllib.parse import urlsplit

from flask import Blueprint, render_template, request, url_for

from registry.configured import settings
from registry.errors import NotFound
from registry.web.access import public

leaving = Blueprint("leaving", __name__)
SEAL_LETTERS = 32


@leaving.get("/out")
@public
def show() -> str:
    """Answer: where does this link lead?"""
    address, seal = request.args.get("to", ""), request.args.get("seal", "")
    if not is_ours(address, seal):
        raise NotFound("This link was not made here, or was changed. Go back to the page that it is on.")
    return render_template("leaving.html", address=address, host=urlsplit(address).hostname or "")


def way_out(address: str | None) -> str:
    """Return our page that leads to a stranger's address; nothing for one that is not of the web."""
    if not address or not _is_web(address):
        return ""
    return url_for("leaving.show", to=address, seal=_seal(address))


def is_ours(address: str, seal: str) -> bool:
    """Say whether one of our pages showed this address."""
    return _is_web(address) and hmac.compare_digest(_seal(address).encode(), seal.encode())


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _seal(address: str) -> str:
    told = b"way out\n" + address.encode(errors="replace")
    return hmac.new(settings().secret_key.encode(), told, hashlib.sha256).hexdigest()[:SEAL_LETTERS]
