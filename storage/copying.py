"""The store's own copy between its buckets: no byte passes through us.

Small blobs are copied whole; larger ones in parts, so that no single call takes long. rclone knows
no copy of parts (it stores an empty one instead and says so by answering nothing): there the whole
is copied by one patient call.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.answers import translated
from storage.client import Clients
from storage.errors import BlobExists, NotSupported

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import CompletedPartTypeDef, CopySourceTypeDef

WHOLE_BYTES = 64 * 1024 * 1024
PART_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Place:
    """Where an object lies."""

    bucket: str
    key: str

    @property
    def source(self) -> "CopySourceTypeDef":
        """Return it as S3 names a source."""
        return {"Bucket": self.bucket, "Key": self.key}

    def __str__(self) -> str:
        return f"{self.bucket}/{self.key}"


def copy(clients: Clients, source: Place, target: Place) -> None:
    """Copy an object to a free key; one that is there already stays as it is.

    Signed with the target bucket's credentials, which must be able to read the source.
    Raises BlobNotFound, StorageUnavailable.
    """
    with translated(str(source)):
        head = clients.of(target.bucket).head_object(Bucket=source.bucket, Key=source.key)
    try:
        if head["ContentLength"] > WHOLE_BYTES:
            _copy_large(clients, source, target, head["ContentLength"], head["ContentType"])
        else:
            _copy_whole(clients, source, target)
    except BlobExists:
        return


def _copy_large(clients: Clients, source: Place, target: Place, size: int, content_type: str) -> None:
    try:
        copy_in_parts(clients, source, target, size, content_type)
    except NotSupported:
        _copy_whole(clients, source, target)


def copy_in_parts(clients: Clients, source: Place, target: Place, size: int, content_type: str) -> None:
    """Copy an object of this size in parts, or leave nothing behind. Raises NotSupported."""
    _PartCopy(clients, source, target).run(size, content_type)


def _copy_whole(clients: Clients, source: Place, target: Place) -> None:
    with translated(str(source)):
        clients.patient(target.bucket).copy_object(
            Bucket=target.bucket, Key=target.key, CopySource=source.source, IfNoneMatch="*"
        )


class _PartCopy:
    """A multipart upload whose parts the store takes from another object."""

    def __init__(self, clients: Clients, source: Place, target: Place) -> None:
        self._client = clients.of(target.bucket)
        self._source = source
        self._target = target
        self._upload_id = ""

    def run(self, size: int, content_type: str) -> None:
        """Copy all parts and complete, or leave nothing behind. Raises NotSupported."""
        with translated(str(self._target)):
            self._upload_id = self._client.create_multipart_upload(
                Bucket=self._target.bucket, Key=self._target.key, ContentType=content_type
            )["UploadId"]
        try:
            self._complete([self._part(number, size) for number in _numbers(size)])
        except BaseException:
            self._abort()
            raise

    def _part(self, number: int, size: int) -> "CompletedPartTypeDef":
        first = (number - 1) * PART_BYTES
        last = min(first + PART_BYTES, size) - 1
        with translated(str(self._source)):
            answer = self._client.upload_part_copy(
                Bucket=self._target.bucket,
                Key=self._target.key,
                UploadId=self._upload_id,
                PartNumber=number,
                CopySource=self._source.source,
                CopySourceRange=f"bytes={first}-{last}",
            )
        etag = answer.get("CopyPartResult", {}).get("ETag")
        if etag is None:
            raise NotSupported("The store copies no parts.")
        return {"PartNumber": number, "ETag": etag}

    def _complete(self, parts: "list[CompletedPartTypeDef]") -> None:
        with translated(str(self._target)):
            self._client.complete_multipart_upload(
                Bucket=self._target.bucket,
                Key=self._target.key,
                UploadId=self._upload_id,
                MultipartUpload={"Parts": parts},
                IfNoneMatch="*",
            )

    def _abort(self) -> None:
        with translated(str(self._target)):
            self._client.abort_multipart_upload(
                Bucket=self._target.bucket, Key=self._target.key, UploadId=self._upload_id
            )


def _numbers(size: int) -> range:
    return range(1, -(-size // PART_BYTES) + 1)
