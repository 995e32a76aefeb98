"""How fast blobs go in and out, against plain boto3 on the same store in the same run.

`python -m bench.storage` starts each store that the tests use and prints one table: MiB/s of ours
and of boto3, and their ratio. Rounds alternate, the median counts.
"""

import hashlib
import io
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from storage.blobs import BlobStore
from storage.client import StoreConfig
from storage.multipart import MultipartUploads
from tests.storage import servers

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

MIB = 1024 * 1024
SIZE = 64 * MIB
PART = 16 * MIB
ROUNDS = 5


def plain_client(config: StoreConfig) -> "S3Client":
    """Return boto3's client as it comes, without our settings."""
    return boto3.session.Session().client(
        "s3",
        endpoint_url=config.endpoint_url,
        aws_access_key_id=config.access_key_id,
        aws_secret_access_key=config.secret_access_key,
        region_name=config.region,
    )


class Bench:
    """One store, measured by the same acts done two ways."""

    def __init__(self, server: servers.Server) -> None:
        self.name = server.name
        self.store = BlobStore(server.config)
        self.uploads = MultipartUploads(self.store)
        self.client = plain_client(server.config)
        self.bucket = server.config.bucket_incoming
        self.content = secrets.token_bytes(SIZE)
        self.sha256 = hashlib.sha256(self.content).hexdigest()

    def our_put(self, key: str) -> None:
        stream = io.BytesIO(self.content)
        self.store.put(self.bucket, key, stream, sha256=self.sha256, size=SIZE, content_type="a/b")

    def their_put(self, key: str) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=io.BytesIO(self.content))

    def our_parts(self, key: str) -> None:
        upload = self.uploads.start(key)
        etags = {
            first // PART + 1: self.uploads.put_part(
                key, upload, first // PART + 1, self.content[first : first + PART], size=PART
            )
            for first in range(0, SIZE, PART)
        }
        self.uploads.complete(key, upload, etags)

    def their_parts(self, key: str) -> None:
        self.client.upload_fileobj(io.BytesIO(self.content), self.bucket, key)

    def our_get(self, key: str) -> None:
        with self.store.open(self.bucket, key) as blob:
            for _ in blob:
                pass

    def their_get(self, key: str) -> None:
        body = self.client.get_object(Bucket=self.bucket, Key=key)["Body"]
        for _ in body.iter_chunks(256 * 1024):
            pass

    def verified_get(self, key: str) -> None:
        assert self.store.verify(self.bucket, key, self.sha256)

    def seconds(self, act: Callable[[str], None], key: str) -> float:
        begun = time.perf_counter()
        act(key)
        return time.perf_counter() - begun

    def puts(self, ours: Callable[[str], None], theirs: Callable[[str], None]) -> tuple[float, float]:
        taken: tuple[list[float], list[float]] = ([], [])
        for number in range(ROUNDS * 2):
            key = f"upload-bench-{number}"
            taken[number % 2].append(self.seconds((ours, theirs)[number % 2], key))
            self.store.delete(self.bucket, key)
        return statistics.median(taken[0]), statistics.median(taken[1])

    def gets(self, ours: Callable[[str], None], theirs: Callable[[str], None]) -> tuple[float, float]:
        key = "upload-bench-get"
        self.their_put(key)
        taken = [(self.seconds(ours, key), self.seconds(theirs, key)) for _ in range(ROUNDS)]
        self.store.delete(self.bucket, key)
        return statistics.median(a for a, _ in taken), statistics.median(b for _, b in taken)

    def rows(self) -> list[tuple[str, float, float]]:
        return [
            ("put, one request", *self.puts(self.our_put, self.their_put)),
            ("put, parts (boto3: 10 threads)", *self.puts(self.our_parts, self.their_parts)),
            ("get", *self.gets(self.our_get, self.their_get)),
            ("get with sha256 (boto3 without)", *self.gets(self.verified_get, self.their_get)),
        ]


def measure(server: servers.Server) -> None:
    servers.wait_until(lambda: servers.made_buckets(BlobStore(server.config)), server)
    bench = Bench(server)
    for act, ours, theirs in bench.rows():
        speeds = f"{SIZE / MIB / ours:8.0f} {SIZE / MIB / theirs:8.0f}"
        print(f"{bench.name:10} {act:32} {speeds} {theirs / ours:8.2f}")


def main() -> None:
    print(f"{'store':10} {'64 MiB':32} {'ours':>8} {'boto3':>8} {'ratio':>8}   (MiB/s)")
    for start in (servers.seaweedfs, servers.rclone):
        with tempfile.TemporaryDirectory() as directory, start(Path(directory)) as server:
            measure(server)


if __name__ == "__main__":
    main()
