"""Kodi: add-ons as zips with an addon.xml, and the repository that Kodi reads."""

from collections.abc import Sequence

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import FeedEntry, FeedFile, Reading, Site
from registry.bundles.ecosystems.kodi import addresses, feed, layout, reading, versions
from registry.bundles.ecosystems.kodi.addon import NAME


class Kodi:
    """The ecosystem of Kodi, as the Protocol wants it."""

    name = NAME
    title = "Kodi"

    def recognises(self, bundle: Bundle) -> bool:
        """Say whether a zip holds an addon.xml at its root or in a folder there."""
        names = [entry.name for entry in bundle.entries]
        return bundle.container == "zip" and layout.looks_like_an_addon(names)

    def read(self, bundle: Bundle) -> Reading:
        """Read an add-on's zip. Raises BundleRejected."""
        return reading.read_bundle(bundle)

    def recognises_file(self, filename: str, content: bytes) -> bool:
        """Say whether a file is an addon.xml, addons.xml or settings.xml."""
        return reading.recognises_file(filename, content)

    def read_file(self, filename: str, content: bytes) -> Reading:
        """Read a metadata file alone. Raises BundleRejected."""
        return reading.read_file(filename, content)

    def version_key(self, version: str) -> versions.VersionKey:
        """Return a key that sorts as Kodi does."""
        return versions.version_key(version)

    def filename(self, identifier: str, version: str) -> str:
        """Return the name that Kodi asks for."""
        return addresses.zip_name(identifier, version)

    def feed(self, entries: Sequence[FeedEntry], site: Site) -> Sequence[FeedFile]:
        """Render every list and the repository add-on."""
        return feed.render(entries, site)


KODI = Kodi()
