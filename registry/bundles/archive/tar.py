"""The tar inside an IPK: plain files and folders, read forward once, every header checked."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from registry.bundles.archive.ar import truncated
from registry.bundles.archive.gunzip import Unpacked
from registry.bundles.archive.kinds import check_mode, special
from registry.bundles.archive.signatures import is_tar
from registry.bundles.findings import BundleRejected, rejected
from registry.bundles.limits import Limits

BLOCK_BYTES = 512
_HEADER = struct.Struct("100s8s8s8s12s12s8sc100s8s32s32s8s8s155s12x")
_LONG_BYTES = 65_536
_PADDING_BYTES = 1024 * 1024
_FILES = frozenset({b"0", b"\0"})
_FOLDER, _PAX, _PAX_GLOBAL, _LONG_NAME = b"5", b"x", b"g", b"L"
_SPECIAL = {
    b"1": "hard link",
    b"2": "symbolic link",
    b"3": "character device",
    b"4": "block device",
    b"6": "named pipe",
}
_PAX_USED = frozenset({"path", "size"})
_PAX_PASSED_OVER = frozenset({"mtime", "atime", "ctime", "uid", "gid", "uname", "gname", "comment"})


@dataclass(frozen=True, slots=True)
class TarEntry:
    """One file or folder; a file's bytes lie from ``start`` on in the unpacked tar."""

    name: str
    mode: int
    start: int
    size_bytes: int
    compressed_bytes: int
    is_folder: bool


@dataclass(frozen=True, slots=True)
class _Header:
    """What a header block says, before long names and pax records have their say."""

    name: bytes
    mode: int
    size_bytes: int
    kind: bytes


def read_tar(unpacked: Unpacked, member: str, limits: Limits) -> Iterator[TarEntry]:
    """Yield the entries in order, each after its data has been passed over.

    Raises BundleRejected: ``entry.special``, ``entry.mode``, ``path.encoding``, ``limit.entry``,
    ``archive.crc`` for a damaged header, ``archive.header_mismatch`` for records that are not
    understood, ``archive.truncated``, ``archive.trailing``.
    """
    at = 0
    said: dict[str, bytes] = {}
    while (block := _read(unpacked, at, BLOCK_BYTES)).strip(b"\0"):
        header = _header(block, member, at)
        at += BLOCK_BYTES
        if header.kind in {_PAX, _PAX_GLOBAL, _LONG_NAME}:
            said |= _extension(unpacked, at, header, member)
            length = header.size_bytes
        else:
            entry = _entry(unpacked, at, header, said, limits)
            length = entry.size_bytes
            said = {}
            if entry.name:
                yield entry
        at += length + -length % BLOCK_BYTES
    _check_end(unpacked, at, member)


def _read(unpacked: Unpacked, at: int, length: int) -> bytes:
    content = b"".join(unpacked.chunks(at, at + length))
    if len(content) < length:
        raise truncated()
    return content


def _header(block: bytes, member: str, at: int) -> _Header:
    if not is_tar(block):
        raise _damaged(member, at)
    fields = _HEADER.unpack(block)
    name, prefix = (one.split(b"\0")[0] for one in (fields[0], fields[-1]))
    if prefix and fields[9].startswith(b"ustar\0"):
        name = prefix + b"/" + name
    try:
        return _Header(name, _number(fields[1]), _number(fields[4]), fields[7])
    except ValueError:
        raise _damaged(member, at) from None


def _number(field: bytes) -> int:
    """Read an octal number, or GNU tar's base 256 for large ones. Raises ValueError."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    return int(field.split(b"\0")[0].strip() or b"0", 8)


def _extension(unpacked: Unpacked, at: int, header: _Header, member: str) -> dict[str, bytes]:
    """Return what a long name or pax header says of the entry that follows."""
    if header.size_bytes > _LONG_BYTES:
        raise _unclear(member, at, f"has an extended header of {header.size_bytes:,} bytes")
    content = _read(unpacked, at, header.size_bytes)
    if header.kind == _LONG_NAME:
        return {"path": content.split(b"\0")[0]}
    said = dict(_pax_records(content, member, at))
    for key in said.keys() - _PAX_PASSED_OVER:
        if key not in _PAX_USED or header.kind == _PAX_GLOBAL:
            raise _unclear(member, at, f"has the pax record {key[:40]!r}")
    return {key: value for key, value in said.items() if key in _PAX_USED}


def _pax_records(content: bytes, member: str, at: int) -> Iterator[tuple[str, bytes]]:
    """Yield key and value of the lines ``LENGTH key=value``, which must fill the content."""
    while content:
        length, space, _ = content[:8].partition(b" ")
        size = int(length) if space and length.isdigit() else 0
        key, equals, value = content[len(length) + 1 : size].partition(b"=")
        if not equals or not value.endswith(b"\n") or size > len(content):
            raise _unclear(member, at, "has a pax header that cannot be read")
        yield key.decode("utf-8", "replace"), value[:-1]
        content = content[size:]


def _entry(unpacked: Unpacked, at: int, header: _Header, said: dict[str, bytes], limits: Limits) -> TarEntry:
    name = _decoded(said.get("path", header.name))
    size = _said_size(said.get("size"), header.size_bytes, name)
    is_folder = header.kind == _FOLDER
    if header.kind not in _FILES and not is_folder:
        raise special(_SPECIAL.get(header.kind, "entry of an unknown type"), name)
    check_mode(header.mode & 0o7777, name)
    if size > limits.entry_bytes:
        raise _too_large(name, size, limits)
    packed_before = unpacked.packed_bytes()
    passed = sum(len(chunk) for chunk in unpacked.chunks(at, at + size))
    if passed < size:
        raise truncated()
    packed = unpacked.packed_bytes() - packed_before
    return TarEntry(name, header.mode, at, size, packed, is_folder)


def _said_size(said: bytes | None, size: int, name: str) -> int:
    if said is None:
        return size
    if not said.isdigit() or len(said) > 20:
        raise _unclear(name, 0, f"has the size {said[:20]!r}")
    return int(said)


def _decoded(raw_name: bytes) -> str:
    """Return the name without ``./`` before it and ``/`` behind; the root itself is empty."""
    try:
        name = raw_name.decode()
    except UnicodeDecodeError:
        raise rejected(
            "path.encoding",
            f"the name {raw_name[:80]!r} is not UTF-8",
            "Name the file in UTF-8 and build the package again.",
        ) from None
    return "" if name in {".", "./"} else name.removeprefix("./").removesuffix("/")


def _check_end(unpacked: Unpacked, at: int, member: str) -> None:
    """Let nothing but zeros follow the last entry, up to the padding that tapes once needed."""
    padding = 0
    for chunk in unpacked.chunks(at, at + _PADDING_BYTES + 1):
        padding += len(chunk)
        if chunk.strip(b"\0") or padding > _PADDING_BYTES:
            raise rejected(
                "archive.trailing",
                f"something follows the end of {member}",
                "Build the package again with ares-package.",
                path=member,
            )


def _damaged(member: str, at: int) -> BundleRejected:
    return rejected(
        "archive.crc",
        f"{member} is damaged at byte {at:,}, where an entry must begin",
        "The file was damaged on its way: make or download it again, then upload it.",
        path=member,
    )


def _unclear(member: str, at: int, what: str) -> BundleRejected:
    return rejected(
        "archive.header_mismatch",
        f"{member} {what} at byte {at:,}, so programs may see different files",
        "Build the package again with ares-package.",
        path=member,
    )


def _too_large(name: str, size: int, limits: Limits) -> BundleRejected:
    return rejected(
        "limit.entry",
        f"{name} has {size:,} bytes; {limits.entry_bytes:,} may be",
        "Leave large data out of the bundle, or split it.",
        path=name,
    )
