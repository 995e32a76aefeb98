"""Listings, the claims on their identifiers, and what search reads."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Computed, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from registry.bundles.ecosystems.base import Kind
from registry.clock import now
from registry.database import Base

SEARCH_TEXT = (
    "setweight(to_tsvector('simple', coalesce(name, '') || ' ' || identifier), 'A') || "
    "setweight(to_tsvector('english', coalesce(summary, '')), 'B') || "
    "setweight(to_tsvector('english', left(coalesce(description, ''), 20000)), 'C')"
)


class Listing(Base):
    """One piece of interfacing software. Its shown texts are those of its latest published release.

    ``latest_release_id`` is None until a first release is published, and again when none is offered;
    such a listing is in no catalogue. ``license`` is the concluded expression, ``permissions`` what it
    allows to everybody (see ``licensing/permissions.py``). ``skeleton`` finds look-alikes by index.
    """

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("ecosystem", "identifier"),
        Index("ix_listing_search", "search", postgresql_using="gin"),
        Index(
            "ix_listing_name_trgm",
            "name",
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
        Index("ix_listing_permissions", "permissions", postgresql_using="gin"),
        Index(
            "ix_listing_offered",
            "updated_at",
            "id",
            postgresql_where="latest_release_id IS NOT NULL",
        ),
        Index(
            "ix_listing_popular",
            "ecosystem",
            "copies",
            "id",
            postgresql_where="latest_release_id IS NOT NULL",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    publisher_id: Mapped[UUID] = mapped_column(ForeignKey("publisher.id"), index=True)
    ecosystem: Mapped[str]
    identifier: Mapped[str]
    kind: Mapped[Kind]
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    license: Mapped[str | None]
    basis: Mapped[str | None]
    permissions: Mapped[list[str]] = mapped_column(default=list)
    maturity: Mapped[str | None]
    icon_sha256: Mapped[str | None]
    skeleton: Mapped[str] = mapped_column(index=True)
    latest_release_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("release.id", use_alter=True), index=True
    )
    copies: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    search: Mapped[str] = mapped_column(TSVECTOR(), Computed(SEARCH_TEXT, persisted=True), deferred=True)


class IdentifierClaim(Base):
    """A publisher's claim that an identifier which somebody else holds is theirs; moderators see it."""

    __tablename__ = "identifier_claim"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listing.id"), index=True)
    publisher_id: Mapped[UUID] = mapped_column(ForeignKey("publisher.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
