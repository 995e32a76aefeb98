"""What the ecosystems of client apps have in common: one file a release, no feed of their own.

A subclass says how it knows its files and what their own metadata says; ``marquee.toml`` completes it.
"""

from collections.abc import Sequence

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import FeedEntry, FeedFile, Kind, Reading, Site
from registry.bundles.ecosystems.marquee_toml import completed
from registry.bundles.ecosystems.place import Place
from registry.bundles.ecosystems.versions import Key, natural_key


class ClientApp:
    """A format of client apps; ``ending`` is its files' ending, ``platforms`` what it runs on."""

    name: str
    title: str
    ending: str
    platforms: tuple[str, ...] = ()

    def recognises(self, bundle: Bundle) -> bool:
        """Say whether the bundle is of this format."""
        raise NotImplementedError

    def own(self, bundle: Bundle) -> Reading:
        """Read the format's own metadata."""
        raise NotImplementedError

    def own_file(self, filename: str, content: bytes) -> Reading:  # noqa: ARG002 the protocol's names
        """Read one metadata file alone."""
        raise Place(filename).rejection(
            "manifest.unknown",
            f"{self.title} has no metadata file of its own; {filename} is none.",
            "Give the whole package.",
        )

    def read(self, bundle: Bundle) -> Reading:
        """Read the package. Raises BundleRejected."""
        return completed(bundle, self.own(bundle), kind=Kind.CLIENT, platforms=self.platforms)

    def recognises_file(self, filename: str, content: bytes) -> bool:  # noqa: ARG002 the protocol's names
        """Say whether one file alone is this format's metadata."""
        return False

    def read_file(self, filename: str, content: bytes) -> Reading:
        """Read one metadata file alone. Raises BundleRejected."""
        own = self.own_file(filename, content)
        return completed(None, own, kind=Kind.CLIENT, platforms=self.platforms)

    def version_key(self, version: str) -> Key:
        """Order naturally."""
        return natural_key(version)

    def filename(self, identifier: str, version: str) -> str:
        """Name a release's file."""
        return f"{identifier}-{version}{self.ending}"

    def feed(self, entries: Sequence[FeedEntry], site: Site) -> Sequence[FeedFile]:  # noqa: ARG002 the protocol's names
        """Render nothing: Marquee's own index has every release."""
        return ()
