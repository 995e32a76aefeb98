"""Copies: which artifact went out, to whom, under which terms, when."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Base


class Recipient(StrEnum):
    """Whom a copy went to."""

    ANONYMOUS = "anonymous"
    ACCOUNT = "account"
    SERVER = "server"
    MEMBER = "member"
    MODERATOR = "moderator"
    MIRROR = "mirror"


class Copy(Base):
    """One conveyed copy; its id is the application identifier (SEED row 10).

    ``fold`` joins the several requests of one anonymous install (see ``folding.py``); it is a keyed hash
    whose key changes daily, and it is forgotten when the day is over. No address is kept.
    """

    __tablename__ = "copy"
    __table_args__ = (
        Index(None, "fold", "conveyed_at", postgresql_where=text("fold IS NOT NULL")),
        Index(None, "release_id", "conveyed_at"),
        Index("ix_copy_not_counted", "release_id", postgresql_where=text("NOT counted")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    artifact_sha256: Mapped[str]
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"))
    recipient: Mapped[Recipient]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    rule: Mapped[str]
    terms_digest: Mapped[str]
    notice_digest: Mapped[str | None]
    license: Mapped[str]
    basis: Mapped[str]
    license_record_id: Mapped[UUID] = mapped_column(ForeignKey("license_record.id"), index=True)
    fold: Mapped[str | None]
    counted: Mapped[bool] = mapped_column(default=False)
    conveyed_at: Mapped[datetime] = mapped_column(default=now)


class FoldingKey(Base):
    """The key of one day's folding hashes; deleted when the day after is over."""

    __tablename__ = "folding_key"

    day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[bytes]
