"""Jellyfin's feed: ``manifest.json``, one of everything and one a server series.

One bad version or GUID makes a server answer 500 for all its repositories, so what is not written
exactly as every server reads it is left out.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from registry.bundles.ecosystems.base import FeedEntry, FeedFile, Site
from registry.bundles.ecosystems.jellyfin.identity import is_folder_name, is_guid
from registry.bundles.ecosystems.jellyfin.series import feeds_for, offered, series_name
from registry.bundles.ecosystems.jellyfin.versions import is_four, version_key
from registry.bundles.ecosystems.offers import download_url, whose

ROOT = "jellyfin"
JSON = "application/json; charset=utf-8"
# The answer depends on the server that asks, since the web layer picks the series.
VARY = {"Vary": "User-Agent"}
DEFAULT_CATEGORY = "General"


class Package(NamedTuple):
    """One listing: its entries newest first, and its JSON up to the opening of ``versions``."""

    entries: Sequence[FeedEntry]
    head: str


def render(entries: Sequence[FeedEntry], site: Site) -> list[FeedFile]:
    """Return every file of the feed; the same entries give the same bytes."""
    usable = [entry for entry in entries if _is_usable(entry)]
    packages = list(_packages(usable))
    written = {
        (entry.identifier, entry.version): _dump(_version(entry, site))
        for package in packages
        for entry in package.entries
    }
    files = [FeedFile(f"{ROOT}/manifest.json", JSON, _document(packages, written), VARY)]
    for series in feeds_for(usable):
        kept = (Package(offered(entries, series), head) for entries, head in packages)
        body = _document((package for package in kept if package.entries), written)
        files.append(FeedFile(f"{ROOT}/{series_name(series)}/manifest.json", JSON, body))
    return files


def _is_usable(entry: FeedEntry) -> bool:
    return is_guid(entry.identifier) and is_four(entry.version) and is_folder_name(entry.name)


def _packages(entries: Iterable[FeedEntry]) -> Iterator[Package]:
    """Yield listings in the order of their first publication, each name once.

    Servers keep one folder a name and delete the other, so the first to publish a name keeps it.
    """
    listings: dict[str, list[FeedEntry]] = {}
    for entry in sorted(entries, key=_first_published):
        listings.setdefault(entry.identifier, []).append(entry)
    names: set[str] = set()
    for group in listings.values():
        name = group[0].name
        if name.casefold() not in names:
            names.add(name.casefold())
            newest_first = sorted(group, key=lambda entry: version_key(entry.version), reverse=True)
            yield Package(newest_first, _dump(_package(newest_first[0], name))[:-1])


def _first_published(entry: FeedEntry) -> tuple[datetime, str, object]:
    return entry.published_at, entry.identifier, version_key(entry.version)


def _package(newest: FeedEntry, name: str) -> dict[str, str]:
    """Return a package's own fields, none of them empty; ``name`` is the one first published.

    10.10 finds updates by name too, so it never changes.
    """
    summary = newest.summary or newest.description or name
    fields = {
        "guid": newest.identifier,
        "name": name,
        "overview": summary,
        "description": f"{newest.description or summary}\n\n{_terms(newest)}",
        "owner": newest.author or newest.publisher,
        "category": newest.facts.get("category") or DEFAULT_CATEGORY,
    }
    picture = newest.pictures.get("icon")
    return fields | {"imageUrl": picture} if picture else fields


def _terms(entry: FeedEntry) -> str:
    """Return license, origin and page as text, since Jellyfin has no field for any of them."""
    license_ = f"License: {entry.license}. " if entry.license else ""
    page = f" See {entry.listing_url}" if entry.first_party else ""
    return f"{license_}{whose(entry)}{page}"


def _version(entry: FeedEntry, site: Site) -> dict[str, str]:
    published = entry.published_at.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    fields = {
        "version": entry.version,
        "changelog": entry.changelog,
        "sourceUrl": download_url(site, ROOT, entry),
        "checksum": entry.md5.lower(),
        "timestamp": f"{published.isoformat()}Z",
    }
    abi = entry.facts.get("target_abi")
    return fields | {"targetAbi": abi} if abi else fields


def _document(packages: Iterable[Package], written: Mapping[tuple[str, str], str]) -> bytes:
    listed = (
        f'{package.head},"versions":['
        + ",".join(written[entry.identifier, entry.version] for entry in package.entries)
        + "]}"
        for package in packages
    )
    return "[{}]\n".format(",\n".join(listed)).encode()


# One encoder for all: json.dumps would make one a call.
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
