"""The single probes of `storage check`: each tries one thing on the store, past our own care.

A probe answers True where the store keeps the promise; a refusal that it did not ask for counts
as False. The table at the end is what people read.
"""

import base64
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

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
    room.store.put(
        room.incoming, key, BYTES, sha256=SHA256, size=len(BYTES), content_type="text/plain"
    )
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
    with translated("the CORS rules"):
        rules: Any = room.client.get_bucket_cors(Bucket=room.incoming).get("CORSRules")
    if rules:
        return _preflight(room, rules[0]["AllowedOrigins"][0])
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


def _ranged(room: Room, asked: str) -> bytes:
    key = room.put("ranged")
    with translated(key):
        return room.client.get_object(Bucket=room.incoming, Key=key, Range=asked)["Body"].read()


def _places(room: Room, name: str) -> tuple[Place, Place]:
    key = room.put(name)
    return Place(room.incoming, key), Place(room.published, key)


def _preflight(room: Room, origin: str) -> bool:
    origin = ORIGIN if origin == "*" else origin
    base = room.store.config.public_url or room.store.config.endpoint_url
    asked = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    answer = room.fetch(
        f"{base}/{room.incoming}/{room.key('page')}", method="OPTIONS", headers=asked
    )
    return answer.headers.get("access-control-allow-origin") in {origin, "*"}


@dataclass(frozen=True)
class Probe:
    """One row of what people read: what is tried, who needs it, and what either outcome means."""

    name: str
    needed: Callable[[StoreConfig], bool]
    attempt: Callable[[Room], bool]
    kept: str
    broken: str


def always(_: StoreConfig) -> bool:
    """Nothing works without it."""
    return True


def with_public_url(config: StoreConfig) -> bool:
    """Only where clients are sent to the store itself."""
    return config.public_url is not None


def never(_: StoreConfig) -> bool:
    """Marquee takes care of it where the store does not."""
    return False


PROBES = (
    Probe(
        "write and read",
        always,
        writes_and_reads,
        "What is put can be read, byte for byte.",
        "What was put could not be read again. Look at the rights of S3_ACCESS_KEY_ID.",
    ),
    Probe(
        "signatures",
        always,
        refuses_strangers,
        "A request with a wrong secret is refused.",
        "The store takes requests with a wrong secret: anybody who reaches it can change bytes.",
    ),
    Probe(
        "multipart",
        always,
        joins_parts,
        "Uploads in parts are joined, so a broken upload can go on.",
        "Uploads in parts do not work, and with them no upload of any size.",
    ),
    Probe(
        "server-side copy",
        always,
        copies,
        "The store copies from incoming to published by itself.",
        "The store could not copy from incoming to published. Look whether the published "
        "bucket's key may read the incoming one.",
    ),
    Probe(
        "copy in parts",
        never,
        copies_parts,
        "Large blobs are copied in parts, each in a short call.",
        "Large blobs are copied in one call, which may take minutes (and 5 GiB at most on some).",
    ),
    Probe(
        "conditional put",
        never,
        keeps_the_first,
        "The store itself refuses a second put under a key.",
        "The store lets a second put overwrite; Marquee looks first, so only two writers at the "
        "same instant both write, and then the same bytes.",
    ),
    Probe(
        "conditional complete",
        never,
        keeps_the_first_completed,
        "The store itself refuses to complete an upload over an object.",
        "The store lets a completed upload overwrite; Marquee looks first.",
    ),
    Probe(
        "sha256 checked",
        never,
        checks_sha256,
        "The store checks the sha256 of what it receives.",
        "The store accepts bytes with a wrong sha256; Marquee checks them while they pass.",
    ),
    Probe(
        "md5 checked",
        never,
        checks_md5,
        "The store checks the md5 of what it receives.",
        "The store accepts bytes with a wrong md5; Marquee does not rely on it.",
    ),
    Probe(
        "range",
        never,
        gives_ranges,
        "A part of a blob can be read alone.",
        "The store sends the whole blob for a part; Marquee skips the rest, slowly.",
    ),
    Probe(
        "suffix range",
        never,
        gives_suffixes,
        "The last bytes of a blob can be asked for.",
        "The store does not know ranges from the end; Marquee asks for the size first.",
    ),
    Probe(
        "expiry",
        with_public_url,
        lets_addresses_expire,
        "An address stops working when its time is over.",
        "Addresses do not expire, or do not work: do not set S3_PUBLIC_URL with this store.",
    ),
    Probe(
        "tampering",
        with_public_url,
        refuses_changed_addresses,
        "An address works for its own object only.",
        "The address of one object opens another, or none does: do not set S3_PUBLIC_URL.",
    ),
    Probe(
        "content disposition",
        with_public_url,
        names_downloads,
        "A download gets the file name and type that Marquee asks for.",
        "Downloads straight from the store would have the wrong name or type.",
    ),
    Probe(
        "part length",
        with_public_url,
        bounds_parts,
        "A part's address takes only as many bytes as it was made for.",
        "A part's address takes more bytes than it was made for: uploads cannot be bounded.",
    ),
    Probe(
        "CORS",
        with_public_url,
        lets_pages_upload,
        "Pages can upload straight to the store.",
        "Pages cannot upload straight to the store; without S3_PUBLIC_URL they need not.",
    ),
    Probe(
        "separate credentials",
        never,
        keeps_buckets_apart,
        "The key of the incoming bucket cannot write to the published one.",
        "One key writes to both buckets. Set S3_PUBLISHED_ACCESS_KEY_ID and "
        "S3_PUBLISHED_SECRET_ACCESS_KEY, and take the right to publish from the other key.",
    ),
)
