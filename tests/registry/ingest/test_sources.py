"""The source of a copyleft binary: attached before or after publication, conveyed by the same gate."""

import hashlib
import threading
import time

import pytest
from sqlalchemy import select, text

from registry.database import session, transaction
from registry.ingest.service import ingest_upload
from registry.licensing.service import conclude_license
from registry.releases.models import Artifact, Release
from registry.releases.publishing import publish_release
from registry.releases.service import locked_release
from registry.review.models import Verdict
from registry.storing import store
from registry.uploads.models import Upload, UploadState
from registry.work import Later
from storage.keys import blob_key, upload_key
from tests import bundles
from tests.asking import code_of
from tests.story import Story

SOURCE = bundles.zipped({"main.c": "int main(void) { return 0; }\n", "COPYING": "GPL\n"})


@pytest.fixture
def story(given):
    return Story(given, first_party=True)


@pytest.fixture
def waiting(given, story):
    """A copyleft binary that waits, concluded."""
    release = story.waiting(
        bundles.kodi(license="GPL-3.0-only", more={"lib/fast.so": b"\x7fELF" + bytes(99)})
    )
    moderator = given.actor(story.moderator)
    given.run(conclude_license, release.id, "GPL-3.0-only", note="Read it.", by=moderator)
    return release


@pytest.fixture
def published(given, story, waiting):
    return publish(given, story, waiting)


def publish(given, story, release) -> Release:
    story.decided(release, Verdict.APPROVE, "review.approved")
    given.run(publish_release, str(release.id))
    return given.found(Release, release.id)


def attached(story, release, source: bytes = SOURCE) -> Upload:
    return story.ingested(source, "source.zip", {"source_for": str(release.id)})


def artifact(given, release, role: str) -> Artifact | None:
    query = select(Artifact).where(Artifact.release_id == release.id, Artifact.role == role)
    return given.run(lambda: session().scalar(query))


def fetch(client, sha256: str):
    return client.get(f"/api/v1/artifacts/{sha256}")


def codes(upload):
    return [finding["code"] for finding in upload.findings if finding["severity"] == "error"]


def test_a_copyleft_binary_goes_out_once_its_source_is_there_and_the_source_with_it(
    client, given, story, published
):
    package = artifact(given, published, "package").sha256
    assert code_of(fetch(client, package)) == "terms.source_missing"
    upload = attached(story, published)
    assert (upload.state, upload.release_id) == (UploadState.WAITING, published.id)
    assert fetch(client, package).status_code == 200
    source = fetch(client, hashlib.sha256(SOURCE).hexdigest())
    assert source.data == SOURCE
    assert "metadata.example.lantern-1.0.0-source.zip" in source.headers["Content-Disposition"]
    notices = client.get(f"/api/v1/copies/{source.headers['Marquee-Copy']}/notices").text
    assert f"/api/v1/artifacts/{hashlib.sha256(SOURCE).hexdigest()}" in notices


def test_it_is_the_release_that_shows_it_and_a_new_record_that_says_it(client, given, story, published):
    attached(story, published)
    shown = client.get(f"/api/v1/releases/{published.id}").json
    assert [one["role"] for one in shown["artifacts"]] == ["package", "source"]
    license_now = client.get(f"/api/v1/releases/{published.id}/license").json
    assert license_now["source"]["kind"] == "artifact"
    assert len(client.get(f"/api/v1/releases/{published.id}/license/history").json["records"]) == 3


def test_a_source_attached_before_publication_is_published_with_it(client, given, story, waiting):
    upload = attached(story, waiting)
    assert fetch(client, hashlib.sha256(SOURCE).hexdigest()).status_code == 404
    release = publish(given, story, waiting)
    assert fetch(client, artifact(given, release, "package").sha256).status_code == 200
    assert fetch(client, hashlib.sha256(SOURCE).hexdigest()).data == SOURCE
    assert given.run(lambda: store().stat(store().config.bucket_incoming, upload_key(str(upload.id)))) is None


def test_ingest_of_a_source_may_run_twice_and_leaves_nothing_in_incoming(given, story, published):
    upload = attached(story, published)
    given.run(ingest_upload, str(upload.id))
    digest = hashlib.sha256(SOURCE).hexdigest()

    def sizes():
        config = store().config
        return (
            store().stat(config.bucket_published, blob_key(digest)),
            store().stat(config.bucket_incoming, upload_key(str(upload.id))),
        )

    assert given.run(sizes) == (len(SOURCE), None)


def test_the_releases_own_bytes_are_no_source(story, published):
    own = bundles.kodi(license="GPL-3.0-only", more={"lib/fast.so": b"\x7fELF" + bytes(99)})
    assert codes(attached(story, published, own)) == ["source.same"]


def test_what_would_need_a_moderator_is_no_source(story, published):
    token = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5"
    upload = attached(story, published, bundles.zipped({"config.py": f"TOKEN = '{token}'\n"}))
    assert upload.state is UploadState.REJECTED
    assert "source.held" in codes(upload)


def test_a_source_is_opened_as_strictly_as_a_bundle(story, published):
    assert codes(attached(story, published, b"no zip at all, but words")) == ["archive.not_zip"]


@pytest.mark.parametrize("said", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_source_of_nothing_is_refused_before_its_bytes_come(client, given, story, said):
    token = given.token(story.developer)
    body = {
        "publisher": "lantern",
        "filename": "s.zip",
        "size": 9,
        "sha256": "0" * 64,
        "said": {"source_for": said},
    }
    answer = client.bearing(token).post("/api/v1/uploads", json=body)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/said/source_for"


def test_another_publisher_attaches_no_source_to_it(client, given, story, published):
    other = given.account()
    given.publisher(other, slug="harbor")
    body = {
        "publisher": "harbor", "filename": "s.zip", "size": 9, "sha256": "0" * 64,
        "said": {"source_for": str(published.id)},
    }  # fmt: skip
    assert client.bearing(given.token(other)).post("/api/v1/uploads", json=body).status_code == 422


def test_a_withdrawn_release_takes_no_source(client, given, story, published):
    story.decided(published, Verdict.WITHDRAW, "security.risk")
    body = {
        "publisher": "lantern", "filename": "s.zip", "size": 9, "sha256": "0" * 64,
        "said": {"source_for": str(published.id)},
    }  # fmt: skip
    assert client.bearing(given.token(story.developer)).post("/api/v1/uploads", json=body).status_code == 422


def test_the_release_of_another_publisher_is_no_source(given, story, published):
    other = Story(given, "harbor")
    theirs = bundles.kodi("plugin.video.harbor")
    other.waiting(theirs)
    assert codes(attached(story, published, theirs)) == ["source.elsewhere"]


def test_a_release_has_a_few_sources_at_most(story, published):
    sources = [bundles.zipped({"main.c": f"int version = {number};\n"}) for number in range(4)]
    ended = [codes(attached(story, published, source)) for source in sources]
    assert ended == [[], [], [], ["source.too_many"]]


def wait_for_waiting(given, number: int) -> None:
    """Wait until so many transactions of this database wait for a lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    until = time.monotonic() + 20
    while given.run(lambda: session().scalar(waiting)) < number:
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize("first", ["source", "publication"])
def test_a_source_that_comes_while_its_release_is_published_is_published_too(
    client, given, story, waiting, first
):
    """Both want the release's lock; whoever is second finds that the other was there, and does it again."""
    story.decided(waiting, Verdict.APPROVE, "review.approved")
    upload = story.received(SOURCE, "source.zip", {"source_for": str(waiting.id)})
    acts = {"source": (ingest_upload, str(upload.id)), "publication": (publish_release, str(waiting.id))}
    order = [first, *(name for name in acts if name != first)]
    held, go, told = threading.Event(), threading.Event(), {}

    def hold() -> None:
        with transaction() as tx:
            locked_release(tx, waiting.id)
            held.set()
            go.wait(60)

    def act(name: str) -> None:
        try:
            given.run(*acts[name])
        except Later:
            told[name] = "later"

    holding = threading.Thread(target=given.run, args=(hold,))
    holding.start()
    assert held.wait(10)
    threads = [threading.Thread(target=act, args=(name,)) for name in order]
    for number, thread in enumerate(threads, 1):
        thread.start()
        wait_for_waiting(given, number)  # it has done its bytes
    go.set()
    for thread in (holding, *threads):
        thread.join(20)
    assert told == {order[1]: "later"}
    given.run(*acts[order[1]])
    digest = hashlib.sha256(SOURCE).hexdigest()
    assert fetch(client, digest).data == SOURCE
    assert fetch(client, artifact(given, waiting, "package").sha256).status_code == 200
