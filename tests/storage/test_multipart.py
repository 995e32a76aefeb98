"""Uploads in parts: resumable, bounded, never over an existing object."""

import time
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from storage.blobs import BlobStore
from storage.errors import DigestMismatch, PartsMissing, StorageError, UploadNotFound
from storage.multipart import MultipartUploads, Part
from tests.storage.content import MB, Broken, Socket, sha256, some_bytes

PART = 5 * MB


def send(address: str, body: bytes) -> int:
    """PUT as a browser would; return the status."""
    request = urllib.request.Request(address, data=body, method="PUT")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def put_part(uploads, key, upload_id, number, content, stream=None, **more) -> str:
    source = Socket(content) if stream is None else stream
    return uploads.put_part(key, upload_id, number, source, size=len(content), **more)


def test_parts_become_one_blob_in_the_order_of_their_numbers(uploads, store, incoming, key):
    content = some_bytes(2 * PART + 7, seed=20)
    upload = uploads.start(key)
    pieces = {1: content[:PART], 2: content[PART : 2 * PART], 3: content[2 * PART :]}
    etags = {n: put_part(uploads, key, upload, n, pieces[n]) for n in (3, 1, 2)}
    assert uploads.complete(key, upload, etags) == len(content)
    assert store.sha256_of(incoming, key) == sha256(content)


def test_a_small_upload_of_one_part_works_too(uploads, store, incoming, key):
    upload = uploads.start(key, content_type="application/zip")
    put_part(uploads, key, upload, 1, b"tiny", sha256=sha256(b"tiny"))
    assert uploads.complete(key, upload) == 4
    assert store.open(incoming, key).read() == b"tiny"


def test_another_process_goes_on_where_the_first_stopped(uploads, config, key):
    content = some_bytes(PART + 9, seed=21)
    upload = uploads.start(key)
    put_part(uploads, key, upload, 1, content[:PART])

    later = BlobStore(config)
    resumed = MultipartUploads(later)
    assert [(p.number, p.size_bytes) for p in resumed.list_parts(key, upload)] == [(1, PART)]
    put_part(resumed, key, upload, 2, content[PART:])
    resumed.complete(key, upload)
    assert later.sha256_of(config.bucket_incoming, key) == sha256(content)


@pytest.mark.parametrize("after", [0, 1000])
@pytest.mark.parametrize("size", [11_000, 300_000])
def test_a_part_that_broke_off_is_sent_again_and_counts_once(uploads, store, incoming, key, size, after):
    content = some_bytes(size, seed=22)
    upload = uploads.start(key)
    with pytest.raises(ConnectionResetError):
        put_part(uploads, key, upload, 1, content, Broken(content, after))
    put_part(uploads, key, upload, 1, content)
    assert [(p.number, p.size_bytes) for p in uploads.list_parts(key, upload)] == [(1, size)]
    uploads.complete(key, upload)
    assert store.open(incoming, key).read() == content


def test_a_part_that_arrived_counts_though_sending_it_again_broke_off(uploads, key):
    content = some_bytes(11_000, seed=23)
    upload = uploads.start(key)
    etag = put_part(uploads, key, upload, 1, content)
    time.sleep(1.1)  # a part's age has whole seconds
    with pytest.raises(ConnectionResetError):
        put_part(uploads, key, upload, 1, content, Broken(content, 0))
    time.sleep(0.5)  # SeaweedFS stores an empty part now
    assert uploads.list_parts(key, upload) == [Part(1, etag, 11_000)]


def test_a_part_that_broke_off_alone_never_counts_as_whole(uploads, key):
    content = some_bytes(11_000)
    upload = uploads.start(key)
    with pytest.raises(ConnectionResetError):
        put_part(uploads, key, upload, 1, content, Broken(content, 0))
    assert all(part.size_bytes != len(content) for part in uploads.list_parts(key, upload))


def test_a_part_with_another_digest_is_refused(uploads, key):
    upload = uploads.start(key)
    with pytest.raises(DigestMismatch):
        put_part(uploads, key, upload, 1, b"abc", sha256="0" * 64)


def test_of_a_part_sent_twice_the_one_that_is_named_counts(uploads, store, incoming, key):
    upload = uploads.start(key)
    named, expected = put_part(uploads, key, upload, 1, b"the first"), b"the first"
    with suppress(StorageError):  # rclone refuses other bytes
        named, expected = put_part(uploads, key, upload, 1, b"a second!"), b"a second!"
    uploads.complete(key, upload, {1: named})
    assert store.open(incoming, key).read() == expected


def test_completing_can_be_done_twice(uploads, key):
    upload = uploads.start(key)
    etags = {1: put_part(uploads, key, upload, 1, b"abc")}
    assert uploads.complete(key, upload, etags) == 3
    assert uploads.complete(key, upload, etags) == 3
    assert uploads.complete(key, upload) == 3


def test_an_upload_never_replaces_an_object(uploads, store, incoming, key):
    store.put(incoming, key, b"old", sha256=sha256(b"old"), size=3, content_type="a/b")
    upload = uploads.start(key)
    put_part(uploads, key, upload, 1, b"newer")
    assert uploads.complete(key, upload) == 3
    assert store.open(incoming, key).read() == b"old"


def test_a_gap_between_parts_is_named(uploads, key):
    upload = uploads.start(key)
    put_part(uploads, key, upload, 3, b"abc")
    with pytest.raises(PartsMissing, match="part 1"):
        uploads.complete(key, upload)


def test_an_upload_without_any_part_is_not_completed(uploads, store, incoming, key):
    upload = uploads.start(key)
    with pytest.raises(PartsMissing, match="part 1"):
        uploads.complete(key, upload)
    assert store.stat(incoming, key) is None
    put_part(uploads, key, upload, 1, b"still open")


def test_a_part_named_by_a_wrong_etag_is_refused(uploads, store, incoming, key):
    upload = uploads.start(key)
    put_part(uploads, key, upload, 1, b"abc")
    with pytest.raises(PartsMissing):
        uploads.complete(key, upload, {1: '"' + "0" * 32 + '"'})
    assert store.stat(incoming, key) is None


def test_an_aborted_upload_is_gone_and_can_be_aborted_again(uploads, key):
    upload = uploads.start(key)
    put_part(uploads, key, upload, 1, b"abc")
    uploads.abort(key, upload)
    uploads.abort(key, upload)
    with pytest.raises(UploadNotFound, match=key):
        uploads.list_parts(key, upload)
    with pytest.raises(UploadNotFound, match=key):
        put_part(uploads, key, upload, 2, b"abc")
    with pytest.raises(UploadNotFound, match=key):
        uploads.complete(key, upload, {1: '"0"'})


def test_an_upload_goes_on_when_the_last_object_beside_it_is_deleted(own_buckets, key):
    """rclone removes a folder with its last object; uploads lie in no folder."""
    store = BlobStore(own_buckets)
    incoming, uploads = own_buckets.bucket_incoming, MultipartUploads(store)
    store.put(incoming, key, b"old", sha256=sha256(b"old"), size=3, content_type="a/b")
    upload = uploads.start(key + "-open")
    put_part(uploads, key + "-open", upload, 1, b"abc")
    store.delete(incoming, key)
    uploads.complete(key + "-open", upload)
    assert store.open(incoming, key + "-open").read() == b"abc"


def test_a_presigned_part_takes_exactly_its_size(uploads, store, incoming, key):
    upload = uploads.start(key)
    address = uploads.presign_part(key, upload, 1, size=1000, seconds=60)
    assert send(address, b"x" * 1001) == 403
    assert send(address, b"x" * 999) == 403
    assert send(address.replace("partNumber=1", "partNumber=2"), b"x" * 1000) == 403
    assert send(address, b"x" * 1000) == 200
    uploads.complete(key, upload)
    assert store.stat(incoming, key) == 1000


def test_unfinished_uploads_are_found_by_age(uploads, key):
    upload = uploads.start(key)
    now = datetime.now(UTC)
    old = {(u.key, u.upload_id) for u in uploads.list_unfinished(now + timedelta(minutes=1))}
    young = {u.key for u in uploads.list_unfinished(now - timedelta(hours=1))}
    assert (key, upload) in old
    assert key not in young


def test_a_bucket_that_never_had_an_upload_has_none_unfinished(own_buckets):
    uploads = MultipartUploads(BlobStore(own_buckets))
    assert list(uploads.list_unfinished(datetime.now(UTC))) == []
