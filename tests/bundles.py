"""Small honest bundles of each ecosystem, made by code."""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping

from licenses.spdx import text_of

ADDON_XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<addon id="{identifier}" name="{name}" version="{version}" provider-name="Lantern Works">
  <requires><import addon="xbmc.python" version="3.0.0"/></requires>
  <extension point="{point}" library="main.py"/>
  <extension point="xbmc.addon.metadata">
    <summary lang="en_GB">{summary}</summary>
    <description lang="en_GB">Finds films by the name of their file.</description>
    <license>{license}</license>
    <platform>all</platform>
    {assets}
  </extension>
</addon>
"""
MOVIES = "xbmc.metadata.scraper.movies"
INFO_PLIST = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>CFBundleIdentifier</key><string>{identifier}</string>
<key>PlexFrameworkVersion</key><string>2</string>
<key>PlexPluginClass</key><string>Agent</string>
</dict></plist>
"""


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of these files, the same bytes each time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return held.getvalue()


def kodi(
    identifier: str = "metadata.example.lantern",
    version: str = "1.0.0",
    *,
    name: str = "Lantern",
    summary: str = "Finds films",
    license: str = "GPL-2.0-or-later",  # noqa: A002 - the word of the format
    point: str = MOVIES,
    icon: bytes | None = None,
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A Kodi add-on as its repository wants it: one folder with addon.xml."""
    assets = "<assets><icon>icon.png</icon></assets>" if icon else ""
    text = ADDON_XML.format(
        identifier=identifier, version=version, name=name, summary=summary, license=license, point=point,
        assets=assets,
    )  # fmt: skip
    files: dict[str, str | bytes] = {
        f"{identifier}/addon.xml": text,
        f"{identifier}/main.py": "print('Lantern')\n",
        f"{identifier}/LICENSE.txt": f"SPDX-License-Identifier: {license}\n",
    }
    if icon:
        files[f"{identifier}/icon.png"] = icon
    return zipped({**files, **{f"{identifier}/{path}": body for path, body in (more or {}).items()}})


def jellyfin(
    guid: str = "4a5b6c7d-1111-4222-8333-944455556666",
    version: str = "1.2.0.0",
    *,
    name: str = "Lamplight",
    license: str | None = "MIT",  # noqa: A002 - the word of the format
) -> bytes:
    """A Jellyfin plug-in: its files at the root, meta.json beside them."""
    meta = {
        "guid": guid, "name": name, "version": version, "targetAbi": "10.10.0.0", "category": "Metadata",
        "overview": "Finds films", "description": "Finds films by name.", "owner": "Lantern Works",
        "changelog": "First.", "timestamp": "2026-01-02T03:04:05Z",
    }  # fmt: skip
    return zipped({"meta.json": json.dumps(meta), f"{name}.dll": b"MZ" + bytes(200), **licensed(license)})


def stash(identifier: str = "lanternTags", version: str = "1.0", *, name: str = "Lantern tags") -> bytes:
    """A Stash plug-in: its .yml at the root."""
    text = f"name: {name}\ndescription: Tags scenes\nversion: {version}\nui:\n  javascript:\n    - main.js\n"
    return zipped({f"{identifier}.yml": text, "main.js": "console.log('Lantern');\n", **licensed("MIT")})


def plex(
    identifier: str = "com.plexapp.agents.lantern",
    *,
    folder: str = "Lantern.bundle",
    license: str | None = "MIT",  # noqa: A002 - the word of the format
) -> bytes:
    """A Plex bundle, which cannot say its version."""
    return zipped(
        {
            f"{folder}/Contents/Info.plist": INFO_PLIST.format(identifier=identifier),
            f"{folder}/Contents/Code/__init__.py": "class Lantern(Agent.Movies):\n  name = 'Lantern'\n",
            **licensed(license, f"{folder}/"),
        }
    )


def licensed(name: str | None, folder: str = "") -> dict[str, str | bytes]:
    """The full text of a license, as a file that says it; nothing for None."""
    return {f"{folder}LICENSE": text_of(name) or ""} if name else {}


def png(side: int = 64, colour: tuple[int, int, int] = (47, 111, 115)) -> bytes:
    """A square PNG of one colour."""
    row = b"\0" + bytes(colour) * side
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", side.to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0")
        + _chunk(b"IDAT", zlib.compress(row * side))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
