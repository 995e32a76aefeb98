"""Plex: bundles of agents and channels, metadata providers, and the list for WebTools."""

from collections.abc import Sequence

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import FeedEntry, FeedFile, Reading, Site
from registry.bundles.ecosystems.marquee_toml import completed
from registry.bundles.ecosystems.place import Place
from registry.bundles.ecosystems.plex.feed import bundle_list
from registry.bundles.ecosystems.plex.layout import manifests
from registry.bundles.ecosystems.plex.provider import is_provider, read_provider
from registry.bundles.ecosystems.plex.reading import read_bundle, read_info
from registry.bundles.ecosystems.versions import Key, natural_key
from registry.bundles.manifests.parsed import read_manifest


class Plex:
    """Zips with one ``Contents/Info.plist``, and providers' root documents."""

    name = "plex"
    title = "Plex"

    def recognises(self, bundle: Bundle) -> bool:
        """Take zips with an ``Info.plist`` in a folder ``Contents``, and the two metadata files."""
        if bundle.container == "document":
            name = bundle.entries[0].name
            return self.recognises_file(name, read_manifest(bundle, name))
        return bundle.container == "zip" and bool(manifests(bundle))

    def read(self, bundle: Bundle) -> Reading:
        """Read a bundle or a provider's document."""
        if bundle.container == "document":
            return self._read_document(bundle)
        return completed(bundle, read_bundle(bundle))

    def recognises_file(self, filename: str, content: bytes) -> bool:
        """Take property lists and providers' documents."""
        is_plist = content.startswith(b"bplist") or b"<plist" in content[:4096]
        return is_plist or filename.endswith("Info.plist") or is_provider(content)

    def read_file(self, filename: str, content: bytes) -> Reading:
        """Read an ``Info.plist`` or a provider's document alone."""
        read = read_provider if is_provider(content) else read_info
        return completed(None, read(filename, content))

    def _read_document(self, bundle: Bundle) -> Reading:
        """Read a provider; an ``Info.plist`` alone is metadata, and nothing to install."""
        name = bundle.entries[0].name
        content = read_manifest(bundle, name)
        reading = self.read_file(name, content)
        if is_provider(content):
            return reading
        raise Place(name).rejection(
            "plex.not_zipped",
            f"{name} is a property list alone; a release is the whole bundle.",
            "Zip the folder Name.bundle and upload that.",
        )

    def version_key(self, version: str) -> Key:
        """Order naturally; Plex itself compares nothing."""
        return natural_key(version)

    def filename(self, identifier: str, version: str) -> str:
        """Name a release's zip."""
        return f"{identifier}-{version}.bundle.zip"

    def feed(self, entries: Sequence[FeedEntry], site: Site) -> Sequence[FeedFile]:
        """Render ``bundles.json`` and the store that WebTools reads."""
        return bundle_list(entries, site)


PLEX = Plex()
