"""Background work: a row in ``job`` is the work, a Celery message is only a hint that it is there.

The row is written in the transaction that makes the work necessary. A worker claims it by a short lease
that it renews while it lives; when it dies, the lease runs out and the sweep hints again. Every kind of
work may run twice without harm; while a part of Marquee is down it has not failed, but is tried again.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID, uuid4

import structlog
from celery import Celery
from flask import Flask, current_app
from kombu.exceptions import OperationalError
from sqlalchemy import Engine, Index, UniqueConstraint, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import InterfaceError
from sqlalchemy.exc import OperationalError as DatabaseDown
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.clock import now
from registry.database import Base, changed_rows, db, on_commit, roll_back
from storage.errors import StorageUnavailable

log = structlog.get_logger()
Given = TypeVar("Given")

LEASE_S = 15
RENEW_S = 5
HINT_EVERY_S = 10
BACK_OFF_S = (1, 5, 30, 120, 600)
DOWN_S = 3
NO_DATABASE = (DatabaseDown, InterfaceError)
DOWN = (*NO_DATABASE, StorageUnavailable)
# How often a worker asks a database that is away before it lets its lease run out.
PATIENCE_S = (0.5, 1.0, 2.0, 4.0)
ATTEMPTS = 8


class Work(StrEnum):
    """What workers do; each member has one task, each queue a consumer."""

    INGEST = "ingest"
    PUBLISH = "publish"
    FEEDS = "feeds"
    MAIL = "mail"
    POLICY = "policy"


QUEUES = {
    Work.INGEST: "ingest", Work.PUBLISH: "quick", Work.FEEDS: "feeds", Work.MAIL: "mail",
    Work.POLICY: "ingest",
}  # fmt: skip


class Job(Base):
    """One piece of work that waits, runs, or has failed for good (``dead_at``)."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("work", "subject"),
        Index(None, "not_before", postgresql_where=text("dead_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    work: Mapped[Work]
    subject: Mapped[str]
    wanted: Mapped[int] = mapped_column(default=1)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    not_before: Mapped[datetime] = mapped_column(default=now)
    hinted_at: Mapped[datetime] = mapped_column(default=now)
    lease_until: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    request_id: Mapped[str | None]


class Later(Exception):
    """Raised by a handler: not now; try again after ``seconds`` without counting it as a failure."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Claim:
    """A job as its worker holds it: ``wanted`` tells whether it was asked for again meanwhile."""

    id: UUID
    work: Work
    subject: str
    wanted: int
    attempts: int
    request_id: str | None


CLAIMED = (Job.id, Job.work, Job.subject, Job.wanted, Job.attempts, Job.request_id)


def enqueue(session: Session, work: Work, subject: object, *, delay_s: float = 0) -> None:
    """Write the work into the open transaction and hint at it after the commit."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    due = now() + timedelta(seconds=delay_s)
    statement = insert(Job).values(
        id=uuid4(), work=work, subject=str(subject), wanted=1, attempts=0, created_at=now(),
        not_before=due, hinted_at=due, request_id=request_id,
    )  # fmt: skip
    session.execute(
        statement.on_conflict_do_update(
            constraint="uq_job_work_subject",
            set_={
                "wanted": Job.wanted + 1,
                "not_before": func.least(Job.not_before, statement.excluded.not_before),
                "hinted_at": func.least(Job.hinted_at, statement.excluded.hinted_at),
                "attempts": 0,
                "dead_at": None,
            },
        )
    )
    on_commit(lambda: hint(work, str(subject), request_id=request_id, delay_s=delay_s))


def make_sender(broker_url: str) -> Celery:
    """Make the Celery application that only sends. The broker being down must not slow a request."""
    sender = Celery("marquee-sender", broker=broker_url, set_as_current=False)
    sender.conf.update(
        task_serializer="json",
        task_ignore_result=True,
        broker_connection_timeout=0.5,
        broker_connection_retry=False,
        broker_transport_options={
            "socket_timeout": 1.0,
            "socket_connect_timeout": 0.5,
            "retry_on_timeout": False,
            # Or kombu waits two seconds before it tries to connect once more.
            "max_retries": 0,
        },
        task_publish_retry=False,
    )
    return sender


def hint(work: Work, subject: str, *, request_id: str | None = None, delay_s: float = 0) -> None:
    """Tell a worker that a row waits. A broker that is down is logged; the sweep finds the row."""
    sender: Celery = current_app.extensions["marquee_sender"]
    try:
        sender.send_task(
            f"marquee.{work.value}",
            args=[subject],
            queue=QUEUES[work],
            countdown=delay_s or None,
            headers={"request_id": request_id} if request_id else None,
            ignore_result=True,
        )
    except (OperationalError, OSError) as error:
        log.warning("hint_not_sent", work=work.value, subject=subject, reason=str(error))
        _leave_to_sweep(work, subject)


def _leave_to_sweep(work: Work, subject: str) -> None:
    """Let the next sweep hint, not the one after the time between two hints."""
    long_ago = now() - timedelta(seconds=HINT_EVERY_S)
    try:
        db.session.execute(
            update(Job).where(Job.work == work, Job.subject == subject).values(hinted_at=long_ago)
        )
        db.session.commit()
    except NO_DATABASE:
        roll_back(db.session())


def take_due_jobs(session: Session, *, limit: int = 500) -> list[Claim]:
    """Return work that stands still, to be hinted at again: due, not leased, not dead.

    Each is returned once in 10 s, however many sweeps ask: while work waits behind other work its
    hints must not pile up in the broker.
    """
    still = (
        select(Job.id)
        .where(Job.dead_at.is_(None), Job.not_before <= now(), _not_leased())
        .where(Job.hinted_at <= now() - timedelta(seconds=HINT_EVERY_S))
        .order_by(Job.not_before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.execute(update(Job).where(Job.id.in_(still)).values(hinted_at=now()).returning(*CLAIMED))
    return [Claim(*row) for row in rows]


def perform(work: Work, subject: str, handler: Callable[[str], object]) -> bool:
    """Claim one piece of work, do it, and settle the row. Return False when there was nothing to claim."""
    claim = _patiently(lambda: _claim(work, subject))
    if claim is None:
        return False
    with structlog.contextvars.bound_contextvars(request_id=claim.request_id):
        _do(claim, handler)
    return True


def _do(claim: Claim, handler: Callable[[str], object]) -> None:
    if claim.attempts > ATTEMPTS:  # it ended its worker each time, or it would have been settled
        _bury(claim, f"Its worker died {ATTEMPTS} times while doing this.")
        return
    try:
        with _kept_alive(claim):
            handler(claim.subject)
    except Later as later:
        roll_back(db.session())
        _release(claim, later.seconds, attempts=claim.attempts - 1, last_error=None)
    except DOWN as error:
        log.warning("part_down", work=claim.work.value, subject=claim.subject, reason=str(error)[:500])
        roll_back(db.session())
        why = str(error)[:2000]
        _patiently(lambda: _release(claim, DOWN_S, attempts=claim.attempts - 1, last_error=why))
    except Exception as error:
        log.exception("job_failed", work=claim.work.value, subject=claim.subject)
        roll_back(db.session())
        _fail(claim, f"{type(error).__name__}: {error}"[:2000])
    else:
        log.info("job_done", work=claim.work.value, subject=claim.subject, attempt=claim.attempts)
        _patiently(lambda: _finish(claim))


def _patiently(act: Callable[[], Given]) -> Given:
    """Act as soon as the database answers; it is back in seconds, a lost lease takes longer."""
    for wait_s in PATIENCE_S:
        try:
            return act()
        except NO_DATABASE:
            roll_back(db.session())
            time.sleep(wait_s)
    return act()


def _not_leased() -> Any:
    return or_(Job.lease_until.is_(None), Job.lease_until < now())


def _claim(work: Work, subject: str) -> Claim | None:
    row = db.session.execute(
        update(Job)
        .where(
            Job.work == work,
            Job.subject == subject,
            Job.dead_at.is_(None),
            Job.not_before <= now() + timedelta(seconds=0.5),
            _not_leased(),
        )
        .values(lease_until=now() + timedelta(seconds=LEASE_S), attempts=Job.attempts + 1)
        .returning(*CLAIMED)
    ).one_or_none()
    db.session.commit()
    return None if row is None else Claim(*row)


def _finish(claim: Claim) -> None:
    done = delete(Job).where(Job.id == claim.id, Job.wanted == claim.wanted)
    if not changed_rows(db.session(), done):  # asked for again while it ran: run once more
        _settle(claim, attempts=0, lease_until=None, not_before=now(), hinted_at=now())
        db.session.commit()
        hint(claim.work, claim.subject, request_id=claim.request_id)
        return
    db.session.commit()


def _release(claim: Claim, seconds: float, **values: Any) -> None:
    due = now() + timedelta(seconds=seconds)
    _settle(claim, lease_until=None, not_before=due, hinted_at=due, **values)
    db.session.commit()
    hint(claim.work, claim.subject, request_id=claim.request_id, delay_s=seconds)


def _fail(claim: Claim, why: str) -> None:
    if claim.attempts >= ATTEMPTS:
        _bury(claim, why)
    else:
        wait_s = BACK_OFF_S[min(claim.attempts, len(BACK_OFF_S)) - 1]
        _release(claim, wait_s, last_error=why)


def _bury(claim: Claim, why: str) -> None:
    """Give the work up; an operator sees it and may ask for it again."""
    log.error("job_given_up", work=claim.work.value, subject=claim.subject, reason=why)
    _settle(claim, lease_until=None, dead_at=now(), last_error=why)
    db.session.commit()


def _settle(claim: Claim, **values: Any) -> None:
    db.session.execute(update(Job).where(Job.id == claim.id).values(**values))


@contextmanager
def _kept_alive(claim: Claim) -> Iterator[None]:
    """Renew the lease from a thread until the work is done; a dead process renews nothing."""
    done = threading.Event()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context():
        engine = db.engine
    renewer = threading.Thread(target=_renew, args=(engine, claim.id, done), daemon=True)
    renewer.start()
    try:
        yield
    finally:
        done.set()
        renewer.join()


def _renew(engine: Engine, job_id: UUID, done: threading.Event) -> None:
    while not done.wait(RENEW_S):
        try:
            with engine.begin() as connection:
                connection.execute(
                    update(Job).where(Job.id == job_id).values(lease_until=now() + timedelta(seconds=LEASE_S))
                )
        except Exception:
            log.exception("lease_not_renewed", job=str(job_id))
