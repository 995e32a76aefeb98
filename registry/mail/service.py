"""The outbox: a mail is written with what caused it, and sent by a worker after the commit.

As near to exactly once as SMTP allows: one worker holds a mail at a time, a mail that the server
took is marked at once, and one that is sent twice nevertheless (a death in between) has the same
Message-ID.
"""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from registry.accounts.actor import Actor
from registry.clock import now
from registry.configured import settings
from registry.database import changed_rows, session, transaction
from registry.errors import NotAllowed
from registry.mail.delivery import MailRefused, deliver
from registry.mail.models import OutgoingMail
from registry.newest import newest_page
from registry.paging import Page
from registry.work import Work, enqueue

log = structlog.get_logger()

KEPT = timedelta(days=30)
#: A mail older than this is not sent any more when a server is set at last: its links have expired.
FRESH = timedelta(days=1)


def send(session: Session, purpose: str, to: str, subject: str, body: str) -> OutgoingMail:
    """Write a mail into the open transaction; a worker sends it once that is committed."""
    mail = OutgoingMail(purpose=purpose, recipient=to, subject=subject, body=body)
    session.add(mail)
    session.flush()  # its id is the work's subject
    enqueue(session, Work.MAIL, mail.id)
    return mail


def send_mail(mail_id: str) -> None:
    """Send a mail that was not sent yet; the worker's handler.

    Without SMTP_URL it stays in the outbox. A server that refuses it for good ends the matter (the
    reason is kept); any other failure is raised, and the work is done again later.
    """
    mail = session().get(OutgoingMail, UUID(mail_id), populate_existing=True)
    site = settings()
    if mail is None or mail.sent_at is not None or site.smtp_url is None:
        return
    session().commit()  # the conversation with the server happens outside any transaction
    try:
        deliver(mail, site.smtp_url, site.mail_from)
    except MailRefused as refusal:
        log.warning("mail_refused", mail=mail_id, purpose=mail.purpose, reason=str(refusal))
        _settle(mail, last_error=str(refusal))
    else:
        _settle(mail, sent_at=now(), last_error=None)


def list_mail(*, by: Actor, cursor: str | None = None, limit: int = 50) -> Page[OutgoingMail]:
    """Return the outbox, the newest first; for admins. Raises NotAllowed."""
    if not by.is_admin:
        raise NotAllowed("Only an admin may read the outbox (for a token: with the scope admin).")
    return newest_page(select(OutgoingMail), OutgoingMail, cursor=cursor, limit=limit)


def sweep_mail() -> int:
    """Forget mails after 30 days; send what waits from before a server was set.

    Return how many went.
    """
    with transaction() as tx:
        old = delete(OutgoingMail).where(OutgoingMail.created_at < now() - KEPT)
        gone = changed_rows(tx, old)
        if settings().smtp_url is not None:
            for mail_id in tx.scalars(_waiting()):
                enqueue(tx, Work.MAIL, mail_id)
    return gone


def _waiting() -> Select[UUID]:
    return select(OutgoingMail.id).where(
        OutgoingMail.sent_at.is_(None),
        OutgoingMail.last_error.is_(None),
        OutgoingMail.created_at > now() - FRESH,
    )


def _settle(mail: OutgoingMail, **values: object) -> None:
    with transaction():
        for name, value in values.items():
            setattr(mail, name, value)
