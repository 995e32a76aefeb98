"""Media servers, those that wait to be let in, what they have installed, and secrets of personal feeds."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Base
from registry.servers.limits import Location


class MediaServer(Base):
    """A server that its owner has let in; ``address_sealed`` opens only with SECRET_KEY (``sealing.py``).

    Of when it was last seen only the day is kept. Removing it removes all of it.
    """

    __tablename__ = "media_server"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    platform: Mapped[str]
    version: Mapped[str]
    token_digest: Mapped[str] = mapped_column(unique=True)
    shown_prefix: Mapped[str]
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary())
    enrolled_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_on: Mapped[date | None]
    keeps_installed: Mapped[bool] = mapped_column(default=False)
    no_trackers: Mapped[bool] = mapped_column(default=False)
    no_accounts_needed: Mapped[bool] = mapped_column(default=False)
    only_first_party: Mapped[bool] = mapped_column(default=False)
    location: Mapped[Location] = mapped_column(default=Location.ANY)
    most_mature: Mapped[str | None]
    children_only: Mapped[bool] = mapped_column(default=False)
    no_narrower_terms: Mapped[bool] = mapped_column(default=False)


class EnrolmentState(StrEnum):
    """What its owner has said of a server that asks to be let in."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"


class Enrolment(Base):
    """A server that asks to be let in (RFC 8628); gone with its token's making, or when it expires.

    The server will have the same id, to which its sealed address is bound.
    """

    __tablename__ = "enrolment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    device_digest: Mapped[str] = mapped_column(unique=True)
    user_code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    platform: Mapped[str]
    version: Mapped[str]
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary())
    state: Mapped[EnrolmentState] = mapped_column(default=EnrolmentState.PENDING)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    interval_s: Mapped[int]
    polled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Installed(Base):
    """What a server had installed when it last asked; kept only where its owner has turned that on."""

    __tablename__ = "installed"
    __table_args__ = (Index(None, "ecosystem", "identifier"),)

    server_id: Mapped[UUID] = mapped_column(
        ForeignKey("media_server.id", ondelete="CASCADE"), primary_key=True
    )
    ecosystem: Mapped[str] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]


class FeedSecret(Base):
    """The secret in the path of a personal feed, of an account or of one of its servers.

    Whoever reads the feed by it gets what its owner has acknowledged, within the limits of the server.
    """

    __tablename__ = "feed_secret"
    __table_args__ = (
        UniqueConstraint("digest"),
        Index(None, "account_id", postgresql_where=text("revoked_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    server_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("media_server.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    digest: Mapped[str]
    shown_prefix: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None]
