"""What an admin does with accounts: verify an address by hand, disable, change the role.

There is always an admin left who can sign in.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from registry.accounts import letters
from registry.accounts.actor import Actor
from registry.accounts.models import Account, Role
from registry.accounts.sessions import end_sessions
from registry.audit.service import record
from registry.clock import now
from registry.database import session, transaction
from registry.errors import Conflict, NotAllowed, NotFound
from registry.mail.service import send


def list_accounts(
    *, by: Actor, q: str = "", limit: int = 50, before: tuple[datetime, UUID] | None = None
) -> list[Account]:
    """Return accounts with ``q`` in address or name, the newest first, from ``before`` on."""
    _must_be_admin(by)
    query = select(Account)
    if q:
        query = query.where(
            Account.email.icontains(q, autoescape=True) | Account.name.icontains(q, autoescape=True)
        )
    if before is not None:
        query = query.where(tuple_(Account.created_at, Account.id) < before)
    query = query.order_by(Account.created_at.desc(), Account.id.desc())
    return list(session().scalars(query.limit(limit)))


def mark_verified(account_id: UUID, *, by: Actor) -> Account:
    """Take an address as verified, where no mail can be sent."""

    def verify(_: Session, account: Account) -> None:
        account.email_verified_at = account.email_verified_at or now()

    return _change(account_id, "address_marked_verified", verify, by=by)


def disable_account(account_id: UUID, *, by: Actor) -> Account:
    """Shut an account out: its sessions end, its tokens are refused.

    Raises Conflict for the last admin.
    """

    def disable(tx: Session, account: Account) -> None:
        _keep_an_admin(tx, account)
        account.disabled_at = account.disabled_at or now()
        end_sessions(tx, account.id)

    return _change(account_id, "account_disabled", disable, by=by)


def enable_account(account_id: UUID, *, by: Actor) -> Account:
    """Let an account in again."""

    def enable(_: Session, account: Account) -> None:
        account.disabled_at = None

    return _change(account_id, "account_enabled", enable, by=by)


def change_role(account_id: UUID, role: Role, *, by: Actor) -> Account:
    """Change what an account may do; it works with its next request.

    Raises Conflict for the last admin.
    """

    def change(tx: Session, account: Account) -> None:
        if account.role is Role.ADMIN and role is not Role.ADMIN:
            _keep_an_admin(tx, account)
        account.role = role
        send(tx, "role_changed", account.email, *letters.role_changed(account))

    return _change(account_id, "role_changed", change, by=by, role=role.value)


def _change(
    account_id: UUID,
    event: str,
    act: Callable[[Session, Account], None],
    *,
    by: Actor,
    **detail: str,
) -> Account:
    _must_be_admin(by)
    with transaction() as tx:
        # All admins are locked in one order, so that two who leave at once cannot both be the last
        # but one.
        tx.execute(
            select(Account.id)
            .where(Account.role == Role.ADMIN)
            .order_by(Account.id)
            .with_for_update()
        )
        account = tx.get(Account, account_id, with_for_update=True, populate_existing=True)
        if account is None:
            raise NotFound("There is no such account.")
        act(tx, account)
        record(tx, event, by=by, subject=("account", account.id), detail=detail)
    return account


def _must_be_admin(by: Actor) -> None:
    if not by.is_admin:
        raise NotAllowed("Only an admin may do this (and, for a token, one with the scope admin).")


def _keep_an_admin(tx: Session, account: Account) -> None:
    others = select(Account.id).where(
        Account.role == Role.ADMIN, Account.disabled_at.is_(None), Account.id != account.id
    )
    if account.role is Role.ADMIN and tx.scalar(others.limit(1)) is None:
        raise Conflict("This is the last admin; make another one first.", code="account.last_admin")
