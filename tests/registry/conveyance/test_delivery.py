"""HEAD, Range, ETag and names are right when bytes pass through."""

import base64
import hashlib

import pytest

from registry.releases.reading import artifacts_of
from tests import bundles
from tests.story import Story

BUNDLE = bundles.kodi(more={"data.bin": bytes(range(256)) * 2000})


@pytest.fixture
def address(given):
    release = Story(given).published(BUNDLE)
    artifact = given.run(lambda: artifacts_of([release.id])[release.id][0])
    return f"/api/v1/artifacts/{artifact.sha256}"


def test_the_bytes_are_those_that_were_uploaded_and_their_digest_is_in_the_head(client, address):
    answer = client.get(address)
    digest = hashlib.sha256(BUNDLE).digest()
    assert answer.data == BUNDLE
    assert answer.headers["ETag"] == f'"{digest.hex()}"'
    assert base64.b64decode(answer.headers["Content-SHA256"]) == digest
    assert answer.headers["Content-Length"] == str(len(BUNDLE))
    assert "metadata.example.lantern-1.0.0.zip" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_head_tells_the_same_without_a_body(client, address):
    head = client.head(address)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(BUNDLE))


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-", 0, len(BUNDLE)),
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=-50", len(BUNDLE) - 50, len(BUNDLE)),
        (f"bytes=10-{len(BUNDLE) + 500}", 10, len(BUNDLE)),
    ],
)
def test_a_range_gives_just_its_bytes(client, address, asked, start, stop):
    answer = client.get(address, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.data == BUNDLE[start:stop]
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(BUNDLE)}"


def test_a_range_behind_the_end_is_refused_with_the_size(client, address):
    answer = client.get(address, headers={"Range": f"bytes={len(BUNDLE)}-"})
    assert answer.status_code == 416
    assert answer.json["size"] == len(BUNDLE)


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=a-b", "bytes=0-1,5-6", "lines=0-5"])
def test_a_range_that_is_none_or_more_than_one_gives_the_whole(client, address, asked):
    answer = client.get(address, headers={"Range": asked})
    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        assert answer.data == BUNDLE


def test_if_range_with_another_etag_gives_the_whole(client, address):
    answer = client.get(address, headers={"Range": "bytes=5-9", "If-Range": '"other"'})
    assert (answer.status_code, answer.data) == (200, BUNDLE)


def test_a_client_that_has_the_bytes_is_told_so(client, address):
    etag = client.head(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_an_unknown_digest_is_404_and_a_stray_word_too(client, address):
    assert client.get(f"/api/v1/artifacts/{'0' * 64}").status_code == 404
    assert client.get("/api/v1/artifacts/not-a-digest").status_code == 404


def test_a_side_file_tells_the_digest_to_clients_that_read_it(client, address):
    side = client.get("/feeds/kodi/metadata.example.lantern/metadata.example.lantern-1.0.0.zip.sha256")
    assert side.data.split()[0].decode() == hashlib.sha256(BUNDLE).hexdigest()
