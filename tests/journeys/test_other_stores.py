"""The whole story on other stores than the embedded one, and with clients sent to the store itself."""

import base64
import hashlib
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from registry.uploads.rules import PART_BYTES
from storage.blobs import BlobStore
from storage.client import StoreConfig
from tests import bundles
from tests.journeys.insides import no_work_is_left, objects, swept
from tests.journeys.running import ROOT, Person, Running, eventually
from tests.storage import servers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
NOISE = random.Random(4).randbytes(PART_BYTES)
LARGE = bundles.kodi("metadata.store.large", more={"noise.bin": NOISE}, icon=bundles.png(256))
SMALL = bundles.kodi("metadata.store.small")
CASES = {
    "rclone": (servers.rclone, False),
    "SeaweedFS, clients sent there": (servers.seaweedfs, True),
}


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in CASES]
)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreConfig]:
    """A store that is not ours, with its two buckets; ``public_url`` where clients reach it."""
    serve, public = CASES[request.param]
    with serve(tmp_path_factory.mktemp("store")) as server:
        blobs = BlobStore(server.config)
        servers.wait_until(lambda: servers.made_buckets(blobs), server)
        yield replace(server.config, public_url=server.config.endpoint_url if public else None)


@pytest.fixture(scope="module")
def running(store: StoreConfig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    names = (
        "endpoint_url", "access_key_id", "secret_access_key", "region", "bucket_incoming",
        "bucket_published", "public_url",
    )  # fmt: skip
    environ = {f"S3_{name.upper()}": getattr(store, name) for name in names if getattr(store, name)}
    started = Running(tmp_path_factory.mktemp("elsewhere") / "home", **environ)
    try:
        started.start()
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="module")
def developer(running: Running) -> Person:
    person = running.person("developer@example.org")
    person.publisher("lantern")
    return person


@pytest.fixture(scope="module")
def moderator(running: Running) -> Person:
    return running.person("moderator@example.org", "moderator")


@pytest.fixture(scope="module")
def public(store: StoreConfig) -> None:
    if store.public_url is None:
        pytest.skip("clients do not reach this store")


@pytest.fixture(scope="module")
def waiting(developer: Person) -> str:
    """The digest of an artifact that nobody has decided on."""
    bundle = bundles.kodi("metadata.store.waiting")
    developer.release("lantern", bundle)
    return hashlib.sha256(bundle).hexdigest()


def opened(developer: Person, bundle: bytes, sha256: str = "") -> dict[str, Any]:
    digest = sha256 or hashlib.sha256(bundle).hexdigest()
    body = {"publisher": "lantern", "filename": "a.zip", "size": len(bundle), "sha256": digest}
    answer = developer.http.post("/api/v1/uploads", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def sent(developer: Person, upload: dict[str, Any], bundle: bytes, number: int) -> httpx.Response:
    """Send a part where we are told; the token goes to Marquee only."""
    url = upload["parts"][number - 1]["url"]
    begin = (number - 1) * PART_BYTES
    client = developer.http if url.startswith(developer.running.url) else httpx
    return client.put(url, content=bundle[begin : begin + PART_BYTES], timeout=60)


@pytest.fixture(scope="module")
def large(running: Running, developer: Person, moderator: Person) -> dict[str, Any]:
    """A release that went all the way, in parts."""
    upload = opened(developer, LARGE)
    assert sent(developer, upload, LARGE, 2).status_code == 200
    received = developer.http.get(f"/api/v1/uploads/{upload['id']}").json()["received"]
    assert received == [{"number": 2, "size": len(LARGE) - PART_BYTES}]
    assert sent(developer, upload, LARGE, 1).status_code == 200
    done = developer.http.post(f"/api/v1/uploads/{upload['id']}/complete")
    assert done.status_code == 202, done.text
    ended = developer.ended(upload["id"])
    assert ended["state"] == "waiting", ended["findings"]
    moderator.approve(ended["release"])
    return developer.published(ended["release"])


def test_the_check_of_the_store_says_that_marquee_can_use_it(running, store):
    assert checked(running)[0] == 0


def test_clients_are_not_to_be_sent_to_rclone(running, store):
    """It answers ranges with 200, and no page; whoever sets S3_PUBLIC_URL is told by the check."""
    if store.public_url is None:
        code, words = checked(running, S3_PUBLIC_URL=store.endpoint_url)
        assert (code, "range" in words) == (1, True)


def checked(running: Running, **environ: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "storage", "check"], cwd=ROOT, env={**running.environ, **environ},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_the_whole_story(running, developer, moderator, large):
    release = developer.release("lantern", SMALL)
    moderator.approve(release)
    url = developer.published(release)["artifacts"][0]["url"]
    for address, bundle in ((url, SMALL), (large["artifacts"][0]["url"], LARGE)):
        answer = httpx.get(address, follow_redirects=True, timeout=60)
        assert hashlib.sha256(answer.content).digest() == hashlib.sha256(bundle).digest()
    fed = eventually(lambda: feed(running, "metadata.store.small"))
    assert "metadata.store.large" in fed
    icon = f"{running.url}/feeds/kodi/metadata.store.large/1.0.0/icon.png"
    assert httpx.get(icon, follow_redirects=True, timeout=10).content.startswith(b"\x89PNG")


def feed(running: Running, needle: str) -> str | None:
    text = httpx.get(f"{running.url}/feeds/kodi/addons.xml", timeout=10).text
    return text if needle in text else None


def test_head_is_answered_by_marquee(large):
    artifact = large["artifacts"][0]
    answer = httpx.head(artifact["url"], timeout=10)
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(len(LARGE)))
    assert answer.headers["ETag"] == f'"{artifact["sha256"]}"'


def test_the_first_answer_tells_digest_name_and_copy(large):
    answer = httpx.get(large["artifacts"][0]["url"], timeout=60)
    digest = base64.b64encode(hashlib.sha256(LARGE).digest()).decode()
    assert answer.headers["Content-SHA256"] == digest
    assert answer.headers["Marquee-Copy"]


def test_the_end_of_a_file_can_be_asked_for(large):
    headers = {"Range": f"bytes={len(LARGE) - 100}-"}
    answer = httpx.get(large["artifacts"][0]["url"], headers=headers, follow_redirects=True, timeout=60)
    assert (answer.status_code, answer.content) == (206, LARGE[-100:])


def test_a_download_is_a_redirect_to_a_short_lived_address(public, store, large):
    answer = httpx.get(large["artifacts"][0]["url"], timeout=10)
    assert answer.status_code == 302
    location = answer.headers["Location"]
    assert location.startswith(f"{store.public_url}/{store.bucket_published}/")
    assert int(parse_qs(urlsplit(location).query)["X-Amz-Expires"][0]) <= 300
    got = httpx.get(location, timeout=60)
    assert got.content == LARGE
    assert "metadata.store.large-1.0.0.zip" in got.headers["Content-Disposition"]
    other = location.replace(store.bucket_published, store.bucket_incoming)
    assert httpx.get(other, timeout=10).status_code in {400, 401, 403}
    assert httpx.put(location, content=b"x", timeout=10).status_code in {400, 401, 403}


def test_what_is_refused_is_led_nowhere(public, running, developer, moderator):
    bundle = bundles.plex("com.plexapp.agents.store", license=None)
    release = developer.release("lantern", bundle, version="1.0")
    concluded = {"expression": "NONE", "note": "Nothing says a license."}
    path = f"/api/v1/releases/{release}/license/concluded"
    assert moderator.http.put(path, json=concluded).status_code == 200
    moderator.approve(release)
    artifact = developer.published(release)["artifacts"][0]
    named = f"{running.url}/feeds/plex/com.plexapp.agents.store/{artifact['filename']}"
    for address in (artifact["url"], named):
        for method in ("GET", "HEAD"):
            answer = httpx.request(method, address, headers={"Range": "bytes=0-3"}, timeout=10)
            assert answer.status_code == 403
            assert "Location" not in answer.headers


def test_parts_go_straight_to_the_store_and_as_long_as_was_said(public, store, running, developer, moderator):
    upload = opened(developer, LARGE + b"x")
    for part in upload["parts"]:
        assert part["url"].startswith(f"{store.public_url}/{store.bucket_incoming}/")
    first = upload["parts"][0]["url"]
    assert httpx.put(first, content=NOISE + b"x", timeout=60).status_code in {400, 403, 411}
    assert httpx.get(first, timeout=10).status_code in {400, 401, 403}
    swapped = first.replace("partNumber=1", "partNumber=2")
    assert swapped != first
    assert httpx.put(swapped, content=NOISE, timeout=60).status_code in {400, 403}
    seen = moderator.http.get(f"/api/v1/uploads/{upload['id']}").json()
    assert all(part["url"].startswith(running.url) for part in seen["parts"])
    assert sent(developer, upload, LARGE + b"x", 1).status_code == 200
    assert developer.http.delete(f"/api/v1/uploads/{upload['id']}").status_code == 200
    assert not {key for _, key in objects(running) if upload["id"] in key}


def test_a_part_may_come_through_marquee_all_the_same(public, developer):
    bundle = bundles.kodi("metadata.store.mixed", more={"noise.bin": NOISE})
    upload = opened(developer, bundle)
    assert sent(developer, upload, bundle, 1).status_code == 200
    path = f"/api/v1/uploads/{upload['id']}/parts/2"
    assert developer.http.put(path, content=bundle[PART_BYTES:]).status_code == 200
    assert developer.http.post(f"/api/v1/uploads/{upload['id']}/complete").status_code == 202
    assert developer.ended(upload["id"])["state"] == "waiting"


def test_other_bytes_than_were_declared_are_found_in_ingest(developer):
    upload = opened(developer, SMALL, sha256="1" * 64)
    assert sent(developer, upload, SMALL, 1).status_code == 200
    developer.http.post(f"/api/v1/uploads/{upload['id']}/complete")
    ended = developer.ended(upload["id"])
    assert (ended["state"], ended["findings"][0]["code"]) == ("rejected", "upload.digest")


def test_what_waits_goes_through_marquee_to_its_own_people_and_to_nobody_else(
    running, developer, moderator, waiting
):
    stranger = running.person("stranger@example.org")
    path = f"/api/v1/artifacts/{waiting}"
    for person in (developer, moderator):
        answer = person.http.get(path)
        assert (answer.status_code, "Location" in answer.headers) == (200, False)
        assert hashlib.sha256(answer.content).hexdigest() == waiting
    for answer in (stranger.http.get(path), httpx.get(f"{running.url}{path}", timeout=10)):
        assert answer.status_code == 404
        assert "Location" not in answer.headers
    made = stranger.http.post(f"{path}/copies")
    assert made.status_code == 404


def test_nothing_is_left_behind(running, large, waiting):
    eventually(lambda: no_work_is_left(running))
    swept(running)
    incoming = {key for where, key in objects(running) if where == "incoming"}
    assert len([key for key in incoming if key.startswith("upload-")]) <= 2  # what waits, and nothing else
