"""Feeds: built when something changed, only what changed, swapped whole; served as caches like it."""

import gzip
import hashlib
import io
import json
import zipfile

import pytest
from sqlalchemy import select

from registry.bundles.ecosystems import ECOSYSTEMS
from registry.database import session
from registry.feeds.building import build_feed, ensure_feeds
from registry.feeds.models import FeedDocument
from registry.review.models import Verdict
from registry.work import Job, Work
from tests import bundles
from tests.story import Story


@pytest.fixture
def story(given):
    return Story(given)


def documents(given):
    return given.run(lambda: {row.path: row.sha256 for row in session().scalars(select(FeedDocument))})


def asked(given):
    jobs = given.run(lambda: session().scalars(select(Job).where(Job.work == Work.FEEDS)).all())
    return {job.subject for job in jobs}


def test_before_the_first_build_clients_are_asked_to_come_back(client):
    answer = client.get("/feeds/kodi/addons.xml")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_at_the_start_every_feed_is_asked_for_once(given):
    asked_for = given.run(ensure_feeds)
    assert set(asked_for) == {e.name for e in ECOSYSTEMS} | {"index"}
    assert asked(given) == set(asked_for)


@pytest.mark.parametrize("ecosystem", [e.name for e in ECOSYSTEMS])
def test_a_feed_of_nothing_can_be_built(given, ecosystem):
    given.run(build_feed, ecosystem)


def test_empty_feeds_are_valid_documents(client, given):
    for name in ("kodi", "jellyfin", "stash", "plex"):
        given.run(build_feed, name)
    assert client.get("/feeds/kodi/addons.xml").data.rstrip().endswith((b"</addons>", b"<addons/>"))
    assert client.get("/feeds/jellyfin/manifest.json").json == []
    assert client.get("/feeds/stash/plugins/index.yml").data.strip() in {b"[]", b"--- []"}


def test_the_checksum_is_that_of_the_served_bytes_plain_and_packed(client, story):
    story.published()
    for name in ("addons.xml", "addons.xml.gz"):
        body = client.get(f"/feeds/kodi/{name}").data
        told = client.get(f"/feeds/kodi/{name}.sha256").data.split()[0].decode()
        assert hashlib.sha256(body).hexdigest() == told
    assert (
        gzip.decompress(client.get("/feeds/kodi/addons.xml.gz").data)
        == client.get("/feeds/kodi/addons.xml").data
    )


def test_a_feed_is_cached_by_etag_and_by_time_and_sent_packed(client, story):
    story.published()
    plain = client.get("/feeds/kodi/addons.xml")
    etag, changed = plain.headers["ETag"], plain.headers["Last-Modified"]
    assert client.get("/feeds/kodi/addons.xml", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/feeds/kodi/addons.xml", headers={"If-Modified-Since": changed}).status_code == 304
    packed = client.get("/feeds/kodi/addons.xml", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != etag
    assert gzip.decompress(packed.data) == plain.data
    head = client.head("/feeds/kodi/addons.xml")
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(plain.data)))


def test_only_what_changed_is_stored_and_dated_anew(client, given, story):
    story.published()
    before = documents(given)
    first = client.get("/feeds/kodi/addons.xml").headers["Last-Modified"]
    given.run(build_feed, "kodi")
    assert documents(given) == before
    assert client.get("/feeds/kodi/addons.xml").headers["Last-Modified"] == first
    story.published(bundles.stash())
    changed = {path for path, sha in documents(given).items() if before.get(path) != sha}
    assert all(path.startswith("stash/") for path in changed)


def test_a_change_of_one_feed_asks_for_the_index_of_all(given, story):
    story.published()
    assert "index" in asked(given)
    given.run(build_feed, "index")


def test_the_index_holds_every_ecosystem_with_digests_and_addresses(client, given, story):
    story.published()
    story.published(bundles.jellyfin())
    given.run(build_feed, "index")
    text = client.get("/feeds/index.json").text
    index = json.loads(text)
    assert "metadata.example.lantern" in text
    assert "4a5b6c7d-1111-4222-8333-944455556666" in text
    assert isinstance(index, dict)


def test_a_quarantined_release_leaves_the_feed(client, given, story):
    release = story.published()
    story.decided(release, Verdict.QUARANTINE, "security.malware")
    story.fed(release)
    assert b"metadata.example.lantern" not in client.get("/feeds/kodi/addons.xml").data


def test_every_address_that_the_jellyfin_feed_names_gives_the_bytes_it_promises(client, story):
    bundle = bundles.jellyfin()
    story.published(bundle)
    version = client.get("/feeds/jellyfin/manifest.json").json[0]["versions"][0]
    body = client.get(version["sourceUrl"].removeprefix("http://marquee.test")).data
    assert hashlib.md5(body).hexdigest() == version["checksum"]
    assert body == bundle


def test_an_old_jellyfin_gets_the_list_of_its_series(client, story):
    story.published(bundles.jellyfin())
    old = client.get("/feeds/jellyfin/manifest.json", headers={"User-Agent": "Jellyfin-Server/10.8.13"})
    assert old.json == []
    new = client.get("/feeds/jellyfin/manifest.json", headers={"User-Agent": "Jellyfin-Server/10.11.11"})
    assert len(new.json) == 1
    assert "User-Agent" in new.headers["Vary"]


def test_the_stash_index_names_a_zip_that_is_there(client, story):
    bundle = bundles.stash()
    story.published(bundle)
    text = client.get("/feeds/stash/plugins/index.yml").text
    assert hashlib.sha256(bundle).hexdigest() in text
    path = next(line.split(":", 1)[1].strip().strip("'\"") for line in text.splitlines() if "path:" in line)
    address = path.removeprefix("http://marquee.test")
    if not address.startswith("/"):
        address = f"/feeds/stash/plugins/{address}"
    assert client.get(address).data == bundle


def test_kodi_gets_the_icon_below_its_addon(client, story):
    story.published(bundles.kodi(icon=bundles.png(256)))
    feed = client.get("/feeds/kodi/addons.xml").text
    icon = feed.rsplit("<icon>", 1)[1].split("</icon>")[0]
    answer = client.get(f"/feeds/kodi/metadata.example.lantern/{icon}", follow_redirects=True)
    assert answer.status_code == 200
    assert answer.content_type.startswith("image/")


def test_the_repository_zip_is_a_kodi_add_on_that_points_here(client, given):
    given.run(build_feed, "kodi")
    answer = client.get("/feeds/kodi/repository.marquee.marquee.test.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        addon = archive.read("repository.marquee.marquee.test/addon.xml").decode()
    assert "http://marquee.test/feeds/kodi/" in addon


def test_a_client_that_knows_only_get_learns_nothing_by_other_paths(client, story):
    story.published()
    for path in ("kodi", "kodi/", "nothing", "kodi/none/none-1.0.zip", "../etc/passwd", "kodi/%2e%2e/x"):
        assert client.get(f"/feeds/{path}").status_code == 404
