"""512 MiB up, through the store and down again, in a process whose memory stays flat."""

import json
import subprocess
import sys
from dataclasses import asdict

import pytest

MOST_MIB = 64

# Runs alone, so that its peak is its own. The bytes are made as they are asked for.
JOURNEY = """
import hashlib, json, resource, sys
from storage.blobs import BlobStore
from storage.client import StoreConfig
from storage.multipart import MultipartUploads

MB = 1024 * 1024
SIZE, PART = 512 * MB, 64 * MB
BLOCK = bytes(range(256)) * 4096


class Made:
    def __init__(self, size, seed):
        self.left, self.block = size, bytes([seed]) + BLOCK
    def read(self, amount):
        chunk = self.block[: min(amount, self.left, len(self.block))]
        self.left -= len(chunk)
        return chunk


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def digest(size, seed, pieces=1):
    found = hashlib.sha256()
    for number in range(pieces):
        made = Made(size, seed + number)
        while chunk := made.read(128 * 1024):
            found.update(chunk)
    return found.hexdigest()


store = BlobStore(StoreConfig(**json.loads(sys.stdin.read())))
uploads = MultipartUploads(store)
incoming, published = store.config.bucket_incoming, store.config.bucket_published


def whole(size, seed, key):
    # Made gives 128 KiB at a time to whoever asks for that much, as the sending does.
    store.put(incoming, key, Made(size, seed), sha256=digest(size, seed), size=size,
              content_type="application/zip")
    for _ in store.open(incoming, key): pass
    store.delete(incoming, key)


def in_parts(pieces, size, key):
    upload = uploads.start(key)
    etags = {n: uploads.put_part(key, upload, n, Made(size, n), size=size)
             for n in range(1, pieces + 1)}
    total = uploads.complete(key, upload, etags)
    target = store.promote(digest(size, 1, pieces), key)
    with store.open(published, target, byte_range=(size // 2, None)) as blob:
        for _ in blob: pass
    assert total == pieces * size
    store.delete(incoming, key)
    store.delete(published, target)


whole(MB, 9, "upload-warm"); in_parts(1, MB, "upload-warm-parts")
before = peak()
whole(SIZE, 9, "upload-whole")
after_whole = peak()
in_parts(SIZE // PART, PART, "upload-parts")
print(json.dumps({"before": before, "whole": after_whole, "parts": peak()}))
"""


# On SeaweedFS the same goes through the whole of Marquee: see tests/journeys/test_memory.py.
@pytest.mark.parametrize("server", ["rclone"], indirect=True)
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_512_mib_up_and_down_raise_the_memory_by_less_than_64(config):
    answer = subprocess.run(
        [sys.executable, "-c", JOURNEY],
        input=json.dumps(asdict(config)),
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    peaks = json.loads(answer.stdout)
    assert peaks["parts"] - peaks["before"] < MOST_MIB, peaks
