"""Who signed an APK: the schemes that are present and the SHA-256 of each signer's certificate.

Present is not valid: nothing is verified here, the installing system does that. The signer matters
because an app's identity on a device is its package name together with its signer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from registry.bundles.ecosystems.android.chunks import DamagedError, numbers

MAGIC = b"APK Sig Block 42"
SCHEMES = {0x7109871A: "v2", 0xF05368C0: "v3", 0x1B93AD61: "v3.1"}
SEQUENCE, OBJECT_ID, CONTEXT_0 = 0x30, 0x06, 0xA0
MOST_SIGNERS = 10  # as Android has it


@dataclass(frozen=True, slots=True)
class Signature:
    """Schemes in the order v1, v2, v3, v3.1; certificates' SHA-256 in lower-case hex, sorted."""

    schemes: tuple[str, ...]
    signers: tuple[str, ...]


def signature(block: bytes | None, pkcs7_files: Iterable[bytes]) -> Signature:
    """Read the signing block (whole, from its size to its magic) and the files of ``META-INF``.

    The newest scheme names the signers. Raises DamagedError for what is not in form.
    """
    found = {"v1": [_pkcs7_certificate(data) for data in pkcs7_files]}
    for number, value in _pairs(block or b""):
        if number in SCHEMES:
            found[SCHEMES[number]] = list(_certificates(value))
    schemes = tuple(scheme for scheme in ("v1", *SCHEMES.values()) if found.get(scheme))
    newest = found[schemes[-1]] if schemes else []
    return Signature(schemes, tuple(sorted({sha256(each).hexdigest() for each in newest})))


def _pairs(block: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and value of each pair in a signing block."""
    if not block:
        return
    if not block.endswith(MAGIC) or numbers("Q", block, 0)[0] != len(block) - 8:
        raise DamagedError(0, "the signing block's size or magic is wrong")
    at, end = 8, len(block) - 24
    while at < end:
        size, number = numbers("QI", block, at)
        if size < 4 or at + 8 + size > end:
            raise DamagedError(at, "a pair of the signing block is longer than the block")
        yield number, block[at + 12 : at + 8 + size]
        at += 8 + size


def _certificates(value: bytes) -> Iterator[bytes]:
    """Yield the first certificate of each signer of scheme 2 or 3."""
    signers = _parts(_part(value, 0))
    for count, signer in enumerate(signers):
        if count == MOST_SIGNERS:
            raise DamagedError(0, f"it has more than {MOST_SIGNERS} signers")
        signed = _part(signer, 0)
        digests = _part(signed, 0)
        yield _part(_part(signed, 4 + len(digests)), 0)


def _part(data: bytes, at: int) -> bytes:
    (size,) = numbers("I", data, at)
    if at + 4 + size > len(data):
        raise DamagedError(at, "a part of the signature is longer than the whole")
    return data[at + 4 : at + 4 + size]


def _parts(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        part = _part(data, at)
        yield part
        at += 4 + len(part)


def _pkcs7_certificate(data: bytes) -> bytes:
    """Return the first certificate of a PKCS #7 signature: ContentInfo, [0], SignedData, [0]."""
    content = _child(_content(data), CONTEXT_0)
    certificates = _child(_content(content), CONTEXT_0)
    whole = _whole(certificates)
    if whole[0] != SEQUENCE:
        raise DamagedError(0, "the signature in META-INF holds no certificate")
    return whole


def _child(data: bytes, tag: int) -> bytes:
    """Return the content of the first value with a tag among values that follow each other."""
    while data:
        whole = _whole(data)
        if whole[0] == tag:
            return _content(whole)
        data = data[len(whole) :]
    raise DamagedError(0, "the signature in META-INF is not in form")


def _content(data: bytes) -> bytes:
    whole = _whole(data)
    return whole[_head(data)[0] :]


def _whole(data: bytes) -> bytes:
    """Return the DER value that the bytes start with, tag and length included."""
    head, size = _head(data)
    if head + size > len(data):
        raise DamagedError(0, "the signature in META-INF is cut short")
    return data[: head + size]


def _head(data: bytes) -> tuple[int, int]:
    """Return the size of a DER value's tag and length, and of its content."""
    _, size = numbers("BB", data, 0)
    if size < 0x80:
        return 2, size
    more = size & 0x7F
    if not 1 <= more <= 4 or len(data) < 2 + more:
        raise DamagedError(0, "the signature in META-INF has a length that is not in form")
    return 2 + more, int.from_bytes(data[2 : 2 + more], "big")
