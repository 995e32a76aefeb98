"""What is known of a release's privacy. Every row stays as it was written: a correction is a new row.

Triggers keep that (``registry/migrations/sql``). ``Release.notice_digest`` names the notice in force.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.clock import now
from registry.database import Base


class Source(StrEnum):
    """Where a declaration came from."""

    BUNDLE = "bundle"
    FORM = "form"
    API = "api"
    CLI = "cli"
    LAST_RELEASE = "last_release"


class Act(StrEnum):
    """What a reviewer did: set a row, overruled a contradiction, took either back, asked, accepted."""

    SET = "set"
    OVERRULE = "overrule"
    UNSET = "unset"
    REQUIRE = "require"
    ACCEPT = "accept"
    MATURITY = "maturity"


class PrivacyDeclaration(Base):
    """What a release's maker declared; the newest one counts. ``rows`` is the list of data rows.

    ``none``: nothing leaves the server. ``hosts`` is None where no list was given.
    """

    __tablename__ = "privacy_declaration"
    __table_args__ = (Index(None, "release_id", "made_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"))
    none: Mapped[bool] = mapped_column(default=False)
    rows: Mapped[list[Any]] = mapped_column(default=list)
    hosts: Mapped[list[str] | None]
    children: Mapped[str] = mapped_column(default="unknown")
    policy_url: Mapped[str | None]
    source: Mapped[Source]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)


class PrivacyFound(Base):
    """What the search of a release's bytes found: the JSON of ``PrivacyEvidence``."""

    __tablename__ = "privacy_found"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), primary_key=True)
    evidence: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(default=now)


class PrivacySet(Base):
    """One act of a reviewer, with the reason that everybody reads.

    ``subject``: the code of a data row, the host that was overruled, a maturity label, or nothing. What is
    set stays for the releases after it (``recording.carry_over``) until it is taken back.
    ``row`` is the data row that was set.
    """

    __tablename__ = "privacy_set"
    __table_args__ = (Index(None, "release_id", "made_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"))
    act: Mapped[Act]
    subject: Mapped[str] = mapped_column(default="")
    row: Mapped[dict[str, Any] | None]
    reason: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)


class PrivacyNotice(Base):
    """What people and machines are told; ``digest`` is the SHA-256 of ``content`` as canonical JSON.

    It says nothing of versions or places in files: releases that mean the same share one notice, and whoever
    acknowledged it is not asked again. ``feed`` holds the short text by language.
    """

    __tablename__ = "privacy_notice"

    digest: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    feed: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(default=now)


class NoticeGiven(Base):
    """When a notice came into force for a release, and why: the history that everybody can see."""

    __tablename__ = "notice_given"
    __table_args__ = (Index(None, "release_id", "given_at"), Index(None, "digest"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"))
    digest: Mapped[str] = mapped_column(ForeignKey("privacy_notice.digest"))
    because: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(default=now)
