"""512 MiB up, through ingest and down again, and no process of Marquee grows by more than 64 MiB."""

import hashlib
import os
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from registry.uploads.rules import PART_BYTES
from tests import bundles
from tests.journeys.running import Person, Running

MIB = 1024 * 1024
MOST_MIB = 64
ENTRIES, ENTRY_BYTES = 200, 2_680_000  # together a little below the limit of 512 MiB
PARTS = ("web", "worker-ingest", "worker-quick")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("running"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


def large(folder: Path, identifier: str) -> Path:
    """A Kodi add-on of nearly 512 MiB that cannot be pressed smaller."""
    path = folder / f"{identifier}.zip"
    small = folder / "small.zip"
    small.write_bytes(bundles.kodi(identifier))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        with zipfile.ZipFile(small) as honest:
            for name in honest.namelist():
                archive.writestr(name, honest.read(name))
        for number in range(ENTRIES):
            archive.writestr(f"{identifier}/noise/{number}.bin", os.urandom(ENTRY_BYTES))
    assert 500 * MIB < path.stat().st_size <= 512 * MIB
    return path


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Watched:
    """The most memory that any process of each part held while we looked."""

    def __init__(self, running: Running) -> None:
        self.groups = {running.pid_of(part): part for part in PARTS}
        self.most = dict.fromkeys(PARTS, 0)
        self.done = threading.Event()

    def look(self) -> None:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                group = int((process / "stat").read_text().rpartition(")")[2].split()[2])
                held = resident_mib(process) if group in self.groups else 0
            except (OSError, ValueError):
                continue
            if held:
                part = self.groups[group]
                self.most[part] = max(self.most[part], held)

    def until_done(self) -> None:
        while not self.done.wait(0.1):
            self.look()


def resident_mib(process: Path) -> int:
    """Memory of its own: pages of the closed reader that it shares with others count there only."""
    pages = (process / "statm").read_text().split()
    return int(pages[1]) * os.sysconf("SC_PAGE_SIZE") // MIB


@contextmanager
def watched(running: Running) -> Iterator[Watched]:
    looking = Watched(running)
    thread = threading.Thread(target=looking.until_done)
    thread.start()
    try:
        yield looking
    finally:
        looking.done.set()
        thread.join()


def test_512_mib_go_up_and_down_and_no_process_grows(running, developer, moderator, tmp_path):
    with watched(running) as before:  # a small story, so that everything is loaded
        release = developer.release("lantern", bundles.kodi("metadata.memory.small"))
        moderator.approve(release)
        httpx.get(developer.published(release)["artifacts"][0]["url"], timeout=60)
    with watched(running) as meanwhile:
        path = large(tmp_path, "metadata.memory.whole")
        waits(developer, whole(developer, path))
        path.unlink()
        path = large(tmp_path, "metadata.memory.parts")
        release = waits(developer, in_parts(developer, path))
        moderator.approve(release)
        artifact = developer.published(release, within_s=120)["artifacts"][0]
        assert downloaded(artifact["url"]) == digest(path) == artifact["sha256"]
    grown = {part: meanwhile.most[part] - before.most[part] for part in PARTS}
    assert all(mib < MOST_MIB for mib in grown.values()), (grown, before.most, meanwhile.most)


def waits(developer: Person, upload_id: str) -> str:
    """The release of an upload that was read and waits for review."""
    upload = developer.ended(upload_id, within_s=200)
    assert upload["state"] == "waiting", upload["findings"]
    return str(upload["release"])


def whole(developer: Person, path: Path) -> str:
    query = {"publisher": "lantern", "filename": path.name, "sha256": digest(path)}
    with path.open("rb") as file:
        answer = developer.http.put("/api/v1/uploads", params=query, content=file, timeout=300)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def in_parts(developer: Person, path: Path) -> str:
    size = path.stat().st_size
    body = {"publisher": "lantern", "filename": path.name, "size": size, "sha256": digest(path)}
    upload = developer.http.post("/api/v1/uploads", json=body).json()
    with path.open("rb") as file:
        for part in upload["parts"]:
            sent = developer.http.put(part["url"], content=file.read(PART_BYTES), timeout=60)
            assert sent.status_code == 200, sent.text
    assert developer.http.post(f"/api/v1/uploads/{upload['id']}/complete", timeout=120).status_code == 202
    return str(upload["id"])


def downloaded(url: str) -> str:
    found = hashlib.sha256()
    with httpx.stream("GET", url, timeout=120) as answer:
        assert answer.status_code == 200
        for chunk in answer.iter_bytes():
            found.update(chunk)
    return found.hexdigest()
