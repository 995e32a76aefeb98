"""How fast an archive is opened by all rules and streamed, beside zipfile reading the same bytes.

python -m bench.ingest_reader [MEBIBYTES]        (10 unless said otherwise)
"""

import io
import random
import sys
import time
import zipfile
from collections.abc import Callable

from registry.bundles.archive.base import Bundle
from registry.bundles.archive.opening import open_bundle

MIB = 1024 * 1024
ROUNDS = 7


def bundle_of(packed_mib: float, entry_bytes: int) -> bytes:
    """A zip of text that packs to about half, of about so many MiB."""
    choose = random.Random(1)
    stems = [bytes(choose.choices(range(97, 123), k=choose.randrange(2, 9))) for _ in range(5000)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        number = 0
        while out.tell() < packed_mib * MIB:
            content = b" ".join(choose.choices(stems, k=entry_bytes // 6))
            archive.writestr(f"plugin/resources/lib/module{number:05}.py", content)
            number += 1
    return out.getvalue()


def opened(content: bytes) -> Bundle:
    return open_bundle(io.BytesIO(content), "bundle.zip")


def streamed(bundle: Bundle) -> int:
    return sum(len(chunk) for entry in bundle.entries for chunk in bundle.stream(entry.name))


def by_zipfile(content: bytes) -> int:
    size = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as source:
                while chunk := source.read(65_536):
                    size += len(chunk)
    return size


def seconds(act: Callable[[], object]) -> float:
    """The least processor time of several rounds: what others do on the machine is not counted."""
    taken = []
    for _ in range(ROUNDS):
        started = time.process_time()
        act()
        taken.append(time.process_time() - started)
    return min(taken)


def measure(name: str, content: bytes) -> None:
    bundle = opened(content)
    unpacked = streamed(bundle)
    assert unpacked == by_zipfile(content)
    beside = seconds(lambda: by_zipfile(content))
    rows = {
        "open by all rules": seconds(lambda: opened(content)),
        "stream everything": seconds(lambda: streamed(bundle)),
        "both": seconds(lambda: streamed(opened(content))),
        "zipfile reads everything": beside,
    }
    print(f"{name}: {len(bundle.entries):,} entries, {unpacked / MIB:.1f} MiB unpacked")
    for what, taken in rows.items():
        speed = len(content) / MIB / taken
        print(f"  {what:26} {taken * 1000:7.0f} ms {speed:7.1f} MiB/s {taken / beside:5.2f} x zipfile")


def main() -> None:
    mib = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    measure(f"{mib:g} MiB of modules", bundle_of(mib, 60_000))
    measure(f"{mib:g} MiB of large files", bundle_of(mib, 3_000_000))
    measure(f"{mib / 4:g} MiB of tiny files", bundle_of(mib / 4, 500))


if __name__ == "__main__":
    main()
