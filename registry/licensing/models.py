"""License records and what they rest on. Rows are only ever added; a correction is a new record."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from licenses.expiry import Expiry
from registry.clock import now
from registry.database import Base

#: Codes of records that more than one rule asks for: concluded by a moderator; turned by its change date;
#: nothing says a license.
BY_A_PERSON, BY_ITS_DATE, NOTHING_SAID = "license.concluded", "license.ended", "license.missing"


class LicenseState(StrEnum):
    """How far a record has come (LICENSES, section 5)."""

    CONCLUDED = "concluded"
    UNDECIDED = "undecided"
    CHANGED = "changed"
    CONTRADICTION = "contradiction"


class Basis(StrEnum):
    """Why copies may be conveyed: the license says so, the publisher granted it, or not at all."""

    LICENSE = "license"
    GRANT = "grant"
    NONE = "none"


class SourceKind(StrEnum):
    """Where the source of a binary is."""

    NONE = "none"
    ARTIFACT = "artifact"
    OFFER = "offer"


class LicenseText(Base):
    """One text, stored once however many bundles bring it."""

    __tablename__ = "license_text"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class LicenseDetection(Base):
    """What the detector found in a release's files.

    ``found`` is the detection without its texts; ``texts`` maps each path to the digest of its text.
    """

    __tablename__ = "license_detection"
    __table_args__ = (Index("ix_license_detection_texts", "texts", postgresql_using="gin"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), index=True)
    detector: Mapped[str]
    form: Mapped[str]
    found: Mapped[dict[str, Any]]
    texts: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(default=now)


class LicenseRecord(Base):
    """Declared, detected and concluded at one moment; the release names the one that is in force.

    ``declared_by`` is None where the bundle itself says it. ``author_id`` is None for what followed
    from the evidence by itself. ``refs`` are the terms that a moderator set for ``LicenseRef-`` names.
    ``terms_digest`` names what a recipient agrees to: expression, references, basis.
    From ``change_date`` on ``change_license`` stands in place of the license that ends (``expires``).
    """

    __tablename__ = "license_record"
    __table_args__ = (
        Index(None, "release_id", "made_at"),
        Index("ix_license_record_offers", "source_until", postgresql_where="source = 'offer'"),
        Index("ix_license_record_expiry", "change_date", postgresql_where="change_date IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"))
    detection_id: Mapped[UUID] = mapped_column(ForeignKey("license_detection.id"), index=True)
    declared_text: Mapped[str | None]
    declared_expression: Mapped[str | None]
    declared_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    state: Mapped[LicenseState]
    expression: Mapped[str | None]
    suggested: Mapped[str | None]
    code: Mapped[str]
    reasons: Mapped[list[str]] = mapped_column(default=list)
    refs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    basis: Mapped[Basis]
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("license_grant.id"), index=True)
    form: Mapped[str]
    source: Mapped[SourceKind] = mapped_column(default=SourceKind.NONE)
    source_address: Mapped[str | None]
    source_until: Mapped[datetime | None]
    changes: Mapped[str | None]
    change_date: Mapped[date | None]
    change_license: Mapped[str | None]
    terms_digest: Mapped[str] = mapped_column(index=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def expiry(self) -> Expiry | None:
        """When another license takes the place of the one that ends; None where nothing ends."""
        if self.change_date is None or self.change_license is None:
            return None
        return Expiry(self.change_date, self.change_license)


class LicenseGrant(Base):
    """A publisher's grant of one release to this registry, under one version of its submission terms."""

    __tablename__ = "license_grant"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    terms_version: Mapped[str]
    terms_digest: Mapped[str]
    granted_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
