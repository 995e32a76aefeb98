"""The API of media servers: being let in, itself, and an owner's servers."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from registry.servers import feeds, schemas, service
from registry.servers.checking import check_installed
from registry.servers.enrolment import ask_enrolment, take_token
from registry.servers.models import MediaServer
from registry.web.access import account_only, current_actor, household_only, public, server_only
from registry.web.addresses import absolute
from registry.web.limits import limited
from registry.web.requests import client_network

servers = APIBlueprint("servers_api", __name__, url_prefix="/api/v1/servers", tag="Media servers")


@servers.post("")
@servers.input(schemas.AskEnrolment, arg_name="body")
@servers.output(schemas.Asked, status_code=201)
@public
@limited("60 per hour", by=client_network)
def ask(body: schemas.AskEnrolment) -> dict[str, Any]:
    """Ask to be let in: show the code to your owner, then ask for the token (RFC 8628)."""
    asked = ask_enrolment(name=body.name, platform=body.platform, version=body.version, address=body.address)
    return {
        "device_code": asked.device_code,
        "user_code": asked.user_code,
        "verification_url": absolute("servers.connect"),
        "expires_in": asked.expires_in_s,
        "interval": asked.interval_s,
    }


@servers.post("/token")
@servers.input(schemas.TakeToken, arg_name="body")
@servers.output(schemas.ServerMade, status_code=201)
@public
@limited("300 per minute", by=client_network)
def token(body: schemas.TakeToken) -> dict[str, Any]:
    """Take the token, once its owner has said yes; until then 400 with `enrolment.pending`."""
    server, secret = take_token(body.device_code)
    return {**_shown(server), "token": secret}


@servers.get("")
@servers.output(schemas.ServerList)
@servers.doc(security="token")
@account_only
def show_all() -> dict[str, Any]:
    """List your media servers, the youngest first."""
    return {"servers": [_shown(server) for server in service.list_servers(by=current_actor())]}


@servers.get("/me")
@servers.output(schemas.ServerOut)
@servers.doc(security="token")
@server_only
def show_me() -> dict[str, Any]:
    """Show what is held about this server."""
    actor = current_actor()
    return _shown(service.find_server(actor.server_id, by=actor))


@servers.patch("/me")
@servers.input(schemas.ChangeServer, arg_name="body")
@servers.output(schemas.ServerOut)
@servers.doc(security="token")
@server_only
def change_me(body: schemas.ChangeServer) -> dict[str, Any]:
    """Tell a new version or address of this server. Name and limits are its owner's to say."""
    actor = current_actor()
    return _shown(service.change_server(actor.server_id, body.as_change(), by=actor))


@servers.delete("/me")
@servers.output({}, status_code=204)
@servers.doc(security="token")
@server_only
def leave() -> str:
    """Leave: the token, the address and all else that was kept of this server are gone at once."""
    actor = current_actor()
    service.remove_server(actor.server_id, by=actor)
    return ""


@servers.post("/me/check")
@servers.input(schemas.CheckIn, arg_name="body")
@servers.output(schemas.CheckOut)
@servers.doc(security="token")
@server_only
@limited("60 per hour", by=lambda: str(current_actor().server_id))
def check(body: schemas.CheckIn) -> dict[str, Any]:
    """Ask what to do about what is installed, 1,000 things at most. The list is not kept."""
    advice = check_installed(body.items(), by=current_actor())
    return {"installed": [schemas.AdviceOut.of(each, _bytes_of).model_dump() for each in advice]}


@servers.post("/feeds")
@servers.input(schemas.MakeFeed, arg_name="body")
@servers.output(schemas.FeedMade, status_code=201)
@servers.doc(security="token")
@household_only
@limited("60 per hour", by=lambda: str(current_actor().account_id))
def make_feed(body: schemas.MakeFeed) -> dict[str, Any]:
    """Make the address of a personal feed. It holds a secret, shown in this answer and never again."""
    row, secret = feeds.make_feed(name=body.name, server_id=body.server, by=current_actor())
    return {**schemas.FeedOut.of(row).model_dump(), "address": feeds.base_of(secret)}


@servers.get("/feeds")
@servers.output(schemas.FeedList)
@servers.doc(security="token")
@household_only
def show_feeds() -> dict[str, Any]:
    """List your personal feeds, the youngest first."""
    rows = feeds.list_feeds(by=current_actor())
    return {"feeds": [schemas.FeedOut.of(row).model_dump() for row in rows]}


@servers.delete("/feeds/<uuid:feed_id>")
@servers.output({}, status_code=204)
@servers.doc(security="token")
@household_only
def revoke_feed(feed_id: UUID) -> str:
    """End a personal feed, at once."""
    feeds.revoke_feed(feed_id, by=current_actor())
    return ""


@servers.get("/<uuid:server_id>")
@servers.output(schemas.ServerOut)
@servers.doc(security="token")
@account_only
def show(server_id: UUID) -> dict[str, Any]:
    """Show a server of yours."""
    return _shown(service.find_server(server_id, by=current_actor()))


@servers.patch("/<uuid:server_id>")
@servers.input(schemas.ChangeServer, arg_name="body")
@servers.output(schemas.ServerOut)
@servers.doc(security="token")
@account_only
def change(server_id: UUID, body: schemas.ChangeServer) -> dict[str, Any]:
    """Rename a server of yours, or set its limits."""
    return _shown(service.change_server(server_id, body.as_change(), by=current_actor()))


@servers.delete("/<uuid:server_id>")
@servers.output({}, status_code=204)
@servers.doc(security="token")
@account_only
def remove(server_id: UUID) -> str:
    """Remove a server of yours; its token stops at once."""
    service.remove_server(server_id, by=current_actor())
    return ""


def _bytes_of(sha256: str) -> str:
    return absolute("copies.artifact", sha256=sha256)


def _shown(server: MediaServer) -> dict[str, Any]:
    return schemas.ServerOut.of(server, service.address_of(server)).model_dump()
