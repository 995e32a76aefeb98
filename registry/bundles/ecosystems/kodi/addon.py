"""What an ``<addon>`` says: identity, kind, words, requirements, and what Kodi makes of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.bundles.ecosystems.base import Metadata, Reading, Requirement
from registry.bundles.ecosystems.kodi import cleaned
from registry.bundles.ecosystems.kodi.document import Document, Element, child_words, children
from registry.bundles.ecosystems.kodi.identifiers import check_identifier
from registry.bundles.ecosystems.kodi.imports import check_imports, imports_of, parts_of
from registry.bundles.ecosystems.kodi.points import METADATA, REPOSITORY, Point, kind_of
from registry.bundles.ecosystems.kodi.versions import check_version
from registry.bundles.ecosystems.kodi.wording import best
from registry.bundles.findings import Finding

NAME = "kodi"
NO_LICENSE = "manifest.no_license"
PLATFORMS = frozenset(
    {"all", "android", "freebsd", "linux", "windx", "windows", "windowsstore"}
    | {"darwin_embedded", "ios", "tvos", "osx", "osx64", "osxarm64"}
)


@dataclass(frozen=True, slots=True)
class Addon:
    """One ``<addon>`` of a document."""

    document: Document
    element: Element

    @property
    def points(self) -> list[tuple[Element, Point]]:
        """Its extensions, each with what it means."""
        return [(part, _point(part)) for part in children(self.element, "extension")]

    @property
    def metadata(self) -> list[Element]:
        """Its metadata extensions."""
        return cleaned.metadata_extensions(self.element)

    def first(self, tag: str) -> str:
        """Return the first text of that name in the metadata, empty without one."""
        return next(filter(None, (child_words(part, tag) for part in self.metadata)), "")

    def all(self, tag: str) -> list[Element]:
        """Return every element of that name in the metadata."""
        return [child for part in self.metadata for child in children(part, tag)]


def read_addon(document: Document, element: Element) -> Reading:
    """Read one ``<addon>``, without a look at its files.

    Raises BundleRejected (``manifest.id``, ``manifest.version``) for what Kodi drops silently.
    """
    addon = Addon(document, element)
    identifier, version = element.get("id"), element.get("version")
    findings = [
        *check_identifier(identifier, document.at(element, "id")),
        *check_version(version, document.at(element, "version")),
        *_check_points(addon),
        *check_imports(document, element),
        *_check_metadata(addon),
    ]
    return Reading(_metadata(addon), tuple(findings))


def _metadata(addon: Addon) -> Metadata:
    element = addon.element
    return Metadata(
        ecosystem=NAME,
        kind=kind_of(point for _, point in addon.points),
        identifier=element.get("id"),
        version=element.get("version"),
        name=element.get("name") or None,
        summary=best(addon.all("summary")),
        description=best(addon.all("description")),
        author=element.get("provider-name") or "",
        license=addon.first("license") or None,
        homepage=addon.first("website") or addon.first("forum") or None,
        source=addon.first("source") or None,
        changelog=best(addon.all("news")),
        requires=tuple(Requirement(one.identifier, one.minimum, one.optional) for one in imports_of(element)),
        platforms=tuple(_platforms(addon)),
        facts=_facts(element),
    )


def _facts(element: Element) -> dict[str, object]:
    head, tail = cleaned.halves(element)
    return {
        "head": head,
        "tail": tail,
        "disclaimers": cleaned.disclaimers(element),
        "parts": [list(part) for part in parts_of(element)],
    }


def _point(extension: Element) -> Point:
    return Point(
        extension.get("point") or "",
        frozenset(child_words(extension, "provides").split()),
        frozenset(map(str, extension.attrib)),
    )


def _platforms(addon: Addon) -> list[str]:
    """Return the platforms named, else the systems that libraries are for; none means every one."""
    named = [word for element in addon.all("platform") for word in (element.text or "").split()]
    compiled = sorted({system for _, point in addon.points for system in point.systems})
    return [] if "all" in named else list(dict.fromkeys(named)) or compiled


def _check_points(addon: Addon) -> Iterator[Finding]:
    for element, point in addon.points:
        at = addon.document.at(element, "point")
        if not point.known:
            yield at.warning(
                "manifest.extension_point",
                f"Kodi does not know the extension point {point.name!r} and drops the add-on.",
                "Correct the point's name; Kodi's wiki lists them under Addon.xml.",
            )
        if point.lacks_library:
            yield at.error(
                "manifest.library",
                f"{point.name} is compiled code, but no library is named, so Kodi drops it.",
                'Name the file, for example library_linux="pvr.example.so".',
            )
        if point.name == REPOSITORY and element.find("dir") is None:
            yield at.warning(
                "manifest.repository_dir",
                "The repository has no <dir>, which Kodi refuses since version 20.",
                "Put <info>, <checksum> and <datadir> into a <dir>.",
            )
    if not any(point.name not in METADATA for _, point in addon.points):
        yield addon.document.at(addon.element).warning(
            "manifest.no_kind",
            "The add-on has no extension, so nothing says what it is.",
            'Add an <extension point="…"> for what it does, or say the kind at upload.',
        )


def _check_metadata(addon: Addon) -> Iterator[Finding]:
    whole = addon.document.at(addon.element)
    if not addon.element.get("name"):
        yield whole.warning(
            "manifest.no_name", "The add-on has no name to show.", "Give <addon> a name attribute."
        )
    if not addon.first("license"):
        yield whole.warning(
            NO_LICENSE,
            "The add-on declares no license.",
            "Add <license> with an SPDX identifier, for example GPL-2.0-or-later, to its metadata.",
        )
    yield from _check_platforms(addon)
    yield from _check_lifecycle(addon)


def _check_platforms(addon: Addon) -> Iterator[Finding]:
    for element in addon.all("platform"):
        for word in (element.text or "").split():
            if word not in PLATFORMS and word.split("-")[0] not in PLATFORMS:
                yield addon.document.at(element).warning(
                    "manifest.platform",
                    f"Kodi does not know the platform {word!r}.",
                    f"Use {', '.join(sorted(PLATFORMS))}, maybe with -x86_64 and the like.",
                )


def _check_lifecycle(addon: Addon) -> Iterator[Finding]:
    states = [*addon.all("lifecyclestate"), *addon.all("broken")]
    for element in states:
        state = "broken" if element.tag == "broken" else element.get("type")
        if state in {"broken", "deprecated"} and (element.text or "").strip():
            yield addon.document.at(element).warning(
                "manifest.lifecycle",
                f"The add-on calls itself {state}; Kodi warns its users"
                + (" and hides it from lists." if state == "broken" else "."),
                "Remove the element from a release that works.",
            )
