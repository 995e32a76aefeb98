"""Where a bundle lies in its zip. The one path that ends ``Contents/Info.plist`` decides."""

import re
from dataclasses import dataclass

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.identity import PLAIN
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding

MANIFEST = "Contents/Info.plist"
BRANCH = re.compile(r"(?<=\.bundle)-.*$|-(?:master|main)$")


@dataclass(frozen=True, slots=True)
class Layout:
    """``top`` is the folder above ``Contents`` as the zip has it, empty when there is none."""

    top: str

    def inside(self, name: str) -> str:
        """Return the path in the zip of a path in the bundle."""
        return f"{self.top}/{name}" if self.top else name

    @property
    def folder(self) -> str | None:
        """The folder's name in ``Plug-ins``: ``Name.bundle``, without a branch's name."""
        name = BRANCH.sub("", self.top.rpartition("/")[2])
        if not PLAIN.fullmatch(name):
            return None
        return name if name.endswith(".bundle") else f"{name}.bundle"


def manifests(bundle: Bundle) -> list[str]:
    """Return every path that ends ``Contents/Info.plist``."""
    return [e.name for e in bundle.entries if f"/{e.name}".endswith(f"/{MANIFEST}")]


def layout_of(bundle: Bundle) -> Layout:
    """Find the bundle. Raises BundleRejected (``manifest.ambiguous``) when there are several."""
    found = manifests(bundle)
    if len(found) > 1:
        raise Place(found[1]).rejection(
            "manifest.ambiguous",
            f"{len(found)} paths end in {MANIFEST}: {', '.join(found[:3])}.",
            "Upload each bundle in a zip of its own.",
        )
    return Layout(found[0].removesuffix(MANIFEST).rstrip("/"))


def remarks(bundle: Bundle, layout: Layout) -> list[Finding]:
    """Tell what WebTools, which installs bundles, would do wrong with this zip."""
    place = Place(layout.inside(MANIFEST))
    if not layout.top:
        return [
            place.warning(
                "plex.no_folder",
                "Contents lies at the zip's root, so WebTools cannot install it.",
                "Zip the whole folder, so that paths begin with Name.bundle/Contents/.",
            )
        ]
    twice = next((e.name for e in bundle.entries if e.name.count(layout.top) > 1), None)
    if twice:
        return [
            Place(twice).warning(
                "plex.folder_repeated",
                f"The path holds the folder's name {layout.top} twice; WebTools cuts out both.",
                "Give the file or the folder another name.",
            )
        ]
    return []
