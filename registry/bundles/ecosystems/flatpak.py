"""Flatpak apps, told by their AppStream metainfo alone; the app itself stays in its own repository."""

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import Reading
from registry.bundles.ecosystems.client_app import ClientApp
from registry.bundles.ecosystems.metainfo import is_metainfo, read_metainfo
from registry.bundles.ecosystems.place import Place
from registry.bundles.manifests.parsed import read_manifest

OLD_ENDING = ".appdata.xml"


class Flatpak(ClientApp):
    """Metainfo documents."""

    name = "flatpak"
    title = "Flatpak"
    ending = ".metainfo.xml"
    platforms = ("linux",)

    def recognises(self, bundle: Bundle) -> bool:
        """Take metainfo documents."""
        if bundle.container != "document":
            return False
        name = bundle.entries[0].name
        return self.recognises_file(name, read_manifest(bundle, name))

    def own(self, bundle: Bundle) -> Reading:
        """Read the document."""
        name = bundle.entries[0].name
        return self.own_file(name, read_manifest(bundle, name))

    def recognises_file(self, filename: str, content: bytes) -> bool:
        """Take XML with a component that has an id."""
        return filename.endswith(".xml") and is_metainfo(content)

    def own_file(self, filename: str, content: bytes) -> Reading:
        """Read a metainfo file."""
        metadata, findings = read_metainfo(filename, content, self.name)
        if filename.endswith(OLD_ENDING):
            findings.append(
                Place(filename).info(
                    "metainfo.old_file_name",
                    f"{OLD_ENDING} is the old ending.",
                    f"Name it {metadata.identifier}{self.ending}.",
                )
            )
        return Reading(metadata, tuple(findings))


FLATPAK = Flatpak()
