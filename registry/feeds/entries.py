"""What a feed shows: every offered release of an ecosystem, as its renderer wants it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from registry.bundles.ecosystems.base import FeedEntry, Kind, Requirement, Site
from registry.database import session
from registry.feeds.models import FeedState
from registry.listings.models import Listing
from registry.publishers.models import Publisher
from registry.releases.models import Artifact, Picture, Release
from registry.releases.states import OFFERED
from registry.settings import Settings


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


def offered(ecosystem: str, settings: Settings) -> list[FeedEntry]:
    """Return every offered release of an ecosystem."""
    pictures = _pictures(ecosystem, settings)
    rows = session().execute(
        select(Release, Artifact, Listing, Publisher)
        .join(Artifact, (Artifact.release_id == Release.id) & (Artifact.role == "package"))
        .join(Listing, Listing.id == Release.listing_id)
        .join(Publisher, Publisher.id == Listing.publisher_id)
        .where(Listing.ecosystem == ecosystem, Release.state.in_(OFFERED))
        .order_by(Listing.identifier, Release.order_key)
    )
    return [_entry(*row, pictures=pictures[row[0].id], settings=settings) for row in rows]


def listings_in_all(settings: Settings, ecosystems: Iterator[str]) -> Mapping[str, list[FeedEntry]]:
    """Return the offered releases of several ecosystems by name."""
    return {name: offered(name, settings) for name in ecosystems}


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


def _entry(
    release: Release,
    artifact: Artifact,
    listing: Listing,
    publisher: Publisher,
    *,
    pictures: Mapping[str, str],
    settings: Settings,
) -> FeedEntry:
    content: dict[str, Any] = release.content
    assert release.published_at is not None  # noqa: S101 - a check constraint of the table
    return FeedEntry(
        identifier=listing.identifier,
        kind=Kind(content["kind"]),
        name=content["name"],
        version=release.version,
        summary=content["summary"],
        description=content["description"],
        author=content["author"],
        publisher=publisher.slug,
        first_party=publisher.first_party,
        license=content["license"] or release.said.get("license"),
        homepage=content["homepage"],
        source=content["source"],
        changelog=content["changelog"],
        requires=tuple(Requirement(**item) for item in content["requires"]),
        platforms=tuple(content["platforms"]),
        filename=artifact.filename,
        sha256=artifact.sha256,
        md5=artifact.md5,
        size_bytes=artifact.size_bytes,
        published_at=release.published_at,
        changed_at=release.changed_at,
        listing_url=f"{settings.public_url}/listings/{listing.ecosystem}/{listing.identifier}",
        pictures=pictures,
        facts=content["facts"],
    )
