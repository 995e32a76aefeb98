"""The drill: back up a Marquee at work, restore into an empty one, and everything is there and verifies."""

import hashlib
import json
import shutil
from pathlib import Path

import httpx
import pytest

from registry.uploads.rules import PART_BYTES
from tests import bundles
from tests.journeys.insides import no_work_is_left, swept
from tests.journeys.running import Person, Running, eventually

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running"), pytest.mark.timeout(300)]
ICON = bundles.png(256)
FIRST = bundles.kodi("metadata.drill.one", icon=ICON)
SECOND = bundles.kodi("metadata.drill.one", "1.1.0", icon=ICON)
YANKED = bundles.stash("drillTags")
WAITING = bundles.jellyfin("22222222-2222-4333-8444-555555555555", name="Drill", version="1.0.0.0")
REJECTED = bundles.kodi("metadata.drill.rejected", icon=bundles.png(256, (9, 9, 9)))
UNSAID = bundles.plex("com.plexapp.agents.drill", folder="Drill.bundle")


@pytest.fixture(scope="module")
def at_work(running: Running, developer: Person, moderator: Person) -> dict[str, str]:
    """Things in every state: published, yanked, waiting, turned away, asked about, with parts missing."""
    ids = {
        name: developer.release("lantern", bundle, filename)
        for name, bundle, filename in (
            ("first", FIRST, "one.zip"), ("yanked", YANKED, "drillTags.zip"),
            ("waiting", WAITING, "drill.zip"), ("rejected", REJECTED, "rejected.zip"),
        )
    }  # fmt: skip
    for name in ("first", "yanked"):
        moderator.approve(ids[name])
    for name in ("first", "yanked"):
        developer.published(ids[name])
    said = {"decision": "reject", "reason": "other", "note": "It does nothing."}
    assert moderator.http.post(f"/api/v1/releases/{ids['rejected']}/decisions", json=said).status_code == 201
    assert developer.http.post(f"/api/v1/releases/{ids['yanked']}/yank", json={"reason": "x"}).is_success
    ids["second"] = developer.release("lantern", SECOND, "one.zip")
    ids["unsaid"] = developer.upload("lantern", UNSAID, "Drill.bundle.zip")["id"]
    eventually(lambda: developer.http.get(f"/api/v1/uploads/{ids['unsaid']}").json()["needs"])
    ids["open"] = half_an_upload(developer)
    eventually(lambda: no_work_is_left(running))
    swept(running)  # the rejected bytes go
    return ids


def half_an_upload(developer: Person) -> str:
    body = {"publisher": "lantern", "filename": "half.zip", "size": PART_BYTES + 1, "sha256": "1" * 64}
    opened = developer.http.post("/api/v1/uploads", json=body).json()
    assert developer.http.put(opened["parts"][1]["url"], content=b"x").status_code == 200
    return str(opened["id"])


@pytest.fixture(scope="module")
def saved(running: Running, at_work: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup") / "set"
    running.command("backup", str(folder))
    return folder


@pytest.fixture(scope="module")
def restored(saved: Path, tmp_path_factory: pytest.TempPathFactory):
    other = Running(tmp_path_factory.mktemp("restored") / "home")
    try:
        other.start()
        other.command("restore", str(saved))
        yield other
    finally:
        other.stop()


@pytest.fixture(scope="module")
def again(restored: Running, developer: Person) -> Person:
    """The same developer, by the same token, at the restored Marquee."""
    return Person(restored, developer.token)


def test_a_backup_goes_into_an_empty_folder_only(running, saved):
    with pytest.raises(AssertionError, match="not empty"):
        running.command("backup", str(saved))


def test_every_release_downloads_and_verifies(restored, again, at_work):
    for name, bundle in (("first", FIRST), ("yanked", YANKED), ("waiting", WAITING), ("second", SECOND)):
        release = again.http.get(f"/api/v1/releases/{at_work[name]}").json()
        answer = again.http.get(f"{restored.url}/api/v1/artifacts/{release['artifacts'][0]['sha256']}")
        assert answer.status_code == 200, (name, answer.text)
        assert answer.content == bundle


def test_the_feeds_are_built_anew_for_the_new_address(restored):
    def built():
        answer = httpx.get(f"{restored.url}/feeds/kodi/addons.xml", timeout=10)
        return answer.text if "metadata.drill.one" in answer.text else None

    assert f"{restored.url}/" in eventually(built)
    bundle = httpx.get(
        f"{restored.url}/feeds/kodi/metadata.drill.one/metadata.drill.one-1.0.0.zip", timeout=10
    )
    assert hashlib.sha256(bundle.content).hexdigest() == hashlib.sha256(FIRST).hexdigest()


def test_pictures_are_back(restored):
    def icon():
        address = f"{restored.url}/feeds/kodi/metadata.drill.one/1.0.0/icon.png"
        answer = httpx.get(address, timeout=10, follow_redirects=True)
        return answer if answer.status_code == 200 else None

    assert eventually(icon).content.startswith(b"\x89PNG")


def test_what_waited_can_be_approved_and_published(restored, again, moderator, at_work):
    judge = Person(restored, moderator.token)
    for name in ("waiting", "second"):
        judge.approve(at_work[name])
    for name in ("waiting", "second"):
        again.published(at_work[name])


def test_an_upload_that_was_asked_about_goes_on(again, at_work):
    said = again.http.patch(f"/api/v1/uploads/{at_work['unsaid']}", json={"said": {"version": "2.0"}})
    assert said.status_code == 200, said.text
    assert again.ended(at_work["unsaid"])["state"] == "waiting"


def test_an_upload_whose_parts_were_still_coming_must_begin_again(again, at_work):
    assert again.http.get(f"/api/v1/uploads/{at_work['open']}").json()["state"] == "aborted"


def test_the_first_login_of_the_empty_marquee_is_gone_with_its_account(restored):
    assert not (restored.home / "first-login.json").exists()


def test_a_marquee_in_use_is_no_place_to_restore_into(running, saved, developer, at_work):
    before = developer.http.get("/api/v1/listings").json()
    with pytest.raises(AssertionError, match="into an empty one"):
        running.command("restore", str(saved))
    assert developer.http.get("/api/v1/listings").json() == before


@pytest.mark.parametrize("what", ["database.dump", "manifest.json", "a blob", "a missing blob"])
def test_a_damaged_file_is_refused_before_anything_changes(running, saved, tmp_path, what):
    copy = tmp_path / "set"
    shutil.copytree(saved, copy)
    blob = copy / "blobs" / json.loads((copy / "manifest.json").read_text())["objects"][0]["file"]
    if what == "a missing blob":
        blob.unlink()
    else:
        damage(blob if what == "a blob" else copy / what)
    with pytest.raises(AssertionError, match="damaged"):
        running.command("restore", str(copy))


def damage(path: Path) -> None:
    """Turn one bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
