"""The audit trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Base


class AuditEvent(Base):
    """One thing that was done. Rows are only ever added (a trigger keeps it)."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "subject_type", "subject_id"), Index(None, "actor_id", "id"))

    id: Mapped[int] = mapped_column(BigInteger(), Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    event: Mapped[str]
    actor_id: Mapped[UUID | None]
    via: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    request_id: Mapped[str | None]
