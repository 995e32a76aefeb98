"""Removes what nobody refers to: orphan objects and uploads that were left behind.

Bytes are stored before the row that names them, so what is young is never touched. And a service
that is about to use a blob writes down that intent before it stores or promotes: `is_known` says
True for intents too. It is asked right before each deletion, not once for all. (On rclone a copy
is as old as what it was copied from, so there age alone protects no promotion.)
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from storage.answers import translated
from storage.blobs import BlobStore
from storage.errors import UploadNotFound
from storage.multipart import Unfinished, unfinished_in


@dataclass(frozen=True)
class Swept:
    """How much one sweep of a bucket removed."""

    objects: int
    size_bytes: int
    uploads: int


def sweep(store: BlobStore, bucket: str, is_known: Callable[[str], bool], *, before: datetime) -> Swept:
    """Delete the bucket's objects and unfinished uploads from before this time that nobody knows.

    In the published bucket an unfinished upload is a copy that broke off, whatever its key.
    Raises StorageUnavailable; what was deleted until then stays deleted.
    """
    objects, size_bytes = _sweep_objects(store, bucket, is_known, before)
    uploads = _sweep_uploads(store, bucket, is_known, before)
    return Swept(objects, size_bytes, uploads)


def _sweep_objects(
    store: BlobStore, bucket: str, is_known: Callable[[str], bool], before: datetime
) -> tuple[int, int]:
    count = size_bytes = 0
    for listed in store.list_objects(bucket):
        if listed.modified < before and not is_known(listed.key):
            store.delete(bucket, listed.key)
            count += 1
            size_bytes += listed.size_bytes
    return count, size_bytes


def _sweep_uploads(store: BlobStore, bucket: str, is_known: Callable[[str], bool], before: datetime) -> int:
    copies = bucket == store.config.bucket_published
    count = 0
    for upload in unfinished_in(store, bucket):
        if upload.started < before and (copies or not is_known(upload.key)):
            _abort(store, bucket, upload)
            count += 1
    return count


def _abort(store: BlobStore, bucket: str, upload: Unfinished) -> None:
    with suppress(UploadNotFound), translated(f"{bucket}/{upload.key}"):
        store.clients.of(bucket).abort_multipart_upload(
            Bucket=bucket, Key=upload.key, UploadId=upload.upload_id
        )
