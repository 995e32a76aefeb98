"""Publishers and their members."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Base


class MemberRole(StrEnum):
    """What a member may do: an owner everything, a maintainer releases, an uploader uploads."""

    OWNER = "owner"
    MAINTAINER = "maintainer"
    UPLOADER = "uploader"


class Publisher(Base):
    """A namespace that owns listings. First-party only when the operator says so.

    The two skeletons (what slug and name look like) find look-alikes by index.
    """

    __tablename__ = "publisher"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    website: Mapped[str | None]
    about: Mapped[str] = mapped_column(default="")
    first_party: Mapped[bool] = mapped_column(default=False)
    skeleton: Mapped[str] = mapped_column(unique=True)
    name_skeleton: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Membership(Base):
    """One account's role in one publisher."""

    __tablename__ = "membership"

    publisher_id: Mapped[UUID] = mapped_column(
        ForeignKey("publisher.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[MemberRole]
    created_at: Mapped[datetime] = mapped_column(default=now)
