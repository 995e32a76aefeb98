"""LG webOS apps: an IPK whose ``appinfo.json`` says everything, and the list of the Homebrew Channel.

The Homebrew Channel shows the list's titles and icons, fetches an app's manifest from its
``manifestUrl`` when it is opened, and checks the package against ``ipkHash``.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import FeedEntry, FeedFile, Metadata, Reading, Site
from registry.bundles.ecosystems.client_app import ClientApp
from registry.bundles.ecosystems.identity import checked_identifier, checked_version, shown
from registry.bundles.ecosystems.offers import download_url, newest_of_each, whose
from registry.bundles.ecosystems.place import Place
from registry.bundles.ecosystems.versions import natural_key
from registry.bundles.findings import Finding
from registry.bundles.manifests.json import parse_json
from registry.bundles.manifests.parsed import Parsed, read_manifest

APPINFO = re.compile(r"(?:.*/)?usr/palm/applications/([^/]+)/appinfo\.json")
IDENTIFIER = re.compile(
    r"(?!com\.(?:palm|webos|lge|palmdts)(?:\.|$))[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*[a-z0-9-]"
)
THREE_NUMBERS = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}")
CONTROL = "CONTROL/control"
CONTROL_KEYS = {"Package": "id", "Version": "version"}
CONTROL_LINE = re.compile(r"^(Package|Version):[ \t]*([^\r\n]*?)[ \t]*\r?$", re.MULTILINE)
PICTURES = {"icon": ("largeIcon", "icon"), "fanart": ("bgImage", "splashBackground")}


class WebOs(ClientApp):
    """IPK packages."""

    name = "webos"
    title = "LG webOS"
    ending = ".ipk"
    platforms = ("webos",)

    def recognises(self, bundle: Bundle) -> bool:
        """Take what the opener knows as an IPK."""
        return bundle.container == "ipk"

    def own(self, bundle: Bundle) -> Reading:
        """Read the app's ``appinfo.json``; the folder it lies in must be named by its id."""
        found = [m for entry in bundle.entries if (m := APPINFO.fullmatch(entry.name))]
        if len(found) != 1:
            raise Place(found[1][0] if found else None).rejection(
                "manifest.ambiguous" if found else "webos.no_appinfo",
                f"The package has {len(found)} apps in usr/palm/applications, one is needed.",
                "Pack one app with ares-package.",
            )
        path, folder = found[0][0], found[0][1]
        reading = _reading(path, read_manifest(bundle, path), bundle)
        _refuse_mismatch(path, reading.metadata, [("id", folder), *_control(bundle)])
        return reading

    def recognises_file(self, filename: str, content: bytes) -> bool:
        """Take ``appinfo.json``."""
        return filename.rpartition("/")[2] == "appinfo.json" and b"{" in content

    def own_file(self, filename: str, content: bytes) -> Reading:
        """Read an ``appinfo.json`` alone."""
        return _reading(filename, content, None)

    def filename(self, identifier: str, version: str) -> str:
        """Name a package as ares-package does."""
        return f"{identifier}_{version}_all{self.ending}"

    def feed(self, entries: Sequence[FeedEntry], site: Site) -> Sequence[FeedFile]:
        """Render the list and each app's manifest."""
        newest = newest_of_each(entries, natural_key)
        manifests = {entry.identifier: _manifest(entry, site) for entry in newest}
        paging = {"page": 1, "count": len(newest), "maxPage": 1, "itemsTotal": len(newest)}
        packages = [_package(entry, manifests[entry.identifier], site) for entry in newest]
        return [
            _json_file("webos/apps.json", {"paging": paging, "packages": packages}),
            *(_json_file(_manifest_path(name), document) for name, document in manifests.items()),
        ]


def _control(bundle: Bundle) -> list[tuple[str, str]]:
    """Return what the package's own control file says, which the installer reads."""
    if CONTROL not in bundle:
        return []
    text = read_manifest(bundle, CONTROL).decode("utf-8", "replace")
    return [(CONTROL_KEYS[key], value) for key, value in CONTROL_LINE.findall(text)]


def _refuse_mismatch(path: str, metadata: Metadata, others: Sequence[tuple[str, str]]) -> None:
    """Raise BundleRejected (``manifest.mismatch``) when folder or control say otherwise."""
    own = {"id": metadata.identifier, "version": metadata.version}
    for key, value in others:
        if value != own[key]:
            raise Place(path).rejection(
                "manifest.mismatch",
                f"{path} says {key} {own[key]}; the package around it says {shown(value)}.",
                "Build the package again with ares-package, which writes both.",
            )


def _reading(path: str, content: bytes, bundle: Bundle | None) -> Reading:
    parsed = parse_json(content, path=path, lenient=True)
    if not isinstance(parsed.value, dict):
        raise Place(path, 1).rejection(
            "webos.appinfo", f"{path} is not an object.", "Write { … } with id, version, title."
        )
    version = checked_version(parsed.value.get("version"), "version", _place(parsed, path, "version"))
    metadata = Metadata(
        ecosystem="webos",
        identifier=checked_identifier(parsed.value.get("id"), "id", _place(parsed, path, "id"), IDENTIFIER),
        version=version,
        name=_text(parsed, "title") or None,
        summary=_text(parsed, "appDescription"),
        author=_text(parsed, "vendor"),
        pictures={} if bundle is None else _pictures(parsed, path, bundle),
        facts={
            "type": _text(parsed, "type"),
            "main": _text(parsed, "main"),
            "permissions": _texts(parsed, "requiredPermissions"),
        },
    )
    return Reading(metadata, (*parsed.findings, *_remarks(parsed, path, version)))


def _remarks(parsed: Parsed[Any], path: str, version: str) -> list[Finding]:
    if THREE_NUMBERS.fullmatch(version):
        return []
    return [
        _place(parsed, path, "version").warning(
            "webos.version_form",
            f"The version {version} is not three numbers; televisions compare numbers only.",
            "Write it as 1.4.2.",
        )
    ]


def _pictures(parsed: Parsed[Any], path: str, bundle: Bundle) -> dict[str, str]:
    folder = path.rpartition("/")[0]
    paths = {
        role: [f"{folder}/{name}" for key in keys if (name := _text(parsed, key))]
        for role, keys in PICTURES.items()
    }
    found = {role: next((p for p in names if p in bundle), None) for role, names in paths.items()}
    return {role: name for role, name in found.items() if name}


def _place(parsed: Parsed[Any], path: str, key: str) -> Place:
    return Place(path, parsed.line(key) or parsed.line())


def _text(parsed: Parsed[Any], key: str) -> str:
    value = parsed.value.get(key)
    return value if isinstance(value, str) else ""


def _texts(parsed: Parsed[Any], key: str) -> list[str]:
    value = parsed.value.get(key)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _manifest_path(identifier: str) -> str:
    return f"webos/{identifier}/manifest.json"


def _package(entry: FeedEntry, manifest: dict[str, Any], site: Site) -> dict[str, Any]:
    return {
        "id": entry.identifier,
        "title": entry.name,
        "iconUri": manifest["iconUri"],
        "manifestUrl": f"{site.feeds}/{_manifest_path(entry.identifier)}",
        "manifest": manifest,
        "shortDescription": entry.summary,
        "license": entry.license,
        "notice": whose(entry),
    }


def _manifest(entry: FeedEntry, site: Site) -> dict[str, Any]:
    return {
        "id": entry.identifier,
        "version": entry.version,
        "type": entry.facts.get("type") or "web",
        "title": entry.name,
        "appDescription": entry.summary or entry.description,
        "iconUri": entry.pictures.get("icon", ""),
        "sourceUrl": entry.source or entry.listing_url,
        "ipkUrl": download_url(site, "webos", entry),
        "ipkHash": {"sha256": entry.sha256},
        "ipkSize": entry.size_bytes,
    }


def _json_file(path: str, document: dict[str, Any]) -> FeedFile:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return FeedFile(path, "application/json", body)


WEBOS = WebOs()
