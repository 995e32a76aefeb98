"""Writes what Android's tools write: binary manifests, resource tables, signed APKs. Just enough of each."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

ANDROID = "http://schemas.android.com/apk/res/android"
RESOURCES = {
    "label": 0x01010001,
    "icon": 0x01010002,
    "name": 0x01010003,
    "debuggable": 0x0101000F,
    "minSdkVersion": 0x0101020C,
    "versionCode": 0x0101021B,
    "versionName": 0x0101021C,
    "targetSdkVersion": 0x01010270,
    "required": 0x0101028E,
}
NONE = 0xFFFFFFFF
STRING, REFERENCE, INTEGER, BOOLEAN = 0x03, 0x01, 0x10, 0x12


class Reference(int):
    """A reference to a resource, by its number."""


def chunk(kind: int, header: bytes, body: bytes = b"") -> bytes:
    return struct.pack("<HHI", kind, 8 + len(header), 8 + len(header) + len(body)) + header + body


def pool(strings: Sequence[str], *, utf8: bool = False) -> bytes:
    offsets, data = [], b""
    for text in strings:
        offsets.append(len(data))
        if utf8:
            raw = text.encode()
            data += bytes([len(text), len(raw)]) + raw + b"\0"
        else:
            data += struct.pack("<H", len(text)) + text.encode("utf-16-le") + b"\0\0"
    data += b"\0" * (-len(data) % 4)
    head = struct.pack("<IIIII", len(strings), 0, 0x100 if utf8 else 0, 28 + 4 * len(strings), 0)
    return chunk(0x0001, head, struct.pack(f"<{len(offsets)}I", *offsets) + data)


def binary_xml(root: tuple[str, Mapping[str, Any], Sequence[Any]], *, utf8: bool = False) -> bytes:
    """Encode ``(tag, attributes, children)``; attributes that Android knows get its namespace."""
    names = list(RESOURCES)
    strings = [*names, ANDROID]
    body, line = b"", 1

    def index(text: str) -> int:
        if text not in strings:
            strings.append(text)
        return strings.index(text)

    def attribute(name: str, value: Any) -> bytes:
        space = index(ANDROID) if name in RESOURCES else NONE
        raw, kind, data = NONE, INTEGER, value
        if isinstance(value, Reference):
            kind, data = REFERENCE, int(value)
        elif isinstance(value, bool):
            kind, data = BOOLEAN, NONE if value else 0
        elif isinstance(value, str):
            raw = data = index(value)
            kind = STRING
        return struct.pack("<IIIHBBI", space, index(name), raw, 8, 0, kind, data)

    def element(node: tuple[str, Mapping[str, Any], Sequence[Any]]) -> None:
        nonlocal body, line
        tag, attributes, children = node
        encoded = b"".join(attribute(*pair) for pair in attributes.items())
        extra = struct.pack("<IIHHHHHH", NONE, index(tag), 20, 20, len(attributes), 0, 0, 0)
        body += chunk(0x0102, struct.pack("<II", line, NONE), extra + encoded)
        line += 1
        for child in children:
            element(child)
        body += chunk(0x0103, struct.pack("<II", line, NONE), struct.pack("<II", NONE, index(tag)))

    element(root)
    numbers = chunk(0x0180, b"", struct.pack(f"<{len(names)}I", *RESOURCES.values()))
    return chunk(0x0003, b"", pool(strings, utf8=utf8) + numbers + body)


def manifest(
    *children: Any,
    package: Any = "com.example.player",
    code: Any = 42,
    name: Any = "1.4.2",
    application: Mapping[str, Any] | None = None,
    utf8: bool = False,
    **root: Any,
) -> bytes:
    """An AndroidManifest.xml; ``None`` leaves an attribute out."""
    attributes = {"package": package, "versionCode": code, "versionName": name} | root
    known = {key: value for key, value in attributes.items() if value is not None}
    app = ("application", {"label": "Player"} | dict(application or {}), [])
    return binary_xml(("manifest", known, [*children, app]), utf8=utf8)


def permission(name: str) -> tuple[str, dict[str, str], list[Any]]:
    return ("uses-permission", {"name": name}, [])


def feature(name: str, **more: Any) -> tuple[str, dict[str, Any], list[Any]]:
    return ("uses-feature", {"name": name} | more, [])


def resources(values: Sequence[tuple[int, str, int, str | Reference]], *, form: str = "plain") -> bytes:
    """A resources.arsc of one entry a type chunk: number, language, density, value.

    ``form`` is how entries are found: ``plain``, ``sparse``, ``narrow`` or ``compact``.
    """
    strings = [value for *_, value in values if isinstance(value, str)]
    types = b"".join(_type(*value, strings, form) for value in values)
    kinds, keys = pool(["t1", "t2", "t3"]), pool(["k"])
    name = "com.example".encode("utf-16-le")
    head = struct.pack("<I256sIIIII", 0x7F, name, 288, 3, 288 + len(kinds), 1, 0)
    package = chunk(0x0200, head, kinds + keys + types)
    return chunk(0x0002, struct.pack("<I", 1), pool(strings) + package)


def _type(
    number: int, language: str, density: int, value: str | Reference, strings: list[str], form: str
) -> bytes:
    words = int.from_bytes(language.encode(), "little")
    config = struct.pack("<IIHHBBHIII", 28, 0, words, 0, 0, 0, density, 0, 0, 0)
    kind, data = (STRING, strings.index(value)) if isinstance(value, str) else (REFERENCE, int(value))
    index = number & 0xFFFF
    if form == "sparse":
        flags, count, offsets = 1, 1, struct.pack("<HH", index, 0)
    elif form == "narrow":
        flags, count = 2, index + 1
        offsets = struct.pack(f"<{count}H", *[0xFFFF] * index, 0) + b"\0\0" * (count % 2)
    else:
        flags, count, offsets = 0, index + 1, struct.pack(f"<{index + 1}I", *[NONE] * index, 0)
    entry = struct.pack("<HHIHBBI", 8, 0, 0, 8, 0, kind, data)
    if form == "compact":
        entry = struct.pack("<HHI", 0, kind << 8 | 0x08, data)
    start = 8 + 12 + len(config) + len(offsets)
    head = struct.pack("<BBHII", number >> 16 & 0xFF, flags, 0, count, start) + config
    return chunk(0x0201, head, offsets + entry)


def _sized(*parts: bytes) -> bytes:
    return b"".join(struct.pack("<I", len(part)) + part for part in parts)


def scheme(*certificates: bytes) -> bytes:
    """The value of signature scheme 2 or 3: a signer for each certificate, with empty proofs."""
    signers = (_sized(_sized(b"", _sized(certificate), b""), b"", b"") for certificate in certificates)
    return _sized(_sized(*signers))


def signing_block(values: Mapping[int, bytes]) -> bytes:
    pairs = b"".join(struct.pack("<QI", 4 + len(v), n) + v for n, v in values.items())
    size = struct.pack("<Q", len(pairs) + 24)
    return size + pairs + size + b"APK Sig Block 42"


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def certificate(name: str) -> bytes:
    """A DER sequence that stands for a certificate; readers here only take its digest."""
    return _der(0x30, name.encode() * 50)


def pkcs7(certificate_bytes: bytes) -> bytes:
    """A PKCS #7 signature: ContentInfo with SignedData that carries one certificate."""
    signed = _der(0x30, _der(0x02, b"\1") + _der(0x31, b"") + _der(0x30, b"") + _der(0xA0, certificate_bytes))
    return _der(0x30, _der(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02") + _der(0xA0, signed))


def apk(
    manifest_bytes: bytes,
    more: Mapping[str, bytes] | None = None,
    *,
    block: bytes = b"",
    padding: bytes | None = None,
) -> bytes:
    """An APK, with a signing block before the central directory.

    ``padding`` stands before the block; None means the zeros that apksigner puts there.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("AndroidManifest.xml", manifest_bytes)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    plain = packed.getvalue()
    if not block:
        return plain
    (offset,) = struct.unpack_from("<I", plain, len(plain) - 6)
    padding = b"\0" * (-offset % 4096) if padding is None else padding
    moved = bytearray(plain[:offset] + padding + block + plain[offset:])
    struct.pack_into("<I", moved, len(moved) - 6, offset + len(padding) + len(block))
    return bytes(moved)
