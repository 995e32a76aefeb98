"""What ``AndroidManifest.xml`` says; a value may be a reference into ``resources.arsc``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from registry.bundles.ecosystems.android.binary_xml import Element, elements
from registry.bundles.ecosystems.android.chunks import (
    BOOLEAN,
    REFERENCE,
    DamagedError,
    Value,
)
from registry.bundles.ecosystems.android.resources import Resources
from registry.bundles.ecosystems.place import Place

APPLICATION = ("manifest", "application")
LEANBACK = "android.software.leanback"
TOUCH = "android.hardware.touchscreen"
PICTURE_ENDINGS = (".png", ".webp", ".jpg")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The elements of a manifest; ``resources`` is None where there is no table, or a damaged one."""

    path: str
    elements: Sequence[Element]
    resources: Resources | None

    def at(self, *path: str) -> Element:
        """Return the first element of a path; an empty one where there is none."""
        found = (element for element in self.elements if element.path == path)
        return next(found, Element(path, 0, {}))

    def all(self, name: str) -> Iterator[Element]:
        """Yield the children of ``manifest`` of a name."""
        return (element for element in self.elements if element.path == ("manifest", name))

    def text(self, value: str | Value | None) -> str | None:
        """Return a value as text; a reference that leads nowhere is None."""
        if value is None or isinstance(value, str):
            return value
        if value.kind != REFERENCE:
            return str(value.data)
        return None if self.resources is None else self.resources.text(value.data)

    def number(self, value: str | Value | None) -> int | None:
        """Return a whole number, however it is written down."""
        text = self.text(value)
        return int(text) if text and text.isascii() and text.isdigit() and len(text) < 20 else None

    def is_true(self, value: str | Value | None, *, default: bool) -> bool:
        """Return a truth value."""
        if isinstance(value, Value) and value.kind == BOOLEAN:
            return bool(value.data)
        return value == "true" if isinstance(value, str) else default

    def picture(self, value: str | Value | None) -> str | None:
        """Return the path of the sharpest bitmap that a reference leads to."""
        if not isinstance(value, Value) or value.kind != REFERENCE or self.resources is None:
            return value if isinstance(value, str) and value.endswith(PICTURE_ENDINGS) else None
        variants = [v for v in self.resources.variants(value.data) if v.text.endswith(PICTURE_ENDINGS)]
        return max(variants, key=lambda v: v.density).text if variants else None

    def place(self, element: Element) -> Place:
        """Return where an element stands in the source that the manifest was made from."""
        return Place(self.path, element.line or None)


def parse_manifest(path: str, content: bytes, table: bytes | None) -> Manifest:
    """Parse a manifest and its resource table. Raises BundleRejected (``manifest.android``)."""
    try:
        found = list(elements(content))
    except DamagedError as error:
        raise Place(path).rejection(
            "manifest.android",
            f"{path} cannot be read: {error}.",
            "Build the APK again with the Android SDK, without a packer that damages the manifest.",
        ) from None
    try:
        resources = None if table is None else Resources(table)
    except DamagedError:
        resources = None
    return Manifest(path, found, resources)


def facts(manifest: Manifest) -> dict[str, Any]:
    """Return what people want to know: versions, permissions, features."""
    root, application = manifest.at("manifest"), manifest.at(*APPLICATION)
    sdk = manifest.at("manifest", "uses-sdk").attributes
    return {
        "version_code": _version_code(manifest, root),
        "min_sdk": manifest.number(sdk.get("minSdkVersion")),
        "target_sdk": manifest.number(sdk.get("targetSdkVersion")),
        "permissions": _names(manifest, "uses-permission", "uses-permission-sdk-23"),
        "features": _names(manifest, "uses-feature"),
        "leanback": LEANBACK in _names(manifest, "uses-feature"),
        "needs_touch": _needs(manifest, TOUCH),
        "debuggable": manifest.is_true(application.attributes.get("debuggable"), default=False),
    }


def _version_code(manifest: Manifest, root: Element) -> int | None:
    code = manifest.number(root.attributes.get("versionCode"))
    major = manifest.number(root.attributes.get("versionCodeMajor")) or 0
    return None if code is None else major << 32 | code


def _names(manifest: Manifest, *tags: str) -> list[str]:
    found = {
        name
        for tag in tags
        for element in manifest.all(tag)
        if (name := manifest.text(element.attributes.get("name")))
    }
    return sorted(found)


def _needs(manifest: Manifest, feature: str) -> bool:
    """Say whether a device without the feature is refused; touch is needed unless said otherwise."""
    for element in manifest.all("uses-feature"):
        if manifest.text(element.attributes.get("name")) == feature:
            return manifest.is_true(element.attributes.get("required"), default=True)
    return True
