"""Tizen and Samsung apps: a zip with ``config.xml`` (web) or ``tizen-manifest.xml`` (native).

The key is the Tizen application's id, package + ``.`` + name, and never the widget's own id.
"""

import re
from collections.abc import Iterator

from lxml import etree

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import Metadata, Reading
from registry.bundles.ecosystems.client_app import ClientApp
from registry.bundles.ecosystems.elements import for_everybody, line_of, words_of
from registry.bundles.ecosystems.identity import checked_identifier, checked_version, shown
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding
from registry.bundles.manifests.parsed import read_manifest
from registry.bundles.manifests.xml import parse_xml

WEB, NATIVE = "config.xml", "tizen-manifest.xml"
WIDGETS = "{http://www.w3.org/ns/widgets}"
TIZEN_NS = "{http://tizen.org/ns/widgets}"
PACKAGES = "{http://tizen.org/ns/packages}"
APPLICATION = re.compile(r"[A-Za-z0-9]{10}\.[A-Za-z0-9_.-]+")
SAMSUNG_LIMITS = (255, 255, 65535)
SIGNATURES = ("author-signature.xml", "signature1.xml")


class Tizen(ClientApp):
    """WGT and TPK packages."""

    name = "tizen"
    title = "Tizen"
    ending = ".wgt"
    platforms = ("tizen",)

    def recognises(self, bundle: Bundle) -> bool:
        """Take zips with one of the two manifests at the root."""
        return bundle.container == "zip" and any(
            name in bundle and self.recognises_file(name, read_manifest(bundle, name))
            for name in (WEB, NATIVE)
        )

    def own(self, bundle: Bundle) -> Reading:
        """Read the manifest and look for the two signatures."""
        path = WEB if WEB in bundle else NATIVE
        reading = self.own_file(path, read_manifest(bundle, path))
        lacking = [name for name in SIGNATURES if name not in bundle]
        return Reading(reading.metadata, (*reading.findings, *_unsigned(lacking)))

    def recognises_file(self, filename: str, content: bytes) -> bool:
        """Take a ``config.xml`` with a widget in it, and a native manifest."""
        name = filename.rpartition("/")[2]
        return name == NATIVE or (name == WEB and b"<widget" in content)

    def own_file(self, filename: str, content: bytes) -> Reading:
        """Read a manifest alone."""
        root = parse_xml(content, path=filename).value
        return _web(root, filename) if root.tag == f"{WIDGETS}widget" else _native(root, filename)


def _web(root: etree._Element, path: str) -> Reading:
    application = root.find(f"{TIZEN_NS}application")
    license_element = root.find(f"{WIDGETS}license")
    author = root.find(f"{WIDGETS}author")
    icon = root.find(f"{WIDGETS}icon")
    metadata = Metadata(
        ecosystem="tizen",
        identifier=None if application is None else _identifier(application, path),
        version=_version(root, path),
        name=_text(root, "name"),
        description=_text(root, "description") or "",
        author=words_of(author),
        license=_text(root, "license"),
        homepage=author.get("href") if author is not None else None,
        pictures={} if icon is None or not icon.get("src") else {"icon": str(icon.get("src"))},
        facts={
            "form": "web",
            "required_version": _attribute(application, "required_version"),
            "privileges": _names(root, f"{TIZEN_NS}privilege"),
            "profiles": _names(root, f"{TIZEN_NS}profile"),
            "features": _names(root, f"{WIDGETS}feature"),
            "access": sorted({str(e.get("origin", "")) for e in root.iter(f"{WIDGETS}access")}),
            "license_address": _attribute(license_element, "href"),
        },
    )
    return Reading(metadata, tuple(_remarks(root, application, path)))


def _native(root: etree._Element, path: str) -> Reading:
    if root.tag != f"{PACKAGES}manifest":
        raise Place(path, line_of(root)).rejection(
            "tizen.manifest",
            f"{path} has the root {shown(root.tag)}; neither a widget nor a Tizen manifest.",
            "A web app needs <widget> of http://www.w3.org/ns/widgets.",
        )
    place = Place(path, line_of(root))
    label = root.find(f"{PACKAGES}ui-application/{PACKAGES}label")
    metadata = Metadata(
        ecosystem="tizen",
        identifier=checked_identifier(root.get("package"), "package", place),
        version=_version(root, path),
        name=words_of(label) or None,
        facts={
            "form": "native",
            "required_version": root.get("api-version", ""),
            "privileges": sorted(words_of(e) for e in root.iter(f"{PACKAGES}privilege")),
        },
    )
    return Reading(metadata)


def _identifier(application: etree._Element, path: str) -> str:
    place = Place(path, line_of(application))
    return checked_identifier(application.get("id"), "The id of tizen:application", place, APPLICATION)


def _version(root: etree._Element, path: str) -> str | None:
    value = root.get("version")
    place = Place(path, line_of(root))
    return None if value is None else checked_version(value, "version", place)


def _remarks(root: etree._Element, application: etree._Element | None, path: str) -> Iterator[Finding]:
    numbers = str(root.get("version", "")).split(".")
    in_range = len(numbers) == len(SAMSUNG_LIMITS) and all(
        number.isdigit() and len(number) <= 5 and int(number) <= limit
        for number, limit in zip(numbers, SAMSUNG_LIMITS, strict=True)
    )
    if root.get("version") and not in_range:
        yield Place(path, line_of(root)).warning(
            "tizen.version_range",
            f"The version {root.get('version')} is outside Samsung's 255.255.65535.",
            "Use three numbers in these bounds.",
        )
    if application is None:
        return
    package, identifier = application.get("package"), str(application.get("id"))
    if not identifier.startswith(f"{package}."):
        yield Place(path, line_of(application)).warning(
            "tizen.package",
            f"The application's id {identifier} does not begin with its package {shown(package)}.",
            "The id is the package, a dot and the name.",
        )


def _unsigned(lacking: list[str]) -> list[Finding]:
    if not lacking:
        return []
    return [
        Place(lacking[0]).warning(
            "tizen.unsigned",
            f"{' and '.join(lacking)} are missing; a television refuses the app.",
            "Sign with the author's and a distributor's certificate.",
        )
    ]


def _text(root: etree._Element, name: str) -> str | None:
    return words_of(for_everybody(root.findall(f"{WIDGETS}{name}"))) or None


def _attribute(element: etree._Element | None, name: str) -> str:
    return "" if element is None else str(element.get(name, ""))


def _names(root: etree._Element, tag: str) -> list[str]:
    return sorted({str(element.get("name", "")) for element in root.iter(tag)})


TIZEN = Tizen()
