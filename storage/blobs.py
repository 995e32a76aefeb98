"""The blobs: put, open, stat, verify, promote, delete, and addresses for clients.

Bytes are streamed, counted and hashed by us both ways, and never overwritten. What a store
promises besides is welcome, but not relied on.
"""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from storage.answers import translated
from storage.client import Clients, StoreConfig
from storage.copying import Place, copy
from storage.errors import AddressRefused, BlobExists, BlobNotFound, DigestMismatch
from storage.keys import blob_key
from storage.presign import checked_seconds, content_disposition
from storage.ranges import ByteRange, resolve
from storage.streams import CHUNK_BYTES, Blob, Incoming, Readable, window

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from types_boto3_s3.type_defs import CORSRuleTypeDef

# Amazon alone wants to be told a bucket's place, and only away from its first region.
FIRST_REGION = "us-east-1"


@dataclass(frozen=True)
class Digests:
    """What one reading of a blob found; both digests in lower-case hexadecimal."""

    sha256: str
    md5: str
    size_bytes: int


@dataclass(frozen=True)
class Listed:
    """An object as a listing shows it; `modified` has a time zone."""

    key: str
    size_bytes: int
    modified: datetime


class BlobStore:
    """Two buckets of one store. Threads may share it; a forked process makes its own."""

    def __init__(self, config: StoreConfig) -> None:
        self.config = config
        self.clients = Clients(config)

    def ensure_buckets(self) -> None:
        """Create the two buckets where they do not exist. Raises StorageUnavailable."""
        for bucket in (self.config.bucket_incoming, self.config.bucket_published):
            if not self._has_bucket(bucket):
                self._create_bucket(bucket)

    def _has_bucket(self, bucket: str) -> bool:
        with suppress(BlobNotFound), translated(f"bucket {bucket}"):
            self.clients.of(bucket).head_bucket(Bucket=bucket)
            return True
        return False

    def _create_bucket(self, bucket: str) -> None:
        options: dict[str, Any] = {}
        if self.config.region != FIRST_REGION:
            options["CreateBucketConfiguration"] = {"LocationConstraint": self.config.region}
        with suppress(BlobExists), translated(f"bucket {bucket}"):
            self.clients.of(bucket).create_bucket(Bucket=bucket, **options)

    def put(
        self,
        bucket: str,
        key: str,
        stream: Readable | bytes,
        *,
        sha256: str,
        size: int,
        content_type: str,
    ) -> bool:
        """Store exactly `size` bytes under a free key; return False if the same lay there already.

        The stream is read and checked in either case, so that nobody gets at a blob by knowing its
        digest. Raises DigestMismatch, BlobExists (other bytes lie there), StorageUnavailable, and
        whatever the stream itself raises.
        """
        body = Incoming(stream, size=size, sha256=sha256, md5=True)
        place = Place(bucket, key)
        if self.stat(bucket, key) is None and self._write(place, body, sha256, content_type):
            return True
        body.drain()
        if not self.verify(bucket, key, sha256):
            raise BlobExists(f"Other bytes lie under {place}; they stay, and nothing was stored.")
        return False

    def _write(self, place: Place, body: Incoming, sha256: str, content_type: str) -> bool:
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode("ascii")
        try:
            with body.blamed(), translated(str(place)):
                answer = self.clients.of(place.bucket).put_object(
                    Bucket=place.bucket,
                    Key=place.key,
                    Body=body.as_file(),
                    ContentLength=body.size,
                    ContentType=content_type,
                    ChecksumSHA256=checksum,
                    IfNoneMatch="*",
                )
        except BlobExists:
            return False
        # Where the ETag is no md5 (encrypted buckets), only reading again can tell.
        if answer["ETag"].strip('"') != body.md5:
            self._require_kept(place, sha256)
        return True

    def _require_kept(self, place: Place, sha256: str) -> None:
        if not self.verify(place.bucket, place.key, sha256):
            self.delete(place.bucket, place.key)
            raise DigestMismatch(f"The store kept other bytes under {place} than it was sent.")

    def open(self, bucket: str, key: str, *, byte_range: ByteRange | None = None) -> Blob:
        """Open a blob, or a part of it, for reading as it comes.

        The range is right on every store: one that ignores `Range` is read from its beginning.
        Raises BlobNotFound, RangeNotSatisfiable, StorageUnavailable; the last also while reading.
        """
        what = f"{bucket}/{key}"
        options: dict[str, Any] = {}
        if byte_range is not None:
            size = self.require_size(bucket, key)
            first, length = resolve(byte_range, size)
            options["Range"] = f"bytes={first}-{first + length - 1}"
        with translated(what):
            answer = self.clients.of(bucket).get_object(Bucket=bucket, Key=key, **options)
        if byte_range is None:
            size = length = answer["ContentLength"]
            first = 0
        skip = first if answer["ContentLength"] != length else 0
        body = answer["Body"]
        chunks = _chunks(body, what, skip, length)
        return Blob(size_bytes=size, first=first, length=length, chunks=chunks, close=body.close)

    def require_size(self, bucket: str, key: str) -> int:
        """Return a blob's size in bytes. Raises BlobNotFound."""
        size = self.stat(bucket, key)
        if size is None:
            raise BlobNotFound(f"{bucket}/{key} does not exist.")
        return size

    def stat(self, bucket: str, key: str) -> int | None:
        """Return a blob's size in bytes, or None where there is none. Raises StorageUnavailable."""
        with suppress(BlobNotFound), translated(f"{bucket}/{key}"):
            return self.clients.of(bucket).head_object(Bucket=bucket, Key=key)["ContentLength"]
        return None

    def verify(self, bucket: str, key: str, sha256: str) -> bool:
        """Read a blob again and say whether it has this sha256. Raises BlobNotFound."""
        found = hashlib.sha256()
        with self.open(bucket, key) as blob:
            for chunk in blob.chunks:
                found.update(chunk)
        return found.hexdigest() == sha256

    def sha256_of(self, bucket: str, key: str) -> str:
        """Read a blob and return its sha256. Raises BlobNotFound."""
        return self.digests(bucket, key).sha256

    def digests(self, bucket: str, key: str) -> Digests:
        """Read a blob once and return its digests and size. Raises BlobNotFound."""
        sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
        with self.open(bucket, key) as blob:
            for chunk in blob.chunks:
                sha256.update(chunk)
                md5.update(chunk)
                size += len(chunk)
        return Digests(sha256.hexdigest(), md5.hexdigest(), size)

    def promote(self, sha256: str, source_key: str) -> str:
        """Copy a blob from the incoming to the published bucket; return its key there.

        The store copies, we read the copy and compare. It may run twice, and after the source is
        gone. The source is not deleted: first the database must know the copy.
        Raises BlobNotFound, DigestMismatch (nothing stays published), StorageUnavailable.
        """
        target = Place(self.config.bucket_published, blob_key(sha256))
        source = Place(self.config.bucket_incoming, source_key)
        if self.stat(target.bucket, target.key) is not None:
            if self.verify(target.bucket, target.key, sha256):
                return target.key
            self._make_room(source, target, sha256)
        copy(self.clients, source, target)
        if not self.verify(target.bucket, target.key, sha256):
            self.delete(target.bucket, target.key)
            raise DigestMismatch(f"The bytes of {source} do not have sha256 {sha256}.")
        return target.key

    def _make_room(self, source: Place, target: Place, sha256: str) -> None:
        # The published blob is damaged. It goes only when there is a sound one to take its place.
        if not self.verify(source.bucket, source.key, sha256):
            raise DigestMismatch(f"{target} is damaged, and {source} is not its original.")
        self.delete(target.bucket, target.key)

    def delete(self, bucket: str, key: str) -> None:
        """Delete a blob; one that does not exist is no error. Raises StorageUnavailable."""
        with suppress(BlobNotFound), translated(f"{bucket}/{key}"):
            self.clients.of(bucket).delete_object(Bucket=bucket, Key=key)

    def presign_get(
        self,
        bucket: str,
        key: str,
        *,
        seconds: int,
        filename: str,
        content_type: str,
        for_reviewers: bool = False,
    ) -> str:
        """Return an address that downloads a blob under this name until its seconds are over.

        Raises AddressRefused for the incoming bucket, unless the caller says that publisher or
        moderators ask. The address is for GET: S3 signs the method too.
        """
        if bucket != self.config.bucket_published and not for_reviewers:
            raise AddressRefused(f"{bucket}/{key} is not published, so no address leads to it.")
        return self.clients.public(bucket).generate_presigned_url(
            "get_object",
            Params={
                "Bucket": bucket,
                "Key": key,
                "ResponseContentDisposition": content_disposition(filename),
                "ResponseContentType": content_type,
            },
            ExpiresIn=checked_seconds(seconds),
        )

    def list_keys(self, bucket: str, prefix: str = "") -> Iterator[str]:
        """Yield the keys of a bucket in their order, page by page. Raises StorageUnavailable."""
        return (listed.key for listed in self.list_objects(bucket, prefix))

    def list_objects(self, bucket: str, prefix: str = "") -> Iterator[Listed]:
        """Yield the objects of a bucket with size and age, page by page."""
        pages = self.clients.of(bucket).get_paginator("list_objects_v2")
        with translated(f"the list of {bucket}"):
            for page in pages.paginate(Bucket=bucket, Prefix=prefix):
                for item in page.get("Contents", []):
                    yield Listed(item["Key"], item["Size"], item["LastModified"])

    def allowed_origins(self) -> list[str]:
        """Return the origins whose pages may send parts straight to the store, by its own rules."""
        bucket = self.config.bucket_incoming
        with suppress(BlobNotFound), translated(f"the CORS rules of {bucket}"):
            answer = self.clients.of(bucket).get_bucket_cors(Bucket=bucket)
            return [one for rule in answer.get("CORSRules", []) for one in rule["AllowedOrigins"]]
        return []

    def allow_origin(self, origin: str) -> None:
        """Let pages of this origin send parts straight to the store (CORS of the incoming bucket).

        Raises StorageError where the store has no such setting.
        """
        bucket = self.config.bucket_incoming
        rule: CORSRuleTypeDef = {
            "AllowedOrigins": [origin],
            "AllowedMethods": ["PUT"],
            "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag"],
        }
        with translated(f"the CORS rule of {bucket}"):
            self.clients.of(bucket).put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})


def _chunks(body: "StreamingBody", what: str, skip: int, length: int) -> Iterator[bytes]:
    with translated(what), closing(body):
        yield from window(body.iter_chunks(CHUNK_BYTES), skip, length)
