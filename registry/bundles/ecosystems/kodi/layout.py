"""Where an add-on lies in its zip: one top folder, and addon.xml directly in it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import BundleRejected, Finding

MANIFEST = "addon.xml"
# What macOS adds beside the folder; Kodi does not mind it.
_IGNORED = "__MACOSX"
_FIX = (
    "Pack exactly one top-level folder, named like the add-on's id, with addon.xml directly in it: "
    "zip -r plugin.video.example-1.0.0.zip plugin.video.example"
)


class Layout(NamedTuple):
    """The add-on's top folder and its files' paths in that folder."""

    folder: str
    files: frozenset[str]

    @property
    def manifest(self) -> str:
        """The entry that holds the add-on's addon.xml."""
        return f"{self.folder}/{MANIFEST}"


def looks_like_an_addon(names: Sequence[str]) -> bool:
    """Say whether an addon.xml lies at the root or directly in a folder there."""
    return any(name.split("/")[1:] in ([], [MANIFEST]) for name in names if _is_manifest(name))


def find_addon(bundle: Bundle) -> Layout:
    """Return where the add-on lies.

    Raises BundleRejected: ``layout.kodi_folder`` for a zip that Kodi refuses,
    ``manifest.ambiguous`` for two add-ons.
    """
    names = [entry.name for entry in bundle.entries if not entry.name.startswith(f"{_IGNORED}/")]
    manifests = [name for name in names if _is_manifest(name)]
    outer = [name for name in manifests if name.count("/") == 1]
    if MANIFEST in names:
        raise _misplaced(MANIFEST, "addon.xml lies at the root of the zip")
    if len(outer) > 1:
        raise Place(outer[1]).rejection(
            "manifest.ambiguous", f"{outer[0]} and {outer[1]} are two add-ons in one zip.",
            "Upload each add-on as a zip of its own.",
        )  # fmt: skip
    if not outer:
        where = manifests[0] if manifests else None
        raise _misplaced(where, f"addon.xml lies too deep, at {where}" if where else "no addon.xml")
    folder = outer[0].partition("/")[0]
    strangers = [name for name in names if not name.startswith(f"{folder}/")]
    if strangers:
        raise _misplaced(strangers[0], f"{strangers[0]} lies beside the folder {folder}")
    return Layout(folder, frozenset(name[len(folder) + 1 :] for name in names))


def remarks(layout: Layout, identifier: str) -> Iterator[Finding]:
    """Yield what Kodi accepts but people should know of."""
    if layout.folder != identifier:
        yield Place(layout.manifest).warning(
            "layout.kodi_folder_name",
            f"The top folder is {layout.folder}, not {identifier}; Kodi installs it all the same.",
            f"Name the folder {identifier}.",
        )
    for name in sorted(layout.files):
        if _is_manifest(name) and name != MANIFEST:
            yield Place(f"{layout.folder}/{name}").info(
                "manifest.nested",
                f"{name} is a further addon.xml, which Kodi does not read.",
                "Leave out what the add-on does not need, such as test files.",
            )


def _is_manifest(name: str) -> bool:
    return name.rpartition("/")[2] == MANIFEST


def _misplaced(path: str | None, what: str) -> BundleRejected:
    return Place(path).rejection("layout.kodi_folder", f"Kodi refuses this zip: {what}.", _FIX)
