"""Zips byte by byte: honest ones as real programs write them, and any lie a header can tell.

Everything is made in memory; every builder returns the bytes of a whole file.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

STORED, DEFLATED = 0, 8
DESCRIPTOR_FLAG, UTF8_FLAG = 8, 1 << 11
UNIX, FAT, NTFS = 3, 0, 10
MAX16, MAX32 = 0xFFFF, 0xFFFFFFFF
DESCRIPTORS = {
    "signed": ("<4sLLL", True),
    "unsigned": ("<LLL", False),
    "signed64": ("<4sLQQ", True),
    "unsigned64": ("<LQQ", False),
}


def deflated(content: bytes, level: int = 6) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def extra(identifier: int, data: bytes) -> bytes:
    return struct.pack("<HH", identifier, len(data)) + data


@dataclass(frozen=True)
class Member:
    """One entry. ``local``, ``central`` and ``after`` (the descriptor) override single fields:
    name, flags, method, crc, compressed, size, extra; central also offset, disk, attributes."""

    name: str | bytes
    content: bytes = b"hello, media server\n"
    method: int = DEFLATED
    flags: int = 0
    system: int = UNIX
    made_by: int = 30
    needed: int = 20
    attributes: int = 0o100644 << 16
    descriptor: str = ""
    packed: bytes | None = None
    comment: bytes = b""
    local: Mapping[str, Any] = field(default_factory=dict)
    central: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    listed: bool = True

    def facts(self) -> dict[str, Any]:
        """The truth about the entry, as both headers should tell it."""
        name = self.name if isinstance(self.name, bytes) else self.name.encode()
        packed = self.packed
        if packed is None:
            packed = deflated(self.content) if self.method == DEFLATED else self.content
        flags = self.flags | (DESCRIPTOR_FLAG if self.descriptor else 0)
        if not name.isascii() and isinstance(self.name, str):
            flags |= UTF8_FLAG
        return {
            "name": name, "flags": flags, "method": self.method, "crc": zlib.crc32(self.content),
            "compressed": len(packed), "size": len(self.content), "extra": b"", "data": packed,
        }  # fmt: skip


def folder(name: str, **fields: Any) -> Member:
    """A folder as most programs store one."""
    fields = {"content": b"", "method": STORED, "attributes": 0o040755 << 16 | 0x10} | fields
    return Member(name, **fields)


def local_header(member: Member) -> bytes:
    said = member.facts()
    if member.descriptor:
        said |= {"crc": 0, "compressed": 0, "size": 0}
    said |= member.local
    fixed = struct.pack(
        "<4s5H3L2H", b"PK\x03\x04", member.needed, said["flags"], said["method"], 0x6000, 0x5A21,
        said["crc"], said["compressed"], said["size"], len(said["name"]), len(said["extra"]),
    )  # fmt: skip
    return fixed + said["name"] + said["extra"]


def descriptor(member: Member) -> bytes:
    if not member.descriptor:
        return b""
    said = member.facts() | member.after
    form, signed = DESCRIPTORS[member.descriptor]
    numbers = (said["crc"], said["compressed"], said["size"])
    return struct.pack(form, *((b"PK\x07\x08",) if signed else ()), *numbers)


def central_header(member: Member, offset: int) -> bytes:
    said = member.facts() | {"offset": offset, "disk": 0, "attributes": member.attributes}
    said |= member.central
    fixed = struct.pack(
        "<4sBB5H3L5H2L", b"PK\x01\x02", member.made_by, member.system, member.needed,
        said["flags"], said["method"], 0x6000, 0x5A21, said["crc"], said["compressed"],
        said["size"], len(said["name"]), len(said["extra"]), len(member.comment), said["disk"], 0,
        said["attributes"], said["offset"],
    )  # fmt: skip
    return fixed + said["name"] + said["extra"] + member.comment


def end_record(entries: int, size: int, offset: int, comment: bytes = b"", /, **said: int) -> bytes:
    facts = {"disk": 0, "first_disk": 0, "here": entries, "entries": entries, "size": size,
             "offset": offset, "comment_bytes": len(comment)} | said  # fmt: skip
    return struct.pack("<4s4H2LH", b"PK\x05\x06", *facts.values()) + comment


def end64_records(entries: int, size: int, offset: int, at: int, **said: int) -> tuple[bytes, bytes]:
    """The ZIP64 end record, which stands at ``at``, and its locator."""
    facts = {"length": 44, "made_by": 45, "needed": 45, "disk": 0, "first_disk": 0,
             "here": entries, "entries": entries, "size": size, "offset": offset}  # fmt: skip
    where = said.pop("locator_offset", at)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", *(facts | said).values())
    return record, struct.pack("<4sLQL", b"PK\x06\x07", 0, where, 1)


def zip_of(
    *members: Member,
    comment: bytes = b"",
    before: bytes = b"",
    moved: bool = False,
    before_directory: bytes = b"",
    before_end: bytes = b"",
    end: Mapping[str, int] | None = None,
) -> bytes:
    """A zip of these members. ``before`` stands before it, with offsets that know of it if ``moved``;
    ``end`` overrides fields of the end record."""
    body, directory = bytearray(before), bytearray()
    start = 0 if moved else len(before)
    for member in members:
        if member.listed:
            directory += central_header(member, len(body) - start)
        body += local_header(member) + member.facts()["data"] + descriptor(member)
    body += before_directory
    listed = sum(member.listed for member in members)
    record = end_record(listed, len(directory), len(body) - start, comment, **(end or {}))
    return bytes(body + directory + before_end + record)


def zip64_of(*members: Member, keep_locator: bool = True, extensible: bytes = b"", **said: int) -> bytes:
    """A zip that ends in ZIP64 records; ``said`` overrides fields of the record."""
    plain = zip_of(*members)
    entries, size, offset = struct.unpack("<H2L", plain[-12:-2])
    record, locator = end64_records(
        entries, size, offset, len(plain) - 22, **({"length": 44 + len(extensible)} | said)
    )
    last = end_record(MAX16, MAX32, MAX32) if keep_locator else plain[-22:]
    return plain[:-22] + record + extensible + (locator if keep_locator else b"") + last


def python_zip(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """What Python's zipfile writes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


class Unseekable(io.RawIOBase):
    """A pipe: writers that cannot go back put sizes behind the data."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.written += piece
        return len(piece)


def streamed_python_zip(files: Mapping[str, bytes], *, zip64: bool = False, method: int = 8) -> bytes:
    """What Python's zipfile writes to a pipe."""
    pipe = Unseekable()
    with zipfile.ZipFile(pipe, "w", method) as archive:
        for name, content in files.items():
            with archive.open(name, "w", force_zip64=zip64) as entry:
                entry.write(content)
    return bytes(pipe.written)


def macos_zip(files: Mapping[str, bytes]) -> bytes:
    """As macOS Archive Utility writes it: descriptors, no UTF-8 flag, AppleDouble twins."""
    members = []
    for name, content in files.items():
        twin = "__MACOSX/" + "/".join([*name.split("/")[:-1], "._" + name.split("/")[-1]])
        for path, bytes_of in ((name, content), (twin, b"\x00\x05\x16\x07" + bytes(60))):
            members.append(Member(
                path.encode(), bytes_of, descriptor="signed", made_by=21,
                local={"extra": extra(0x5855, bytes(12))},
                central={"extra": extra(0x5855, bytes(8)), "attributes": 0o100644 << 16 | 0x4000},
            ))  # fmt: skip
    return zip_of(*members)


def explorer_zip(files: Mapping[str, bytes]) -> bytes:
    """As Windows Explorer writes it: FAT attributes, no folders' own entries."""
    return zip_of(*(Member(n, c, system=FAT, made_by=20, attributes=0x20) for n, c in files.items()))


def seven_zip(files: Mapping[str, bytes]) -> bytes:
    """As 7-Zip on Windows writes it: NTFS times in the directory only."""
    times = extra(0x000A, struct.pack("<LHH", 0, 1, 24) + bytes(24))
    return zip_of(*(
        Member(n, c, system=FAT, made_by=63, attributes=0x20, central={"extra": times})
        for n, c in files.items()
    ))  # fmt: skip


def java_zip(files: Mapping[str, bytes]) -> bytes:
    """As Java's jar writes it: a marker in the first entry, deflated folders, descriptors."""
    first = folder(
        "META-INF/", system=FAT, method=DEFLATED, descriptor="signed", attributes=0,
        flags=UTF8_FLAG, local={"extra": extra(0xCAFE, b"")}, central={"extra": extra(0xCAFE, b"")},
    )  # fmt: skip
    others = (
        Member(n, c, system=FAT, flags=UTF8_FLAG, descriptor="signed", attributes=0) for n, c in files.items()
    )
    return zip_of(first, *others)


def dotnet_zip(files: Mapping[str, bytes], *, old: bool = False) -> bytes:
    """As .NET writes it to a pipe; ``old`` as the Framework before 4.6.1, with backslashes."""
    return zip_of(*(
        Member(n.replace("/", "\\") if old else n, c, system=FAT, attributes=0, descriptor="signed")
        for n, c in files.items()
    ))  # fmt: skip


def github_zip(files: Mapping[str, bytes], top: str = "plugin-main") -> bytes:
    """As GitHub's download of a branch: one top folder, the commit as comment."""
    times = extra(0x5455, b"\x01" + bytes(4))
    both = {"local": {"extra": times}, "central": {"extra": times}}
    inside = (Member(f"{top}/{n}", c, system=FAT, attributes=0, **both) for n, c in files.items())
    first = folder(f"{top}/", system=FAT, attributes=0x10, **both)
    return zip_of(first, *inside, comment=b"5d41402abc4b2a76b9719d911017c592ae3f8d24")


def signing_block(*pairs: tuple[int, bytes]) -> bytes:
    """An APK Signing Block of these ids and values."""
    body = b"".join(struct.pack("<QL", len(value) + 4, one) + value for one, value in pairs)
    size = struct.pack("<Q", len(body) + 24)
    return size + body + size + b"APK Sig Block 42"


def apk_of(*members: Member, block: bytes = b"") -> bytes:
    """An APK whose manifest is binary XML in form only."""
    manifest = Member("AndroidManifest.xml", b"\x03\x00\x08\x00" + bytes(60))
    return zip_of(manifest, *members, before_directory=block)


@cache
def overlapping_bomb(entries: int, kernel_bytes: int) -> bytes:
    """Fifield's bomb: each entry quotes the next one's header, so all share one kernel of zeros."""
    pieces = [deflated(bytes(kernel_bytes), 9)]
    packed, size = len(pieces[0]), kernel_bytes
    placed: list[tuple[Member, int]] = []
    for number in reversed(range(entries)):
        said = {"compressed": packed, "size": min(size, MAX32 - 1), "crc": 0}
        member = Member(f"{number:06}", local=said, central=said)
        header = local_header(member)
        placed.append((member, packed + len(header)))
        quote = struct.pack("<BHH", 0, len(header), len(header) ^ MAX16)
        pieces += [header, quote]
        packed, size = packed + len(header) + len(quote), size + len(header)
    body = b"".join(reversed(pieces[:-1]))
    directory = b"".join(central_header(one, len(body) - back) for one, back in reversed(placed))
    return body + directory + end_record(len(placed), len(directory), len(body))


@cache
def _stems() -> list[bytes]:
    choose = random.Random(0)
    return [bytes(choose.choices(range(97, 123), k=choose.randrange(2, 9))) for _ in range(5000)]


@cache
def words(count: int, seed: int = 1) -> bytes:
    """Text that packs to about half, the same for a seed."""
    return b" ".join(random.Random(seed).choices(_stems(), k=count))
