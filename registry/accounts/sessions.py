"""Signed-in browsers and programs: a secret in a cookie or a header, its digest in a row.

A session ends when it was not used for a week, after a month in any case, and whenever the password
is reset. Signing in does the same work whether or not the account exists.
"""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from registry.accounts import first_login, passwords
from registry.accounts.acting import find_bearer, make_actor, note_use, scopes_of
from registry.accounts.actor import Actor, Scope
from registry.accounts.bearer import Prefix, digest_of, is_secret, make_secret
from registry.accounts.models import Account, BrowserSession
from registry.audit.service import record
from registry.clock import now
from registry.configured import settings
from registry.database import changed_rows, session, transaction
from registry.errors import NotFound, NotSignedIn

log = structlog.get_logger()

UNUSED_FOR = timedelta(days=7)
LONGEST = timedelta(days=30)


def actor_of_session(secret: str) -> Actor | None:
    """Return who is signed in by this secret; None when it is unknown, over, or disabled."""
    if not is_secret(secret, Prefix.SESSION):
        return None
    found = find_bearer(BrowserSession, digest_of(secret))
    if found is None:
        return None
    row, account, memberships = found
    if row.expires_at <= now() or row.last_seen_at <= now() - UNUSED_FOR:
        return None
    scopes = scopes_of(account.role)
    actor = make_actor(account, memberships, via="session", scopes=scopes, session_id=row.id)
    note_use(BrowserSession.last_seen_at, row.id, row.last_seen_at)
    return actor


def open_session(*, email: str, password: str, browser: str) -> tuple[BrowserSession, str]:
    """Sign in; return the session and its secret. ``browser`` is what the client says of itself.

    Raises NotSignedIn (``auth.credentials``), the same for an unknown address, a wrong password and
    a disabled account, and Unavailable when too many sign in at once.
    """
    account = session().scalar(select(Account).where(Account.email == email.strip()))
    good = passwords.matches(account.password_hash if account else None, password)
    if account is None or not good or account.disabled_at is not None:
        log.warning("sign_in_refused", account=str(account.id) if account else None)
        raise NotSignedIn("The address or the password is wrong.", code="auth.credentials")
    renewed = passwords.renewed_hash(account.password_hash, password)
    with transaction() as tx:
        if renewed is not None:
            account.password_hash = renewed
        row, secret = add_session(tx, account, browser)
    first_login.forget(settings().home, account.email)
    return row, secret


def add_session(tx: Session, account: Account, browser: str) -> tuple[BrowserSession, str]:
    """Add a session of an account to the open transaction; return it and its secret."""
    secret = make_secret(Prefix.SESSION)
    row = BrowserSession(
        account_id=account.id,
        digest=digest_of(secret),
        browser=browser.strip()[:200] or "unknown",
        expires_at=now() + LONGEST,
    )
    tx.add(row)
    tx.flush()  # its id goes into the audit trail
    actor = make_actor(account, {}, via="session", session_id=row.id)
    record(tx, "signed_in", by=actor, subject=("session", row.id))
    return row, secret


def close_session(session_id: UUID, *, by: Actor) -> None:
    """Sign out: end a session of the actor's. Raises NotFound for any other."""
    account_id = by.must_be_signed_in()
    if by.session_id != session_id:
        by.must_have(Scope.MANAGE)
    with transaction() as tx:
        row = tx.get(BrowserSession, session_id)
        if row is None or row.account_id != account_id:
            raise NotFound("You have no such session.")
        tx.delete(row)
        record(tx, "signed_out", by=by, subject=("session", row.id))


def list_sessions(*, by: Actor) -> list[BrowserSession]:
    """Return the actor's sessions that are not over, the one used last first."""
    query = select(BrowserSession).where(
        BrowserSession.account_id == by.must_be_signed_in(),
        BrowserSession.expires_at > now(),
        BrowserSession.last_seen_at > now() - UNUSED_FOR,
    )
    return list(session().scalars(query.order_by(BrowserSession.last_seen_at.desc()).limit(100)))


def end_sessions(tx: Session, account_id: UUID, *, but: UUID | None = None) -> None:
    """End all sessions of an account but one, in the open transaction."""
    query = delete(BrowserSession).where(BrowserSession.account_id == account_id)
    tx.execute(query if but is None else query.where(BrowserSession.id != but))


def sweep_sessions() -> int:
    """Forget sessions that are over; return how many."""
    over = (BrowserSession.expires_at <= now()) | (BrowserSession.last_seen_at <= now() - UNUSED_FOR)
    with transaction() as tx:
        return changed_rows(tx, delete(BrowserSession).where(over))
