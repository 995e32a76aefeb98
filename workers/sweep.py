"""Finds work that stands still and hints at it again; forgets what has had its time."""

from collections.abc import Callable

import structlog

from registry.accounts.proofs import sweep_proofs
from registry.accounts.sessions import sweep_sessions
from registry.conveyance.folding import forget_keys
from registry.database import session, transaction
from registry.feeds.building import ensure_feeds
from registry.feeds.ended import leave_ended_offers
from registry.health.service import show_heartbeat
from registry.listings.showing import catch_up_listings
from registry.mail.service import sweep_mail
from registry.mirrors.changes import catch_up
from registry.policies.looking import sweep_passed
from registry.servers.enrolment import sweep_enrolments
from registry.work import hint, take_due_jobs

log = structlog.get_logger()

OLD: tuple[Callable[[], int], ...] = (
    sweep_sessions, sweep_proofs, sweep_mail, sweep_enrolments, sweep_passed, forget_keys, catch_up,
    catch_up_listings,
)  # fmt: skip


def hint_again() -> int:
    """Hint at every job that is due and that nobody holds; return how many."""
    show_heartbeat()
    with transaction() as tx:
        due = take_due_jobs(tx)
    for claim in due:
        hint(claim.work, claim.subject, request_id=claim.request_id)
    ensure_feeds()
    leave_ended_offers()
    return len(due)


def sweep_old() -> None:
    """Run each sweep; one that fails does not keep the others from running."""
    for sweep in OLD:
        try:
            log.info("swept", sweep=sweep.__name__, gone=sweep())
        except Exception:
            session().rollback()
            log.exception("sweep_failed", sweep=sweep.__name__)
