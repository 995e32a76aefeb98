"""The pages of media servers: type a code and say yes; see, rename, limit and remove what one has."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from registry.configured import settings
from registry.conveyance.connecting import ways
from registry.errors import MarqueeError, fault
from registry.servers import enrolment, feeds, service, words
from registry.servers.models import MediaServer
from registry.servers.rules import shown_code
from registry.servers.service import LIMITS, Change
from registry.web.access import account_only, current_actor
from registry.web.forms import faults_of
from registry.web.limits import limited

servers = Blueprint("servers", __name__, url_prefix="/servers")


def _who() -> str:
    return str(current_actor().account_id)


@servers.get("")
@account_only
def show_all() -> str:
    """Answer: which servers of mine are connected, and what may come onto them?"""
    return _list({})


@servers.get("/connect")
@account_only
def connect() -> str:
    """Ask for the code that the server shows."""
    return render_template("servers/connect.html", code=request.args.get("code", ""), fault=None)


@servers.post("/connect")
@account_only
@limited("20 per 15 minutes", by=_who)
def look() -> tuple[str, int] | str:
    """Show which server waits under the code; nothing is decided yet."""
    typed = request.form.get("code", "")
    try:
        found = enrolment.find_enrolment(typed, by=current_actor())
    except MarqueeError as error:
        page = render_template("servers/connect.html", code=typed, fault=error.detail)
        return page, error.status
    return render_template("servers/approve.html", asking=found, code=shown_code(found.user_code))


@servers.post("/connect/answer")
@account_only
@limited("20 per 15 minutes", by=_who)
def answer() -> tuple[str, int] | Redirect:
    """Let the server in, or not."""
    typed, yes = request.form.get("code", ""), request.form.get("answer") == "yes"
    try:
        asked = enrolment.answer_enrolment(typed, approve=yes, by=current_actor())
    except MarqueeError as error:
        page = render_template("servers/connect.html", code=typed, fault=error.detail)
        return page, error.status
    told = "is let in; it is in the list within a few seconds." if yes else "is not let in."
    flash(f"{asked.name} {told}", "ok")
    return redirect(url_for("servers.show_all"))


@servers.get("/<uuid:server_id>")
@account_only
def show(server_id: UUID) -> str:
    """Answer: what is held about this server, and what may come onto it?"""
    return _page(service.find_server(server_id, by=current_actor()), {})


@servers.post("/<uuid:server_id>")
@account_only
def change(server_id: UUID) -> tuple[str, int] | Redirect:
    """Rename it, and set its limits."""
    try:
        server = service.change_server(server_id, _change(), by=current_actor())
    except MarqueeError as error:
        if error.status == 404:
            raise
        server = service.find_server(server_id, by=current_actor())
        return _page(server, faults_of(error, "name")), error.status
    flash(f"{server.name} is changed.", "ok")
    return redirect(url_for("servers.show", server_id=server_id))


@servers.post("/<uuid:server_id>/remove")
@account_only
def remove(server_id: UUID) -> Redirect:
    """Remove it: its token stops, its address is forgotten."""
    service.remove_server(server_id, by=current_actor())
    flash("The server is removed, and with it all that was kept of it.", "ok")
    return redirect(url_for("servers.show_all"))


def _change() -> Change:
    form = request.form
    limits = {name: _limit(name) for name in LIMITS}
    return Change(form.get("name", ""), keeps_installed="keeps_installed" in form, limits=limits)


def _limit(name: str) -> object:
    return request.form.get(name, "") if name in ("location", "most_mature") else name in request.form


@servers.post("/feeds")
@account_only
@limited("60 per hour", by=_who)
def make_feed() -> tuple[str, int]:
    """Make the address of a personal feed and show it, this once."""
    form = request.form
    try:
        row, secret = feeds.make_feed(
            name=form.get("feed", ""), server_id=_chosen_server(), by=current_actor()
        )
    except MarqueeError as error:
        said = {"feed_name": form.get("feed", ""), "feed_server": form.get("server", "")}
        return _list(faults_of(error, "feed"), **said), error.status
    return _list({}, made=(row.name, [(label, _below(secret, url)) for label, url in _addresses()])), 201


@servers.post("/feeds/<uuid:feed_id>/revoke")
@account_only
def revoke_feed(feed_id: UUID) -> Redirect:
    """End a personal feed."""
    feeds.revoke_feed(feed_id, by=current_actor())
    flash("That address does not work any more.", "ok")
    return redirect(url_for("servers.show_all", _anchor="feeds"))


def _chosen_server() -> UUID | None:
    said = request.form.get("server", "")
    try:
        return UUID(said) if said else None
    except ValueError:
        raise fault("server", "Choose one of your servers.") from None


def _addresses() -> list[tuple[str, str]]:
    return [(f"{way.title}: {label}", url) for way in ways() for label, url in way.addresses]


def _below(secret: str, url: str) -> str:
    return url.replace(f"{settings().public_url}/feeds", feeds.base_of(secret), 1)


def _list(faults: dict[str, str], **more: object) -> str:
    actor = current_actor()
    mine = service.list_servers(by=actor)
    shown = {"made": None, "feed_name": "", "feed_server": "", **more}
    return render_template(
        "servers/list.html", servers=mine, feeds=feeds.list_feeds(by=actor), faults=faults,
        names={server.id: server.name for server in mine}, limits_in_words=words.limits_in_words,
        feed_servers=[(str(server.id), server.name) for server in mine], **shown,
    )  # fmt: skip


def _page(server: MediaServer, faults: dict[str, str]) -> str:
    return render_template(
        "servers/show.html", server=server, address=service.address_of(server), faults=faults,
        name=request.form.get("name", server.name), switches=words.SWITCHES, places=words.PLACES,
        ages=words.AGES,
    )  # fmt: skip
