"""An upload as the API and the page's script see it."""

from typing import Any

from registry.accounts.actor import Actor
from registry.uploads.models import Upload
from registry.uploads.parts import received_parts, straight_addresses
from registry.uploads.schemas import UploadOut


def show_upload(upload: Upload, *, by: Actor) -> dict[str, Any]:
    """Return an upload as JSON has it; only those who may send parts get the store's addresses of them."""
    straight = straight_addresses(upload) if by.may_upload_to(upload.publisher_id) else {}
    return UploadOut.of(upload, received_parts(upload), straight).model_dump()
