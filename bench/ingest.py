"""How long reading a bundle takes, in this process and in the closed child, step by step.

python -m bench.ingest [MEBIBYTES]        (10 unless said otherwise)
"""

import io
import random
import statistics
import sys
import time
import zipfile
from collections.abc import Callable

from PIL import Image

from registry.bundles.confined import Ending, read_confined
from registry.bundles.confined.parent import template_pid
from registry.bundles.inspection import Inspection, inspect

ROUNDS = 7
ADDON = """<?xml version="1.0" encoding="UTF-8"?>
<addon id="plugin.video.bench" name="Bench" version="1.0.0" provider-name="Ada">
  <requires><import addon="xbmc.python" version="3.0.0"/></requires>
  <extension point="xbmc.python.pluginsource" library="main.py"><provides>video</provides></extension>
  <extension point="xbmc.addon.metadata">
    <summary lang="en_GB">A bench</summary><description lang="en_GB">A bench</description>
    <platform>all</platform><license>MIT</license>
    <assets><icon>icon.png</icon><fanart>fanart.jpg</fanart></assets>
  </extension>
</addon>
"""


def picture(form: str, size: tuple[int, int]) -> bytes:
    target = io.BytesIO()
    Image.effect_mandelbrot(size, (-2, -1.5, 1, 1.5), 100).convert("RGB").save(target, form)
    return target.getvalue()


def bundle(mebibytes: int, version: str = "1.0.0") -> bytes:
    """An add-on of that packed size: code, translations, and media that do not shrink."""
    chance = random.Random(7)
    words = [f"name_{n}" for n in range(3000)]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        top = "plugin.video.bench"
        archive.writestr(f"{top}/addon.xml", ADDON.replace('"1.0.0" provider', f'"{version}" provider'))
        archive.writestr(f"{top}/main.py", "print('hello')\n")
        archive.writestr(f"{top}/icon.png", picture("PNG", (512, 512)))
        archive.writestr(f"{top}/fanart.jpg", picture("JPEG", (1920, 1080)))
        for number in range(200):
            lines = (" = ".join(chance.choices(words, k=3)) for _ in range(400))
            archive.writestr(f"{top}/lib/module_{number}.py", "\n".join(lines))
        number = 0
        while target.tell() < mebibytes * 1024 * 1024:
            archive.writestr(f"{top}/media/{number}.bin", chance.randbytes(250_000))
            number += 1
    return target.getvalue()


def timed(read: Callable[[], Inspection]) -> tuple[float, float, Inspection]:
    """Return median seconds on the wall and of this process's processor time."""
    took, used = [], []
    for _ in range(ROUNDS):
        started, started_cpu = time.perf_counter(), time.process_time()
        result = read()
        took.append(time.perf_counter() - started)
        used.append(time.process_time() - started_cpu)
        assert result.ok, result.findings
    return statistics.median(took), statistics.median(used), result


def main() -> None:
    content = bundle(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
    endings: list[Ending] = []
    started = time.perf_counter()
    template_pid()
    cold_s = time.perf_counter() - started
    here_s, here_cpu_s, here = timed(lambda: inspect(io.BytesIO(content), "bench.zip"))
    there_s, parent_cpu_s, _ = timed(
        lambda: read_confined(io.BytesIO(content), "bench.zip", on_end=endings.append)
    )
    unpacked = sum(file.size_bytes for file in here.files)
    print(f"bundle: {len(content) / 1e6:.1f} MB packed, {unpacked / 1e6:.1f} MB, {here.file_count} files")
    there_cpu_s = parent_cpu_s + statistics.median(end.cpu_s for end in endings)
    print("                     wall  processor")
    print(f"in this process   {here_s * 1000:7.0f} {here_cpu_s * 1000:10.0f} ms")
    print(f"in the child      {there_s * 1000:7.0f} {there_cpu_s * 1000:10.0f} ms")
    print(f"ratio             {there_s / here_s:7.2f} {there_cpu_s / here_cpu_s:10.2f}")
    print(f"template's start  {cold_s * 1000:7.0f} ms   once a worker")
    print(f"child's peak      {max(end.peak_bytes for end in endings) / 1e6:7.1f} MB resident")
    for step in here.steps:
        print(f"  {step.name:12} {step.duration_s * 1000:7.1f} ms")


if __name__ == "__main__":
    main()
