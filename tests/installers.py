"""IPKs and AppImages byte by byte, honest ones and what nobody should make."""

import gzip
import io
import lzma
import struct
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import zstandard

BLOCK_BYTES = 4096
METADATA_BYTES = 8192
NO_FRAGMENT = 0xFFFFFFFF
GZIP, XZ, ZSTD = 1, 4, 6
PACK: dict[int, Callable[[bytes], bytes]] = {
    GZIP: zlib.compress,
    XZ: lambda content: lzma.compress(content, check=lzma.CHECK_CRC32, preset=0),
    ZSTD: lambda content: zstandard.ZstdCompressor().compress(content),
}


def tar_of(files: Mapping[str, bytes], *, mode: int = 0o644, form: int = tarfile.GNU_FORMAT) -> bytes:
    """A tar of these files, in the form that ``tarfile`` calls so."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), mode
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def tar_with(*entries: tarfile.TarInfo) -> bytes:
    """A tar of entries that hold nothing."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for entry in entries:
            archive.addfile(entry)
    return out.getvalue()


def ar_of(members: Mapping[str, bytes]) -> bytes:
    """An ar archive."""
    out = b"!<arch>\n"
    for name, content in members.items():
        header = f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n"
        out += header.encode() + content + b"\n" * (len(content) % 2)
    return out


CONTROL = {"./control": b"Package: org.example.app\nVersion: 1.0.0\n"}


def ipk_of(
    files: Mapping[str, bytes] | bytes,
    *,
    control: Mapping[str, bytes] | bytes = CONTROL,
    pack: Callable[[bytes], bytes] = gzip.compress,
    ending: str = ".tar.gz",
    **members: bytes,
) -> bytes:
    """An IPK of these files, or of a data tar as it is; ``members`` override or add members."""
    data, head = (one if isinstance(one, bytes) else tar_of(one) for one in (files, control))
    parts = {
        "debian-binary": b"2.0\n",
        f"control{ending}": pack(head),
        f"data{ending}": pack(data),
    }
    return ar_of(parts | {name.replace("_", "-"): content for name, content in members.items()})


def elf_of(*sections: tuple[str, bytes], kind: bytes = b"AI\x02") -> bytes:
    """A 64-bit little-endian ELF file that holds only these sections."""
    names = b"\0" + b"".join(name.encode() + b"\0" for name, _ in sections) + b".shstrtab\0"
    contents = [content for _, content in sections] + [names]
    body, at, rows = b"", 64, [bytes(64)]
    for (name, _), content in zip((*sections, (".shstrtab", b"")), contents, strict=True):
        row = (names.index(name.encode() + b"\0"), 1, 0, 0, at, len(content), 0, 0, 1, 0)
        rows.append(struct.pack("<IIQQQQIIQQ", *row))
        body, at = body + content, at + len(content)
    ident = b"\x7fELF\x02\x01\x01\0" + kind + bytes(5)
    header = struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0, 0, at, 0, 64, 56, 0, 64, len(rows), len(rows) - 1)
    return ident + header + body + b"".join(rows)


@dataclass
class Image:
    """Writes a squashfs 4.0: data first, then inodes, folders' lists, fragments and ids."""

    method: int = GZIP
    fragments: bool = True
    mode: int = 0o644
    data: bytearray = field(default_factory=lambda: bytearray(bytes(96)))
    inodes: bytearray = field(default_factory=bytearray)
    lists: bytearray = field(default_factory=bytearray)
    tails: bytearray = field(default_factory=bytearray)
    count: int = 0
    root: int = 0

    def build(self, tree: Mapping[str, object]) -> bytes:
        """Write a tree: bytes are files, text is a link's target, mappings are folders, numbers are
        inodes of that kind, and None is the root again."""
        self.root = type(self)(self.method, self.fragments)._folder(tree)
        root = self._folder(tree)
        fragment = None
        if self.tails:
            fragment = struct.pack("<QII", len(self.data), *self._put(bytes(self.tails)), 0)
        inodes_at = len(self.data)
        self.data += self._metadata(bytes(self.inodes))
        lists_at = len(self.data)
        self.data += self._metadata(bytes(self.lists))
        fragments_at = self._table(fragment) if fragment else len(self.data)
        ids_at = self._table(struct.pack("<I", 0))
        used = len(self.data)
        none = 0xFFFFFFFFFFFFFFFF
        self.data[:96] = struct.pack(
            "<4s4I6H8Q", b"hsqs", self.count, 0, BLOCK_BYTES, 1 if fragment else 0, self.method,
            12, 0x10, 1, 4, 0, root, used, ids_at, none, inodes_at, lists_at, fragments_at, none,
        )  # fmt: skip
        return bytes(self.data).ljust(-(-used // BLOCK_BYTES) * BLOCK_BYTES, b"\0")

    def _put(self, content: bytes) -> tuple[int]:
        packed = PACK[self.method](content)
        stored = len(packed) >= len(content)
        piece = content if stored else packed
        self.data += piece
        return (len(piece) | (1 << 24 if stored else 0),)

    def _metadata(self, content: bytes) -> bytes:
        """Pack a table that fits one block; longer ones stay as they are, so places are known."""
        if len(content) <= METADATA_BYTES:
            packed = PACK[self.method](content)
            if len(packed) < len(content):
                return struct.pack("<H", len(packed)) + packed
        blocks = (content[at : at + METADATA_BYTES] for at in range(0, len(content), METADATA_BYTES))
        return b"".join(struct.pack("<H", len(one) | 1 << 15) + one for one in blocks)

    def _table(self, content: bytes) -> int:
        """Write a block and, behind it, its place; return where that stands."""
        at = len(self.data)
        self.data += self._metadata(content)
        self.data += struct.pack("<Q", at)
        return len(self.data) - 8

    @staticmethod
    def _place(table: bytearray) -> tuple[int, int]:
        block, offset = divmod(len(table), METADATA_BYTES)
        return block * (METADATA_BYTES + 2), offset

    def _inode(self, kind: int, body: bytes, mode: int | None = None) -> int:
        self.count += 1
        block, offset = self._place(self.inodes)
        mode = self.mode if mode is None else mode
        self.inodes += struct.pack("<HHHHII", kind, mode, 0, 0, 0, self.count) + body
        return block << 16 | offset

    def _file(self, content: bytes) -> int:
        start, words = len(self.data), b""
        tail = len(content) % BLOCK_BYTES if self.fragments else 0
        if len(self.tails) + tail > BLOCK_BYTES:
            tail = 0
        for at in range(0, len(content) - tail, BLOCK_BYTES):
            piece = content[at : min(at + BLOCK_BYTES, len(content) - tail)]
            words += struct.pack("<I", *(self._put(piece) if piece.strip(b"\0") else (0,)))
        place = (0, len(self.tails)) if tail else (NO_FRAGMENT, 0)
        self.tails += content[len(content) - tail :]
        return self._inode(2, struct.pack("<IIII", start, *place, len(content)) + words)

    def _folder(self, tree: Mapping[str, object]) -> int:
        rows = [(name, *self._any(one)) for name, one in sorted(tree.items())]
        block, offset = self._place(self.lists)
        before = len(self.lists)
        for name, kind, reference in rows:  # a header for each: wasteful, and allowed
            self.lists += struct.pack("<IIi", 0, reference >> 16, 0)
            self.lists += struct.pack("<HhHH", reference & 0xFFFF, 0, kind, len(name.encode()) - 1)
            self.lists += name.encode()
        size = len(self.lists) - before + 3
        if size > 0xFFFF:
            return self._inode(8, struct.pack("<IIIIHHI", 2, size, block, 0, 0, offset, NO_FRAGMENT), 0o755)
        return self._inode(1, struct.pack("<IIHHI", block, 2, size, offset, 0), 0o755)

    def _any(self, one: object) -> tuple[int, int]:
        if isinstance(one, bytes):
            return 2, self._file(one)
        if isinstance(one, str):
            target = one.encode()
            return 3, self._inode(3, struct.pack("<II", 1, len(target)) + target, 0o777)
        if isinstance(one, int):
            return one, self._inode(one, struct.pack("<II", 1, 0))
        if one is None:
            return 1, self.root
        assert isinstance(one, Mapping)
        return 1, self._folder(one)


DESKTOP = b"[Desktop Entry]\nType=Application\nName=Example\nExec=example\nIcon=example\n"


def appimage_of(
    tree: Mapping[str, object],
    *,
    method: int = GZIP,
    update: bytes = b"zsync|https://example.org/x.zsync",
    kind: bytes = b"AI\x02",
    trailing: bytes = b"",
    **fields: int,
) -> bytes:
    """An AppImage whose program does nothing."""
    program = elf_of((".upd_info", update.ljust(64, b"\0")), (".text", bytes(40)), kind=kind)
    return program + Image(method, **fields).build(tree) + trailing  # type: ignore[arg-type]
