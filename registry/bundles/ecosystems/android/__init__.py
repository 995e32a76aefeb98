"""Android apps: one APK, its binary manifest, its resources and who signed it."""

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.android.binary_xml import is_binary_xml
from registry.bundles.ecosystems.android.manifest import parse_manifest
from registry.bundles.ecosystems.android.reading import (
    read_apk,
    read_manifest_alone,
    several,
)
from registry.bundles.ecosystems.base import Reading
from registry.bundles.ecosystems.client_app import ClientApp

APP_BUNDLE = "base/manifest/AndroidManifest.xml"
SPLIT_MARKS = ("toc.pb", "manifest.json", "info.json")


class Android(ClientApp):
    """APKs; packages of several parts are known only to be refused with a sentence."""

    name = "android"
    title = "Android"
    ending = ".apk"
    platforms = ("android",)

    def recognises(self, bundle: Bundle) -> bool:
        """Take APKs, and what looks like one to its owner: app bundles and sets of splits."""
        return bundle.container == "apk" or _parts(bundle) is not None

    def own(self, bundle: Bundle) -> Reading:
        """Read the APK."""
        parts = _parts(bundle)
        if bundle.container != "apk" and parts is not None:
            raise several(parts)
        return read_apk(bundle)

    def recognises_file(self, filename: str, content: bytes) -> bool:  # noqa: ARG002 the protocol's names
        """Take binary manifests, whatever their name."""
        return is_binary_xml(content)

    def own_file(self, filename: str, content: bytes) -> Reading:
        """Read a binary manifest alone; references stay unknown."""
        return read_manifest_alone(parse_manifest(filename, content, None))


def _parts(bundle: Bundle) -> str | None:
    """Return what a zip of several parts is, or None."""
    if bundle.container != "zip":
        return None
    if APP_BUNDLE in bundle:
        return "This is an app bundle (.aab) for a store's server"
    apks = sum(entry.name.endswith(".apk") for entry in bundle.entries)
    if apks and any(mark in bundle for mark in SPLIT_MARKS):
        return f"This is a set of {apks} APKs (.apks, .xapk)"
    return None


ANDROID = Android()
