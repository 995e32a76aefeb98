"""Makes the Actor of an account that a session or a token has proven.

Role, memberships and being disabled are read with every request, so a change works at once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import or_, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute

from registry.accounts.actor import Actor, Scope
from registry.accounts.models import Account, ApiToken, BrowserSession, Role
from registry.clock import now
from registry.database import session
from registry.publishers.models import Membership

log = structlog.get_logger()

NOTED_EVERY = timedelta(minutes=1)
OF_A_USER = frozenset({Scope.READ, Scope.UPLOAD, Scope.MANAGE})
SCOPES = {
    Role.USER: OF_A_USER,
    Role.MODERATOR: OF_A_USER | {Scope.REVIEW},
    Role.ADMIN: OF_A_USER | {Scope.REVIEW, Scope.ADMIN},
}


def scopes_of(role: Role) -> frozenset[Scope]:
    """Return all that an account of this role may do."""
    return SCOPES[role]


def known_scopes(names: Iterable[str]) -> frozenset[Scope]:
    """Return the scopes among these names; a name of a later version counts as nothing."""
    return frozenset(Scope(name) for name in names if name in set(Scope))


def find_bearer(
    kind: type[ApiToken] | type[BrowserSession], digest: str
) -> tuple[Any, Account, dict[UUID, Any]] | None:
    """Return the row of a secret, its account and the account's memberships, by one query.

    None when there is no such secret or its account is disabled.
    """
    query = (
        select(kind, Account, Membership)
        .join(Account, Account.id == kind.account_id)
        .outerjoin(Membership, Membership.account_id == Account.id)
        .where(kind.digest == digest, Account.disabled_at.is_(None))
        .execution_options(populate_existing=True)
    )
    rows = session().execute(query).all()
    if not rows:
        return None
    memberships = {row[2].publisher_id: row[2].role for row in rows if row[2] is not None}
    return rows[0][0], rows[0][1], memberships


def make_actor(account: Account, memberships: dict[UUID, Any], **proof: Any) -> Actor:
    """Return the actor of an account; ``proof`` is ``via``, ``scopes`` and ``session_id``."""
    return Actor(
        account_id=account.id,
        email=account.email,
        name=account.name,
        role=account.role,
        verified=account.email_verified_at is not None,
        memberships=memberships,
        **proof,
    )


def note_use(column: InstrumentedAttribute[Any], row_id: UUID, seen_at: datetime | None) -> None:
    """Note in ``column`` that a secret was used, once a minute at most; never fails the request.

    It commits at once, before the request does anything, and waits for no lock. (A connection of its own
    would be a second one for each request: enough of them at once would wait for each other.)
    """
    current = session()
    if current.info.get("open") or (seen_at is not None and now() - seen_at < NOTED_EVERY):
        return
    model = column.class_
    due = or_(column.is_(None), column < now() - NOTED_EVERY)
    statement = update(model).where(model.id == row_id, due).values({column: now()})
    try:
        current.execute(text("SET LOCAL lock_timeout = '100ms'"))
        current.execute(statement, execution_options={"synchronize_session": False})
        current.commit()
    except SQLAlchemyError as error:
        current.rollback()
        log.warning("use_not_noted", of=model.__tablename__, reason=type(error).__name__)
