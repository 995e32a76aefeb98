"""Where a folder's files go in its zip: Kodi and Plex want one top folder, all others none."""

from dataclasses import dataclass
from pathlib import Path

from marquee_client.faults import Fault
from registry.bundles.ecosystems import ecosystem
from registry.bundles.ecosystems.base import Metadata
from registry.bundles.ecosystems.plex.layout import Layout as PlexLayout
from registry.bundles.findings import BundleRejected

ADDON, INFO = "addon.xml", "Contents/Info.plist"


@dataclass(frozen=True, slots=True)
class Layout:
    """``top`` is the zip's top folder, empty for none; ``filename`` is known or comes from the zip.

    ``programs`` says whether files may be marked as runnable: Kodi's checker refuses that.
    """

    top: str = ""
    filename: str | None = None
    programs: bool = True


def layout_of(folder: Path) -> Layout:
    """Return the layout that the folder's media server wants. Raises Fault for an unreadable manifest."""
    if (folder / ADDON).is_file():
        return _kodi(folder / ADDON)
    if (folder / INFO).is_file():
        return _plex(folder.name)
    return Layout()


def _kodi(manifest: Path) -> Layout:
    said = _read(manifest)
    filename = ecosystem("kodi").filename(said.identifier or "", said.version or "")
    return Layout(top=said.identifier or "", filename=filename, programs=False)


def _plex(name: str) -> Layout:
    """Name the top folder as a server's folder of plug-ins does, without a branch's name."""
    top = PlexLayout(name).folder
    if top is None:
        raise Fault(f"Plex cannot use the folder's name {name!r}; call it Name.bundle.")
    return Layout(top=top, filename=f"{top}.zip")


def _read(manifest: Path) -> Metadata:
    try:
        return ecosystem("kodi").read_file(manifest.name, manifest.read_bytes()).metadata
    except BundleRejected as rejection:
        found = rejection.finding
        line = f" line {found.line}" if found.line else ""
        raise Fault(f"{manifest}{line}: {found.message} {found.fix}") from rejection
