"""The page that answers: is it working?"""

from flask import Blueprint, render_template

from registry.database import session
from registry.feeds.models import FeedState
from registry.health.service import look, notes
from registry.web.access import current_actor, public

status = Blueprint("status", __name__)


@status.get("/status")
@public
def show() -> str:
    """Show each part and the age of each feed."""
    parts = look()
    there = all(part.ok for part in parts if part.name == "database")
    feeds = session().query(FeedState).order_by(FeedState.ecosystem).all() if there else []
    told = notes() if current_actor().is_admin else []
    return render_template("status/show.html", parts=parts, feeds=feeds, notes=told)
