"""Fetches the packages that the labels speak of, by the registries' own clients, and unpacks them.

python -m bench.privacy_packages FOLDER    needs pip, npm, apt-get and dpkg-deb; nothing of a package runs
"""

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SET = Path(__file__).parent / "privacy_set"
PYTHON_2 = ("--python-version", "27", "--implementation", "py", "--abi", "none", "--platform", "any")


@dataclass(frozen=True)
class Package:
    name: str
    half: str
    registry: str
    spec: str
    folders: tuple[str, ...]


def rows(name: str) -> Iterator[list[str]]:
    for line in (SET / name).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def packages() -> list[Package]:
    return [Package(*row[:4], tuple(row[4].split())) for row in rows("packages.tsv")]


def fetched(package: Package, into: Path) -> Path:
    """The folder with the package's files, all of them."""
    files = into / "files"
    if package.registry == "debian":
        run("apt-get", "download", "-qq", package.spec, at=into)
        run("dpkg-deb", "-x", next(into.glob("*.deb")).name, "files", at=into)
    elif package.registry == "npm":
        run("npm", "pack", "--silent", "--ignore-scripts", package.spec, at=into)
        with tarfile.open(next(into.glob("*.tgz"))) as archive:
            archive.extractall(files, filter="data")
        files = files / "package"
    else:
        older = PYTHON_2 if package.registry == "pypi27" else ()
        run("pip", "download", "-q", "--no-deps", "--only-binary=:all:", *older, package.spec, at=into)
        unzipped(next(into.glob("*.whl")), files)
    return files


def unzipped(path: Path, into: Path) -> None:
    subprocess.run(["unzip", "-qo", str(path), "-d", str(into)], check=True)


def run(*command: str, at: Path) -> None:
    subprocess.run(command, cwd=at, check=True, stdout=subprocess.DEVNULL)


def lay(package: Package, folder: Path) -> None:
    """Put the folders of a package that count into FOLDER/name."""
    with tempfile.TemporaryDirectory() as room:
        files = fetched(package, Path(room))
        for part in package.folders or ("",):
            source = files / part
            if source.is_file() and zipfile.is_zipfile(source):
                unzipped(source, folder / package.name)
            else:
                shutil.copytree(source, folder / package.name, dirs_exist_ok=True, symlinks=True)


def main() -> None:
    folder = Path(sys.argv[1])
    for package in packages():
        if not (folder / package.name).exists():
            lay(package, folder)


if __name__ == "__main__":
    main()
