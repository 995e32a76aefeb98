"""Letting a server in by a short code (the device flow of RFC 8628).

The server asks and shows a code; its owner, signed in elsewhere, types it and says yes; the server, which
asks again every few seconds, then gets its token, once. A code lasts a quarter of an hour.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.accounts.actor import Actor
from registry.accounts.bearer import Prefix, digest_of, is_secret, make_secret, shown_part
from registry.accounts.models import Account
from registry.audit.service import record
from registry.clock import now
from registry.configured import settings
from registry.database import changed_rows, session, transaction
from registry.errors import Conflict, MarqueeError, NotFound
from registry.servers import rules
from registry.servers.errors import EnrolmentDenied, EnrolmentExpired, EnrolmentPending, EnrolmentTooFast
from registry.servers.models import Enrolment, EnrolmentState, MediaServer
from registry.servers.sealing import seal

LASTS = timedelta(minutes=15)
INTERVAL_S = 5
SLOWER_BY_S = 5
MOST_SERVERS = 50
Waiting = TypeVar("Waiting", bound=MarqueeError)
WORDS: dict[type[MarqueeError], str] = {
    EnrolmentPending: "authorization_pending",
    EnrolmentTooFast: "slow_down",
    EnrolmentDenied: "access_denied",
    EnrolmentExpired: "expired_token",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a server is told that asks to be let in; ``device_code`` is its own secret."""

    device_code: str
    user_code: str
    expires_in_s: int
    interval_s: int


def ask_enrolment(*, name: str, platform: str, version: str, address: str | None = None) -> Asked:
    """Keep that a server asks to be let in. Raises Invalid."""
    secret, row_id = make_secret(Prefix.DEVICE), uuid4()
    address = rules.check_address(address)
    key = settings().secret_key
    values = {
        "id": row_id, "device_digest": digest_of(secret), "name": rules.check_text("name", name),
        "platform": rules.check_platform(platform), "version": rules.check_text("version", version),
        "address_sealed": seal(address, bound_to=row_id.bytes, secret_key=key) if address else None,
        "interval_s": INTERVAL_S, "expires_at": now() + LASTS,
    }  # fmt: skip
    code = _keep(values)
    return Asked(secret, rules.shown_code(code), int(LASTS.total_seconds()), INTERVAL_S)


def find_enrolment(typed: str, *, by: Actor) -> Enrolment:
    """Return the server that waits under a code as its owner typed it. Raises NotFound, NotSignedIn."""
    by.must_be_signed_in()
    code = rules.read_code(typed)
    row = session().scalar(select(Enrolment).where(Enrolment.user_code == code)) if code else None
    return _waiting(row)


def answer_enrolment(typed: str, *, approve: bool, by: Actor) -> Enrolment:
    """Let a server in, or not. Raises NotFound for a code that no server waits under, Conflict."""
    account_id = by.must_be_signed_in()
    with transaction() as tx:
        query = select(Enrolment).where(Enrolment.user_code == rules.read_code(typed))
        row = _waiting(tx.scalar(query.with_for_update()))
        if approve:
            _check_room(tx, by)
        row.state = EnrolmentState.APPROVED if approve else EnrolmentState.DENIED
        row.account_id = account_id
        event = "server_approved" if approve else "server_denied"
        record(tx, event, by=by, subject=("server", row.id), detail={"platform": row.platform})
    return row


def take_token(device_code: str) -> tuple[MediaServer, str]:
    """Return a server that was let in, with its token, once.

    Raises EnrolmentPending, EnrolmentTooFast (from then on it must wait longer), EnrolmentDenied and
    EnrolmentExpired, also for a code that was used.
    """
    if not is_secret(device_code, Prefix.DEVICE):
        raise _told(EnrolmentExpired, "This is no device code; ask for a new one.")
    with transaction() as tx:
        query = select(Enrolment).where(Enrolment.device_digest == digest_of(device_code))
        row = tx.scalar(query.with_for_update())
        if row is None or row.expires_at <= now():
            raise _told(EnrolmentExpired, "This code was used or is too old; ask for a new one.")
        if row.state is EnrolmentState.APPROVED:
            return _let_in(tx, row)
        refusal = _refusal(row)
        row.polled_at = now()
    raise refusal


def sweep_enrolments() -> int:
    """Forget servers that asked in vain; return how many."""
    with transaction() as tx:
        return changed_rows(tx, delete(Enrolment).where(Enrolment.expires_at <= now()))


def _keep(values: dict[str, object]) -> str:
    for _ in range(3):  # another server waits under the same code once in a hundred million times
        code = rules.make_user_code()
        try:
            with transaction() as tx:
                tx.add(Enrolment(**values, user_code=code))
        except IntegrityError:
            continue
        return code
    raise Conflict("No code was free; ask again.")


def _waiting(row: Enrolment | None) -> Enrolment:
    if row is None or row.state is not EnrolmentState.PENDING or row.expires_at <= now():
        raise NotFound(
            "No server waits under this code. Look at the code once more; after a quarter of an hour the "
            "server shows another.",
            code="enrolment.unknown",
        )
    return row


def _check_room(tx: Session, by: Actor) -> None:
    tx.get_one(Account, by.account_id, with_for_update=True)
    count = tx.scalar(select(func.count()).where(MediaServer.account_id == by.account_id))
    if (count or 0) >= MOST_SERVERS:
        raise Conflict(
            f"You have {MOST_SERVERS} servers. Remove those that you no longer have, then connect this one.",
            code="server.too_many",
        )


def _refusal(row: Enrolment) -> MarqueeError:
    if row.state is EnrolmentState.DENIED:
        return _told(EnrolmentDenied, "Its owner did not let this server in.")
    waited = now() - row.polled_at if row.polled_at else LASTS
    if waited < timedelta(seconds=row.interval_s):
        row.interval_s += SLOWER_BY_S
        return _told(EnrolmentTooFast, f"Ask every {row.interval_s} seconds from now on.", row.interval_s)
    return _told(EnrolmentPending, "Its owner has not typed the code yet.", row.interval_s)


def _told(kind: type[Waiting], sentence: str, interval_s: int | None = None) -> Waiting:
    extra: dict[str, object] = {"error": WORDS[kind]}
    if interval_s is not None:
        extra["interval"] = interval_s
    return kind(sentence, extra=extra, retry_after_s=interval_s)


def _let_in(tx: Session, row: Enrolment) -> tuple[MediaServer, str]:
    secret = make_secret(Prefix.SERVER)
    server = MediaServer(
        id=row.id, account_id=row.account_id, name=row.name, platform=row.platform, version=row.version,
        address_sealed=row.address_sealed, token_digest=digest_of(secret), shown_prefix=shown_part(secret),
        enrolled_at=now(),
    )  # fmt: skip
    tx.add(server)
    tx.delete(row)
    by = Actor(account_id=row.account_id, via="server", server_id=row.id)
    record(tx, "server_enrolled", by=by, subject=("server", row.id), detail={"platform": row.platform})
    return server, secret
