"""Decisions, and who is looking at what."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Base


class Verdict(StrEnum):
    """What a moderator may decide."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    QUARANTINE = "quarantine"
    WITHDRAW = "withdraw"


class Decision(Base):
    """One decision; append-only. ``account_id`` is None for the operator's automatic policy."""

    __tablename__ = "decision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    verdict: Mapped[Verdict]
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    self_approved: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime] = mapped_column(default=now)


class ReviewClaim(Base):
    """A moderator has taken a release to look at; others see it until it lapses."""

    __tablename__ = "review_claim"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    until: Mapped[datetime]
