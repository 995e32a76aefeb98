"""Uploads in parts, resumable, always into the incoming bucket.

The store keeps the parts; whoever has key and upload id can go on where the last one stopped.
What came together is not trusted until its digest was read (BlobStore.digests).
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from storage.answers import translated
from storage.blobs import BlobStore
from storage.errors import BlobExists, PartsMissing, UploadNotFound
from storage.presign import checked_seconds
from storage.streams import Incoming, Readable

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import PartTypeDef


@dataclass(frozen=True)
class Part:
    """A part that the store holds. `etag` as the store said it, quotes included."""

    number: int
    etag: str
    size_bytes: int


@dataclass(frozen=True)
class Unfinished:
    """An upload that was begun and neither completed nor aborted; `started` has a time zone."""

    key: str
    upload_id: str
    started: datetime


class MultipartUploads:
    """The multipart uploads of a store's incoming bucket."""

    def __init__(self, store: BlobStore) -> None:
        self._store = store
        self._bucket = store.config.bucket_incoming
        self._client = store.clients.of(self._bucket)

    def start(self, key: str, *, content_type: str = "application/octet-stream") -> str:
        """Begin an upload and return the store's identifier of it."""
        with translated(self._named(key)):
            return self._client.create_multipart_upload(
                Bucket=self._bucket, Key=key, ContentType=content_type
            )["UploadId"]

    def put_part(
        self,
        key: str,
        upload_id: str,
        number: int,
        stream: Readable | bytes,
        *,
        size: int,
        sha256: str | None = None,
    ) -> str:
        """Send exactly `size` bytes as part `number` (from 1), as they come; return its ETag.

        A part may be sent again; rclone then accepts only the same bytes. Raises DigestMismatch,
        UploadNotFound, StorageUnavailable, and whatever the stream itself raises.
        """
        body = Incoming(stream, size=size, sha256=sha256)
        with body.blamed(), translated(self._named(key)):
            return self._client.upload_part(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                PartNumber=number,
                Body=body.as_file(),
                ContentLength=size,
            )["ETag"]

    def presign_part(self, key: str, upload_id: str, number: int, *, size: int, seconds: int) -> str:
        """Return an address that takes one PUT of exactly `size` bytes: the length is signed."""
        return self._store.clients.public(self._bucket).generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "UploadId": upload_id,
                "PartNumber": number,
                "ContentLength": size,
            },
            ExpiresIn=checked_seconds(seconds),
        )

    def list_parts(self, key: str, upload_id: str) -> list[Part]:
        """Return the parts that arrived, by number. Raises UploadNotFound.

        SeaweedFS keeps every sending of a part, and an empty one where the sender broke off at
        once: of each number the latest that has bytes counts. A caller that knows the size of a
        part should count one of another size as missing.
        """
        best: dict[int, PartTypeDef] = {}
        pages = self._client.get_paginator("list_parts")
        with translated(self._named(key)):
            for page in pages.paginate(Bucket=self._bucket, Key=key, UploadId=upload_id):
                for part in page.get("Parts", []):
                    number = part["PartNumber"]
                    best[number] = max(best.get(number, part), part, key=_worth)
        return [Part(n, best[n]["ETag"], best[n]["Size"]) for n in sorted(best)]

    def complete(self, key: str, upload_id: str, etags: Mapping[int, str] | None = None) -> int:
        """Make one blob of the parts 1 to n and return its size in bytes.

        `etags` by number, as put_part returned them, say which sending of each part is meant;
        without them it is what list_parts tells. It may run twice. Raises PartsMissing,
        UploadNotFound, StorageUnavailable.
        """
        size = self._store.stat(self._bucket, key)
        if size is not None:  # done before, and the answer was lost
            self.abort(key, upload_id)
            return size
        if etags is None:
            etags = {part.number: part.etag for part in self.list_parts(key, upload_id)}
        _require_gapless(etags, self._named(key))
        return self._complete(key, upload_id, etags)

    def _complete(self, key: str, upload_id: str, etags: Mapping[int, str]) -> int:
        parts = [{"PartNumber": number, "ETag": etags[number]} for number in sorted(etags)]
        with suppress(BlobExists), translated(self._named(key)):
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={"Parts": parts},  # type: ignore[typeddict-item]
                IfNoneMatch="*",
            )
        return self._store.require_size(self._bucket, key)

    def abort(self, key: str, upload_id: str) -> None:
        """Forget an upload and its parts; one that does not exist is no error."""
        with suppress(UploadNotFound), translated(self._named(key)):
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload_id)

    def list_unfinished(self, older_than: datetime) -> Iterator[Unfinished]:
        """Yield the uploads begun before this time (with time zone), page by page."""
        return (u for u in unfinished_in(self._store, self._bucket) if u.started < older_than)

    def _named(self, key: str) -> str:
        return f"{self._bucket}/{key}"


def unfinished_in(store: BlobStore, bucket: str) -> Iterator[Unfinished]:
    """Yield all unfinished uploads of a bucket: in the published one, copies that broke off."""
    pages = store.clients.of(bucket).get_paginator("list_multipart_uploads")
    # rclone answers NoSuchUpload where a bucket never had one.
    with suppress(UploadNotFound), translated(f"the unfinished uploads of {bucket}"):
        for page in pages.paginate(Bucket=bucket):
            for item in page.get("Uploads", []):
                yield Unfinished(item["Key"], item["UploadId"], item["Initiated"])


def _worth(part: "PartTypeDef") -> tuple[bool, datetime]:
    return part["Size"] > 0, part["LastModified"]


def _require_gapless(etags: Mapping[int, str], what: str) -> None:
    missing = set(range(1, max(etags, default=1) + 1)) - set(etags)
    if missing:
        raise PartsMissing(f"{what} misses part {min(missing)}; send it, then complete again.")
