"""The store of the running application, one for each process (its connections do not survive a fork)."""

import os

from flask import current_app

from registry.configured import settings
from storage.blobs import BlobStore
from storage.multipart import MultipartUploads


def store() -> BlobStore:
    """Return this process's blob store."""
    held: tuple[int, BlobStore] | None = current_app.extensions.get("marquee_store")
    if held is None or held[0] != os.getpid():
        held = (os.getpid(), BlobStore(settings().store))
        current_app.extensions["marquee_store"] = held
    return held[1]


def multipart() -> MultipartUploads:
    """Return the multipart uploads of the incoming bucket."""
    return MultipartUploads(store())
