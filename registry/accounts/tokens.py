"""API tokens: made once and shown once, never more or longer than what made them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts import letters
from registry.accounts.acting import find_bearer, known_scopes, make_actor, note_use, scopes_of
from registry.accounts.actor import Actor, Scope
from registry.accounts.bearer import Prefix, digest_of, is_secret, make_secret, shown_part
from registry.accounts.models import Account, ApiToken
from registry.audit.service import record
from registry.clock import now
from registry.database import transaction
from registry.errors import Conflict, NotAllowed, NotFound, fault
from registry.mail.service import send
from registry.newest import newest_page
from registry.paging import Page

LONGEST_DAYS = 365
USUAL_DAYS = 90
MOST_TOKENS = 50


def actor_of_token(secret: str) -> Actor | None:
    """Return who bears this token, or None when it is unknown, expired, revoked or disabled.

    The scopes are the token's as far as the account still has them.
    """
    if not is_secret(secret, Prefix.API):
        return None
    found = find_bearer(ApiToken, digest_of(secret))
    if found is None:
        return None
    token, account, memberships = found
    if token.revoked_at is not None or token.expires_at <= now():
        return None
    scopes = known_scopes(token.scopes) & scopes_of(account.role)
    proof = {"token_id": token.id, "expires_at": token.expires_at}
    actor = make_actor(account, memberships, via="token", scopes=scopes, **proof)
    note_use(ApiToken.last_used_at, token.id, token.last_used_at)
    return actor


def make_token(
    *, name: str, scopes: Iterable[str], by: Actor, days: int = USUAL_DAYS
) -> tuple[ApiToken, str]:
    """Make a token for the actor; return it and its secret, which is never to be seen again.

    Raises Invalid for an unknown scope, no name or a wrong number of days, NotAllowed for a scope
    that the actor has not, Conflict when there are too many.
    """
    account_id = by.must_be_signed_in()
    by.must_have(Scope.MANAGE)
    wanted = check_scopes(scopes, everything=by.scopes)
    if missing := wanted - by.scopes:
        raise NotAllowed(f"You cannot give a token the scope {min(missing).value!r}: you have not got it.")
    expires_at = now() + timedelta(days=_check_days(days))
    if by.expires_at is not None:
        expires_at = min(expires_at, by.expires_at)
    with transaction() as tx:
        account = tx.get_one(Account, account_id, with_for_update=True)
        _check_not_too_many(tx, account_id)
        token, secret = add_token(tx, account, _check_name(name), wanted, expires_at)
        record(tx, "token_made", by=by, subject=("token", token.id), detail={"scopes": token.scopes})
        send(tx, "token_made", account.email, *letters.token_made(account, token))
    return token, secret


def make_token_for(email: str, *, scopes: Iterable[str], by: Actor, days: int) -> tuple[ApiToken, str]:
    """Make a token for somebody else's account: the operator's command.

    Raises NotFound, Invalid.
    """
    wanted = check_scopes(scopes, everything=frozenset(Scope))
    with transaction() as tx:
        account = tx.scalar(select(Account).where(Account.email == email))
        if account is None:
            raise NotFound(f"There is no account {email}; make it with `account create`.")
        expires_at = now() + timedelta(days=_check_days(days))
        token, secret = add_token(tx, account, "made by the operator", wanted, expires_at)
        record(tx, "token_made", by=by, subject=("token", token.id), detail={"scopes": token.scopes})
    return token, secret


def add_token(
    tx: Session, account: Account, name: str, scopes: frozenset[Scope], expires_at: datetime
) -> tuple[ApiToken, str]:
    """Add a token to the open transaction."""
    secret = make_secret(Prefix.API)
    token = ApiToken(
        account_id=account.id,
        name=name,
        shown_prefix=shown_part(secret),
        digest=digest_of(secret),
        scopes=sorted(scope.value for scope in scopes),
        expires_at=expires_at,
    )
    tx.add(token)
    tx.flush()  # its id goes into the audit trail
    return token, secret


def list_tokens(*, by: Actor, cursor: str | None = None, limit: int = 50) -> Page[ApiToken]:
    """Return the actor's tokens that are not revoked, the newest first."""
    query = select(ApiToken).where(
        ApiToken.account_id == by.must_be_signed_in(), ApiToken.revoked_at.is_(None)
    )
    return newest_page(query, ApiToken, cursor=cursor, limit=limit)


def revoke_token(token_id: UUID, *, by: Actor, why: str = "by its owner") -> None:
    """End a token of the actor's; a second time changes nothing. Raises NotFound for any other."""
    account_id = by.must_be_signed_in()
    if by.token_id != token_id:  # whoever finds a token may always end it with itself
        by.must_have(Scope.MANAGE)
    with transaction() as tx:
        token = tx.get(ApiToken, token_id, with_for_update=True, populate_existing=True)
        if token is None or token.account_id != account_id:
            raise NotFound("You have no such token.")
        if token.revoked_at is None:
            end_token(token, why)
            record(tx, "token_revoked", by=by, subject=("token", token.id), detail={"why": why})


def end_token(token: ApiToken, why: str) -> None:
    """Mark a token as ended, in the open transaction."""
    token.revoked_at, token.revoked_why = now(), why


def end_tokens(tx: Session, account_id: UUID, why: str) -> None:
    """End all tokens of an account, in the open transaction."""
    query = select(ApiToken).where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
    for token in tx.scalars(query.with_for_update()):
        end_token(token, why)


def check_scopes(names: Iterable[str], *, everything: frozenset[Scope]) -> frozenset[Scope]:
    """Return the scopes of these names; ``all`` is everything. Raises Invalid with the list."""
    wanted = set(names)
    if unknown := wanted - {"all", *Scope}:
        known = ", ".join([*Scope, "all"])
        raise fault("scopes", f"There is no scope {min(unknown)!r}; the scopes are {known}.")
    if not wanted:
        raise fault("scopes", f"Name at least one scope: {', '.join([*Scope, 'all'])}.")
    return everything if "all" in wanted else frozenset(Scope(name) for name in wanted)


def _check_days(days: int) -> int:
    if not 1 <= days <= LONGEST_DAYS:
        raise fault("days", f"A token lasts from 1 to {LONGEST_DAYS} days, not {days}.")
    return days


def _check_name(name: str) -> str:
    if not name.strip() or len(name) > 100:
        raise fault("name", "Give the token a name of at most 100 characters, to know it again.")
    return name.strip()


def _check_not_too_many(tx: Session, account_id: UUID) -> None:
    query = select(ApiToken.id).where(
        ApiToken.account_id == account_id,
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > now(),
    )
    if len(tx.scalars(query.limit(MOST_TOKENS)).all()) >= MOST_TOKENS:
        raise Conflict(
            f"You have {MOST_TOKENS} tokens. End those that nothing uses, then make another.",
            code="token.too_many",
        )
