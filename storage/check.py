"""Asks a store what it can promise, by trying; says it in words.

`probe` tries everything (seconds, a throw-away prefix, cleaned up after); `ping` only asks whether
both buckets answer now.
"""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from storage.answers import translated
from storage.blobs import BlobStore
from storage.client import make_client
from storage.errors import BlobNotFound, StorageError, StorageUnavailable
from storage.promises import PROBES, Probe
from storage.room import Room

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

PING_SECONDS = 2.0


@dataclass(frozen=True)
class Promise:
    """One thing a store may promise: whether it keeps it, whether Marquee needs it, in words."""

    name: str
    kept: bool
    needed: bool
    sentence: str


@dataclass(frozen=True)
class Report:
    """What `python -m storage check` found."""

    endpoint_url: str
    promises: list[Promise]

    @property
    def usable(self) -> bool:
        """Say whether everything that Marquee needs is there."""
        return all(promise.kept or not promise.needed for promise in self.promises)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "endpoint_url": self.endpoint_url,
            "usable": self.usable,
            "promises": [asdict(promise) for promise in self.promises],
        }


def ping(store: BlobStore) -> None:
    """Return if both buckets answer within seconds. Raises StorageUnavailable."""
    config = store.config
    buckets = ((config, config.bucket_incoming), (config.for_published(), config.bucket_published))
    for keyed, bucket in buckets:
        client = make_client(keyed, connect_seconds=PING_SECONDS, read_seconds=PING_SECONDS, attempts=1)
        _require_bucket(client, bucket)


def _require_bucket(client: "S3Client", bucket: str) -> None:
    try:
        with translated(f"bucket {bucket}"):
            client.head_bucket(Bucket=bucket)
    except BlobNotFound as error:
        raise StorageUnavailable(f"The store has no bucket {bucket}.") from error


def probe(store: BlobStore) -> list[Promise]:
    """Try every promise of the store under a throw-away prefix, and clean up.

    Raises StorageUnavailable when the store does not answer or has no such buckets.
    """
    ping(store)
    with Room(store) as room:
        return [_outcome(each, room) for each in PROBES]


def _outcome(each: Probe, room: Room) -> Promise:
    try:
        kept = each.attempt(room)
    except StorageError:
        kept = False
    needed = each.needed(room.store.config)
    return Promise(each.name, kept, needed, each.kept if kept else each.broken)
