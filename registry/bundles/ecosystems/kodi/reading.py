"""Reading Kodi's uploads: an add-on's zip, or one of its metadata files alone."""

import re
from collections.abc import Iterator
from dataclasses import replace

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems import marquee_toml
from registry.bundles.ecosystems.base import Metadata, Reading
from registry.bundles.ecosystems.kodi import layout
from registry.bundles.ecosystems.kodi.addon import NAME, NO_LICENSE, Addon, read_addon
from registry.bundles.ecosystems.kodi.document import Document, children
from registry.bundles.ecosystems.kodi.pictures import check_pictures, pictures_of
from registry.bundles.findings import BundleRejected, Finding, Severity
from registry.bundles.manifests.parsed import read_manifest

_ROOT = re.compile(rb"<(?![?!])([A-Za-z_][^\s/>]*)")
_ROOTS = frozenset({b"addon", b"addons"})
_FILES = frozenset({"addon.xml", "addons.xml"})
_SETTINGS = "settings.xml"
_CHANGELOG = "changelog.txt"
_CHANGELOG_BYTES = 65_536


def read_bundle(bundle: Bundle) -> Reading:
    """Read an add-on's zip. Raises BundleRejected for what Kodi would not install."""
    found = layout.find_addon(bundle)
    document = Document(read_manifest(bundle, found.manifest), found.manifest)
    if document.root.tag != "addon":
        raise document.at(document.root).rejection(
            "manifest.xml",
            f"addon.xml begins with <{document.root.tag}> where Kodi wants <addon>.",
            "Put one <addon> into it; a list of add-ons is a repository's addons.xml.",
        )
    said = _completed(bundle, found, read_addon(document, document.root))
    assets = Addon(document, document.root).all("assets")
    metadata = replace(
        said.metadata,
        pictures=pictures_of(assets, found.files, found.folder),
        changelog=said.metadata.changelog or _changelog(bundle, found),
    )
    seen = (
        *check_pictures(document, assets, found.files),
        *_check_libraries(document, found),
        *layout.remarks(found, metadata.identifier or ""),
    )
    return Reading(metadata, (*said.findings, *seen))


def recognises_file(filename: str, content: bytes) -> bool:
    """Say whether a file has the name or the first element of one of Kodi's."""
    name = re.split(r"[/\\]", filename)[-1].lower()
    if name in _FILES or not name.endswith(".xml"):
        return name in _FILES
    first = _ROOT.search(re.sub(rb"<!--.*?-->", b"", content[:65_536], flags=re.DOTALL))
    root = first[1] if first else b""
    return root in _ROOTS or (root == b"settings" and name == _SETTINGS)


def read_file(filename: str, content: bytes) -> Reading:
    """Read an addon.xml, or tell what else of Kodi's the file is."""
    document = Document(content, filename)
    if document.root.tag == "addon":
        return read_addon(document, document.root)
    if document.root.tag == "addons":
        return _read_index(document)
    finding = document.at(document.root).warning(
        "manifest.not_release",
        f"{filename} holds an add-on's settings; nothing in it says which add-on.",
        "Give its addon.xml.",
    )
    return Reading(Metadata(NAME), (finding,))


def _read_index(document: Document) -> Reading:
    """Read a repository's list: not a release, so no identifier; what Kodi would drop is told."""
    listed: list[list[str | None]] = []
    dropped: list[Finding] = []
    for element in children(document.root, "addon"):
        try:
            said = read_addon(document, element).metadata
        except BundleRejected as refusal:
            dropped.append(replace(refusal.finding, severity=Severity.WARNING))
            continue
        listed.append([said.identifier, said.version])
    finding = document.at(document.root).warning(
        "manifest.index",
        f"{document.path} is a repository's list of {len(listed)} add-ons, not a release.",
        "Upload each add-on's own zip.",
    )
    return Reading(Metadata(NAME, facts={"listed": listed}), (finding, *dropped))


def _check_libraries(document: Document, found: layout.Layout) -> Iterator[Finding]:
    for element in children(document.root, "extension"):
        name = element.get("library") or ""
        if name.endswith((".py", ".xml")) and name not in found.files:
            yield document.at(element, "library").warning(
                "manifest.library_missing",
                f"{element.get('point')} starts {name}, which the zip does not hold.",
                "Add the file, or correct the name; names are case-sensitive.",
            )


def _completed(bundle: Bundle, found: layout.Layout, reading: Reading) -> Reading:
    """Add what a marquee.toml beside addon.xml says."""
    if marquee_toml.NAME not in found.files:
        return reading
    path = f"{found.folder}/{marquee_toml.NAME}"
    more = marquee_toml.merged(path, read_manifest(bundle, path), reading)
    if more.metadata.license is None:
        return more
    findings = (one for one in more.findings if one.code != NO_LICENSE)
    return Reading(more.metadata, tuple(findings))


def _changelog(bundle: Bundle, found: layout.Layout) -> str:
    if _CHANGELOG not in found.files:
        return ""
    start = next(bundle.stream(f"{found.folder}/{_CHANGELOG}"), b"")[:_CHANGELOG_BYTES]
    return start.decode(errors="replace").replace("\0", "").strip()
