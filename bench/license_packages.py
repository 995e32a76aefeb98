"""Packages whose license files are part of the set of ``bench.licenses``: fetched from npm, installed from Debian.

python -m bench.license_packages FOLDER    fetches those of license_set/npm.txt; nothing of a package runs
"""

import json
import re
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.privacy_packages import run

NPM = Path(__file__).parent / "license_set" / "npm.txt"
LICENSE = re.compile(r"(?i)(?:licen[sc]e|copying|unlicense)(?:\.(?:md|txt|markdown))?")
File = tuple[str, bytes, str]
"""A license file's name, its bytes, and the SPDX expression that its package declares."""


def fetch(folder: Path) -> None:
    """Put ``package.json`` and the license file of each package into a folder of its own."""
    for spec in NPM.read_text("utf-8").split():
        place = folder / spec.replace("/", "+")
        if not place.exists():
            with tempfile.TemporaryDirectory() as room:
                run("npm", "pack", "--silent", "--ignore-scripts", spec, at=Path(room))
                take(next(Path(room).glob("*.tgz")), place)


def take(archive: Path, place: Path) -> None:
    place.mkdir(parents=True)
    with tarfile.open(archive) as opened:
        for member in opened:
            _, _, name = member.name.partition("/")
            if member.isfile() and (name == "package.json" or LICENSE.fullmatch(name)):
                (place / name).write_bytes(opened.extractfile(member).read())  # type: ignore[union-attr]


def npm_files(folder: Path) -> Iterator[File]:
    """Yield the license files of the packages in ``folder`` that have one and declare an expression."""
    for place in sorted(folder.iterdir()):
        declared = json.loads((place / "package.json").read_bytes()).get("license")
        files = [path for path in place.iterdir() if LICENSE.fullmatch(path.name)]
        if len(files) == 1 and isinstance(declared, str) and not declared.startswith(("SEE", "UNLICENSED")):
            yield f"{place.name}/{files[0].name}", files[0].read_bytes(), declared


def debian_files() -> Iterator[File]:
    """Yield the copyright files installed here that name one license in Debian's machine-readable form."""
    for path in sorted(Path("/usr/share/doc").glob("*/copyright")):
        text = path.read_text("utf-8", "replace")
        names = set(re.findall(r"(?m)^License:[ \t]*(\S.*?)[ \t]*$", text))
        if len(names) == 1 and (expression := DEBIAN.get(names.pop())):
            yield f"{path.parent.name}/copyright", path.read_bytes(), expression


#: Debian's names of licenses (copyright format 1.0, section "License specification") that SPDX writes otherwise.
DEBIAN = {
    **{f"{name}-{version}": f"{name}-{full}-only" for name in ("GPL", "LGPL") for version, full in (("2", "2.0"), ("2.1", "2.1"), ("3", "3.0"))},
    **{f"{name}-{version}+": f"{name}-{full}-or-later" for name in ("GPL", "LGPL") for version, full in (("2", "2.0"), ("2.1", "2.1"), ("3", "3.0"))},
    "Apache-2.0": "Apache-2.0", "BSD-2-clause": "BSD-2-Clause", "BSD-3-clause": "BSD-3-Clause",
    "Expat": "MIT", "MIT": "MIT", "ISC": "ISC", "MPL-2.0": "MPL-2.0", "CC0-1.0": "CC0-1.0", "OFL-1.1": "OFL-1.1",
    "zlib": "Zlib",
}  # fmt: skip


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
