"""Stash packages: a plug-in's or scraper's .yml at the root, its scripts beside it."""

import json

from registry.demo.bundling.archives import license_file, zip_of
from registry.demo.catalogue import Listing, Version


def make(listing: Listing, version: Version) -> bytes:
    """Make the zip of a version."""
    forms = {"plugin": _plugin, "scraper": _scraper}
    files = forms[listing.details["form"]](listing, version)
    return zip_of(files | {"LICENSE": license_file(listing.license)})


def _plugin(listing: Listing, version: Version) -> dict[str, str]:
    lines = [
        f"name: {json.dumps(listing.name)}",
        f"description: {json.dumps(listing.description)}",
        f"version: {json.dumps(version.number)}",
        f"url: https://{listing.publisher.slug}.example/{listing.identifier}",
        "ui:",
        "  javascript:",
        f"    - {listing.identifier}.js",
        "  css:",
        f"    - {listing.identifier}.css",
    ]
    return {
        f"{listing.identifier}.yml": "\n".join(lines) + "\n",
        f"{listing.identifier}.js": f"// {listing.name} {version.number}\n",
        f"{listing.identifier}.css": f"/* {listing.name} {version.number} */\n",
    }


def _scraper(listing: Listing, version: Version) -> dict[str, str]:
    text = f"""# {listing.name} {version.number}
name: {json.dumps(listing.name)}
sceneByURL:
  - action: scrapeXPath
    url:
      - {listing.details["host"]}/
    scraper: page
xPathScrapers:
  page:
    scene:
      Title: //h1
      Date: //time/@datetime
      Details: //p[@class="about"]
"""
    return {f"{listing.identifier}.yml": text}
