"""``marquee pack``: a folder becomes the zip that its media server wants, the same bytes each time."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from marquee_client.faults import Misused
from marquee_client.packing.choosing import Choice, choose
from marquee_client.packing.layouts import Layout, layout_of
from marquee_client.packing.writing import write_zip
from registry.bundles.ecosystems import ecosystem
from registry.bundles.inspection import Inspection
from registry.bundles.inspection.command import inspect_file


@dataclass(frozen=True, slots=True)
class Packed:
    """The zip that was made, what is in it and what was left out, and what a check of it found."""

    file: Path
    layout: Layout
    choice: Choice
    inspection: Inspection
    sha256: str


def pack(folder: Path, output: Path | None) -> Packed:
    """Pack a folder, then look at the zip as the server would.

    ``output`` is a file, a folder for it, or None: the working folder. Raises Misused, Fault.
    """
    top = folder.resolve()
    layout, choice = layout_of(top), choose(top)
    target = _folder_for(top, output)
    with tempfile.TemporaryDirectory(dir=target, prefix=".marquee-") as shelf:
        made = Path(shelf) / f"{top.name}.zip"
        write_zip(made, top, layout, choice.files)
        inspection = inspect_file(str(made))
        file = target / (layout.filename or _name(inspection, top))
        if output is not None and not output.is_dir():
            file = output.absolute()
        sha256 = hashlib.sha256(made.read_bytes()).hexdigest()
        made.replace(file)
    return Packed(file, layout, choice, inspection, sha256)


def _folder_for(top: Path, output: Path | None) -> Path:
    """Return where the zip goes; never into what is packed, or the next zip would hold this one."""
    if output is None:
        here = Path.cwd()
        return top.parent if here.is_relative_to(top) else here
    target = (output if output.is_dir() else output.parent).resolve()
    if not target.is_dir():
        raise Misused(f"There is no folder {target} to put the zip into.")
    if target.is_relative_to(top):
        raise Misused(f"{output} lies in the folder that is packed, so the next zip would hold this one.")
    return target


def _name(inspection: Inspection, top: Path) -> str:
    said = inspection.metadata
    if said is None or not said.identifier or not said.version:
        return f"{top.name}.zip"
    return ecosystem(said.ecosystem).filename(said.identifier, said.version)
