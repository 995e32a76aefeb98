"""Writes a zip whose bytes depend on names and contents alone: not on times, owners, modes or order."""

import os
import shutil
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from stat import S_IFREG

from marquee_client.packing.layouts import Layout

EARLIEST = (1980, 1, 1, 0, 0, 0)
UNIX = 3
#: What begins so is started by itself; a checkout on Windows knows no other sign of it.
PROGRAMS = (b"#!", b"\x7fELF")


def write_zip(target: Path, folder: Path, layout: Layout, files: Sequence[str]) -> None:
    """Write the files of a folder, in the order given. ``SOURCE_DATE_EPOCH`` sets their one time."""
    moment = _moment()
    with zipfile.ZipFile(target, "w") as archive:
        for path in files:
            _add(archive, folder / path, f"{layout.top}/{path}" if layout.top else path, moment, layout)


def _add(archive: zipfile.ZipFile, source: Path, name: str, moment: tuple[int, ...], layout: Layout) -> None:
    with source.open("rb") as content:
        runs = layout.programs and content.read(4).startswith(PROGRAMS)
        content.seek(0)
        info = zipfile.ZipInfo(name, moment)  # type: ignore[arg-type]  # six numbers
        info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, UNIX
        info.external_attr = (S_IFREG | (0o755 if runs else 0o644)) << 16
        info.file_size = source.stat().st_size
        with archive.open(info, "w") as entry:
            shutil.copyfileobj(content, entry)


def _moment() -> tuple[int, ...]:
    asked = os.environ.get("SOURCE_DATE_EPOCH", "")
    return max(EARLIEST, time.gmtime(int(asked))[:6]) if asked.isdigit() else EARLIEST
