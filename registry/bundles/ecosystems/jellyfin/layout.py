"""Where things lie in a plug-in's zip: assemblies and meta.json at its root."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding

META = "meta.json"
_IGNORED = "__MACOSX/"
_PROGRAM_SUFFIXES = (".exe", ".runtimeconfig.json")
_IMAGES = tuple(
    f"{name}.{suffix}"
    for name in ("image", "logo", "icon", "thumb")
    for suffix in ("png", "jpg", "jpeg", "webp")
)
_GUID_KEY = b'"guid"'
_FIX = "Pack the files themselves, not their folder: cd FOLDER && zip -r ../plugin_1.0.0.0.zip ."


class Layout(NamedTuple):
    """The folder around everything (empty: none, as it should be) and the files' paths in it."""

    folder: str
    files: tuple[str, ...]

    def entry(self, file: str) -> str:
        """Return the bundle's entry of a file."""
        return f"{self.folder}{file}"

    @property
    def assemblies(self) -> list[str]:
        """Return the DLLs; servers find them at any depth."""
        return [file for file in self.files if file.lower().endswith(".dll")]

    @property
    def has_meta(self) -> bool:
        """Say whether there is a meta.json where servers, but for the folder, would see it."""
        return META in self.files


def find_plugin(bundle: Bundle) -> Layout:
    """Return how a zip is laid out; one folder around everything is looked into."""
    names = [entry.name for entry in bundle.entries if not entry.name.startswith(_IGNORED)]
    tops = {name.partition("/")[0] for name in names}
    folder = f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in names) else ""
    return Layout(folder, tuple(name.removeprefix(folder) for name in names))


def looks_like_a_plugin(bundle: Bundle) -> bool:
    """Say whether a zip has a plug-in's meta.json, or DLLs but nothing to start."""
    layout = find_plugin(bundle)
    if layout.has_meta and _GUID_KEY in next(bundle.stream(layout.entry(META)), b""):
        return True
    outer = [file.lower() for file in layout.files if "/" not in file]
    return any(file.endswith(".dll") for file in outer) and not any(
        file.endswith(_PROGRAM_SUFFIXES) for file in outer
    )


def picture(layout: Layout, named: str) -> str | None:
    """Return the entry of the picture that meta.json names, else of one with a usual name."""
    candidates = (named, *_IMAGES) if named else _IMAGES
    return next((layout.entry(file) for file in candidates if file in layout.files), None)


def check_layout(layout: Layout) -> Iterator[Finding]:
    """Yield what a server would not find. Raises BundleRejected when there is nothing to load."""
    if not layout.assemblies:
        raise Place().rejection(
            "layout.jellyfin_dll",
            "The zip holds no .dll, so a server has nothing to load.",
            "Build the plug-in and pack its assemblies.",
        )
    if layout.folder:
        yield Place(layout.folder.rstrip("/")).warning(
            "layout.jellyfin_root",
            f"Everything lies in the folder {layout.folder}: servers read no meta.json there.",
            _FIX,
        )
    for file in layout.files:
        if file.endswith(f"/{META}"):
            yield Place(layout.entry(file)).info(
                "manifest.nested",
                "Servers read meta.json at the zip's root only.",
                "Leave out what the plug-in does not need.",
            )
