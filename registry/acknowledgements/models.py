"""Acknowledgements: who agreed to which digest, how and when."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Base


class Subject(StrEnum):
    """What was agreed to."""

    TERMS = "terms"
    NOTICE = "notice"


class How(StrEnum):
    """Where it was said."""

    PAGE = "page"
    API = "api"
    CLI = "cli"


class Acknowledgement(Base):
    """One account's word for one digest, given once; ``server_id`` says through which of its servers.

    It is None where it was said by none, or by one that is removed since.
    """

    __tablename__ = "acknowledgement"
    __table_args__ = (UniqueConstraint("account_id", "subject", "digest"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    server_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("media_server.id", ondelete="SET NULL"), index=True
    )
    subject: Mapped[Subject]
    digest: Mapped[str]
    how: Mapped[How]
    made_at: Mapped[datetime] = mapped_column(default=now)
