"""A throw-away corner of a store, where probes may write; leaving it leaves nothing behind."""

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

from storage.answers import translated
from storage.blobs import BlobStore
from storage.errors import StorageError
from storage.multipart import unfinished_in

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

BYTES = bytes(range(256)) * 4
FILENAME = "prüfung.zip"
CONTENT_TYPE = "application/zip"
SHA256 = hashlib.sha256(BYTES).hexdigest()


@dataclass(frozen=True)
class Reply:
    """A plain HTTP answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Room:
    """Keys under one random prefix of both buckets, without a folder."""

    def __init__(self, store: BlobStore) -> None:
        self.store = store
        self.incoming = store.config.bucket_incoming
        self.published = store.config.bucket_published
        self.client: S3Client = store.clients.of(self.incoming)
        self.prefix = f"check-{secrets.token_hex(8)}-"
        self._http = URLLib3Session(timeout=10)

    def key(self, name: str) -> str:
        """Return a key of this room."""
        return self.prefix + name

    def put(self, name: str, content: bytes = BYTES, **options: Any) -> str:
        """Put past our own care and return the key; `options` are boto3's."""
        key = self.key(name)
        with translated(key):
            self.client.put_object(Bucket=self.incoming, Key=key, Body=content, **options)
        return key

    def read(self, key: str, bucket: str | None = None) -> bytes:
        """Return an object of the incoming bucket, or of the one named."""
        return self.store.open(bucket or self.incoming, key).read()

    def address(self, key: str, *, seconds: int = 60) -> str:
        """Return an address of an object, as clients get it."""
        return self.store.presign_get(
            self.incoming,
            key,
            seconds=seconds,
            filename=FILENAME,
            content_type=CONTENT_TYPE,
            for_reviewers=True,
        )

    def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes = b"",
    ) -> Reply:
        """Ask as any client on the network would, without credentials."""
        request = AWSRequest(method=method, url=url, headers=headers or {}, data=body)
        with translated(url.partition("?")[0]):
            answer = self._http.send(request.prepare())
            named = {name.lower(): value for name, value in answer.headers.items()}
            return Reply(answer.status_code, named, answer.content)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()
        for bucket in (self.incoming, self.published):
            with suppress(StorageError):
                self._empty(bucket)

    def _empty(self, bucket: str) -> None:
        client = self.store.clients.of(bucket)
        for upload in list(unfinished_in(self.store, bucket)):
            if upload.key.startswith(self.prefix):
                with suppress(StorageError), translated(upload.key):
                    client.abort_multipart_upload(Bucket=bucket, Key=upload.key, UploadId=upload.upload_id)
        for key in list(self.store.list_keys(bucket, self.prefix)):
            self.store.delete(bucket, key)
