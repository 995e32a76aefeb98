"""What mirrors are told of a release, and on which ground of the operator's they have it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index
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


class MirrorBasis(Base):
    """Why the operator lets mirrors have a release whose copies are conditional. Rows are only ever added.

    The newest row of a release counts, and only for the terms that it names; one that is not ``given``
    takes back the one before it.
    """

    __tablename__ = "mirror_basis"
    __table_args__ = (Index(None, "release_id", "made_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"))
    license_record_id: Mapped[UUID] = mapped_column(ForeignKey("license_record.id"), index=True)
    terms_digest: Mapped[str]
    given: Mapped[bool]
    reason: Mapped[str]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)

    def as_json(self) -> dict[str, str]:
        """Return what mirrors are told of it."""
        return {"reason": self.reason, "recorded_at": self.made_at.isoformat()}

    def holds_for(self, terms_digest: str) -> bool:
        """Say whether it is a ground for copies under these terms."""
        return self.given and self.terms_digest == terms_digest
