"""Uploads: bytes on their way in, part by part, and what ingest made of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Base


class UploadState(StrEnum):
    """``open → received → ingesting → waiting | rejected | aborted`` (CONTRACTS, States)."""

    OPEN = "open"
    RECEIVED = "received"
    INGESTING = "ingesting"
    WAITING = "waiting"
    REJECTED = "rejected"
    ABORTED = "aborted"


ENDED = frozenset({UploadState.WAITING, UploadState.REJECTED, UploadState.ABORTED})


class Upload(Base):
    """One upload. ``said`` is what the publisher said by form; ``steps`` and ``findings`` are JSON lists.

    ``sha256`` is what was declared until the bytes are there, then what they are; ``store_id`` names the
    store's own multipart upload while parts arrive. ``needs`` names what must still be said by a person.
    """

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="size"),
        Index(None, "state", "touched_at"),
        Index(None, "publisher_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    publisher_id: Mapped[UUID] = mapped_column(ForeignKey("publisher.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    filename: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger())
    sha256: Mapped[str | None] = mapped_column(index=True)
    said: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[UploadState] = mapped_column(default=UploadState.OPEN)
    part_bytes: Mapped[int]
    store_id: Mapped[str | None]
    release_id: Mapped[UUID | None] = mapped_column(ForeignKey("release.id", use_alter=True), index=True)
    steps: Mapped[list[Any]] = mapped_column(default=list)
    findings: Mapped[list[Any]] = mapped_column(default=list)
    needs: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
    touched_at: Mapped[datetime] = mapped_column(default=now)
    completed_at: Mapped[datetime | None]


class UploadPart(Base):
    """One part that the store has acknowledged."""

    __tablename__ = "upload_part"

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("upload.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    etag: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger())
    received_at: Mapped[datetime] = mapped_column(default=now)
