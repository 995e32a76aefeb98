"""The actor of a media server: it reads, copies, checks and sees itself, and nothing else.

It acts for its owner's account, but has none of its memberships, nor its role.
"""

from datetime import date
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import or_, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute

from registry.accounts.actor import Actor, Scope
from registry.accounts.bearer import Prefix, digest_of, is_secret
from registry.accounts.models import Account, Role
from registry.clock import now
from registry.database import session
from registry.servers.models import FeedSecret, MediaServer

log = structlog.get_logger()
ONLY_READS = frozenset({Scope.READ})


def actor_of_server(secret: str) -> Actor | None:
    """Return which server bears this token; None when it is unknown, removed or its owner disabled."""
    if not is_secret(secret, Prefix.SERVER):
        return None
    query = (
        select(MediaServer.id, MediaServer.last_seen_on, Account)
        .join(Account, Account.id == MediaServer.account_id)
        .where(MediaServer.token_digest == digest_of(secret), Account.disabled_at.is_(None))
    )
    row = session().execute(query).one_or_none()
    if row is None:
        return None
    note_day(MediaServer.last_seen_on, row.id, row.last_seen_on)
    return _reader(row.Account, row.id, "server")


def actor_of_feed(secret: str) -> Actor | None:
    """Return for whom a personal feed is; None when its secret is unknown, revoked or its owner disabled."""
    if not is_secret(secret, Prefix.FEED):
        return None
    query = (
        select(FeedSecret, Account)
        .join(Account, Account.id == FeedSecret.account_id)
        .where(
            FeedSecret.digest == digest_of(secret),
            FeedSecret.revoked_at.is_(None),
            Account.disabled_at.is_(None),
        )
    )
    row = session().execute(query).one_or_none()
    if row is None:
        return None
    note_day(FeedSecret.last_used_on, row.FeedSecret.id, row.FeedSecret.last_used_on)
    return _reader(row.Account, row.FeedSecret.server_id, "feed")


def note_day(column: InstrumentedAttribute[Any], row_id: UUID, seen_on: date | None) -> None:
    """Note in ``column`` that a secret was used today, once a day; never fails the request."""
    today = now().date()
    current = session()
    if current.info.get("open") or seen_on == today:
        return
    model = column.class_
    statement = update(model).where(model.id == row_id, or_(column.is_(None), column < today))
    try:
        current.execute(text("SET LOCAL lock_timeout = '100ms'"))
        current.execute(statement.values({column: today}), execution_options={"synchronize_session": False})
        current.commit()
    except SQLAlchemyError as error:
        current.rollback()
        log.warning("day_not_noted", of=model.__tablename__, reason=type(error).__name__)


def _reader(account: Account, server_id: UUID | None, via: str) -> Actor:
    return Actor(
        account_id=account.id,
        role=Role.USER,
        via=via,
        verified=account.email_verified_at is not None,
        scopes=ONLY_READS,
        server_id=server_id,
    )
