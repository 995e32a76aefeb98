"""Jellyfin plug-ins: an assembly and meta.json at the zip's root, as jprm packs them."""

import json

from registry.demo.bundling.archives import license_file, zip_of
from registry.demo.catalogue import Listing, Version
from registry.demo.pictures import icon

TIMESTAMP = "2026-01-01T12:00:00Z"
#: The assembly is an empty shell: the demonstration ships no code that a server could run.
SHELL = b"MZ" + bytes(1022)


def make(listing: Listing, version: Version) -> bytes:
    """Make the zip of a version."""
    meta = {
        "guid": listing.identifier,
        "name": listing.name,
        "version": version.number,
        "targetAbi": "10.10.0.0",
        "category": listing.details["category"],
        "overview": listing.summary,
        "description": listing.description,
        "owner": listing.publisher.name,
        "changelog": version.news,
        "timestamp": TIMESTAMP,
        "imagePath": "image.png",
    }
    assembly = f"{''.join(listing.name.split())}.dll"
    files: dict[str, str | bytes] = {
        "meta.json": json.dumps(meta, indent=2, ensure_ascii=False),
        assembly: SHELL + version.number.encode(),
        "image.png": icon(listing.look, listing.identifier),
        "LICENSE": license_file(listing.license),
    }
    return zip_of(files | _samples(version))


def _samples(version: Version) -> dict[str, str | bytes]:
    """Return an archive inside the archive, which a moderator has to look at."""
    return {"samples.zip": zip_of({"page-1.txt": "A page.\n"})} if version.nested else {}
