"""What an operator sees of the background work, and how they ask for it again."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from registry.accounts.actor import Actor
from registry.audit.service import record
from registry.database import session, transaction
from registry.errors import NotFound
from registry.work import Job, enqueue


def list_jobs(*, given_up: bool = False, limit: int = 1000) -> list[Job]:
    """Return the work that waits, runs or was given up (that alone, if asked), the oldest first."""
    query = select(Job).order_by(Job.created_at).limit(limit)
    return list(session().scalars(query.where(Job.dead_at.is_not(None)) if given_up else query))


def describe_job(job: Job) -> dict[str, Any]:
    """Return a job as JSON has it; ``state`` is ``given_up``, ``running`` or ``waiting``."""
    running = job.lease_until is not None
    return {
        "id": str(job.id),
        "work": job.work.value,
        "subject": job.subject,
        "state": "given_up" if job.dead_at else "running" if running else "waiting",
        "attempts": job.attempts,
        "created_at": job.created_at.isoformat(),
        "not_before": job.not_before.isoformat(),
        "last_error": job.last_error,
    }


def retry_jobs(job_ids: Iterable[UUID], *, by: Actor) -> int:
    """Ask for these pieces of work again, now; return how many. Raises NotFound."""
    count = 0
    with transaction() as tx:
        for job_id in job_ids:
            job = tx.get(Job, job_id)
            if job is None:
                raise NotFound(f"There is no job {job_id}; `jobs list` shows those there are.")
            enqueue(tx, job.work, job.subject)
            record(tx, "work_retried", by=by, subject=(job.work.value, job.subject))
            count += 1
    return count
