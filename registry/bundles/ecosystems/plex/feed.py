"""The list of Plex bundles: a store that WebTools reads, with version, digest, license besides.

``bundles.json`` is the list; ``branches/master`` and ``archive/master.zip`` are the same list as
WebTools asks for it. Each entry's ``repo`` stays the same for all versions of a listing, since
WebTools knows an installed bundle by it; ``branch`` names the package by its sha256, so that what
is installed is what was listed.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from registry.bundles.ecosystems.base import FeedEntry, FeedFile, Kind, Site
from registry.bundles.ecosystems.offers import download_url, newest_of_each, whose
from registry.bundles.ecosystems.versions import natural_key

LIST_IN_ARCHIVE = "marquee-master/Resources/plugin_details.json"
TYPES = {"video": "Video", "music": "Music", "photos": "Pictures", "applications": "Application"}


def bundle_list(entries: Sequence[FeedEntry], site: Site) -> list[FeedFile]:
    """Render the store: one entry for each listing, its newest release.

    Metadata providers are left out: nothing of theirs is installed (``index.json`` has them).
    """
    bundles = [entry for entry in entries if entry.facts.get("form") != "provider"]
    rows = [_row(entry, site) for entry in newest_of_each(bundles, natural_key)]
    body = json.dumps(rows, ensure_ascii=False, indent=1).encode()
    branch = json.dumps({"name": "master", "commit": {"sha": sha256(body).hexdigest()}}).encode()
    return [
        FeedFile("plex/bundles.json", "application/json", body),
        FeedFile("plex/branches/master", "application/json", branch),
        FeedFile("plex/archive/master.zip", "application/zip", _archive(body)),
    ]


def commits_feed(digest: str, version: str, changed_at: datetime) -> bytes:
    """Return the Atom document at ``{repo}/commits/{digest}.atom``, read after an install.

    WebTools shows the first ten characters after the entry id's last slash as what is installed.
    """
    name, updated = escape(version), changed_at.isoformat()
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>urn:sha256:{digest}</id><title>{name}</title><updated>{updated}</updated>"
        f"<entry><id>urn:sha256:{digest}/{name}</id><title>{name}</title>"
        f"<updated>{updated}</updated></entry></feed>\n"
    ).encode()


def _row(entry: FeedEntry, site: Site) -> dict[str, Any]:
    folder = str(entry.facts.get("folder") or f"{entry.identifier}.bundle")
    return {
        "title": entry.name,
        "bundle": folder,
        "type": _types(entry),
        "description": entry.summary or entry.description or entry.name,
        "repo": f"{site.feeds}/plex/{quote(entry.identifier)}/{quote(folder)}",
        "branch": entry.sha256,
        "identifier": entry.identifier,
        "icon": "",
        "supporturl": entry.homepage or entry.listing_url,
        "version": entry.version,
        "sha256": entry.sha256,
        "size": entry.size_bytes,
        "license": entry.license,
        "url": download_url(site, "plex", entry),
        "icon_url": entry.pictures.get("icon"),
        "author": entry.author,
        "publisher": entry.publisher,
        "third_party": not entry.first_party,
        "notice": whose(entry),
        "elevated": bool(entry.facts.get("elevated")),
        "page": entry.listing_url,
        "date": entry.changed_at.isoformat(),
    }


def _types(entry: FeedEntry) -> list[str]:
    if entry.kind is Kind.AGENT:
        return ["Metadata Agent"]
    return [TYPES[area] for area in entry.facts.get("areas", ()) if area in TYPES] or ["Video"]


def _archive(body: bytes) -> bytes:
    """Return the list as the zip of a repository; equal lists give equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(LIST_IN_ARCHIVE), body, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
