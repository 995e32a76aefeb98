"""How well and how fast privacy evidence is found: hosts of labelled add-ons, and 200 files of code.

python -m bench.privacy [FOLDER]          FOLDER as ``bench.privacy_packages`` fills it; without it only the
                                          speed is measured; --open looks at the open half alone
"""

import io
import resource
import sys
import time
import zipfile
from pathlib import Path

from bench.privacy_packages import packages, rows
from registry.bundles.archive.opening import open_bundle
from registry.bundles.privacy import PrivacyEvidence, privacy_of

MIB = 1024 * 1024


def packed(folder: Path) -> io.BytesIO:
    """The files of a folder in a zip, below its name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file() and not each.is_symlink()):
            name = f"{folder.name}/{path.relative_to(folder)}"
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out


def looked_at(content: io.BytesIO) -> tuple[PrivacyEvidence, float, int]:
    """(evidence, processor seconds, files)."""
    bundle = open_bundle(content, "bundle.zip")
    started = time.process_time()
    return privacy_of(bundle), time.process_time() - started, len(bundle.entries)


def labels() -> dict[str, dict[str, str]]:
    """Package to host to level, as read by eye."""
    wanted: dict[str, dict[str, str]] = {package.name: {} for package in packages()}
    for name, host, level in rows("labels.tsv"):
        wanted[name][host] = level
    return wanted


class Count:
    """Right, too many and missed, over some packages."""

    def __init__(self) -> None:
        self.right = self.wrong = self.missed = 0

    def add(self, found: set[str], wanted: set[str]) -> None:
        self.right += len(found & wanted)
        self.wrong += len(found - wanted)
        self.missed += len(wanted - found)

    def __str__(self) -> str:
        precision = self.right / max(self.right + self.wrong, 1)
        recall = self.right / max(self.right + self.missed, 1)
        return f"precision {precision:.3f}, recall {recall:.3f} ({self.right + self.missed} hosts)"


def measure(folder: Path, halves: tuple[str, ...], *, told: bool) -> None:
    """Print precision and recall of these halves; with ``told`` what is missed or too many."""
    counts = {"E1": Count(), "E2": Count()}
    seconds = files = 0.0
    for package in packages():
        if package.half not in halves:
            continue
        wanted = labels()[package.name]
        evidence, took, number = looked_at(packed(folder / package.name))
        seconds, files = seconds + took, files + number
        for level, count in counts.items():
            known = {host for host, each in wanted.items() if each >= level}
            found = {host.host for host in (*evidence.hosts, *evidence.vendored) if host.level.value >= level}
            count.add(found, known)
            if told and found != known:
                print(
                    f"  {package.name} {level}: missed {sorted(known - found)}, too many {sorted(found - known)}"
                )
    for level, count in counts.items():
        print(f"{' and '.join(halves)}, {level} and up: {count}")
    print(f"{files:.0f} files, {seconds:.1f} s of one core")


def speed() -> None:
    """200 files of about 10 kB that ask, with constants in one of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("const.py", 'API = "https://api.example-tv.com"\n')
        body = "def f{0}(a, b):\n    x = {{'k': a, 'v': 'text {0}'}}\n    return requests.get(API + '/x/%s' % b, x)\n\n"
        code = "from const import API\n" + "".join(body.format(n) for n in range(110))
        for number in range(199):
            archive.writestr(f"lib/m{number}.py", code)
    _, seconds, files = looked_at(out)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{files} files of {len(code) // 1000} kB: {seconds:.2f} s of one core, {peak:.0f} MiB at most")


def main() -> None:
    folders = [each for each in sys.argv[1:] if not each.startswith("--")]
    for folder in folders:
        measure(Path(folder), ("open",), told=True)
        if "--open" not in sys.argv:
            measure(Path(folder), ("aside",), told="--all" in sys.argv)
            measure(Path(folder), ("fresh",), told="--all" in sys.argv)
            measure(Path(folder), ("open", "aside", "fresh"), told=False)
    if not folders:
        speed()


if __name__ == "__main__":
    main()
