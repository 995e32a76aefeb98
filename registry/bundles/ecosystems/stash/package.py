"""Which file of a zip makes it a Stash package, and what else in it Stash would try to read.

Stash unpacks a zip as it is and tries every ``.yml`` in it, at any depth; the id is the file's name.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.marquee_toml import NAME as MARQUEE_TOML
from registry.bundles.ecosystems.place import Place
from registry.bundles.ecosystems.stash.files import (
    StashFile,
    is_ignored,
    looks_like_stash,
    parse_file,
)
from registry.bundles.ecosystems.stash.rules import errors
from registry.bundles.findings import BundleRejected, Finding
from registry.bundles.manifests.parsed import read_manifest
from registry.bundles.manifests.toml import parse_toml

ENDING = ".yml"
LIBRARY = "package"
INSTALLED = "manifest"  # Stash writes a file of this name beside the package's own


@dataclass(frozen=True, slots=True)
class Package:
    """A zip's files by their place: ``top`` is the one folder that holds everything, or empty."""

    bundle: Bundle
    top: str

    @classmethod
    def of(cls, bundle: Bundle) -> "Package":
        """Find the folder that the files lie in: the root, or the only folder in it."""
        tops = {entry.name.partition("/")[0] for entry in bundle.entries}
        nested = all("/" in entry.name for entry in bundle.entries)
        return cls(bundle, f"{tops.pop()}/" if nested and len(tops) == 1 else "")

    def manifests(self) -> list[str]:
        """Return the ``.yml`` files beside the scripts; hidden ones are tools' own."""
        return [name for name in self._beside() if name.endswith(ENDING)]

    def library(self) -> str | None:
        """Return the file that makes a package of scripts alone, if there is one."""
        name = f"{self.top}{LIBRARY}"
        return name if name in self.bundle else None

    def deeper(self) -> list[str]:
        """Return the ``.yml`` files in folders."""
        beside = set(self.manifests())
        names = (entry.name for entry in self.bundle.entries)
        return [name for name in names if name.endswith(ENDING) and name not in beside]

    def _beside(self) -> Iterator[str]:
        for entry in self.bundle.entries:
            name = entry.name.removeprefix(self.top)
            if "/" not in name and not name.startswith("."):
                yield entry.name

    def is_stash(self) -> bool:
        """Say whether the zip is for Stash: by a telling key, or a lone .yml that nobody explains."""
        names = self.manifests()
        if any(looks_like_stash(read_manifest(self.bundle, name)) for name in names):
            return True
        library = self.library()
        if library is not None and b"name:" in read_manifest(self.bundle, library):
            return True
        explained = MARQUEE_TOML in self.bundle or any(n.endswith(".dll") for n in self._beside())
        return bool(names) and not self.top and not explained


def main_file(package: Package) -> StashFile:
    """Return the file that makes the package. Raises BundleRejected.

    Of several, ``id`` in ``marquee.toml`` names one; else the only one that Stash would load.
    """
    names = [name for name in package.manifests() if not _ignored(package, name)]
    if not names:
        return _library(package)
    named = [name for name in names if _stem(name) == _named(package)]
    files = [_parsed(package, name) for name in named or names]
    sound = [file for file in files if isinstance(file, StashFile) and not errors(file)]
    if len(sound) > 1:
        raise Place(sound[1].path).rejection(
            "manifest.ambiguous",
            f"{', '.join(file.path for file in sound)} are packages, each by itself.",
            f"Leave one at the root, or name one: id = … in {MARQUEE_TOML}.",
        )
    telling = [file for file in files if isinstance(file, StashFile) and _tells(package, file)]
    first = (sound or telling or files)[0]
    if isinstance(first, BundleRejected):
        raise first
    if not sound and not telling:  # nothing but its ending makes it Stash's
        raise BundleRejected(errors(first)[0])
    return first


def remarks(package: Package, main: StashFile) -> Iterator[Finding]:
    """Yield what Stash would stumble over in the rest of the zip."""
    if f"{package.top}{INSTALLED}" in package.bundle:
        yield Place(f"{package.top}{INSTALLED}").error(
            "stash.manifest",
            f"A file {INSTALLED} lies beside the package's own .yml; Stash overwrites it.",
            "Give it another name.",
        )
    if package.top:
        yield Place(main.path).warning(
            "stash.top_folder",
            f"Everything lies in the folder {package.top}; Stash keeps it, so paths get longer.",
            "Zip the files themselves, so that the .yml lies at the root.",
        )
    for name in (*package.manifests(), *package.deeper()):
        if name != main.path:
            yield _stray(package, name, main)


def _stray(package: Package, name: str, main: StashFile) -> Finding:
    if _stem(name).casefold() == _stem(main.path).casefold():
        return Place(name).error(
            "manifest.ambiguous",
            f"{name} and {main.path} have the same id for Stash, which ignores case and folders.",
            "Give one of them another name.",
        )
    marked = " although it says #pkgignore" if _ignored(package, name) else ""
    return Place(name).info(
        "stash.stray_yml",
        f"Stash tries every .yml, so also {name}{marked}, and logs an error if it is no package.",
        "Give it another ending, such as .yaml.",
    )


def _library(package: Package) -> StashFile:
    name = package.library()
    if name is not None:
        return parse_file(name, read_manifest(package.bundle, name), library=True)
    ignored = package.manifests()[0]
    return parse_file(ignored, read_manifest(package.bundle, ignored))


def _named(package: Package) -> str | None:
    for path in (MARQUEE_TOML, f"{package.top}{MARQUEE_TOML}"):
        if path in package.bundle:
            said = parse_toml(read_manifest(package.bundle, path), path=path).value.get("id")
            return said if isinstance(said, str) else None
    return None


def _parsed(package: Package, name: str) -> StashFile | BundleRejected:
    try:
        return parse_file(name, read_manifest(package.bundle, name))
    except BundleRejected as refusal:
        return refusal


def _ignored(package: Package, name: str) -> bool:
    return is_ignored(read_manifest(package.bundle, name))


def _tells(package: Package, file: StashFile) -> bool:
    return looks_like_stash(read_manifest(package.bundle, file.path))


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(ENDING)
