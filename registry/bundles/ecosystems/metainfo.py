"""AppStream metainfo, which Flatpak and AppImage share: one XML component that describes an app.

``project_license`` is the app's license; ``metadata_license`` is that of the description only.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from registry.bundles.ecosystems.base import Metadata
from registry.bundles.ecosystems.elements import LANGUAGE, for_everybody, line_of, words_of
from registry.bundles.ecosystems.identity import (
    VERSION_WITH_BUILD,
    checked_identifier,
    checked_version,
)
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding
from registry.bundles.manifests.xml import parse_xml

ROOTS = ("component", "application")
OLD_ENDING = ".desktop"


def is_metainfo(content: bytes) -> bool:
    """Say whether a file may be a metainfo document."""
    start = content[:4096]
    return any(f"<{root}".encode() in start for root in ROOTS) and b"<id" in content


def read_metainfo(path: str, content: bytes, ecosystem: str) -> tuple[Metadata, list[Finding]]:
    """Read a component. Raises BundleRejected."""
    root = parse_xml(content, path=path).value
    if root.tag not in ROOTS:
        raise Place(path, line_of(root)).rejection(
            "metainfo.root",
            f"{path} has the root <{root.tag}>; a metainfo file has <component>.",
            "See the AppStream specification, chapter 2.",
        )
    urls = {url.get("type"): words_of(url) for url in root.findall("url")}
    metadata = Metadata(
        ecosystem=ecosystem,
        identifier=_identifier(root, path),
        version=_version(root, path),
        name=_text(root, "name"),
        summary=_text(root, "summary") or "",
        description=_description(root),
        author=_developer(root),
        license=_text(root, "project_license"),
        homepage=urls.get("homepage") or None,
        source=urls.get("vcs-browser") or None,
        changelog=_changelog(root),
        facts=_facts(root),
    )
    return metadata, list(_remarks(root, path))


def _identifier(root: etree._Element, path: str) -> str:
    element = root.find("id")
    value = None if element is None else (element.text or "").removesuffix(OLD_ENDING)
    line = line_of(root) if element is None else line_of(element)
    return checked_identifier(value, "<id>", Place(path, line))


def _releases(root: etree._Element) -> list[etree._Element]:
    """Return the releases, newest first; without dates they stand in the file's order."""
    found = root.findall("releases/release")
    return sorted(found, key=lambda release: str(release.get("date") or ""), reverse=True)


def _version(root: etree._Element, path: str) -> str | None:
    newest = next(iter(_releases(root)), None)
    if newest is None:
        return None
    place = Place(path, line_of(newest))
    return checked_version(newest.get("version"), "version", place, VERSION_WITH_BUILD)


def _text(root: etree._Element, name: str) -> str | None:
    return words_of(for_everybody(root.findall(name))) or None


def _paragraphs(element: etree._Element | None) -> str:
    """Return paragraphs and list items as lines of text, in no particular language."""
    if element is None:
        return ""
    parts = [e for e in element.iter("p", "li") if e.get(LANGUAGE) is None]
    return "\n\n".join(words_of(part) for part in parts)


def _description(root: etree._Element) -> str:
    return _paragraphs(root.find("description"))


def _changelog(root: etree._Element) -> str:
    newest = next(iter(_releases(root)), None)
    return "" if newest is None else _paragraphs(newest.find("description"))


def _developer(root: etree._Element) -> str:
    developer = root.find("developer")
    name = None if developer is None else _text(developer, "name")
    return name or _text(root, "developer_name") or ""


def _facts(root: etree._Element) -> dict[str, Any]:
    return {
        "component_type": root.get("type", ""),
        "metadata_license": _text(root, "metadata_license") or "",
        "launchable": [words_of(e) for e in root.findall("launchable")],
        "content_rating": [
            [str(e.get("id", "")), words_of(e)] for e in root.findall("content_rating/content_attribute")
        ],
        "screenshots": [words_of(e) for e in root.findall("screenshots/screenshot/image")],
    }


def _remarks(root: etree._Element, path: str) -> Iterator[Finding]:
    if root.tag == "application":
        yield Place(path, line_of(root)).info(
            "metainfo.old_root", "The root is <application>, the old form.", "Use <component>."
        )
    old_name = root.find("developer_name")
    if old_name is not None:
        yield Place(path, line_of(old_name)).info(
            "metainfo.old_developer",
            "developer_name is the old form.",
            "Use <developer><name>…</name></developer>.",
        )
    identifier = root.find("id")
    if identifier is not None and (identifier.text or "").endswith(OLD_ENDING):
        yield Place(path, line_of(identifier)).info(
            "metainfo.old_id", f"The id ends in {OLD_ENDING}; it counts without.", "Leave it off."
        )
    if root.find("project_license") is None:
        yield Place(path, line_of(root)).warning(
            "metainfo.no_license",
            "There is no project_license; metadata_license is that of the description only.",
            "Add <project_license> with an SPDX expression.",
        )
