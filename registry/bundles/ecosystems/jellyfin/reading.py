"""Reading Jellyfin's uploads: a plug-in's zip, or one of its metadata files alone."""

from collections.abc import Iterator
from dataclasses import replace

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems import marquee_toml
from registry.bundles.ecosystems.base import Metadata, Reading
from registry.bundles.ecosystems.jellyfin import layout, meta
from registry.bundles.ecosystems.jellyfin.assembly import (
    LARGEST_BYTES,
    SERVER,
    Assembly,
    read_assembly,
)
from registry.bundles.ecosystems.jellyfin.description import NAME, check_target_abi
from registry.bundles.ecosystems.jellyfin.identity import checked_guid, checked_name
from registry.bundles.ecosystems.jellyfin.versions import checked_version, padded
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding
from registry.bundles.manifests.parsed import read_manifest

MOST_ASSEMBLIES = 16
# What build tools write when nobody said a version.
_UNSAID = frozenset({(0, 0, 0, 0), (1, 0, 0, 0)})


def read_bundle(bundle: Bundle) -> Reading:
    """Read a plug-in's zip. Raises BundleRejected for what no server could use."""
    found = layout.find_plugin(bundle)
    odd = list(layout.check_layout(found))
    main = _main_assembly(bundle, found)
    if found.has_meta:
        path = found.entry(layout.META)
        reading = meta.read_meta(read_manifest(bundle, path), path, frozenset(found.files))
        odd += _compare(reading.metadata, main, path)
    else:
        reading = _from_assembly(main, found)
    reading = _completed(bundle, found, reading)
    image = layout.picture(found, reading.metadata.facts["image"] or "")
    metadata = replace(reading.metadata, pictures={"icon": image} if image else {})
    return Reading(metadata, (*reading.findings, *odd, *_asked(metadata)))


def _completed(bundle: Bundle, found: layout.Layout, reading: Reading) -> Reading:
    """Add what a marquee.toml beside the assemblies says, in Jellyfin's spelling."""
    if marquee_toml.NAME not in found.files:
        return reading
    path = found.entry(marquee_toml.NAME)
    more = marquee_toml.merged(path, read_manifest(bundle, path), reading)
    said, at = more.metadata, Place(path)
    metadata = replace(
        said,
        identifier=said.identifier and checked_guid(said.identifier, at),
        version=said.version and checked_version(said.version, at),
        name=said.name and checked_name(said.name, at),
    )
    return Reading(metadata, more.findings)


def _main_assembly(bundle: Bundle, found: layout.Layout) -> Assembly | None:
    """Return the first assembly that is compiled against the server, likeliest names first."""
    sizes = {entry.name: entry.size_bytes for entry in bundle.entries}
    files = sorted(found.assemblies, key=lambda file: ("plugin" not in file.lower(), file))
    for entry in map(found.entry, files[:MOST_ASSEMBLIES]):
        if sizes[entry] <= LARGEST_BYTES:
            assembly = read_assembly(bundle.read(entry, LARGEST_BYTES))
            if assembly and SERVER in assembly.references:
                return assembly
    return None


def _from_assembly(main: Assembly | None, found: layout.Layout) -> Reading:
    """Return what can be known without a meta.json."""
    abi = padded(main.references[SERVER]) if main else None
    version = padded(main.version) if main and main.version not in _UNSAID else None
    guids = main.guids if main else frozenset()
    metadata = Metadata(
        NAME,
        identifier=next(iter(guids)) if len(guids) == 1 else None,
        version=version,
        facts={"target_abi": abi, "category": None, "image": None},
    )
    return Reading(metadata, tuple(_without_meta(metadata, Place(found.assemblies[0]))))


def _without_meta(metadata: Metadata, at: Place) -> Iterator[Finding]:
    read = [word for word in (metadata.identifier, metadata.version) if word]
    yield at.warning(
        "manifest.missing",
        "There is no meta.json" + (f"; {' and '.join(read)} stood in the code." if read else "."),
        "Add a meta.json at the root, as jprm does.",
    )
    yield from check_target_abi(metadata, at)


def _compare(metadata: Metadata, main: Assembly | None, path: str) -> Iterator[Finding]:
    if main and main.guids and metadata.identifier not in main.guids:
        yield Place(path).warning(
            "manifest.id_differs",
            f"The guid {metadata.identifier} is not in {main.name}, which has "
            f"{', '.join(sorted(main.guids)[:3])}: a server would take it for another plug-in.",
            "Give meta.json the guid that the plug-in's code returns as its Id.",
        )


def _asked(metadata: Metadata) -> Iterator[Finding]:
    """Yield what only the publisher can say."""
    asked = {
        "id": metadata.identifier,
        "version": metadata.version,
        "name": metadata.name,
        "kind": metadata.kind,
    }
    for key in (key for key, value in asked.items() if value is None):
        yield Place().warning(
            f"manifest.no_{key}",
            f"The bundle does not say its {key}.",
            f"Say it at upload, in meta.json, or in a {marquee_toml.NAME} at the root.",
        )
    if not metadata.license:
        yield Place().info(
            "manifest.no_license",
            "A Jellyfin plug-in's zip has no field for its license.",
            f"Say the license at upload or in a {marquee_toml.NAME}, and pack a LICENSE file.",
        )
