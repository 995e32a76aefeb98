"""AppImages: the ``.desktop`` file at the root, and the metainfo inside. The image is never run."""

import re
from dataclasses import replace

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import Metadata, Reading
from registry.bundles.ecosystems.client_app import ClientApp
from registry.bundles.ecosystems.identity import PLAIN, VERSION_WITH_BUILD, checked_version
from registry.bundles.ecosystems.metainfo import read_metainfo
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding
from registry.bundles.manifests.desktop import parse_desktop
from registry.bundles.manifests.parsed import read_manifest

ENTRY = "Desktop Entry"
DESKTOP = ".desktop"
METAINFO = re.compile(r"usr/share/(?:metainfo|appdata)/[^/]+\.xml")
ICON_ENDINGS = (".png", ".svg", "")


class AppImage(ClientApp):
    """Images of type 1 and 2, unpacked by the opener."""

    name = "appimage"
    title = "AppImage"
    ending = ".AppImage"
    platforms = ("linux",)

    def recognises(self, bundle: Bundle) -> bool:
        """Take what the opener knows as an AppImage."""
        return bundle.container == "appimage"

    def own(self, bundle: Bundle) -> Reading:
        """Read the root's ``.desktop`` file, completed by the metainfo if there is one."""
        path = _desktop_path(bundle)
        reading = self.own_file(path, read_manifest(bundle, path))
        facts = {**reading.metadata.facts, "update_information": _update_information(bundle)}
        metadata = replace(reading.metadata, pictures=_pictures(bundle, reading.metadata), facts=facts)
        described = next((e.name for e in bundle.entries if METAINFO.fullmatch(e.name)), None)
        if described is None:
            return Reading(metadata, reading.findings)
        more, findings = read_metainfo(described, read_manifest(bundle, described), self.name)
        findings += _differing(metadata, more, described)
        return Reading(_joined(metadata, more), (*reading.findings, *findings))

    def recognises_file(self, filename: str, content: bytes) -> bool:
        """Take ``.desktop`` files."""
        return filename.endswith(DESKTOP) and b"[Desktop Entry]" in content

    def own_file(self, filename: str, content: bytes) -> Reading:
        """Read a ``.desktop`` file; its name is the identifier where it can be one."""
        parsed = parse_desktop(content, path=filename)
        entry = parsed.value.get(ENTRY, {})
        stem = filename.rpartition("/")[2].removesuffix(DESKTOP)
        version = entry.get("X-AppImage-Version")
        place = Place(filename, parsed.line(ENTRY, "X-AppImage-Version"))
        metadata = Metadata(
            ecosystem=self.name,
            identifier=stem if PLAIN.fullmatch(stem) else None,
            version=version and checked_version(version, "X-AppImage-Version", place, VERSION_WITH_BUILD),
            name=entry.get("Name") or entry.get("X-AppImage-Name") or None,
            summary=entry.get("Comment", ""),
            facts={
                "architecture": entry.get("X-AppImage-Arch", ""),
                "icon": entry.get("Icon", ""),
                "desktop": filename,
            },
        )
        return Reading(metadata, parsed.findings)


def _desktop_path(bundle: Bundle) -> str:
    found = [e.name for e in bundle.entries if "/" not in e.name and e.name.endswith(DESKTOP)]
    if len(found) == 1:
        return found[0]
    raise Place(found[1] if found else None).rejection(
        "manifest.ambiguous" if found else "appimage.no_desktop",
        f"The image has {len(found)} {DESKTOP} files at its root, one is needed.",
        "Leave one .desktop file at the root of the AppDir.",
    )


def _update_information(bundle: Bundle) -> str:
    """Return where the image says its updates come from; only an opened image knows."""
    return str(getattr(bundle, "update_information", ""))


def _pictures(bundle: Bundle, metadata: Metadata) -> dict[str, str]:
    stem = str(metadata.facts["icon"])
    names = (f"{stem}{ending}" for ending in ICON_ENDINGS if stem)
    found = next((name for name in (*names, ".DirIcon") if name in bundle), None)
    return {"icon": found} if found else {}


def _differing(metadata: Metadata, more: Metadata, path: str) -> list[Finding]:
    if not metadata.version or not more.version or metadata.version == more.version:
        return []
    return [
        Place(path).warning(
            "appimage.version_differs",
            f"The metainfo's newest release is {more.version}, X-AppImage-Version "
            f"{metadata.version}; the latter counts.",
            "Bring the metainfo's <releases> up to date.",
        )
    ]


def _joined(metadata: Metadata, more: Metadata) -> Metadata:
    """Return the metainfo's description with the image's own version, picture and facts."""
    return replace(
        more,
        version=metadata.version or more.version,
        name=more.name or metadata.name,
        summary=more.summary or metadata.summary,
        pictures=metadata.pictures,
        facts={**more.facts, **metadata.facts},
    )


APPIMAGE = AppImage()
