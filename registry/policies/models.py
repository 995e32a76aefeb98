"""Policy pages that are watched, and what stood on them when. A text that was kept never changes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Base


class Policy(Base):
    """The page that a listing names as its maker's policy; ``current_id`` is the text that is in force.

    ``fault_*`` say what was wrong with the page at the last look that counts: a server that fails for a few
    hours counts as none. A page that no release in force names any more is not looked at; what was kept of
    it stays.
    """

    __tablename__ = "policy"
    __table_args__ = (
        UniqueConstraint("listing_id", "url"),
        Index(None, "next_look_at", postgresql_where=text("watched")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listing.id"))
    url: Mapped[str]
    watched: Mapped[bool] = mapped_column(default=True)
    current_id: Mapped[UUID | None] = mapped_column(ForeignKey("policy_text.id", use_alter=True), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    looked_at: Mapped[datetime | None]
    next_look_at: Mapped[datetime] = mapped_column(default=now)
    fault_code: Mapped[str | None]
    fault_message: Mapped[str | None]
    fault_fix: Mapped[str | None]


class Standing(StrEnum):
    """What a text is to the one before: the first, or other words, and how they were called."""

    FIRST = "first"
    PENDING = "pending"
    WORDING = "wording"
    MEANING = "meaning"
    PASSED = "passed"


class PolicyText(Base):
    """What stood on a policy page: its words here, the page as it came under ``original_sha256``.

    ``words_sha256`` is of the words alone: markup, white space, menus and dates change it not. ``PASSED``
    was changed again before anybody had called it.
    """

    __tablename__ = "policy_text"
    __table_args__ = (Index(None, "policy_id", "fetched_at"), Index(None, "standing"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("policy.id"))
    text: Mapped[str]
    words_sha256: Mapped[str]
    original_sha256: Mapped[str]
    content_type: Mapped[str]
    fetched_at: Mapped[datetime] = mapped_column(default=now)
    standing: Mapped[Standing]
    called_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    called_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
