"""The page that answers: how do I point my server at this?"""

import segno
from flask import Blueprint, Response, render_template, request

from registry.conveyance.connecting import ways
from registry.database import session
from registry.errors import NotFound
from registry.feeds.models import FeedState
from registry.web.access import public

connect = Blueprint("connect", __name__)


@connect.get("/connect")
@public
def show() -> str:
    """Show one card for each client."""
    states = {state.ecosystem: state for state in session().query(FeedState)}
    chosen = request.args.get("ecosystem", "")
    ordered = sorted(ways(), key=lambda way: -states[way.ecosystem].entries if way.ecosystem in states else 0)
    return render_template("connect/show.html", ways=ordered, states=states, chosen=chosen)


@connect.get("/connect/<ecosystem>.svg")
@public
def code(ecosystem: str) -> Response:
    """Draw the first address of a client as a QR code, to be scanned with a phone."""
    for way in ways():
        if way.ecosystem == ecosystem:
            drawn = segno.make(way.addresses[0][1], error="m").svg_inline(
                scale=5, border=2, dark="#000", light="#fff"
            )
            return Response(
                drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
                mimetype="image/svg+xml",
            )
    raise NotFound("There is no such client.")
