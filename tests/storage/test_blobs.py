"""Putting and opening blobs."""

import hashlib
import io
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.blobs import BlobStore, Digests
from storage.errors import BlobExists, BlobNotFound, DigestMismatch, RangeNotSatisfiable
from tests.storage.content import KB, MB, Broken, Socket, sha256, some_bytes

SIZES = (0, 1, 11_000, 300 * KB, 3 * MB)


def put(store: BlobStore, bucket: str, key: str, content: bytes, stream=None, said=None) -> bool:
    return store.put(
        bucket,
        key,
        content if stream is None else stream,
        sha256=said or sha256(content),
        size=len(content),
        content_type="application/zip",
    )


@pytest.mark.parametrize("size", SIZES)
def test_what_is_put_from_a_socket_is_read_back_byte_for_byte(store, incoming, key, size):
    content = some_bytes(size)
    assert put(store, incoming, key, content, Socket(content)) is True
    assert store.stat(incoming, key) == size
    with store.open(incoming, key) as blob:
        assert (blob.size_bytes, blob.first, blob.length) == (size, 0, size)
        assert b"".join(blob) == content


def test_the_same_bytes_can_be_put_again(store, incoming, key):
    content = some_bytes(5 * KB)
    assert put(store, incoming, key, content) is True
    assert put(store, incoming, key, content, Socket(content)) is False


def test_other_bytes_never_overwrite(store, incoming, key):
    put(store, incoming, key, b"the first")
    with pytest.raises(BlobExists, match=key):
        put(store, incoming, key, b"the other")
    assert store.open(incoming, key).read() == b"the first"


def test_nobody_gets_a_blob_by_its_digest_alone(store, incoming, key):
    content = b"a secret of somebody else"
    put(store, incoming, key, content)
    guess = io.BytesIO(b"x" * len(content))
    with pytest.raises(DigestMismatch):
        put(store, incoming, key, content, guess)


@pytest.mark.parametrize("size", SIZES[1:])
def test_bytes_with_another_digest_are_refused_and_leave_nothing(store, incoming, key, size):
    content = some_bytes(size)
    with pytest.raises(DigestMismatch, match="not 0000"):
        put(store, incoming, key, content, Socket(content), said="0" * 64)
    assert store.stat(incoming, key) is None


@pytest.mark.parametrize("size", SIZES[1:])
def test_a_stream_that_ends_early_leaves_nothing(store, incoming, key, size):
    content = some_bytes(size)
    with pytest.raises(DigestMismatch, match=f"end after {size - 1} of {size}"):
        put(store, incoming, key, content, Socket(content[:-1]))
    assert store.stat(incoming, key) is None


@pytest.mark.parametrize(("size", "after"), [(11_000, 0), (300 * KB, 0), (300 * KB, 200 * KB)])
def test_a_sender_that_goes_away_is_told_as_it_happened_and_leaves_nothing(store, incoming, key, size, after):
    content = some_bytes(size)
    with pytest.raises(ConnectionResetError, match="went away"):
        put(store, incoming, key, content, Broken(content, after))
    time.sleep(0.5)  # without a content type SeaweedFS would store an empty object now
    assert store.stat(incoming, key) is None


def test_many_writers_of_one_key_end_with_one_blob(store, incoming, key, server):
    content = some_bytes(200 * KB)
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda _: put(store, incoming, key, content), range(8)))
    assert store.verify(incoming, key, sha256(content))
    assert won.count(True) == 1 if server.name == "seaweedfs" else True in won


def test_writers_of_different_bytes_never_mix(store, incoming, key):
    contents = [some_bytes(200 * KB, seed) for seed in range(4)]

    def attempt(content: bytes) -> bool:
        try:
            return put(store, incoming, key, content)
        except BlobExists:
            return False

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(attempt, contents))
    assert store.open(incoming, key).read() in contents


@pytest.mark.parametrize(
    "asked",
    [(0, 0), (0, None), (7, 99), (10_900, 99_999), (10_999, None), (-1, None), (-20_000, None)],
)
def test_a_range_gives_exactly_its_bytes(store, incoming, asked):
    content = some_bytes(11_000)
    put(store, incoming, "ranged", content)
    first, last = asked
    expected = content[first:] if last is None else content[first : last + 1]
    if first < -len(content):
        expected = content
    with store.open(incoming, "ranged", byte_range=asked) as blob:
        assert b"".join(blob.chunks) == expected
        assert (blob.size_bytes, blob.length) == (11_000, len(expected))
        assert blob.first == 11_000 - len(expected) or blob.first == first


def test_a_range_behind_the_end_says_how_long_the_blob_is(store, incoming, key):
    put(store, incoming, key, b"abc")
    with pytest.raises(RangeNotSatisfiable) as caught:
        store.open(incoming, key, byte_range=(3, None))
    assert caught.value.size_bytes == 3


def test_an_empty_blob_has_no_range(store, incoming, key):
    put(store, incoming, key, b"")
    with pytest.raises(RangeNotSatisfiable):
        store.open(incoming, key, byte_range=(0, None))


def test_a_large_blob_comes_in_pieces(store, incoming, key):
    put(store, incoming, key, some_bytes(3 * MB))
    with store.open(incoming, key) as blob:
        assert max(len(chunk) for chunk in blob) <= 256 * KB


def test_a_blob_closed_half_read_gives_its_connection_back(store, incoming, key):
    put(store, incoming, key, some_bytes(MB))
    for _ in range(40):  # more than the pool has
        with store.open(incoming, key) as blob:
            next(blob.chunks)
    assert store.stat(incoming, key) == MB


def test_what_does_not_exist_is_said_so(store, incoming, key):
    assert store.stat(incoming, key) is None
    for act in (store.open, store.digests, store.sha256_of):
        with pytest.raises(BlobNotFound, match=key):
            act(incoming, key)
    with pytest.raises(BlobNotFound):
        store.open(incoming, key, byte_range=(0, 1))
    with pytest.raises(BlobNotFound):
        store.verify(incoming, key, "0" * 64)


def test_digests_are_those_of_the_stored_bytes(store, incoming, key):
    content = some_bytes(700 * KB)
    put(store, incoming, key, content)
    md5 = hashlib.md5(content).hexdigest()
    assert store.digests(incoming, key) == Digests(sha256(content), md5, 700 * KB)
    assert store.sha256_of(incoming, key) == sha256(content)
    assert store.verify(incoming, key, sha256(content))
    assert not store.verify(incoming, key, "0" * 64)


def test_deleting_can_be_done_twice(store, incoming, key):
    put(store, incoming, key, b"abc")
    store.delete(incoming, key)
    store.delete(incoming, key)
    assert store.stat(incoming, key) is None


def test_the_bucket_stays_when_its_last_blob_goes(own_buckets):
    store, bucket = BlobStore(own_buckets), own_buckets.bucket_published
    put(store, bucket, "sha256/aa/bb/last", b"abc")
    store.delete(bucket, "sha256/aa/bb/last")
    assert list(store.list_keys(bucket)) == []
    put(store, bucket, "sha256/aa/bb/next", b"abc")


def test_keys_are_listed_by_prefix_over_all_pages(store, incoming):
    names = [f"listed/{number % 3}/{number:04}" for number in range(1100)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: put(store, incoming, name, b""), names))
    assert list(store.list_keys(incoming, "listed/")) == sorted(names)
    assert list(store.list_keys(incoming, "listed/1/")) == sorted(names)[367:734]
    assert list(store.list_keys(incoming, "nothing/")) == []


def test_a_listed_object_has_size_and_age(store, incoming, key):
    put(store, incoming, key, b"abc")
    (listed,) = store.list_objects(incoming, key)
    assert (listed.key, listed.size_bytes) == (key, 3)
    assert listed.modified.tzinfo is not None


def test_ensuring_the_buckets_twice_is_fine(store):
    store.ensure_buckets()
    store.ensure_buckets()
