"""What can go wrong with stored bytes, each with a sentence that says what and where.

No botocore exception leaves this package: callers know these classes and nothing of S3.
"""


class StorageError(Exception):
    """Base of everything that storage raises; its text is a sentence for people."""


class BlobNotFound(StorageError):
    """No object lies under this key."""


class BlobExists(StorageError):
    """Other bytes lie under this key already; nothing is ever overwritten."""


class StorageUnavailable(StorageError):
    """The store does not answer, refuses our credentials, or has no such bucket."""


class DigestMismatch(StorageError):
    """The bytes are not those that their digest and size promise."""


class UploadNotFound(StorageError):
    """No unfinished multipart upload has this identifier."""


class PartsMissing(StorageError):
    """A multipart upload cannot be completed: a part is missing, too small or not the one named."""


class NotSupported(StorageError):
    """The store cannot do this; `python -m storage check` says what it can."""


class RangeNotSatisfiable(StorageError):
    """The range begins behind the blob's end; `size_bytes` is what the blob has (HTTP 416)."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"The range lies outside the blob, which has {size_bytes} bytes.")
        self.size_bytes = size_bytes


class AddressRefused(StorageError):
    """No address is made for bytes that are not published, except for those who review them."""
