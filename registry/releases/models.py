"""Releases, artifacts, pictures and blobs. A published release never changes (a trigger keeps it)."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Base
from registry.releases.states import ReleaseState


class Release(Base):
    """One immutable version of a listing.

    ``order_key`` sorts the versions of one listing as its client does (small integers, renumbered when a
    version comes between). ``said`` is what the publisher said where the bundle cannot. ``reasons`` say
    why it waits. A version that was turned away may be sent again, as a new row.
    ``license_record_id`` and ``notice_digest`` name the license record and the privacy notice in force,
    ``maturity`` the label (None: nobody has said one); besides the state only these change once it is
    published. ``changed_at`` grows strictly within a listing; feeds show it.
    ``derived_from_id`` is the release that this one was made from, where its publisher said so.
    """

    __tablename__ = "release"
    __table_args__ = (
        Index(
            "uq_release_listing_id_version",
            "listing_id",
            "version",
            unique=True,
            postgresql_where=text("state NOT IN ('rejected', 'changes_requested')"),
        ),
        Index(None, "state", "created_at"),
        Index(None, "listing_id", "order_key"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_has_its_time"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listing.id"))
    version: Mapped[str]
    order_key: Mapped[int] = mapped_column(default=0)
    state: Mapped[ReleaseState] = mapped_column(default=ReleaseState.WAITING)
    reasons: Mapped[list[str]] = mapped_column(default=list)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    said: Mapped[dict[str, Any]] = mapped_column(default=dict)
    findings: Mapped[list[Any]] = mapped_column(default=list)
    files: Mapped[list[Any]] = mapped_column(default=list, deferred=True)
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    approved_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=now)
    notice_digest: Mapped[str | None] = mapped_column(ForeignKey("privacy_notice.digest"), index=True)
    maturity: Mapped[str | None]
    #: None only until the transaction that makes the release has written its first record.
    license_record_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("license_record.id", use_alter=True), index=True
    )
    derived_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("release.id"), index=True)
    state_reason: Mapped[str | None]
    state_note: Mapped[str | None]


class Artifact(Base):
    """One file of a release, named by its sha256. ``role``: package, source, signature, sbom.

    ``incoming_key`` is where the bytes lie until publication moves them, once, to their digest's key.
    """

    __tablename__ = "artifact"
    __table_args__ = (UniqueConstraint("release_id", "role", "sha256"), Index(None, "sha256"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"))
    role: Mapped[str] = mapped_column(default="package")
    filename: Mapped[str]
    sha256: Mapped[str]
    md5: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger())
    incoming_key: Mapped[str]


class Picture(Base):
    """A re-encoded picture of a release; ``sha256`` names its blob, ``role`` says what it shows."""

    __tablename__ = "picture"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    content_type: Mapped[str]
    width_px: Mapped[int]
    height_px: Mapped[int]
    size_bytes: Mapped[int]


class Tombstone(Base):
    """A name and version that once were; they are never used again."""

    __tablename__ = "tombstone"

    ecosystem: Mapped[str] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
