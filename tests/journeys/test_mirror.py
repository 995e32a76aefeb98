"""A mirror of a running Marquee: it gets only what it may, the source of a binary too, and loses what is taken back."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from licenses.spdx import text_of
from tests import bundles
from tests.journeys.running import ROOT, Person, Running, eventually

pytestmark = [pytest.mark.xdist_group("running"), pytest.mark.timeout(300)]
SOURCE = bundles.zipped({"Lantern.cs": "class Lantern { }\n", "LICENSE": text_of("GPL-3.0-only") or ""})


def marquee(*words: object) -> tuple[int, dict]:
    """Run the client as a program."""
    environ = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'client'}"}
    done = subprocess.run(
        [sys.executable, "-m", "marquee_client", *map(str, words), "--json"], env=environ, cwd=ROOT,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout)


def published(developer: Person, moderator: Person, bundle: bytes) -> dict:
    release = developer.release("lantern", bundle)
    moderator.approve(release)
    return developer.published(release)


def kodi(name: str, spdx: str) -> bytes:
    return bundles.kodi(name, license=spdx, more={"LICENSE.txt": text_of(spdx) or ""})


def identifiers(folder: Path) -> set[str]:
    return {one["identifier"] for one in json.loads((folder / "index.json").read_text())["releases"]}


def test_a_mirror_gets_only_what_it_may(running: Running, developer, moderator, tmp_path):
    folder = tmp_path / "mirror"
    open_one = published(developer, moderator, kodi("metadata.mirror.open", "MIT"))
    closed = published(developer, moderator, kodi("metadata.mirror.closed", "CC-BY-NC-4.0"))
    guid = "99999999-3333-4333-8444-555555555555"
    binary = published(developer, moderator, bundles.jellyfin(guid, name="Mirrored", license="GPL-3.0-only"))

    code, told = marquee("mirror", folder, "--from", running.url)
    assert (code, told["refused"]) == (0, [])
    assert "metadata.mirror.open" in identifiers(folder)
    assert identifiers(folder).isdisjoint({"metadata.mirror.closed", guid})
    assert closed["artifacts"][0]["sha256"] not in (folder / "index.json").read_text()

    upload = developer.ended(developer.upload("lantern", SOURCE, "source.zip", source_for=binary["id"])["id"])
    assert (upload["state"], upload["release"]) == ("waiting", binary["id"])
    assert httpx.get(binary["artifacts"][0]["url"], timeout=10).status_code == 200
    marquee("mirror", folder)
    [entry] = [
        one
        for one in json.loads((folder / "index.json").read_text())["releases"]
        if one["identifier"] == guid
    ]
    sources = [one for one in entry["artifacts"] if one["role"] == "source"]
    assert [one["sha256"] for one in sources] == [hashlib.sha256(SOURCE).hexdigest()]
    assert (folder / sources[0]["path"]).read_bytes() == SOURCE
    assert marquee("mirror", "--verify", folder)[0] == 0

    decision = {"decision": "withdraw", "reason": "security.risk", "note": "It leaks."}
    path = f"/api/v1/releases/{open_one['id']}/decisions"
    assert moderator.http.post(path, json=decision).status_code == 201
    eventually(lambda: "metadata.mirror.open" not in httpx.get(f"{running.url}/feeds/kodi/addons.xml").text)
    code, told = marquee("mirror", folder)
    assert (code, told["removed"]) == (0, 1)
    assert "metadata.mirror.open" not in identifiers(folder)
    assert not (folder / f"notices/{open_one['id']}.txt").exists()
    assert marquee("mirror", "--verify", folder)[0] == 0
