"""What nobody refers to is swept; what is known or young is never touched."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.errors import UploadNotFound
from storage.multipart import MultipartUploads
from storage.sweep import Swept, sweep
from tests.storage.content import sha256

LATER = timedelta(minutes=1)


def put(store, bucket, key, content=b"abc") -> str:
    size = len(content)
    store.put(bucket, key, content, sha256=sha256(content), size=size, content_type="a/b")
    return key


def nobody_knows(_: str) -> bool:
    return False


@pytest.fixture
def config(own_buckets):
    """Everything here happens in buckets that hold nothing else."""
    return own_buckets


@pytest.mark.parametrize("which", ["bucket_incoming", "bucket_published"])
def test_orphans_go_and_known_blobs_stay(store, config, which):
    bucket = getattr(config, which)
    known, orphan = put(store, bucket, "sha256/kn/ow/known"), put(store, bucket, "sha256/or/ph/an")
    swept = sweep(store, bucket, {known}.__contains__, before=datetime.now(UTC) + LATER)
    assert swept == Swept(objects=1, size_bytes=3, uploads=0)
    assert list(store.list_keys(bucket)) == [known]
    assert store.stat(bucket, orphan) is None


def test_what_is_young_stays_though_nobody_knows_it_yet(store, incoming, uploads, key):
    put(store, incoming, key)
    upload = uploads.start(key + "-open")
    before = datetime.now(UTC) - timedelta(hours=1)
    assert sweep(store, incoming, nobody_knows, before=before) == Swept(0, 0, 0)
    assert store.stat(incoming, key) == 3
    assert uploads.list_parts(key + "-open", upload) == []


def test_uploads_left_behind_are_aborted_and_known_ones_go_on(store, incoming, uploads, key):
    left, open_still = uploads.start(key + "-left"), uploads.start(key + "-open")
    known = {key + "-open"}.__contains__
    swept = sweep(store, incoming, known, before=datetime.now(UTC) + LATER)
    assert swept == Swept(objects=0, size_bytes=0, uploads=1)
    with pytest.raises(UploadNotFound):
        uploads.list_parts(key + "-left", left)
    assert uploads.list_parts(key + "-open", open_still) == []


def test_a_copy_that_broke_off_is_swept_though_its_blob_is_known(store, published):
    store.clients.of(published).create_multipart_upload(Bucket=published, Key="sha256/br/ok/en")
    swept = sweep(store, published, lambda _: True, before=datetime.now(UTC) + LATER)
    assert swept.uploads == 1


def test_a_second_sweep_finds_nothing(store, incoming, key):
    put(store, incoming, key)
    MultipartUploads(store).start(key + "-left")
    before = datetime.now(UTC) + LATER
    assert sweep(store, incoming, nobody_knows, before=before) == Swept(1, 3, 1)
    assert sweep(store, incoming, nobody_knows, before=before) == Swept(0, 0, 0)
