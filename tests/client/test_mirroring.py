"""``marquee mirror``: a folder that any web server can serve, whole, and without what was taken back."""

import hashlib
import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from licenses.spdx import text_of
from registry.licensing.service import conclude_license
from registry.mirrors.models import MirrorChange
from registry.releases.models import Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from tests import bundles
from tests.client.site import cut, down
from tests.story import Story

LARGE = bytes(range(256)) * 300


@pytest.fixture
def story(given):
    return Story(given)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mirror"


@pytest.fixture
def mirror(marquee, site, folder):
    """Mirror the site into the folder, as nobody in particular."""
    return lambda *words: marquee("mirror", folder, "--from", site.url, *words, "--json")


def bundle(identifier: str = "metadata.example.lantern", expression: str = "MIT") -> bytes:
    more = {"LICENSE.txt": text_of(expression) or "Mine.", "data.bin": LARGE}
    return bundles.kodi(identifier, license=expression, more=more)


def published(story, given, file: bytes, expression: str | None = None) -> Release:
    release = story.waiting(file)
    if expression:
        by = given.actor(story.moderator)
        given.run(conclude_license, release.id, expression, note="Read it.", by=by)
    story.decided(release, Verdict.APPROVE, "review.approved")
    given.run(publish_release, str(release.id))
    return given.found(Release, release.id)


def index(folder) -> dict:
    return json.loads((folder / "index.json").read_text(encoding="utf-8"))


def files(folder) -> set[str]:
    return {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()}


def place(file: bytes) -> str:
    digest = hashlib.sha256(file).hexdigest()
    return f"artifacts/{digest[:2]}/{digest}"


def test_it_holds_what_may_be_passed_on_with_its_notices_and_nothing_else(
    given, story, mirror, folder, marquee
):
    release = published(story, given, bundle())
    published(story, given, bundle("metadata.example.owl", "CC-BY-NC-4.0"), "CC-BY-NC-4.0")
    done = mirror()
    assert (done.code, done.lines[0]["releases"]) == (0, 1)
    [entry] = index(folder)["releases"]
    assert (entry["release"], entry["terms"]["expression"]) == (str(release.id), "MIT")
    [artifact] = entry["artifacts"]
    assert (folder / artifact["path"]).read_bytes() == bundle()
    assert "Permission is hereby granted" in (folder / entry["notices"]["path"]).read_text()
    assert (
        json.loads((folder / entry["privacy_notice"]["path"]).read_text())["digest"] == release.notice_digest
    )
    assert "owl" not in (folder / "index.json").read_text()
    assert marquee("mirror", "--verify", folder).code == 0


def test_any_web_server_serves_it(given, story, mirror, folder):
    published(story, given, bundle())
    mirror()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        base = f"http://127.0.0.1:{server.server_port}"
        [entry] = httpx.get(f"{base}/index.json").json()["releases"]
        got = httpx.get(f"{base}/{entry['artifacts'][0]['path']}").content
        assert hashlib.sha256(got).hexdigest() == entry["artifacts"][0]["sha256"]
    finally:
        server.shutdown()
        server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


def test_a_second_run_fetches_only_what_changed(given, story, site, mirror, folder):
    published(story, given, bundle())
    mirror()
    site.seen.clear()
    assert mirror().lines[0]["fetched"] == 0
    assert len(site.seen) == 1
    published(story, given, bundle("metadata.example.beacon"))
    again = mirror().lines[0]
    assert (again["releases"], again["fetched"]) == (2, 3)  # the zip and its two notices


def test_what_was_taken_back_goes_from_the_folder(given, story, mirror, folder):
    release = published(story, given, bundle())
    kept = published(story, given, bundle("metadata.example.beacon"))
    mirror()
    story.decided(release, Verdict.WITHDRAW, "security.risk")
    assert mirror().lines[0]["removed"] == 1
    assert [one["release"] for one in index(folder)["releases"]] == [str(kept.id)]
    assert place(bundle()) not in files(folder)
    assert f"notices/{release.id}.txt" not in files(folder)
    assert place(bundle("metadata.example.beacon")) in files(folder)


def test_a_license_that_became_narrower_takes_it_away_too(given, story, mirror, folder):
    release = published(story, given, bundle())
    mirror()
    by = given.actor(story.moderator)
    given.run(conclude_license, release.id, "CC-BY-NC-4.0", note="Read again.", by=by)
    mirror()
    assert index(folder)["releases"] == []
    assert place(bundle()) not in files(folder)


def test_a_line_that_breaks_is_tried_again(given, story, site, mirror, marquee, folder):
    published(story, given, bundle())
    digest = hashlib.sha256(bundle()).hexdigest()
    site.fail(f"GET mirror/artifacts/{digest}", cut, down)
    assert mirror().code == 0
    assert marquee("mirror", "--verify", folder).code == 0


def test_a_download_goes_on_where_the_run_before_stopped(given, story, site, mirror, marquee, folder):
    published(story, given, bundle())
    digest = hashlib.sha256(bundle()).hexdigest()
    (folder / ".partial").mkdir(parents=True)
    (folder / ".partial" / digest).write_bytes(bundle()[:1000])
    assert mirror().code == 0
    assert (folder / place(bundle())).read_bytes() == bundle()
    assert site.seen.count(f"GET mirror/artifacts/{digest}") == 1
    assert files(folder) & {f".partial/{digest}"} == set()


@pytest.mark.parametrize(
    ("left", "asked"),
    [(b"other bytes than these", 2), (bundle() + b"more than all", 1)],
    ids=["other", "long"],
)
def test_wrong_bytes_from_before_are_fetched_anew(given, story, site, mirror, folder, left, asked):
    published(story, given, bundle())
    digest = hashlib.sha256(bundle()).hexdigest()
    (folder / ".partial").mkdir(parents=True)
    (folder / ".partial" / digest).write_bytes(left)
    assert mirror().code == 0
    assert (folder / place(bundle())).read_bytes() == bundle()
    assert site.seen.count(f"GET mirror/artifacts/{digest}") == asked


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda file: file.unlink(), "is not there"),
        (lambda file: file.write_bytes(b"short"), "bytes, not"),
        (lambda file: file.write_bytes(b"x" * file.stat().st_size), "is not the file whose SHA-256"),
    ],
    ids=["gone", "short", "altered"],
)
def test_verify_tells_each_file_that_is_not_as_it_should_be(
    given, story, mirror, marquee, folder, spoil, what
):
    published(story, given, bundle())
    mirror()
    spoil(folder / place(bundle()))
    proved = marquee("mirror", "--verify", folder, "--json")
    assert proved.code == 1
    [wrong] = proved.lines[0]["wrong"]
    assert wrong["file"] == place(bundle())
    assert what in wrong["what"]


def test_verify_tells_a_file_that_nothing_names(given, story, mirror, marquee, folder):
    published(story, given, bundle())
    mirror()
    (folder / "notices" / "stray.txt").write_text("x")
    assert marquee("mirror", "--verify", folder, "--json").lines[0]["wrong"] == [
        {"file": "notices/stray.txt", "what": "is in no index"}
    ]


def test_what_went_missing_is_fetched_by_the_next_run(given, story, mirror, marquee, folder):
    published(story, given, bundle())
    mirror()
    (folder / place(bundle())).unlink()
    assert mirror().code == 0
    assert marquee("mirror", "--verify", folder).code == 0


def test_a_registry_that_was_set_back_is_followed_from_its_beginning(given, app, story, mirror, folder):
    gone = published(story, given, bundle())
    kept = published(story, given, bundle("metadata.example.beacon"))
    mirror()

    def set_back() -> None:
        from registry.database import session

        session().query(MirrorChange).filter_by(release_id=gone.id).delete()
        session().query(MirrorChange).filter_by(release_id=kept.id).update({"serial": 1})
        session().commit()

    given.run(set_back)
    assert mirror().code == 0
    assert [one["release"] for one in index(folder)["releases"]] == [str(kept.id)]
    assert place(bundle()) not in files(folder)


def test_a_folder_with_other_files_or_of_another_registry_is_left_alone(site, marquee, mirror, folder):
    folder.mkdir()
    (folder / "thesis.odt").write_text("mine")
    assert mirror().code == 2
    assert (folder / "thesis.odt").read_text() == "mine"
    (folder / "thesis.odt").unlink()
    assert mirror().code == 0
    assert marquee("mirror", folder, "--from", "http://127.0.0.1:9", "--json").code == 2


def test_verify_of_no_mirror_is_wrong_usage(marquee, tmp_path):
    assert marquee("mirror", "--verify", tmp_path).code == 2
