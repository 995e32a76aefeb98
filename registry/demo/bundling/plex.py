"""Plex bundles: Info.plist, code for the old framework, and a picture."""

import plistlib

from registry.demo.bundling.archives import license_file, zip_of
from registry.demo.catalogue import Listing, Version
from registry.demo.pictures import fanart, icon

CHANNEL = "Channel"
AGENT_CODE = """class {name}({parent}):
    name = {title!r}
    languages = [Locale.Language.English]

    def search(self, results, media, lang):
        pass

    def update(self, metadata, media, lang):
        pass
"""
CHANNEL_CODE = """@handler('/video/{slug}', {title!r})
def MainMenu():
    return ObjectContainer()
"""


def make(listing: Listing, version: Version) -> bytes:
    """Make the zip of a version; the version stands in a comment, for Plex has no place for it."""
    name = listing.details["folder"]
    kind = "Agent" if listing.details["form"] != CHANNEL else "Content"
    info = {
        "CFBundleIdentifier": listing.identifier,
        "PlexFrameworkVersion": "2",
        "PlexPluginClass": kind,
        "PlexPluginCodePolicy": "Standard",
    }
    files: dict[str, str | bytes] = {
        "Info.plist": plistlib.dumps(info),
        "Code/__init__.py": f"# {listing.name} {version.number}\n{_code(listing)}",
        "Resources/icon-default.png": icon(listing.look, listing.identifier),
        "Resources/art-default.jpg": fanart(listing.look, listing.identifier),
        "LICENSE": license_file(listing.license),
    }
    return zip_of({f"{name}.bundle/Contents/{path}": body for path, body in files.items()})


def _code(listing: Listing) -> str:
    name, form = listing.details["folder"], listing.details["form"]
    if form == CHANNEL:
        return CHANNEL_CODE.format(slug=name.lower(), title=listing.name)
    return AGENT_CODE.format(name=name, parent=f"Agent.{form}", title=listing.name)
