"""Where the parts of an upload go, and which of them are safe.

Where clients reach the store (``S3_PUBLIC_URL``), a part's address is the store's own, presigned for
exactly its bytes, and the store alone knows what came. Elsewhere Marquee takes the part and writes it
down.
"""

from collections.abc import Mapping

from sqlalchemy import select

from registry.configured import settings
from registry.database import session, transaction
from registry.storing import multipart
from registry.uploads import rules
from registry.uploads.models import Upload, UploadPart, UploadState
from storage.errors import UploadNotFound
from storage.keys import upload_key

ADDRESS_FOR_S = 6 * 3600


def straight_addresses(upload: Upload) -> Mapping[int, str]:
    """Return the store's own address of each part by number; none where clients cannot reach it."""
    store_id = upload.store_id
    if settings().store.public_url is None or store_id is None or upload.state is not UploadState.OPEN:
        return {}
    key, sizes = upload_key(str(upload.id)), _sizes(upload)
    return {
        number: multipart().presign_part(key, store_id, number, size=size, seconds=ADDRESS_FOR_S)
        for number, size in sizes.items()
    }


def received_parts(upload: Upload) -> list[UploadPart]:
    """Return the parts that are safe, in order."""
    return all_parts(upload) if settings().store.public_url else _written_parts(upload)


def all_parts(upload: Upload) -> list[UploadPart]:
    """Return the parts that we wrote down, and those besides that the store holds."""
    parts = {part.number: part for part in _written_parts(upload)}
    sizes = _sizes(upload)
    if upload.state is UploadState.OPEN and upload.store_id and len(parts) < len(sizes):
        for part in _parts_in_store(upload, upload.store_id):
            if part.size_bytes == sizes.get(part.number):
                parts.setdefault(part.number, part)
    return [parts[number] for number in sorted(parts)]


def missing_parts(upload: Upload, parts: list[UploadPart]) -> list[int]:
    """Return the numbers of the parts that are still to come."""
    return sorted(set(_sizes(upload)) - {part.number for part in parts})


def begin_in_store(upload: Upload) -> str:
    """Return the store's id of the multipart upload, begun at the first part.

    Two first parts at once may both begin one; the row keeps the first, the sweep ends the other.
    """
    if upload.store_id:
        return upload.store_id
    begun = multipart().start(upload_key(str(upload.id)))
    with transaction() as tx:
        row = tx.get_one(Upload, upload.id, with_for_update=True, populate_existing=True)
        row.store_id = row.store_id or begun
    return row.store_id


def _written_parts(upload: Upload) -> list[UploadPart]:
    rows = select(UploadPart).where(UploadPart.upload_id == upload.id).order_by(UploadPart.number)
    return list(session().scalars(rows))


def _parts_in_store(upload: Upload, store_id: str) -> list[UploadPart]:
    try:
        there = multipart().list_parts(upload_key(str(upload.id)), store_id)
    except UploadNotFound:
        return []
    return [
        UploadPart(upload_id=upload.id, number=part.number, etag=part.etag, size_bytes=part.size_bytes)
        for part in there
    ]


def _sizes(upload: Upload) -> dict[int, int]:
    count = rules.part_count(upload.size_bytes, upload.part_bytes)
    return {
        number: rules.part_size(number, upload.size_bytes, upload.part_bytes)
        for number in range(1, count + 1)
    }
