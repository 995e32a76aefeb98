"""The files of the feeds as they are served now; the bytes lie in storage by digest."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Base


class FeedDocument(Base):
    """One file of a feed. A whole feed's rows are swapped in one transaction."""

    __tablename__ = "feed_document"

    path: Mapped[str] = mapped_column(primary_key=True)
    ecosystem: Mapped[str] = mapped_column(index=True)
    sha256: Mapped[str] = mapped_column(index=True)
    gzip_sha256: Mapped[str | None]
    content_type: Mapped[str]
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    size_bytes: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(default=now)


class FeedState(Base):
    """When an ecosystem's feed was last built, and for which public address and name.

    ``revision`` grows when one of these changes: Kodi sees a new repository add-on by it.
    """

    __tablename__ = "feed_state"

    ecosystem: Mapped[str] = mapped_column(primary_key=True)
    public_url: Mapped[str]
    site_name: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)
    built_at: Mapped[datetime]
    entries: Mapped[int]
