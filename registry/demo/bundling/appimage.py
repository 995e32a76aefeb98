"""An AppImage of type 2: a program that does nothing, and behind it a squashfs with the app's files."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.demo.bundling.apps import make_metainfo
from registry.demo.bundling.archives import encoded
from registry.demo.catalogue import Listing, Version
from registry.demo.pictures import icon

BLOCK_LOG = 20
BLOCK_BYTES = 1 << BLOCK_LOG
#: Blocks are stored as they are: this bit says so, for data and for tables.
STORED_DATA, STORED_TABLE = 1 << 24, 1 << 15
NOTHING, NO_TABLE = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF
FOLDER, FILE = 1, 2
GZIP, NO_FRAGMENTS = 1, 0x10
SUPERBLOCK_BYTES = 96
DESKTOP = """[Desktop Entry]
Type=Application
Name={name}
Comment={summary}
Exec=AppRun
Icon={identifier}
Categories=AudioVideo;
X-AppImage-Version={version}
X-AppImage-Arch=x86_64
"""


def make(listing: Listing, version: Version) -> bytes:
    """Make the AppImage of a version."""
    desktop = DESKTOP.format(
        name=listing.name, summary=listing.summary, identifier=listing.identifier, version=version.number
    )
    metainfo = {f"{listing.identifier}.metainfo.xml": make_metainfo(listing, version)}
    tree = {
        "AppRun": encoded("#!/bin/sh\nexit 0\n"),
        f"{listing.identifier}.desktop": encoded(desktop),
        f"{listing.identifier}.png": icon(listing.look, listing.identifier),
        "usr": {"share": {"metainfo": metainfo}},
    }
    return _program() + _Image().write(tree)


def _program() -> bytes:
    """Return the smallest 64-bit ELF file that calls itself an AppImage: a header, two empty sections."""
    names = b"\0.shstrtab\0"
    sections = bytes(64) + struct.pack("<IIQQQQIIQQ", 1, 3, 0, 0, 64, len(names), 0, 0, 1, 0)
    ident = b"\x7fELF\x02\x01\x01\0AI\x02" + bytes(5)
    rest = struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0, 0, 64 + len(names), 0, 64, 56, 0, 64, 2, 1)
    return ident + rest + names + sections


@dataclass(slots=True)
class _Image:
    """A squashfs 4.0 that fits one block a table: files first, then inodes, lists and the one owner."""

    data: bytearray = field(default_factory=lambda: bytearray(SUPERBLOCK_BYTES))
    inodes: bytearray = field(default_factory=bytearray)
    lists: bytearray = field(default_factory=bytearray)
    count: int = 0

    def write(self, tree: Mapping[str, object]) -> bytes:
        root, _ = self._folder(tree)
        inodes_at, lists_at = self._table(self.inodes), self._table(self.lists)
        owner_at = self._table(struct.pack("<I", 0))
        ids_at = len(self.data)
        self.data += struct.pack("<Q", owner_at)
        self.data[:SUPERBLOCK_BYTES] = struct.pack(
            "<4s4I6H8Q", b"hsqs", self.count, 0, BLOCK_BYTES, 0, GZIP, BLOCK_LOG, NO_FRAGMENTS, 1, 4, 0,
            root, len(self.data), ids_at, NO_TABLE, inodes_at, lists_at, NO_TABLE, NO_TABLE,
        )  # fmt: skip
        return bytes(self.data) + bytes(-len(self.data) % 4096)

    def _table(self, content: bytes | bytearray) -> int:
        at = len(self.data)
        self.data += struct.pack("<H", len(content) | STORED_TABLE) + content
        return at

    def _inode(self, kind: int, mode: int, body: bytes) -> int:
        at = len(self.inodes)
        self.count += 1
        self.inodes += struct.pack("<HHHHII", kind, mode, 0, 0, 0, self.count) + body
        return at

    def _file(self, name: str, content: bytes) -> tuple[int, int]:
        at = len(self.data)
        self.data += content
        sizes = struct.pack("<I", len(content) | STORED_DATA)
        mode = 0o755 if name == "AppRun" else 0o644
        return self._inode(FILE, mode, struct.pack("<IIII", at, NOTHING, 0, len(content)) + sizes), FILE

    def _folder(self, tree: Mapping[str, object]) -> tuple[int, int]:
        rows = [(name, *self._any(name, one)) for name, one in sorted(tree.items())]
        at = len(self.lists)
        for name, inode, kind in rows:
            self.lists += struct.pack("<IIi", 0, 0, 0)
            self.lists += struct.pack("<HhHH", inode, 0, kind, len(name) - 1) + name.encode()
        size = len(self.lists) - at + 3
        return self._inode(FOLDER, 0o755, struct.pack("<IIHHI", 0, 2, size, at, 0)), FOLDER

    def _any(self, name: str, one: object) -> tuple[int, int]:
        if isinstance(one, Mapping):
            return self._folder(one)
        return self._file(name, one) if isinstance(one, bytes) else self._file(name, b"")
