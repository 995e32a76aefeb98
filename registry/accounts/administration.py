"""What an admin does with accounts: verify an address by hand, disable, change the role.

There is always an admin left who can sign in.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts import letters
from registry.accounts.actor import Actor
from registry.accounts.models import Account, Role
from registry.accounts.sessions import end_sessions
from registry.audit.service import record
from registry.clock import now
from registry.database import transaction
from registry.errors import Conflict, NotAllowed, NotFound
from registry.mail.service import send
from registry.newest import newest_page
from registry.paging import Page


def list_accounts(*, by: Actor, words: str = "", cursor: str | None = None, limit: int = 50) -> Page[Account]:
    """Return accounts that have the words in address or name, the newest first."""
    _must_be_admin(by)
    query = select(Account)
    if words:
        query = query.where(
            Account.email.icontains(words, autoescape=True) | Account.name.icontains(words, autoescape=True)
        )
    return newest_page(query, Account, cursor=cursor, limit=limit)


def change_account(
    account_id: UUID,
    *,
    by: Actor,
    role: Role | None = None,
    disabled: bool | None = None,
    verified: bool | None = None,
) -> Account:
    """Change what an account may do; it works with its next request. None leaves things as they are.

    A disabled account loses its sessions, and its tokens are refused. ``verified`` takes an address
    as confirmed where no mail can be sent. Raises Conflict (``account.last_admin``), NotFound,
    NotAllowed.
    """
    _must_be_admin(by)
    with transaction() as tx:
        account = _locked(tx, account_id)
        if role is not None and role is not account.role:
            _change_role(tx, account, role)
        if disabled is not None:
            _disable(tx, account) if disabled else _enable(account)
        if verified:
            account.email_verified_at = account.email_verified_at or now()
        asked = {"role": role, "disabled": disabled, "verified": verified}
        detail = {name: value for name, value in asked.items() if value is not None}
        record(tx, "account_changed", by=by, subject=("account", account.id), detail=detail)
    return account


def _locked(tx: Session, account_id: UUID) -> Account:
    # All admins are locked, in one order: of two admins who demote each other, the second is
    # refused.
    admins = select(Account.id).where(Account.role == Role.ADMIN)
    tx.execute(admins.order_by(Account.id).with_for_update())
    account = tx.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def _change_role(tx: Session, account: Account, role: Role) -> None:
    _keep_an_admin(tx, account)
    account.role = role
    send(tx, "role_changed", account.email, *letters.role_changed(account))


def _disable(tx: Session, account: Account) -> None:
    _keep_an_admin(tx, account)
    account.disabled_at = account.disabled_at or now()
    end_sessions(tx, account.id)


def _enable(account: Account) -> None:
    account.disabled_at = None


def _must_be_admin(by: Actor) -> None:
    if not by.is_admin:
        raise NotAllowed("Only an admin may do this (and, for a token, one with the scope admin).")


def _keep_an_admin(tx: Session, account: Account) -> None:
    others = select(Account.id).where(
        Account.role == Role.ADMIN, Account.disabled_at.is_(None), Account.id != account.id
    )
    if account.role is Role.ADMIN and tx.scalar(others.limit(1)) is None:
        raise Conflict("This is the last admin; make another one first.", code="account.last_admin")
