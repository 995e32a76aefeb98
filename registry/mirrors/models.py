"""The last change of each release that a mirror could ever have."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Base


class MirrorChange(Base):
    """When, by which serial, what a mirror may have of a release changed; one row a release.

    Rows are written with serials that grow in the order of their commits (``changes.py``). A release
    that no mirror ever could have has no row. ``offered``: whether a mirror may have it since then.
    """

    __tablename__ = "mirror_change"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), primary_key=True)
    serial: Mapped[int] = mapped_column(BigInteger(), unique=True)
    kind: Mapped[str]
    offered: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(default=now)
