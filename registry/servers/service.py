"""An owner's servers: see, rename, limit, remove. Of everybody else's nobody sees even that they are there.

Removing a server takes its token, its address and all that was kept of it at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from registry.accounts.actor import Actor, Scope
from registry.audit.service import record
from registry.configured import settings
from registry.database import session, transaction
from registry.errors import NotFound, fault
from registry.privacy.maturity import LEVELS
from registry.servers import rules
from registry.servers.limits import Limits, Location
from registry.servers.models import Installed, MediaServer
from registry.servers.sealing import seal, unseal

ANY = "any"
LIMITS = tuple(field.name for field in fields(Limits))


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be changed of a server; None leaves it. ``address`` empty takes the address away."""

    name: str | None = None
    version: str | None = None
    address: str | None = None
    keeps_installed: bool | None = None
    limits: Mapping[str, Any] | None = None


def list_servers(*, by: Actor) -> list[MediaServer]:
    """Return the actor's servers, the youngest first; there are at most fifty. Raises NotSignedIn."""
    query = select(MediaServer).where(MediaServer.account_id == by.must_be_signed_in())
    return list(session().scalars(query.order_by(MediaServer.enrolled_at.desc(), MediaServer.id)))


def find_server(server_id: UUID | None, *, by: Actor) -> MediaServer:
    """Return a server of the actor's, or the server that the actor is. Raises NotFound."""
    return _own(session().get(MediaServer, server_id) if server_id else None, by)


def address_of(server: MediaServer) -> str | None:
    """Return a server's own address; None where it gave none, or SECRET_KEY is another now."""
    if server.address_sealed is None:
        return None
    return unseal(server.address_sealed, bound_to=server.id.bytes, secret_key=settings().secret_key)


def change_server(server_id: UUID | None, change: Change, *, by: Actor) -> MediaServer:
    """Change a server: its owner everything, itself its version and address alone.

    What it may have installed is its owner's to say: limits sent by a server are refused.
    Raises NotFound, Invalid, NotAllowed.
    """
    _may_change(change, by)
    with transaction() as tx:
        server = _locked(tx, server_id, by)
        for field in ("name", "version"):
            if (value := getattr(change, field)) is not None:
                setattr(server, field, rules.check_text(field, value))
        if change.address is not None:
            server.address_sealed = _sealed(server, change.address)
        _change_limits(tx, server, change, by)
    return server


def remove_server(server_id: UUID | None, *, by: Actor) -> None:
    """Remove a server, at once and with all that was kept of it. Raises NotFound, NotAllowed."""
    if by.server_id is None:
        by.must_have(Scope.MANAGE)
    with transaction() as tx:
        server = _locked(tx, server_id, by)
        tx.delete(server)
        record(tx, "server_removed", by=by, subject=("server", server.id))


def checked_limit(name: str, value: Any) -> Any:
    """Return a limit as it is kept: a place or a label by its word, others by yes or no. Raises Invalid."""
    if name == "location":
        if value not in set(Location):
            raise fault(name, f"Say one of {', '.join(Location)}.")
        return Location(value)
    if name == "most_mature":
        if value not in {*LEVELS, ANY}:
            raise fault(name, f"Say one of {', '.join(LEVELS)}, or {ANY} for no limit.")
        return None if value == ANY else value
    return bool(value)


def _may_change(change: Change, by: Actor) -> None:
    if by.server_id is None:
        by.must_have(Scope.MANAGE)
    elif change.name is not None or change.limits is not None or change.keeps_installed is not None:
        by.must_have(Scope.MANAGE)  # no server has it


def _locked(tx: Session, server_id: UUID | None, by: Actor) -> MediaServer:
    found = (
        tx.get(MediaServer, server_id, with_for_update=True, populate_existing=True) if server_id else None
    )
    return _own(found, by)


def _own(server: MediaServer | None, by: Actor) -> MediaServer:
    if server is None or server.account_id != by.must_be_signed_in() or by.server_id not in (None, server.id):
        raise NotFound("You have no such server.")
    return server


def _sealed(server: MediaServer, address: str) -> bytes | None:
    checked = rules.check_address(address)
    key = settings().secret_key
    return seal(checked, bound_to=server.id.bytes, secret_key=key) if checked else None


def _change_limits(tx: Session, server: MediaServer, change: Change, by: Actor) -> None:
    limits = {name: checked_limit(name, value) for name, value in (change.limits or {}).items()}
    for name, value in limits.items():
        setattr(server, name, value)
    if limits:
        told = {name: str(value) for name, value in limits.items()}
        record(tx, "server_limited", by=by, subject=("server", server.id), detail=told)
    if change.keeps_installed is not None:
        server.keeps_installed = change.keeps_installed
        if not change.keeps_installed:
            tx.execute(delete(Installed).where(Installed.server_id == server.id))
