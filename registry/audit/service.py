"""Write one line of the audit trail into the transaction of what it tells about."""

from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from registry.accounts.actor import Actor
from registry.audit.models import AuditEvent


def record(
    session: Session,
    event: str,
    *,
    by: Actor,
    subject: tuple[str, UUID | str],
    detail: dict[str, Any] | None = None,
) -> None:
    """Add ``event`` (a past participle: ``release_published``) about ``subject`` (type, id)."""
    context = structlog.contextvars.get_contextvars()
    session.add(
        AuditEvent(
            event=event,
            actor_id=by.account_id,
            via=by.via,
            subject_type=subject[0],
            subject_id=str(subject[1]),
            detail=detail or {},
            request_id=context.get("request_id"),
        )
    )
