"""The story by API, with real workers: upload, ingest, review, publish, feeds, copies, receipts."""

import hashlib
import time

import httpx
import pytest

from tests import bundles
from tests.journeys.running import Person, Running, eventually, run_client

pytestmark = [pytest.mark.xdist_group("running"), pytest.mark.timeout(300)]
BUNDLES = {
    "kodi": (bundles.kodi("metadata.journey.lantern"), "lantern.zip", {}),
    "jellyfin": (bundles.jellyfin("11111111-2222-4333-8444-555555555555", name="Journey"), "journey.zip", {}),
    "stash": (bundles.stash("journeyTags"), "journeyTags.zip", {}),
    "plex": (bundles.plex("com.plexapp.agents.journey", folder="Journey.bundle"), "Journey.bundle.zip", {"version": "1.4"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue(developer: Person, moderator: Person) -> dict[str, dict]:
    """One published release of each ecosystem."""
    waiting = {
        name: developer.release("lantern", bundle, filename, **said)
        for name, (bundle, filename, said) in BUNDLES.items()
    }
    for release in waiting.values():
        moderator.approve(release)
    return {name: developer.published(release) for name, release in waiting.items()}


def fed(running: Running, path: str, needle: str) -> str:
    def look() -> str | None:
        text = httpx.get(f"{running.url}/feeds/{path}", timeout=10).text
        return text if needle in text else None

    return str(eventually(look))


def test_every_ecosystem_gets_its_release_with_the_uploaded_bytes(running, catalogue):
    for name, release in catalogue.items():
        artifact = release["artifacts"][0]
        answer = httpx.get(artifact["url"], timeout=30)
        assert answer.content == BUNDLES[name][0]
        assert artifact["sha256"] == hashlib.sha256(answer.content).hexdigest()
        receipt = httpx.get(f"{running.url}/api/v1/copies/{answer.headers['Marquee-Copy']}").json()
        assert (receipt["ecosystem"], receipt["version"]) == (name, release["version"])


def test_the_catalogue_finds_it_by_word_by_beginning_and_by_facet(running, catalogue):
    def names(query: str) -> set[str]:
        rows = httpx.get(f"{running.url}/api/v1/listings?{query}", timeout=10).json()["listings"]
        return {row["identifier"] for row in rows}

    assert "metadata.journey.lantern" in names("q=lantern&ecosystem=kodi")
    assert "journeyTags" in names("q=tag")
    assert names("q=lantern&ecosystem=jellyfin") == set()
    assert "com.plexapp.agents.journey" in names("kind=agent&ecosystem=plex")


def test_approval_is_in_the_feed_within_seconds(running, developer, moderator, catalogue):
    release = developer.release("lantern", bundles.kodi("metadata.journey.quick", name="Quick one"))
    began = time.monotonic()
    moderator.approve(release)
    fed(running, "kodi/addons.xml", "metadata.journey.quick")
    # A second on an idle machine (see docs/performance.md); the tests share theirs.
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("kind", ["plugins", "scrapers"])
def test_the_strict_stash_client_has_nothing_against_the_index(running, shared, catalogue, kind):
    fed(running, "stash/plugins/index.yml", "journeyTags")
    address = f"{running.url}/feeds/stash/{kind}/index.yml"
    words = ["--kind", "scrapers"] if kind == "scrapers" else []
    code, printed, _ = run_client(shared / "clients/stash/stash_client.py", "lint", "--deep", address, *words)
    assert code == 0, printed


def test_the_strict_stash_client_installs(running, shared, catalogue, tmp_path):
    fed(running, "stash/plugins/index.yml", "journeyTags")
    address = f"{running.url}/feeds/stash/plugins/index.yml"
    code, printed, _ = run_client(
        shared / "clients/stash/stash_client.py", "install", address, "journeyTags", "--into", str(tmp_path)
    )
    assert code == 0, printed


def test_the_strict_jellyfin_client_lists_installs_and_updates(running, shared, catalogue, tmp_path):
    fed(running, "jellyfin/manifest.json", "11111111-2222-4333-8444-555555555555")
    address, script = (
        f"{running.url}/feeds/jellyfin/manifest.json",
        shared / "clients/jellyfin/jellyfin_client.py",
    )
    guid = "11111111-2222-4333-8444-555555555555"
    for words in (
        ("lint", address, "--deep"),
        ("install", address, guid, "--into", str(tmp_path)),
        ("updates", address, "--installed", f"{guid}=1.0.0.0"),
    ):
        code, printed, _ = run_client(script, *words)
        assert code == 0, printed


def test_a_second_release_is_offered_and_the_first_can_be_yanked(running, developer, moderator, catalogue):
    identifier = "metadata.journey.lantern"
    second = developer.release("lantern", bundles.kodi(identifier, "7.1.7"))
    moderator.approve(second)
    developer.published(second)
    fed(running, "kodi/addons.xml", 'version="7.1.7"')
    yanked = developer.http.post(f"/api/v1/releases/{second}/yank", json={"reason": "It loses settings."})
    assert yanked.status_code == 200
    eventually(
        lambda: 'version="7.1.7"' not in httpx.get(f"{running.url}/feeds/kodi/addons.xml", timeout=10).text
    )
    exact = f"{running.url}/feeds/kodi/{identifier}/{identifier}-7.1.7.zip"
    assert httpx.get(exact, timeout=10).status_code == 200


def test_a_request_id_goes_through_to_the_task(running, developer):
    answer = developer.http.put(
        "/api/v1/uploads",
        params={"publisher": "lantern", "filename": "x.zip", "sha256": hashlib.sha256(b"no zip").hexdigest()},
        content=b"no zip", headers={"X-Request-Id": "journey-request-0001"},
    )  # fmt: skip
    assert answer.headers["X-Request-Id"] == "journey-request-0001"
    developer.ended(answer.json()["id"])
    logs = running.home / "logs"
    eventually(
        lambda: (
            any(
                "journey-request-0001" in path.read_text() for path in logs.glob("*worker*") if path.is_file()
            )
            or any(
                "journey-request-0001" in path.read_text() for path in logs.glob("ingest*") if path.is_file()
            )
        )
    )
