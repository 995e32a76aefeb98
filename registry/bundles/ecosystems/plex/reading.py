"""Reads a Plex bundle: ``Info.plist`` first, then what the other files add where it is silent."""

from pathlib import PurePosixPath

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import Metadata, Reading
from registry.bundles.ecosystems.place import Place
from registry.bundles.ecosystems.plex.code import Code
from registry.bundles.ecosystems.plex.extras import Extras
from registry.bundles.ecosystems.plex.info import Info, remarks
from registry.bundles.ecosystems.plex.kind import kind_of
from registry.bundles.ecosystems.plex.layout import MANIFEST, layout_of
from registry.bundles.ecosystems.plex.layout import remarks as layout_remarks
from registry.bundles.findings import Finding
from registry.bundles.manifests.parsed import read_manifest
from registry.bundles.manifests.plist import parse_plist


def read_bundle(bundle: Bundle) -> Reading:
    """Read a zip that holds one bundle, wherever in it. Raises BundleRejected."""
    layout = layout_of(bundle)
    path = layout.inside(MANIFEST)
    info = Info(parse_plist(read_manifest(bundle, path), path=path), path)
    extras = Extras(bundle, layout)
    code = extras.code()
    folder = layout.folder
    version = info.version or extras.version()
    kind, kind_findings = kind_of(info, code)
    metadata = Metadata(
        ecosystem="plex",
        kind=kind,
        identifier=info.identifier,
        version=version,
        name=code.name or (folder or "").removesuffix(".bundle") or None,
        platforms=info.platforms(),
        pictures=extras.pictures(),
        facts={
            "form": "bundle",
            "folder": folder,
            "top": layout.top,
            "areas": list(code.areas),
            "services": extras.services(),
            "open_secrets": extras.preferences(),
            **info.facts(),
        },
    )
    found = [*remarks(info), *kind_findings, *layout_remarks(bundle, layout), *extras.findings]
    return Reading(metadata, (*found, *_version_remarks(info, version)))


def read_info(filename: str, content: bytes) -> Reading:
    """Read an ``Info.plist`` alone. A folder ``Name.bundle`` in its path gives the name."""
    info = Info(parse_plist(content, path=filename), filename)
    kind, kind_findings = kind_of(info, Code())
    folders = [part for part in PurePosixPath(filename).parts if part.endswith(".bundle")]
    metadata = Metadata(
        ecosystem="plex",
        kind=kind,
        identifier=info.identifier,
        version=info.version,
        name=folders[-1].removesuffix(".bundle") if folders else None,
        platforms=info.platforms(),
        facts={"form": "bundle", "folder": folders[-1] if folders else None, **info.facts()},
    )
    found = (*remarks(info), *kind_findings, *_version_remarks(info, info.version))
    return Reading(metadata, found)


def _version_remarks(info: Info, version: str | None) -> list[Finding]:
    written = info.text("CFBundleVersion") or info.text("CFBundleShortVersionString")
    if version is not None or not written:
        return []
    return [
        Place(info.path, info.place("CFBundleVersion").line).info(
            "plex.template_version",
            f"{info.path} says {written}, as the template of new bundles does; it counts as none.",
            "Say the version when you upload, or write the real one.",
        )
    ]
