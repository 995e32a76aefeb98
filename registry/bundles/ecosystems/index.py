"""Marquee's own index: every offered release of every ecosystem, in one JSON document.

For programs that want all of it: mirrors, dashboards, clients without a format of their own.
The same entries give the same bytes, whatever order they come in.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from registry.bundles.ecosystems import ecosystem
from registry.bundles.ecosystems.base import Ecosystem, FeedEntry, FeedFile, Site
from registry.bundles.ecosystems.offers import download_url, whose

FORMAT = 1


def index_feed(entries_by_ecosystem: Mapping[str, Sequence[FeedEntry]], site: Site) -> FeedFile:
    """Render ``index.json``: listings by ecosystem and identifier, their releases newest first."""
    listings = [
        _listing(ecosystem(name), group, site)
        for name in sorted(entries_by_ecosystem)
        for group in _by_identifier(entries_by_ecosystem[name])
    ]
    document = {"format": FORMAT, "name": site.name, "url": site.url, "listings": listings}
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return FeedFile("index.json", "application/json", body)


def _by_identifier(entries: Iterable[FeedEntry]) -> list[list[FeedEntry]]:
    groups: dict[str, list[FeedEntry]] = {}
    for entry in entries:
        groups.setdefault(entry.identifier, []).append(entry)
    return [groups[identifier] for identifier in sorted(groups)]


def _listing(home: Ecosystem, group: Sequence[FeedEntry], site: Site) -> dict[str, Any]:
    """Return a listing as its newest release describes it, with all its releases."""
    ordered = sorted(
        group,
        key=lambda entry: (home.version_key(entry.version), entry.published_at),
        reverse=True,
    )
    newest = ordered[0]
    return {
        "ecosystem": home.name,
        "identifier": newest.identifier,
        "kind": newest.kind.value,
        "name": newest.name,
        "summary": newest.summary,
        "author": newest.author,
        "publisher": newest.publisher,
        "third_party": not newest.first_party,
        "third_party_privacy": not newest.first_party,
        "notice": whose(newest),
        "homepage": newest.homepage,
        "source": newest.source,
        "page": newest.listing_url,
        "pictures": dict(newest.pictures),
        "releases": [_release(home.name, entry, site) for entry in ordered],
    }


def _release(ecosystem: str, entry: FeedEntry, site: Site) -> dict[str, Any]:
    return {
        "version": entry.version,
        "url": download_url(site, ecosystem, entry),
        "sha256": entry.sha256,
        "size": entry.size_bytes,
        "license": entry.license,
        "privacy_notice": entry.notice_digest,
        "platforms": list(entry.platforms),
        "requires": [requirement.as_json() for requirement in entry.requires],
        "published_at": entry.published_at.isoformat(),
        "changed_at": entry.changed_at.isoformat(),
        "changelog": entry.changelog,
    }
