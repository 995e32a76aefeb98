"""How well and how fast privacy evidence is found: hosts of labelled add-ons, and 200 files of code.

python -m bench.privacy FOLDER [LABELS]    FOLDER holds unpacked add-ons, LABELS/<add-on>/hosts.txt what
                                           each asks for; without labels only the speed is measured
"""

import io
import resource
import sys
import time
import zipfile
from pathlib import Path

from registry.bundles.archive.opening import open_bundle
from registry.bundles.privacy import PrivacyEvidence, privacy_of

MIB = 1024 * 1024


def packed(folder: Path) -> io.BytesIO:
    """The files of a folder in a zip, below its name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{folder.name}/{path.relative_to(folder)}"
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out


def looked_at(content: io.BytesIO) -> tuple[PrivacyEvidence, float, int]:
    """(evidence, processor seconds, files)."""
    bundle = open_bundle(content, "bundle.zip")
    started = time.process_time()
    return privacy_of(bundle), time.process_time() - started, len(bundle.entries)


def labels(path: Path) -> set[str]:
    """Hosts of a hosts.txt; loopback and remarks are none."""
    lines = (line.strip() for line in path.read_text().splitlines())
    return {line for line in lines if line and not line.startswith("#")} - {"127.0.0.1", "localhost"}


def measure(folder: Path, labelled: Path) -> None:
    """Print a row an add-on, then precision and recall over all."""
    counts = {"E1": [0, 0, 0], "E2": [0, 0, 0]}
    for addon in sorted(path for path in folder.iterdir() if (labelled / path.name / "hosts.txt").exists()):
        wanted = labels(labelled / addon.name / "hosts.txt")
        evidence, seconds, files = looked_at(packed(addon))
        for level, count in counts.items():
            found = {host.host for host in evidence.hosts if host.level.value >= level}
            for at, number in enumerate((len(found & wanted), len(found - wanted), len(wanted - found))):
                count[at] += number
            if found != wanted:
                print(f"  {level}: missed {sorted(wanted - found)}, too many {sorted(found - wanted)}")
        print(f"{addon.name}: {files} files, {len(wanted)} hosts, {seconds:.2f} s")
    for level, (right, wrong, missed) in counts.items():
        precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
        print(f"{level} and up: precision {precision:.2f}, recall {recall:.2f} ({right + missed} hosts)")


def speed() -> None:
    """200 files of about 10 kB that ask, with constants in one of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("const.py", 'API = "https://api.example-tv.com"\n')
        body = (
            "def f{0}(a, b):\n    x = {{'k': a, 'v': 'text {0}'}}\n    return get(API + '/x/%s' % b, x)\n\n"
        )
        code = "from const import API\n" + "".join(body.format(n) for n in range(110))
        for number in range(199):
            archive.writestr(f"lib/m{number}.py", code)
    _, seconds, files = looked_at(out)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{files} files of {len(code) // 1000} kB: {seconds:.2f} s of one core, {peak:.0f} MiB at most")


def main() -> None:
    if len(sys.argv) > 2:
        measure(Path(sys.argv[1]), Path(sys.argv[2]))
    speed()


if __name__ == "__main__":
    main()
