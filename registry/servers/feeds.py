"""Secrets of personal feeds: made and shown once, kept as a digest, revoked at once."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.accounts.actor import Actor, Scope
from registry.accounts.bearer import Prefix, digest_of, make_secret, shown_part
from registry.accounts.models import Account
from registry.audit.service import record
from registry.clock import now
from registry.configured import settings
from registry.database import session, transaction
from registry.errors import Conflict, NotFound, fault
from registry.servers.models import FeedSecret, MediaServer

MOST_FEEDS = 50
LONGEST_NAME = 100


def make_feed(*, name: str, server_id: UUID | None, by: Actor) -> tuple[FeedSecret, str]:
    """Make the secret of a feed; return its row and the secret, which is never to be seen again.

    A server makes one for itself alone. Raises Invalid, NotFound for a server of somebody else, NotAllowed,
    Conflict when there are too many.
    """
    account_id = by.must_be_signed_in()
    if by.server_id is None:
        by.must_have(Scope.MANAGE)
    with transaction() as tx:
        server = _server(tx, server_id or by.server_id, by)
        _check_room(tx, account_id)
        secret = make_secret(Prefix.FEED)
        row = FeedSecret(
            account_id=account_id, server_id=server.id if server else None,
            name=_checked_name(name or (server.name if server else "")), digest=digest_of(secret),
            shown_prefix=shown_part(secret), created_at=now(),
        )  # fmt: skip
        tx.add(row)
        tx.flush()  # its id goes into the audit trail
        record(tx, "feed_made", by=by, subject=("feed", row.id))
    return row, secret


def list_feeds(*, by: Actor) -> list[FeedSecret]:
    """Return the actor's feeds that are not revoked, the youngest first; a server's are its own."""
    query = select(FeedSecret).where(
        FeedSecret.account_id == by.must_be_signed_in(), FeedSecret.revoked_at.is_(None)
    )
    if by.server_id is not None:
        query = query.where(FeedSecret.server_id == by.server_id)
    return list(session().scalars(query.order_by(FeedSecret.created_at.desc(), FeedSecret.id)))


def revoke_feed(feed_id: UUID, *, by: Actor) -> None:
    """End a feed at once; a second time changes nothing. Raises NotFound, NotAllowed."""
    account_id = by.must_be_signed_in()
    if by.server_id is None:
        by.must_have(Scope.MANAGE)
    with transaction() as tx:
        row = tx.get(FeedSecret, feed_id, with_for_update=True, populate_existing=True)
        if row is None or row.account_id != account_id or by.server_id not in (None, row.server_id):
            raise NotFound("You have no such feed.")
        if row.revoked_at is None:
            row.revoked_at = now()
            record(tx, "feed_revoked", by=by, subject=("feed", row.id))


def base_of(secret: str) -> str:
    """Return the address below which a personal feed has the same paths as the common one."""
    return f"{settings().public_url}/feeds/~{secret}"


def _server(tx: Session, server_id: UUID | None, by: Actor) -> MediaServer | None:
    if server_id is None:
        return None
    server = tx.get(MediaServer, server_id)
    if server is None or server.account_id != by.account_id or by.server_id not in (None, server.id):
        raise NotFound("You have no such server.")
    return server


def _check_room(tx: Session, account_id: UUID) -> None:
    tx.get_one(Account, account_id, with_for_update=True)
    held = select(func.count()).where(FeedSecret.account_id == account_id, FeedSecret.revoked_at.is_(None))
    if (tx.scalar(held) or 0) >= MOST_FEEDS:
        raise Conflict(
            f"You have {MOST_FEEDS} personal feeds. Revoke those that nothing uses, then make another.",
            code="feed.too_many",
        )


def _checked_name(name: str) -> str:
    if not name.strip() or len(name) > LONGEST_NAME:
        raise fault("feed", f"Give the feed a name of at most {LONGEST_NAME} characters, to know it again.")
    return name.strip()
