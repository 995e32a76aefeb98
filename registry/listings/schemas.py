"""What the API says of listings and releases."""

from typing import Any, Self

from pydantic import BaseModel

from registry.clock import now
from registry.configured import settings
from registry.licensing.models import LicenseRecord
from registry.licensing.permissions import permissions_of
from registry.licensing.terms import InForce, expression_at
from registry.listings.models import Listing
from registry.publishers.models import Publisher
from registry.releases.models import Artifact, Release


class ArtifactOut(BaseModel):
    """One file of a release; ``url`` gives its bytes."""

    role: str
    filename: str
    sha256: str
    md5: str
    size: int
    url: str


class ReleaseOut(BaseModel):
    """One version of a listing.

    ``license`` is the concluded expression, null until there is one (``license_state``); ``basis`` says why
    copies go out, ``permissions`` what everybody may do. ``declared_license`` is what its maker says.
    """

    id: str
    ecosystem: str
    identifier: str
    version: str
    kind: str
    name: str
    state: str
    reasons: list[str]
    state_reason: str | None
    state_note: str | None
    license: str | None
    license_state: str
    declared_license: str | None
    basis: str
    permissions: list[str]
    third_party_privacy: bool
    privacy_notice: str | None
    maturity: str | None
    requires: list[dict[str, Any]]
    platforms: list[str]
    changelog: str
    said: dict[str, Any]
    findings: list[dict[str, Any]]
    derived_from: dict[str, Any] | None = None
    artifacts: list[ArtifactOut]
    created_at: str
    published_at: str | None

    @classmethod
    def of(
        cls,
        release: Release,
        listing: Listing,
        publisher: Publisher,
        artifacts: list[Artifact],
        record: LicenseRecord,
        base: str,
    ) -> Self:
        """Describe a release; ``base`` is the public address, ``record`` its license record in force."""
        content = release.content
        return cls(
            **_license(release, record),
            id=str(release.id), ecosystem=listing.ecosystem, identifier=listing.identifier,
            version=release.version, kind=content["kind"], name=content["name"],
            state=release.state.value, reasons=release.reasons, state_reason=release.state_reason,
            state_note=release.state_note,
            third_party_privacy=not publisher.first_party, privacy_notice=release.notice_digest,
            maturity=release.maturity, requires=content["requires"],
            platforms=content["platforms"], changelog=content["changelog"], said=release.said,
            findings=release.findings, created_at=release.created_at.isoformat(),
            published_at=release.published_at.isoformat() if release.published_at else None,
            artifacts=[
                ArtifactOut(
                    role=a.role, filename=a.filename, sha256=a.sha256, md5=a.md5, size=a.size_bytes,
                    url=f"{base}/api/v1/artifacts/{a.sha256}",
                )
                for a in artifacts
            ],
        )  # fmt: skip


def _license(release: Release, record: LicenseRecord) -> dict[str, Any]:
    said = release.content["license"] or release.said.get("license")
    at = now()
    terms = InForce.of(record, at=at)
    return {
        "license": expression_at(record, at), "license_state": record.state.value,
        "declared_license": record.declared_text or said, "basis": terms.basis.value,
        "permissions": permissions_of(terms, at=at, commercial=settings().commercial_operator),
    }  # fmt: skip


class ListingOut(BaseModel):
    """One piece of interfacing software, as its newest offered release shows it."""

    ecosystem: str
    identifier: str
    kind: str
    name: str
    summary: str
    license: str | None
    basis: str | None
    permissions: list[str]
    publisher: str
    third_party_privacy: bool
    maturity: str | None
    version: str | None
    copies: int
    icon: str | None
    page: str
    updated_at: str

    @classmethod
    def of(cls, listing: Listing, publisher: Publisher, version: str | None, base: str) -> Self:
        """Describe a listing; ``base`` is the public address."""
        icon = f"{base}/pictures/{listing.icon_sha256}.png" if listing.icon_sha256 else None
        return cls(
            ecosystem=listing.ecosystem, identifier=listing.identifier, kind=listing.kind.value,
            name=listing.name, summary=listing.summary, license=listing.license, basis=listing.basis,
            permissions=listing.permissions,
            publisher=publisher.slug, third_party_privacy=not publisher.first_party,
            maturity=listing.maturity, version=version,
            copies=listing.copies, icon=icon, updated_at=listing.updated_at.isoformat(),
            page=f"{base}/listings/{listing.ecosystem}/{listing.identifier}",
        )  # fmt: skip


class ListingPage(BaseModel):
    """Some listings; ``next`` is the cursor of the next page."""

    listings: list[ListingOut]
    next: str | None


class ListingDetail(ListingOut):
    """One listing with its releases, newest version first."""

    description: str
    releases: list[ReleaseOut]
