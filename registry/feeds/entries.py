"""What a feed shows: every offered release of an ecosystem, as its renderer wants it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from licenses.expiry import Expiry
from registry.bundles.ecosystems.base import FeedEntry, Kind, Requirement, Site
from registry.clock import now
from registry.conveyance.deciding import Case, decide
from registry.conveyance.models import Recipient
from registry.database import session
from registry.feeds.models import FeedState
from registry.licensing.models import LicenseRecord
from registry.licensing.terms import UNKNOWN, InForce
from registry.listings.models import Listing
from registry.privacy.models import PrivacyNotice
from registry.publishers.models import Publisher
from registry.releases.models import Artifact, Picture, Release
from registry.releases.states import OFFERED
from registry.settings import Settings

Holds = Callable[[Row[Any]], bool]
# Columns, not rows of models: a feed may have tens of thousands of entries.
COLUMNS = (
    Release.id, Release.version, Release.content, Release.said, Release.published_at, Release.changed_at,
    Artifact.filename, Artifact.sha256, Artifact.md5, Artifact.size_bytes, Listing.identifier,
    Publisher.slug, Publisher.first_party, Release.state, Release.notice_digest, PrivacyNotice.feed,
    LicenseRecord.expression, LicenseRecord.state.label("license_state"), LicenseRecord.basis,
    LicenseRecord.form, LicenseRecord.source, LicenseRecord.source_until, LicenseRecord.terms_digest,
    LicenseRecord.refs, LicenseRecord.change_date, LicenseRecord.change_license,
)  # fmt: skip
#: What only the limits of a media server look at; a feed for everybody does without.
FOR_LIMITS = (Release.maturity, PrivacyNotice.content.label("told"))


def site_of(settings: Settings, state: FeedState | None) -> Site:
    """Return how a feed names this registry, given how it did so the last time."""
    revision = 0
    if state is not None:
        same = (state.public_url, state.site_name) == (settings.public_url, settings.site_name)
        revision = state.revision if same else state.revision + 1
    return Site(
        url=settings.public_url, host=settings.public_host, name=settings.site_name, revision=revision
    )


def picture_url(settings: Settings, sha256: str, content_type: str) -> str:
    """Return the address of a re-encoded picture; its name never changes meaning, so it may be cached."""
    base = settings.media_url or settings.public_url
    return f"{base}/pictures/{sha256}.{content_type.rsplit('/', 1)[-1]}"


def offered(ecosystem: str, settings: Settings, holds: Holds | None = None) -> list[FeedEntry]:
    """Return every release of an ecosystem that anybody may have; of the rest nothing is said.

    ``holds`` says instead which releases a personal feed has.
    """
    pictures, at = _pictures(ecosystem, settings), now()
    kept = holds or (lambda row: decide(case_of(row, Recipient.ANONYMOUS, settings, at)).allowed)
    base = f"{settings.public_url}/listings/{ecosystem}"
    columns = (*COLUMNS, *FOR_LIMITS) if holds else COLUMNS
    rows = session().execute(_rows(ecosystem, columns))
    return [_entry(row, at, base, pictures.get(row.id, {})) for row in rows if kept(row)]


def _rows(ecosystem: str, columns: Sequence[Any]) -> Select[Any]:
    return (
        select(*columns)
        .join(Artifact, (Artifact.release_id == Release.id) & (Artifact.role == "package"))
        .join(Listing, Listing.id == Release.listing_id)
        .join(Publisher, Publisher.id == Listing.publisher_id)
        .join(LicenseRecord, LicenseRecord.id == Release.license_record_id)
        .outerjoin(PrivacyNotice, PrivacyNotice.digest == Release.notice_digest)
        .where(Listing.ecosystem == ecosystem, Release.state.in_(OFFERED))
        .order_by(Listing.identifier, Release.order_key)
    )


def case_of(row: Row[Any], recipient: Recipient, settings: Settings, at: datetime, **known: Any) -> Case:
    """Return what is decided on for a row of a feed; ``known`` is what its reader has acknowledged."""
    return Case(
        state=row.state, ever_published=True, recipient=recipient, at=at,
        terms=terms_of(row, at), commercial_operator=settings.commercial_operator,
        first_party=row.first_party, notice_digest=row.notice_digest, privacy_gate=settings.privacy_gate,
        own_protocol=True, **known,
    )  # fmt: skip


def terms_of(row: Row[Any], at: datetime) -> InForce:
    """Return the terms in force of a row of a feed at a moment."""
    ends = Expiry(row.change_date, row.change_license) if row.change_date else None
    return InForce(
        row.expression or UNKNOWN, row.license_state, row.basis, row.form, row.source, row.source_until,
        row.terms_digest, row.refs, ends,
    ).at(at)  # fmt: skip


def _pictures(ecosystem: str, settings: Settings) -> defaultdict[UUID, dict[str, str]]:
    found: defaultdict[UUID, dict[str, str]] = defaultdict(dict)
    rows = session().execute(
        select(Picture.release_id, Picture.role, Picture.sha256, Picture.content_type)
        .join(Release, Release.id == Picture.release_id)
        .join(Listing, Listing.id == Release.listing_id)
        .where(Listing.ecosystem == ecosystem, Release.state.in_(OFFERED))
    )
    for release_id, role, sha256, content_type in rows:
        found[release_id][role] = picture_url(settings, sha256, content_type)
    return found


def _entry(row: Row[Any], at: datetime, base: str, pictures: Mapping[str, str]) -> FeedEntry:
    content: dict[str, Any] = row.content
    return FeedEntry(
        identifier=row.identifier,
        kind=Kind(content["kind"]),
        name=content["name"],
        version=row.version,
        summary=content["summary"],
        description=content["description"],
        author=content["author"],
        publisher=row.slug,
        first_party=row.first_party,
        license=terms_of(row, at).expression,
        homepage=content["homepage"],
        source=content["source"],
        changelog=content["changelog"],
        requires=tuple(Requirement(**item) for item in content["requires"]),
        platforms=tuple(content["platforms"]),
        filename=row.filename,
        sha256=row.sha256,
        md5=row.md5,
        size_bytes=row.size_bytes,
        published_at=row.published_at,
        changed_at=row.changed_at,
        listing_url=f"{base}/{row.identifier}",
        pictures=pictures,
        facts=content["facts"],
        notice=row.feed or {},
        notice_digest=row.notice_digest,
    )
