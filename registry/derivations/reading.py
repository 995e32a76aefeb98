"""Which release a release was made from, and which ones were made from it: for pages, notices and the API."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from registry.clock import now
from registry.configured import settings
from registry.database import session
from registry.licensing.models import LicenseRecord
from registry.licensing.terms import expression_at
from registry.listings.models import Listing
from registry.publishers.models import Publisher
from registry.releases.models import Release

MOST_SHOWN = 50
COLUMNS: tuple[Any, ...] = (
    Release.id, Listing.ecosystem, Listing.identifier, Release.version, Listing.name, Publisher.name,
    LicenseRecord,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relative:
    """A release at the other end of *derived from*. ``license`` is its expression in force."""

    release_id: UUID
    ecosystem: str
    identifier: str
    version: str
    name: str
    publisher: str
    license: str | None

    @property
    def described(self) -> str:
        """It in words: name, version and publisher."""
        return f"{self.name} {self.version} by {self.publisher}"

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"{settings().public_url}/listings/{self.ecosystem}/{self.identifier}/{self.version}"

    def as_json(self) -> dict[str, Any]:
        """Return what the API says of it."""
        return {
            "release": str(self.release_id), "ecosystem": self.ecosystem, "identifier": self.identifier,
            "version": self.version, "name": self.name, "publisher": self.publisher, "license": self.license,
            "page": self.url,
        }  # fmt: skip


def origin_of(release: Release) -> Relative | None:
    """Return the release that one was made from, if its publisher said so; it may be withdrawn by now."""
    return origins_of([release]).get(release.id)


def origins_of(releases: Iterable[Release]) -> dict[UUID, Relative]:
    """Return the same for many, by the id of the release that was made."""
    wanted = {release.id: release.derived_from_id for release in releases if release.derived_from_id}
    if not wanted:
        return {}
    rows = session().execute(_relatives().where(Release.id.in_(set(wanted.values()))))
    found = {row[0]: _relative(row) for row in rows}
    return {made: found[origin] for made, origin in wanted.items()}


def relative_of(release: Release) -> Relative:
    """Return what pages say of a release that the reader may see."""
    return _relative(session().execute(_relatives().where(Release.id == release.id)).one())


def derived_from(listing_id: UUID) -> list[Relative]:
    """Return the newest releases of other listings that were made from releases of this one."""
    origins = select(Release.id).where(Release.listing_id == listing_id)
    rows = (
        _relatives()
        .where(
            Release.derived_from_id.in_(origins), Release.listing_id != listing_id,
            Listing.latest_release_id == Release.id,
        )
        .order_by(Release.published_at.desc())
        .limit(MOST_SHOWN)
    )  # fmt: skip
    return [_relative(row) for row in session().execute(rows)]


def _relative(row: Row[Any]) -> Relative:
    said: list[Any] = list(row)
    said[-1] = expression_at(row.LicenseRecord, now())
    return Relative(*said)


def _relatives() -> Select[Any]:
    return (
        select(*COLUMNS)
        .join(Listing, Listing.id == Release.listing_id)
        .join(Publisher, Publisher.id == Listing.publisher_id)
        .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
    )
