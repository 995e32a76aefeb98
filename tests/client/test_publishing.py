"""``marquee publish``: in parts, with patience, until it waits, asks or is turned away."""

import hashlib
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from registry.releases.models import Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from registry.review.service import decide_review
from registry.uploads.models import Upload, UploadState
from tests import bundles
from tests.bundles import INFO_PLIST
from tests.client.site import cut, down

ROOT = Path(__file__).parents[2]

TORN = bundles.zipped(
    {"plugin.video.torn/addon.xml": "<addon id='plugin.video.torn' version='1.0'\n  <oops/>\n"}
)


@pytest.fixture
def addon(tmp_path):
    path = tmp_path / "lantern.zip"
    path.write_bytes(bundles.kodi())
    return path


@pytest.fixture
def plex(tmp_path):
    path = tmp_path / "Lantern.bundle.zip"
    path.write_bytes(bundles.plex())
    return path


@pytest.fixture
def torn(tmp_path):
    path = tmp_path / "torn.zip"
    path.write_bytes(TORN)
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """An add-on of three parts."""
    path = tmp_path_factory.mktemp("large") / "large.zip"
    path.write_bytes(bundles.kodi(more={"data.bin": os.urandom(17 * 1024 * 1024)}))
    return path


def test_a_bundle_is_brought_to_the_queue(publishing, site, given, addon):
    ran = publishing("publish", addon)
    assert ran.code == 0, ran.err
    assert f"lantern.zip to lantern at {site.url}" in ran.out
    assert "  read: done" in ran.out
    assert "Lantern 1.0.0 (kodi metadata.example.lantern): waiting" in ran.out


def test_scripts_get_one_line_a_file(publishing, given, addon, plex):
    ran = publishing("publish", addon, plex, "--publisher", "lantern", "--version", "1.0.0", "--json")
    assert ran.code == 0
    assert not ran.err
    first, second = ran.lines
    assert (first["ok"], first["state"], first["needs"]) == (True, "waiting", [])
    assert first["sha256"] == hashlib.sha256(addon.read_bytes()).hexdigest()
    assert given.found(Release, second["release"]).version == "1.0.0"


def test_a_large_file_goes_in_parts(publishing, site, given, large):
    ran = publishing("publish", large, "--json")
    assert ran.code == 0, ran.out
    assert site.sent_parts() == [1, 2, 3]
    upload = given.found(Upload, ran.lines[0]["upload"])
    assert (upload.state, upload.sha256) == (UploadState.WAITING, ran.lines[0]["sha256"])


def test_bytes_that_are_there_are_not_sent_again(publishing, site, addon):
    first = publishing("publish", addon, "--json").lines[0]
    second = publishing("publish", addon, "--json").lines[0]
    assert second == first
    assert site.sent_parts() == [1]


def test_a_part_that_breaks_is_sent_again(publishing, site, large):
    site.fail("PUT uploads/ID/parts/2", cut, down)
    ran = publishing("publish", large)
    assert ran.code == 0, ran.err
    assert site.sent_parts() == [1, 2, 2, 2, 3]


def test_an_answer_that_is_lost_is_asked_for_again(publishing, site, addon):
    site.fail("POST uploads/ID/complete", cut)
    site.fail("GET uploads/ID", down)
    assert publishing("publish", addon).code == 0


def test_patience_ends(publishing, site, addon):
    site.fail("PUT uploads/ID/parts/1", down, down)
    ran = publishing("publish", addon, "--retries", "1", "--json")
    assert ran.code == 3
    assert ran.lines[0]["error"]["code"] == "server.unreachable"
    assert site.sent_parts() == [1, 1]


def test_what_a_bundle_cannot_say_is_asked_for_and_the_next_run_goes_on(publishing, site, given, plex):
    ran = publishing("publish", plex)
    assert ran.code == 1
    assert "Run the same command again with --version …" in ran.out
    ran = publishing("publish", plex, "--version", "0.9", "--json")
    assert ran.code == 0, ran.out
    assert "PATCH uploads/ID" in site.seen
    assert site.sent_parts() == [1]
    assert given.found(Release, ran.lines[0]["release"]).version == "0.9"


def test_a_bundle_that_is_rejected_ends_with_1_and_its_findings(publishing, torn):
    ran = publishing("publish", torn)
    assert ran.code == 1
    assert "  read: failed" in ran.out
    assert "error plugin.video.torn/addon.xml line 2 [manifest.xml]" in ran.out
    assert "    Fix: " in ran.out
    assert "rejected; 1 error. Mend it and publish it again." in ran.out


def test_one_rejected_file_among_good_ones_decides_the_exit_code(publishing, addon, torn):
    ran = publishing("publish", torn, addon, "--json")
    assert ran.code == 1
    assert [line["state"] for line in ran.lines] == ["rejected", "waiting"]


def test_a_rejected_bundle_may_be_sent_again(publishing, torn):
    first, second = (publishing("publish", torn, "--json").lines[0] for _ in range(2))
    assert first["upload"] != second["upload"]


def test_a_request_that_the_server_refuses_is_told_in_its_words(publishing, tmp_path):
    path = tmp_path / "empty.zip"
    path.touch()
    ran = publishing("publish", path)
    assert ran.code == 1
    assert ran.err.strip() == "The file is empty."
    assert publishing("publish", path, "--json").lines[0]["error"]["code"] == "upload.empty"


def test_somebody_else_s_publisher_is_refused(publishing, given, addon):
    given.publisher(slug="harbor")
    ran = publishing("publish", addon, "--publisher", "harbor")
    assert ran.code == 1
    assert "not a member of 'harbor'" in ran.err


def test_a_wrong_token_is_told_with_what_to_do(marquee, site, addon):
    ran = marquee.signed(site.url, "mq_wrong")("publish", addon)
    assert ran.code == 1
    assert f"marquee login {site.url}" in ran.err


def test_a_server_that_is_not_there_ends_with_3(marquee, free_port, addon):
    ran = marquee.signed(f"http://127.0.0.1:{free_port}", "t")("publish", addon, "--publisher", "lantern")
    assert ran.code == 3
    assert "cannot be reached" in ran.err


def test_with_several_publishers_one_must_be_named(publishing, given, developer, addon):
    given.publisher(developer, slug="zephyr")
    ran = publishing("publish", addon)
    assert ran.code == 2
    assert "--publisher lantern or zephyr" in ran.err
    publishing.environ["MARQUEE_PUBLISHER"] = "zephyr"
    assert "lantern.zip to zephyr" in publishing("publish", addon).out


@pytest.mark.parametrize("words", [["missing.zip"], [], ["{0}", "{0}", "--name", "Lamp"]])
def test_wrong_usage_ends_with_2(publishing, addon, words):
    assert publishing("publish", *[word.format(addon) for word in words]).code == 2


def deciding(given, verdict, note=""):
    """Decide, as a moderator would, once somebody waits for it."""
    actor = given.actor(given.moderator())
    done = []

    def decide(release_id):
        if not done:
            done.append(release_id)
            given.run(decide_review, release_id, verdict=verdict, reason="other", note=note, by=actor)
            if verdict is Verdict.APPROVE:
                given.run(publish_release, release_id)

    return decide


def test_it_waits_for_the_decision_when_told_to(publishing, site, given, addon):
    site.after("GET releases/ID", deciding(given, Verdict.APPROVE))
    ran = publishing("publish", addon, "--wait-published", "--json")
    assert (ran.code, ran.lines[0]["state"]) == (0, "published")


def test_a_moderator_s_no_ends_with_1_and_the_note(publishing, site, given, addon):
    site.after("GET releases/ID", deciding(given, Verdict.REQUEST_CHANGES, "Name its license."))
    ran = publishing("publish", addon, "--wait-published")
    assert ran.code == 1
    assert "changes requested" in ran.out
    assert "note: Name its license." in ran.out


def test_a_person_at_a_terminal_is_asked_and_sees_the_bytes_go(publishing, tmp_path):
    path = tmp_path / "Lantern.bundle.zip"
    files = {"Lantern.bundle/Contents/Info.plist": INFO_PLIST.format(identifier="com.plexapp.agents.lantern")}
    path.write_bytes(bundles.zipped({**files, "Lantern.bundle/Contents/data.bin": os.urandom(2_000_000)}))
    environ = {name: value for name, value in publishing.environ.items() if value is not None}
    theirs, ours = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "marquee_client", "publish", path],
        env={**environ, "PYTHONPATH": f"{ROOT / 'client'}:{ROOT}", "TERM": "xterm"},
        stdin=ours, stdout=ours, stderr=ours,
    )  # fmt: skip
    os.close(ours)
    seen = read_until(theirs, b"Which is it: ")
    os.write(theirs, b"0.9\n")
    seen += read_until(theirs, b"Which has it (an SPDX expression; nothing leaves it open)")
    os.write(theirs, b"MIT\n")
    seen += read_until(theirs, None)
    assert process.wait(30) == 0, seen
    assert b"Lantern.bundle.zip" in seen
    assert b"MB" in seen
    assert b"license declared: MIT" in seen
    assert b"Lantern 0.9 (plex com.plexapp.agents.lantern): waiting" in seen


def read_until(terminal, words):
    """What a terminal shows until these words, or until the program ends."""
    seen = b""
    while words is None or words not in seen:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the program has ended
            piece = b""
        if not piece:
            break
        seen += piece
    return seen


def test_the_source_of_a_release_is_sent_like_a_bundle(publishing, given, developer, tmp_path):
    file = tmp_path / "lantern.zip"
    file.write_bytes(bundles.kodi())
    release = publishing("publish", file, "--json").lines[0]["release"]
    source = tmp_path / "source.zip"
    source.write_bytes(bundles.zipped({"main.c": "int main(void) { return 0; }\n"}))
    done = publishing("publish", source, "--source-for", release, "--json")
    assert (done.code, done.lines[0]["release"]) == (0, release)
    assert done.lines[0]["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
