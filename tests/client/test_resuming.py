"""An upload that broke goes on in a later run, where it stood."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from registry.database import transaction
from registry.uploads.models import Upload, UploadPart
from registry.uploads.service import abort_upload, list_uploads
from tests import bundles
from tests.client.site import cut, down

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """An add-on of three parts."""
    path = tmp_path_factory.mktemp("large") / "large.zip"
    path.write_bytes(bundles.kodi(more={"data.bin": os.urandom(17 * 1024 * 1024)}))
    return path


def started(publishing, *words):
    """The command as a process of its own, which can be killed."""
    environ = {name: value for name, value in publishing.environ.items() if value is not None}
    return subprocess.Popen(
        [sys.executable, "-m", "marquee_client", *map(str, words)],
        env={**environ, "PYTHONPATH": f"{ROOT / 'client'}:{ROOT}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_client_that_was_killed_goes_on_with_the_parts_that_lack(publishing, site, large):
    reached = threading.Event()

    def hold(environ, start):
        reached.set()
        killed.wait(30)
        return cut(environ, start)

    killed = threading.Event()
    site.fail("PUT uploads/ID/parts/2", hold)
    process = started(publishing, "publish", large)
    assert reached.wait(30)
    process.kill()
    process.wait()
    killed.set()
    (remembered,) = publishing.uploads.iterdir()

    ran = publishing("publish", large)
    assert ran.code == 0, ran.err
    assert "goes on: 1 of 3 parts are there" in ran.out
    assert site.sent_parts() == [1, 2, 2, 3]
    assert site.seen.count("POST uploads") == 1
    assert not remembered.exists()


def test_a_run_that_gave_up_goes_on_later(publishing, site, large):
    site.fail("PUT uploads/ID/parts/3", down)
    assert publishing("publish", large, "--retries", "0").code == 3
    assert publishing("publish", large).code == 0
    assert site.sent_parts() == [1, 2, 3, 3]


def test_parts_that_the_server_has_lost_are_sent_again(publishing, site, given, large):
    def lose(environ, start):
        def forget():
            with transaction() as tx:
                tx.query(UploadPart).delete()
                tx.query(Upload).update({"store_id": None})

        given.run(forget)

    site.fail("POST uploads/ID/complete", lose)
    ran = publishing("publish", large)
    assert ran.code == 0, ran.err
    assert site.sent_parts() == [1, 2, 3, 1, 2, 3]


def test_an_upload_that_was_given_up_meanwhile_begins_anew(publishing, site, given, developer, large):
    site.fail("PUT uploads/ID/parts/2", down)
    publishing("publish", large, "--retries", "0")
    actor = given.actor(developer)
    (broken,) = given.run(list_uploads, by=actor)
    given.run(abort_upload, broken.id, by=actor)
    ran = publishing("publish", large, "--json")
    assert ran.code == 0
    assert ran.lines[0]["upload"] != str(broken.id)
    assert given.found(Upload, ran.lines[0]["upload"]).sha256 == ran.lines[0]["sha256"]


def test_what_is_remembered_of_another_publisher_or_unreadable_is_not_used(
    publishing, site, given, developer, large
):
    given.publisher(developer, slug="zephyr")
    site.fail("PUT uploads/ID/parts/2", down, down)
    publishing("publish", large, "--retries", "0", "--publisher", "lantern")
    publishing("publish", large, "--retries", "0", "--publisher", "zephyr")
    assert site.seen.count("POST uploads") == 2
    (remembered,) = publishing.uploads.iterdir()
    remembered.write_text("{")
    assert publishing("publish", large, "--publisher", "zephyr").code == 0


def test_a_file_that_changes_while_it_is_sent_is_told(publishing, site, tmp_path, large):
    path = tmp_path / "shrinking.zip"
    path.write_bytes(large.read_bytes())

    def shrink(environ, start):
        path.write_bytes(b"short")
        return down(environ, start)

    site.fail("PUT uploads/ID/parts/1", shrink)
    ran = publishing("publish", path)
    assert ran.code == 1
    assert "changed while it was sent" in ran.err
