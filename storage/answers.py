"""The store's refusals and silences, turned into our errors.

Every call to the store stands in `translated(what)`; `what` names the object for the sentence.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from storage.errors import (
    BlobExists,
    BlobNotFound,
    DigestMismatch,
    NotSupported,
    PartsMissing,
    StorageError,
    StorageUnavailable,
    UploadNotFound,
)

# What S3 stores call it, what it is, how the sentence goes on. A HEAD has no body, so there the
# status alone is the code.
ANSWERS: dict[str, tuple[type[StorageError], str]] = {
    "NoSuchKey": (BlobNotFound, "does not exist"),
    "404": (BlobNotFound, "does not exist"),
    "NoSuchCORSConfiguration": (BlobNotFound, "do not exist"),
    "NoSuchUpload": (UploadNotFound, "is no unfinished upload"),
    "NoSuchBucket": (StorageUnavailable, "lies in a bucket that does not exist"),
    "PreconditionFailed": (BlobExists, "exists already"),
    "ConditionalRequestConflict": (StorageUnavailable, "is being written by another; try again"),
    "BucketAlreadyOwnedByYou": (BlobExists, "exists already"),
    "BucketAlreadyExists": (BlobExists, "exists already"),
    "NotImplemented": (NotSupported, "asks for something that this store cannot do"),
    "BadDigest": (DigestMismatch, "arrived with other bytes than its digest promises"),
    "XAmzContentChecksumMismatch": (DigestMismatch, "arrived with other bytes than promised"),
    "XAmzContentSHA256Mismatch": (DigestMismatch, "arrived with other bytes than promised"),
    "InvalidPart": (PartsMissing, "misses a part, or has another one than was named"),
    "InvalidPartOrder": (PartsMissing, "has its parts in the wrong order"),
    "EntityTooSmall": (PartsMissing, "has a part below the store's least size"),
    "AccessDenied": (StorageUnavailable, "is closed to our credentials"),
    "403": (StorageUnavailable, "is closed to our credentials"),
    "InvalidAccessKeyId": (
        StorageUnavailable,
        "cannot be asked for: the store does not know our key",
    ),
    "SignatureDoesNotMatch": (StorageUnavailable, "cannot be asked for: our secret key is wrong"),
    "RequestTimeTooSkewed": (
        StorageUnavailable,
        "cannot be asked for: this machine's clock and the store's differ too much",
    ),
}


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Run calls to the store; raise StorageError or one of its children for what they raise."""
    try:
        yield
    except ClientError as error:
        raise _refusal(error, what) from error
    except (BotoCoreError, HTTPError) as error:
        raise StorageUnavailable(f"The store did not answer for {what}: {error}") from error


def _refusal(error: ClientError, what: str) -> StorageError:
    code = error.response["Error"].get("Code", "unknown")
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    if code in ANSWERS:
        kind, said = ANSWERS[code]
        return kind(f"{what} {said}.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return StorageUnavailable(f"The store failed at {what}: {code}.")
    message = error.response["Error"].get("Message", "")
    return StorageError(f"The store refused {what}: {code} {message}".rstrip())
