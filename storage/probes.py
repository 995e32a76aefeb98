"""The single probes of `storage check`: each tries one thing on the store, past our own care.

A probe answers True where the store keeps the promise; a refusal that it did not ask for counts
as False.
"""

import base64
import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from storage.answers import translated
from storage.client import StoreConfig, make_client
from storage.copying import Place, copy, copy_in_parts
from storage.errors import BlobExists, DigestMismatch, StorageError, StorageUnavailable
from storage.multipart import MultipartUploads
from storage.presign import content_disposition
from storage.room import BYTES, CONTENT_TYPE, FILENAME, SHA256, Room

OTHER = bytes(reversed(BYTES))
ORIGIN = "https://marquee.example"
# rclone answers 400 to an address that is over.
REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


def writes_and_reads(room: Room) -> bool:
    """Put through our own path and read again."""
    key = room.key("plain")
    room.store.put(room.incoming, key, BYTES, sha256=SHA256, size=len(BYTES), content_type="text/plain")
    return room.read(key) == BYTES


def refuses_strangers(room: Room) -> bool:
    """Ask with a wrong secret."""
    wrong = replace(room.store.config, secret_access_key="0" * 40)
    return _is_refused(wrong, room.incoming, room.key("plain"))


def keeps_the_first(room: Room) -> bool:
    """Put twice under one key, asking the store to refuse the second."""
    key = room.put("first")
    return _raises(BlobExists, lambda: room.put("first", OTHER, IfNoneMatch="*")) and (
        room.read(key) == BYTES
    )


def keeps_the_first_completed(room: Room) -> bool:
    """Complete a multipart upload over an object, asking the store to refuse."""
    key = room.put("completed")
    uploads = MultipartUploads(room.store)
    upload_id = uploads.start(key)
    etag = uploads.put_part(key, upload_id, 1, OTHER, size=len(OTHER))

    def complete() -> None:
        with translated(key):
            room.client.complete_multipart_upload(
                Bucket=room.incoming,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]},
                IfNoneMatch="*",
            )

    return _raises(BlobExists, complete) and room.read(key) == BYTES


def checks_sha256(room: Room) -> bool:
    """Send bytes with the sha256 of others."""
    return _raises(DigestMismatch, lambda: room.put("sha256", OTHER, ChecksumSHA256=_b64("sha256")))


def checks_md5(room: Room) -> bool:
    """Send bytes with the md5 of others."""
    return _raises(DigestMismatch, lambda: room.put("md5", OTHER, ContentMD5=_b64("md5")))


def gives_ranges(room: Room) -> bool:
    """Ask for bytes 2 to 5."""
    return _ranged(room, "bytes=2-5") == BYTES[2:6]


def gives_suffixes(room: Room) -> bool:
    """Ask for the last three bytes."""
    return _ranged(room, "bytes=-3") == BYTES[-3:]


def joins_parts(room: Room) -> bool:
    """Upload in one part and complete."""
    key = room.key("parts")
    uploads = MultipartUploads(room.store)
    upload_id = uploads.start(key)
    etag = uploads.put_part(key, upload_id, 1, BYTES, size=len(BYTES))
    return uploads.complete(key, upload_id, {1: etag}) == len(BYTES) and room.read(key) == BYTES


def copies(room: Room) -> bool:
    """Copy from the incoming to the published bucket, as publication does."""
    source, target = _places(room, "copied")
    copy(room.store.clients, source, target)
    return room.read(target.key, room.published) == BYTES


def copies_parts(room: Room) -> bool:
    """Copy as is done with large blobs."""
    source, target = _places(room, "copied-in-parts")
    copy_in_parts(room.store.clients, source, target, len(BYTES), "text/plain")
    return room.read(target.key, room.published) == BYTES


def lets_addresses_expire(room: Room) -> bool:
    """Use an address that lives one second after two and a half."""
    key = room.put("expiring")
    short, long = room.address(key, seconds=1), room.address(key, seconds=60)
    time.sleep(2.5)
    return room.fetch(short).status in REFUSALS and room.fetch(long).body == BYTES


def refuses_changed_addresses(room: Room) -> bool:
    """Use the address of one object for another."""
    one, other = room.put("one"), room.put("other", OTHER)
    address = room.address(one)
    changed = room.fetch(address.replace(one, other))
    return room.fetch(address).body == BYTES and changed.status in REFUSALS


def names_downloads(room: Room) -> bool:
    """Look whether a download comes under the name and type that were asked for."""
    headers = room.fetch(room.address(room.put("named"))).headers
    return (
        headers.get("content-disposition") == content_disposition(FILENAME)
        and headers.get("content-type") == CONTENT_TYPE
    )


def bounds_parts(room: Room) -> bool:
    """Send a longer part than its address allows, then the right one."""
    key = room.key("bounded")
    uploads = MultipartUploads(room.store)
    address = uploads.presign_part(key, uploads.start(key), 1, size=len(BYTES), seconds=60)
    longer = room.fetch(address, method="PUT", body=BYTES + b"!")
    right = room.fetch(address, method="PUT", body=BYTES)
    return longer.status in REFUSALS and right.status == HTTPStatus.OK


def lets_pages_upload(room: Room) -> bool:
    """Ask as a browser does before it sends a part; a rule that exists already stays as it is."""
    origins = room.store.allowed_origins()
    if origins or _preflight(room, ORIGIN):
        return _preflight(room, ORIGIN if "*" in origins or not origins else origins[0])
    room.store.allow_origin(ORIGIN)
    try:
        return _preflight(room, ORIGIN)
    finally:
        with translated("the CORS rules"):
            room.client.delete_bucket_cors(Bucket=room.incoming)


def keeps_buckets_apart(room: Room) -> bool:
    """Write to the published bucket with the incoming bucket's key."""
    config = room.store.config
    return config.separate and _is_refused(config, room.published, room.key("apart"))


def _is_refused(config: StoreConfig, bucket: str, key: str) -> bool:
    def write() -> None:
        with translated(key):
            make_client(config).put_object(Bucket=bucket, Key=key, Body=BYTES)

    return _raises(StorageUnavailable, write)


def _raises(kind: type[StorageError], act: Callable[[], object]) -> bool:
    try:
        act()
    except kind:
        return True
    return False


def _b64(algorithm: str) -> str:
    digest = hashlib.new(algorithm, BYTES, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode("ascii")


def _ranged(room: Room, asked: str) -> bytes | None:
    key = room.put("ranged")
    with translated(key):
        answer = room.client.get_object(Bucket=room.incoming, Key=key, Range=asked)
        partial = answer["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.PARTIAL_CONTENT
        return answer["Body"].read() if partial else None


def _places(room: Room, name: str) -> tuple[Place, Place]:
    key = room.put(name)
    return Place(room.incoming, key), Place(room.published, key)


def _preflight(room: Room, origin: str) -> bool:
    base = room.store.config.public_url or room.store.config.endpoint_url
    asked = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    answer = room.fetch(f"{base}/{room.incoming}/{room.key('page')}", method="OPTIONS", headers=asked)
    return answer.headers.get("access-control-allow-origin") in {origin, "*"}
