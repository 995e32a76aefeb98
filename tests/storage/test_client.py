"""A client answers soon or fails with a sentence; only its configuration decides what it does."""

import base64
import threading
import time
from dataclasses import replace

import pytest

from storage.blobs import BlobStore
from storage.check import ping
from storage.client import make_client
from storage.errors import BlobNotFound, DigestMismatch, NotSupported, StorageUnavailable
from tests.storage import bad_stores
from tests.storage.content import sha256, some_bytes

CONTENT = some_bytes(1000)


def test_a_store_that_is_not_there_is_unavailable_at_once(config):
    store = BlobStore(bad_stores.closed(config))
    begun = time.monotonic()
    with pytest.raises(StorageUnavailable, match="did not answer"):
        store.stat("any", "key")
    with pytest.raises(StorageUnavailable):
        ping(store)
    assert time.monotonic() - begun < 5


def test_a_store_that_stays_silent_is_unavailable_within_seconds():
    begun = time.monotonic()
    with bad_stores.silent() as config, pytest.raises(StorageUnavailable):
        ping(BlobStore(config))
    assert time.monotonic() - begun < 5


def test_a_store_that_breaks_off_while_we_read_is_unavailable():
    broken = bad_stores.sends(200, CONTENT[:300], said=1000)
    with bad_stores.answering(broken) as config:
        blob = BlobStore(config).open("any", "key")
        with pytest.raises(StorageUnavailable):
            blob.read()


def test_a_store_that_fails_is_unavailable_after_few_attempts():
    seen = []

    def failing(request) -> None:
        seen.append(request.command)
        bad_stores.sends(503, b"")(request)

    with bad_stores.answering(failing) as config:
        store = BlobStore(config)
        with pytest.raises(StorageUnavailable, match="failed at any/key"):
            store.stat("any", "key")
    assert seen == ["HEAD"] * 3


def test_a_store_that_ignores_ranges_still_gives_the_right_bytes():
    whole = bad_stores.sends(200, CONTENT)
    with bad_stores.answering(whole) as config:
        blob = BlobStore(config).open("any", "key", byte_range=(17, 40))
        assert blob.read() == CONTENT[17:41]
        assert (blob.size_bytes, blob.first, blob.length) == (1000, 17, 24)


def test_a_store_that_keeps_other_bytes_than_it_was_sent_is_found_out():
    with bad_stores.answering(keeping(b"something else")) as config:
        store = BlobStore(config)
        with pytest.raises(DigestMismatch, match="kept other bytes"):
            store.put("any", "key", CONTENT, sha256=sha256(CONTENT), size=1000, content_type="a/b")


def test_a_put_asks_the_store_to_check_the_digest_too_and_to_refuse_a_second():
    seen = {}

    def noting(request) -> None:
        seen.update(request.headers)
        keeping(CONTENT)(request)

    with bad_stores.answering(noting) as config:
        digest = sha256(CONTENT)
        BlobStore(config).put("any", "key", CONTENT, sha256=digest, size=1000, content_type="a/b")
    assert seen["If-None-Match"] == "*"
    assert base64.b64decode(seen["x-amz-checksum-sha256"]).hex() == digest


def test_an_encrypted_bucket_whose_etag_is_no_md5_is_believed_after_reading_again():
    with bad_stores.answering(keeping(CONTENT)) as config:
        store = BlobStore(config)
        digest = sha256(CONTENT)
        assert store.put("any", "key", CONTENT, sha256=digest, size=1000, content_type="a/b")


def keeping(kept: bytes):
    """A store that takes anything, calls it by an ETag that says nothing, and keeps this."""
    answers = {"HEAD": bad_stores.sends(404, b""), "GET": bad_stores.sends(200, kept)}
    taken = bad_stores.sends(200, b"", ETag='"not-an-md5"')

    def answer(request) -> None:
        request.rfile.read(int(request.headers.get("Content-Length", 0)))
        answers.get(request.command, taken)(request)

    return answer


def test_what_a_store_cannot_do_is_said_so():
    refusal = b"<Error><Code>NotImplemented</Code><Message>no</Message></Error>"
    with bad_stores.answering(bad_stores.sends(501, refusal)) as config:
        keys = BlobStore(config).list_keys("any")
        with pytest.raises(NotSupported):
            next(keys)


@pytest.mark.parametrize("field", ["access_key_id", "secret_access_key"])
def test_wrong_credentials_are_said_so_without_showing_them(config, field):
    wrong = "w" * 40
    store = BlobStore(replace(config, **{field: wrong}))
    with pytest.raises(StorageUnavailable, match="key") as caught:
        list(store.list_keys(config.bucket_incoming))
    assert wrong not in str(caught.value)


def test_secrets_never_show_in_a_configuration(config):
    shown = repr(replace(config, published_secret_access_key="another-secret"))
    assert config.secret_access_key not in shown
    assert "another-secret" not in shown


def test_a_bucket_that_does_not_exist_makes_the_store_unavailable(config):
    store = BlobStore(replace(config, bucket_published="no-such-bucket"))
    with pytest.raises(StorageUnavailable, match="no bucket no-such-bucket"):
        ping(store)
    with pytest.raises((StorageUnavailable, BlobNotFound)):
        store.open("no-such-bucket", "key")


def test_the_machines_own_aws_settings_change_nothing(config, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "somebody-elses")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent/config")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://192.0.2.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:1")
    monkeypatch.setenv("AWS_REQUEST_CHECKSUM_CALCULATION", "when_supported")
    make_client.__globals__["_session"].cache_clear()
    ping(BlobStore(config))


def test_threads_may_share_a_store_and_make_their_own(config):
    failures = []

    def work() -> None:
        try:
            ping(BlobStore(config))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
