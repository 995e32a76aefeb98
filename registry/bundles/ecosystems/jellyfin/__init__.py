"""Jellyfin: plug-ins as zips of .NET assemblies, and the repository that servers read."""

from collections.abc import Sequence

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import FeedEntry, FeedFile, Reading, Site
from registry.bundles.ecosystems.jellyfin import feed, files, layout, reading, versions
from registry.bundles.ecosystems.jellyfin.description import NAME
from registry.bundles.ecosystems.place import Place


class Jellyfin:
    """The ecosystem of Jellyfin, as the Protocol wants it."""

    name = NAME
    title = "Jellyfin"

    def recognises(self, bundle: Bundle) -> bool:
        """Say whether a zip has a plug-in's meta.json, or DLLs but nothing to start."""
        return bundle.container == "zip" and layout.looks_like_a_plugin(bundle)

    def read(self, bundle: Bundle) -> Reading:
        """Read a plug-in's zip. Raises BundleRejected."""
        return reading.read_bundle(bundle)

    def recognises_file(self, filename: str, content: bytes) -> bool:
        """Say whether a file is a build.yaml, meta.json or manifest.json of Jellyfin's."""
        return files.reader_of(filename, content) is not None

    def read_file(self, filename: str, content: bytes) -> Reading:
        """Read a metadata file alone. Raises BundleRejected."""
        reader = files.reader_of(filename, content)
        if reader is None:
            raise Place(filename, 1).rejection(
                "manifest.field",
                f"{filename} is no metadata file of Jellyfin's.",
                "Give a build.yaml, meta.json or manifest.json.",
            )
        return reader(content, filename)

    def version_key(self, version: str) -> versions.Version:
        """Return a key that sorts as .NET does."""
        return versions.version_key(version)

    def filename(self, identifier: str, version: str) -> str:
        """Return a file name that ends in .zip, without which servers install nothing."""
        return f"{identifier}_{version}.zip"

    def feed(self, entries: Sequence[FeedEntry], site: Site) -> Sequence[FeedFile]:
        """Render the manifest of everything and one a server series."""
        return feed.render(entries, site)


JELLYFIN = Jellyfin()
