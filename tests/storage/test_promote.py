"""A blob moves once from incoming to published, by the store's own copy."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage import copying
from storage.blobs import BlobStore
from storage.check import ping
from storage.errors import BlobNotFound, DigestMismatch, StorageUnavailable
from storage.keys import blob_key
from storage.multipart import MultipartUploads, unfinished_in
from storage.sweep import sweep
from tests.storage.content import KB, MB, sha256, some_bytes


def put(store: BlobStore, bucket: str, key: str, content: bytes) -> None:
    kind = "application/zip"
    store.put(bucket, key, content, sha256=sha256(content), size=len(content), content_type=kind)


def test_the_published_blob_is_the_incoming_one_under_its_digest(store, incoming, published, key):
    content = some_bytes(20 * KB, seed=10)
    put(store, incoming, key, content)
    assert store.promote(sha256(content), key) == blob_key(sha256(content))
    assert store.open(published, blob_key(sha256(content))).read() == content
    assert store.stat(incoming, key) == 20 * KB, "the database must know the copy first"


def test_promoting_twice_is_fine_also_after_the_source_is_gone(store, incoming, key):
    content = some_bytes(20 * KB, seed=11)
    put(store, incoming, key, content)
    first = store.promote(sha256(content), key)
    store.delete(incoming, key)
    assert store.promote(sha256(content), key) == first


def test_bytes_that_are_not_what_was_reviewed_are_not_published(store, incoming, published, key):
    put(store, incoming, key, b"swapped after review")
    reviewed = sha256(b"what was reviewed")
    with pytest.raises(DigestMismatch, match=reviewed):
        store.promote(reviewed, key)
    assert store.stat(published, blob_key(reviewed)) is None


def test_what_is_not_there_cannot_be_promoted(store, key):
    with pytest.raises(BlobNotFound, match=key):
        store.promote("0" * 64, key)


def test_a_damaged_published_blob_is_replaced_by_its_sound_original(store, incoming, published, key):
    content = some_bytes(9 * KB, seed=12)
    target = blob_key(sha256(content))
    put(store, published, target, b"rotten")
    put(store, incoming, key, content)
    assert store.promote(sha256(content), key) == target
    assert store.open(published, target).read() == content


def test_a_damaged_published_blob_stays_as_evidence_where_there_is_no_original(
    store, incoming, published, key
):
    wanted = sha256(some_bytes(9 * KB, seed=13))
    put(store, published, blob_key(wanted), b"rotten")
    put(store, incoming, key, b"something else")
    with pytest.raises(DigestMismatch, match="damaged"):
        store.promote(wanted, key)
    assert store.open(published, blob_key(wanted)).read() == b"rotten"


def test_a_large_blob_is_copied_right_and_leaves_no_half_copy(
    store, server, incoming, published, key, monkeypatch
):
    monkeypatch.setattr(copying, "WHOLE_BYTES", 6 * MB)
    monkeypatch.setattr(copying, "PART_BYTES", 5 * MB)
    content = some_bytes(11 * MB, seed=14)
    put(store, incoming, key, content)
    target = store.promote(sha256(content), key)
    assert store.open(published, target).read() == content
    head = store.clients.of(published).head_object(Bucket=published, Key=target)
    assert head["ETag"].endswith('-3"') == (server.name == "seaweedfs"), "rclone copies the whole"
    assert target not in {upload.key for upload in unfinished_in(store, published)}


def separate(config):
    return replace(
        config,
        access_key_id=config.access_key_id + "-upload",
        published_access_key_id=config.access_key_id + "-publish",
        published_secret_access_key=config.secret_access_key,
    )


@pytest.fixture
def seaweedfs_alone(server):
    if server.name != "seaweedfs":
        pytest.skip("rclone gives every key the same rights")


@pytest.mark.usefixtures("seaweedfs_alone")
def test_separate_credentials_suffice_for_the_whole_way(config, key):
    store = BlobStore(separate(config))
    content = some_bytes(9 * KB, seed=15)
    put(store, config.bucket_incoming, key, content)
    target = store.promote(sha256(content), key)
    assert store.open(config.bucket_published, target).read() == content

    uploads = MultipartUploads(store)
    upload = uploads.start(key + "-parts")
    uploads.put_part(key + "-parts", upload, 1, b"abc", size=3)
    uploads.complete(key + "-parts", upload)
    ping(store)
    mine = {key, key + "-parts", target}
    for bucket, count in ((config.bucket_incoming, 2), (config.bucket_published, 1)):
        before = datetime.now(UTC) + timedelta(minutes=1)
        assert sweep(store, bucket, lambda it: it not in mine, before=before).objects == count


@pytest.mark.usefixtures("seaweedfs_alone")
def test_the_incoming_key_reaches_nothing_that_is_published(config, key):
    uploader = replace(separate(config), published_access_key_id=None)
    store = BlobStore(uploader)
    with pytest.raises(StorageUnavailable, match="closed to our credentials"):
        put(store, config.bucket_published, key, b"abc")
    with pytest.raises(StorageUnavailable, match="closed to our credentials"):
        store.promote(sha256(b"abc"), key)
