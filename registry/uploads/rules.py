"""What can be known of an upload before its bytes are here. Pure."""

import base64
import binascii
import re
from collections.abc import Mapping

from registry.bundles.limits import MIB, Limits
from registry.errors import TooLarge, WrongType, fault

PART_BYTES = 8 * MIB
HEX64 = re.compile(r"[0-9a-f]{64}")
REFUSED_TYPES = (
    ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".rar", ".7z", ".exe", ".msi", ".dmg",
    ".apks", ".xapk", ".aab",
)  # fmt: skip


def check_filename(filename: str) -> str:
    """Return the last segment of a file name. Raises Invalid, WrongType."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not name or len(name.encode()) > 240 or any(ord(c) < 32 or ord(c) == 127 for c in name):
        raise fault("filename", "Give the file's own name: 1 to 240 bytes, no control characters.")
    for ending in REFUSED_TYPES:
        if name.lower().endswith(ending):
            raise WrongType(
                f"{ending} files are not accepted. Pack the bundle as the .zip (or .apk, .ipk, .wgt, "
                ".AppImage, metainfo.xml) that its media server installs."
            )
    return name


def check_size(size_bytes: int, limits: Limits) -> None:
    """Raise Invalid for an empty file, TooLarge above the limit."""
    if size_bytes <= 0:
        raise fault("size", "The file is empty.", code="upload.empty")
    if size_bytes > limits.upload_bytes:
        raise TooLarge(
            f"The file has {size_bytes} bytes; at most {limits.upload_bytes // MIB} MiB are accepted."
        )


def check_digest(sha256: str | None) -> str:
    """Return the digest. Raises Invalid (``upload.digest``) unless it is 64 lowercase hex digits."""
    if sha256 and HEX64.fullmatch(sha256):
        return sha256
    what = "is missing" if not sha256 else f"{sha256[:80]!r} is not one"
    raise fault(
        "sha256",
        f"The file's SHA-256 {what}: send 64 lowercase hexadecimal digits (sha256sum FILE prints them).",
        code="upload.digest",
    )


def digest_of_request(headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    """Return the digest from ``?sha256=``, ``Content-Digest`` (RFC 9530) or ``Digest`` (RFC 3230)."""
    if "sha256" in query:
        return check_digest(query["sha256"])
    if header := headers.get("Content-Digest") or headers.get("Digest"):
        for part in header.split(","):
            name, _, value = part.strip().partition("=")
            if name.lower() == "sha-256":
                return check_digest(_hex(value.strip(":")))
    return check_digest(headers.get("Sha256") or headers.get("X-Content-Sha256"))


def _hex(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).hex()
    except binascii.Error:
        return value


def part_count(size_bytes: int, part_bytes: int = PART_BYTES) -> int:
    """Return how many parts a file has; the last one may be shorter."""
    return max(1, -(-size_bytes // part_bytes))


def part_size(number: int, size_bytes: int, part_bytes: int = PART_BYTES) -> int:
    """Return the exact size of part ``number`` (from 1). Raises Invalid for a part that is not there."""
    count = part_count(size_bytes, part_bytes)
    if not 1 <= number <= count:
        raise fault("number", f"This upload has parts 1 to {count}; there is no part {number}.")
    return part_bytes if number < count else size_bytes - part_bytes * (count - 1)
