"""Stash: plug-ins and scrapers as zips around a ``.yml``, and the two sources that Stash reads."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import FeedEntry, FeedFile, Reading, Site
from registry.bundles.ecosystems.marquee_toml import completed
from registry.bundles.ecosystems.place import Place
from registry.bundles.ecosystems.stash.feed import sources
from registry.bundles.ecosystems.stash.files import looks_like_stash
from registry.bundles.ecosystems.stash.package import ENDING, LIBRARY, Package
from registry.bundles.ecosystems.stash.reading import read_package, read_single
from registry.bundles.ecosystems.stash.versions import version_key
from registry.bundles.ecosystems.versions import Key
from registry.bundles.manifests.parsed import read_manifest


class Stash:
    """Zips with a plug-in's or scraper's ``.yml``, or a ``package`` file, at the root."""

    name = "stash"
    title = "Stash"

    def recognises(self, bundle: Bundle) -> bool:
        """Take zips with a Stash ``.yml`` beside the scripts, and a lone ``.yml`` to refuse it."""
        if bundle.container == "document":
            name = bundle.entries[0].name
            return self.recognises_file(name, read_manifest(bundle, name))
        return bundle.container == "zip" and Package.of(bundle).is_stash()

    def read(self, bundle: Bundle) -> Reading:
        """Read a package. Raises BundleRejected for a file that is not in a zip, as Stash needs it."""
        if bundle.container != "document":
            return completed(bundle, read_package(bundle))
        name = bundle.entries[0].name
        self.read_file(name, read_manifest(bundle, name))
        raise Place(name).rejection(
            "stash.not_zipped",
            f"{name} is a file alone; Stash installs zips.",
            f"Zip it, with {name} at the zip's root.",
        )

    def recognises_file(self, filename: str, content: bytes) -> bool:
        """Take every ``.yml``, as Stash does, ``package`` files, and what looks like a plug-in."""
        path = PurePosixPath(filename)
        by_name = path.suffix in (ENDING, f".{LIBRARY}") or path.name == LIBRARY
        return by_name or looks_like_stash(content)

    def read_file(self, filename: str, content: bytes) -> Reading:
        """Read one file; the id is its name without ``.yml``, of a ``package`` its folder's."""
        return completed(None, read_single(filename, content))

    def version_key(self, version: str) -> Key:
        """Order naturally; Stash itself compares dates only."""
        return version_key(version)

    def filename(self, identifier: str, version: str) -> str:
        """Name a release's zip; the version in it keeps caches from mixing two."""
        return f"{identifier}-{version}.zip"

    def feed(self, entries: Sequence[FeedEntry], site: Site) -> Sequence[FeedFile]:
        """Render both sources."""
        return sources(entries, site)


STASH = Stash()
