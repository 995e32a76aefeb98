"""Squashfs 4.0 images, the file system of AppImages of type 2: read, never mounted, never run.

The format is Linux's Documentation/filesystems/squashfs.rst. Every count is bounded before a loop.
"""

import struct
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from registry.bundles.archive.decompression import damaged, unpacker
from registry.bundles.archive.kinds import check_mode, special
from registry.bundles.archive.source import Source
from registry.bundles.findings import BundleRejected, rejected
from registry.bundles.limits import Limits

MAGIC = b"hsqs"
_SUPERBLOCK = struct.Struct("<4s4I6H8Q")
_METADATA_BYTES = 8192
_CACHED_BLOCKS = 64
_FRAGMENTS_IN_BLOCK = 512
_NO_FRAGMENT = 0xFFFFFFFF
_STORED_METADATA, _STORED_DATA = 1 << 15, 1 << 24
_MOST_LINK_BYTES = 4096

_INODE = struct.Struct("<HHHHII")
_FOLDERS = {1: struct.Struct("<IIHHI"), 8: struct.Struct("<IIIIHHI")}
_FILES = {2: struct.Struct("<IIII"), 9: struct.Struct("<QQQIIII")}
_LINKS = {3: struct.Struct("<II"), 10: struct.Struct("<II")}
_SPECIAL = {4: "block device", 5: "character device", 6: "named pipe", 7: "socket"}
_LIST_HEADER = struct.Struct("<IIi")
_LIST_ENTRY = struct.Struct("<HhHH")
_FRAGMENT = struct.Struct("<QII")


@dataclass(frozen=True, slots=True)
class Inode:
    """One file, folder or link of the image; ``size_bytes`` of a folder is its list's."""

    kind: int
    mode: int
    size_bytes: int
    start: int = 0
    offset: int = 0
    fragment: int = _NO_FRAGMENT
    tail: tuple[int, int] = (0, 0)  # where what follows the inode begins: block, offset

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.kind in _FOLDERS


@dataclass(frozen=True, slots=True)
class Node:
    """An inode and its path; ``target`` is a link's."""

    path: str
    inode: Inode
    target: str | None = None


class Squashfs:
    """An image that begins at ``start`` of a file; ``stop`` is its end there."""

    def __init__(self, source: Source, start: int, limits: Limits) -> None:
        content = source.at(start, _SUPERBLOCK.size)
        if len(content) < _SUPERBLOCK.size:
            raise _truncated()
        fields = _SUPERBLOCK.unpack(content)
        _, _, _, self._block_bytes, self._fragments, method, log, _, _, major, minor, *rest = fields
        self._root, used, _, _, self._inodes, self._lists, self._fragment_table, _ = rest
        if (major, minor) != (4, 0) or not 12 <= log <= 20 or self._block_bytes != 1 << log:
            raise damaged("its superblock is of no known form")
        if start + used > source.size:
            raise _truncated()
        self.stop = start + used
        self._source = source
        self._start = start
        self._limits = limits
        self._unpack = unpacker(method)
        self._cache: OrderedDict[int, tuple[bytes, int]] = OrderedDict()
        self._last_fragment: tuple[int, bytes] = (-1, b"")

    def walk(self) -> Iterator[Node]:
        """Yield all files, folders and links below the root, folders before what they hold.

        Raises BundleRejected: ``entry.special``, ``entry.mode``, ``limit.entries``,
        ``path.encoding``, ``archive.crc`` for what makes no sense, folders in circles among it.
        """
        count = 0
        seen = {self._root}
        waiting = [("", self._inode(self._root))]
        while waiting:
            path, folder = waiting.pop()
            for name, reference in self._list(folder):
                count += 1
                if count > self._limits.entries:
                    raise _too_many(self._limits)
                node = self._node(f"{path}{name}", reference)
                yield node
                if node.inode.is_folder:
                    if reference in seen:
                        raise damaged(f"the folder {node.path} holds itself or stands twice")
                    seen.add(reference)
                    waiting.append((f"{node.path}/", node.inode))

    def stream(self, inode: Inode) -> Iterator[bytes]:
        """Yield a file's bytes, a block of at most 1 MiB at a time."""
        has_tail = inode.fragment != _NO_FRAGMENT
        left = inode.size_bytes
        blocks = left // self._block_bytes if has_tail else -(-left // self._block_bytes)
        words = self._cursor(self._inodes, *inode.tail).take(4 * blocks)
        position = inode.start
        for (word,) in struct.iter_unpack("<I", words):
            size = min(left, self._block_bytes)
            yield self._data(position, word, size) if word else bytes(size)
            position += word & (_STORED_DATA - 1)
            left -= size
        if left:
            yield self._tail(inode, left)

    def _node(self, path: str, reference: int) -> Node:
        inode = self._inode(reference)
        if inode.kind in _SPECIAL:
            raise special(_SPECIAL[inode.kind], path)
        check_mode(inode.mode, path)
        if inode.kind not in _LINKS:
            return Node(path, inode)
        if inode.size_bytes > _MOST_LINK_BYTES:
            raise damaged(f"the link {path} has a target of {inode.size_bytes:,} bytes")
        target = self._cursor(self._inodes, *inode.tail).take(inode.size_bytes)
        return Node(path, inode, target.decode("utf-8", "replace"))

    def _inode(self, reference: int) -> Inode:
        cursor = self._cursor(self._inodes, reference >> 16, reference & 0xFFFF)
        kind, mode, *_ = _INODE.unpack(cursor.take(_INODE.size))
        if kind in _FOLDERS:
            return _folder(kind, mode, _FOLDERS[kind].unpack(cursor.take(_FOLDERS[kind].size)))
        if kind in _LINKS:
            _, size = _LINKS[kind].unpack(cursor.take(8))
            return Inode(kind, mode, size, tail=cursor.place)
        if kind not in _FILES:
            return Inode(kind - 7 if kind > 10 else kind, mode, 0)
        fields = _FILES[kind].unpack(cursor.take(_FILES[kind].size))
        if kind == 2:
            start, fragment, offset, size = fields
        else:
            start, size, _, _, fragment, offset, _ = fields
        if size > self._limits.entry_bytes:
            return Inode(kind, mode, size)  # too large for the quotas, so nobody will read it
        return Inode(kind, mode, size, start, offset, fragment, cursor.place)

    def _list(self, folder: Inode) -> Iterator[tuple[str, int]]:
        """Yield the names in a folder, with references to their inodes."""
        cursor = self._cursor(self._lists, folder.start, folder.offset)
        left = folder.size_bytes - 3  # the format counts . and .., which are not there
        while left > 0:
            count, block, _ = _LIST_HEADER.unpack(cursor.take(_LIST_HEADER.size))
            left -= _LIST_HEADER.size
            for _ in range(min(count + 1, 256)):
                offset, _, _, length = _LIST_ENTRY.unpack(cursor.take(_LIST_ENTRY.size))
                raw_name = cursor.take(min(length, 255) + 1)
                left -= _LIST_ENTRY.size + len(raw_name)
                yield _decoded(raw_name), block << 16 | offset

    def _tail(self, inode: Inode, length: int) -> bytes:
        """Return the last bytes of a file, which share a block with those of other files."""
        if inode.fragment >= self._fragments:
            raise damaged("a file's end is in no fragment")
        if self._last_fragment[0] != inode.fragment:
            block, index = divmod(inode.fragment, _FRAGMENTS_IN_BLOCK)
            (place,) = struct.unpack("<Q", self._at(self._fragment_table + 8 * block, 8))
            cursor = self._cursor(place, 0, index * _FRAGMENT.size)
            start, word, _ = _FRAGMENT.unpack(cursor.take(_FRAGMENT.size))
            self._last_fragment = (inode.fragment, self._data(start, word, None))
        content = self._last_fragment[1][inode.offset : inode.offset + length]
        if len(content) < length:
            raise damaged("a file's end is missing")
        return content

    def _data(self, position: int, word: int, size: int | None) -> bytes:
        """Return a data block, which must have ``size`` bytes, or at most a block's if None."""
        packed_bytes = word & (_STORED_DATA - 1)
        most = self._block_bytes if size is None else size
        if packed_bytes > self._block_bytes:
            raise damaged("a block is larger than blocks are")
        content = self._at(position, packed_bytes)
        if not word & _STORED_DATA:
            content = self._unpack(content, most)
        if len(content) > most or (size is not None and len(content) != size):
            raise damaged(f"a block has {len(content):,} bytes, not {most:,}")
        return content

    def metadata(self, position: int) -> tuple[bytes, int]:
        """Return the metadata block at a position of the image, and the position of the next."""
        if position in self._cache:
            self._cache.move_to_end(position)
            return self._cache[position]
        (word,) = struct.unpack("<H", self._at(position, 2))
        packed_bytes = word & (_STORED_METADATA - 1)
        content = self._at(position + 2, packed_bytes)
        if not word & _STORED_METADATA:
            content = self._unpack(content, _METADATA_BYTES)
        if not 0 < len(content) <= _METADATA_BYTES:
            raise damaged("a metadata block is empty or too large")
        self._cache[position] = (content, position + 2 + packed_bytes)
        if len(self._cache) > _CACHED_BLOCKS:
            self._cache.popitem(last=False)
        return self._cache[position]

    def _cursor(self, table: int, block: int, offset: int) -> "_Cursor":
        return _Cursor(self, table, block, offset)

    def _at(self, position: int, length: int) -> bytes:
        if position + length > self.stop - self._start:
            raise _truncated()
        return self._source.at(self._start + position, length)


@dataclass(slots=True)
class _Cursor:
    """A place in a chain of metadata blocks, read forward."""

    image: Squashfs
    table: int
    block: int
    offset: int
    _pieces: list[bytes] = field(default_factory=list)

    @property
    def place(self) -> tuple[int, int]:
        return self.block, self.offset

    def take(self, length: int) -> bytes:
        """Return the next ``length`` bytes; callers bound them."""
        self._pieces.clear()
        while length > 0:
            content, following = self.image.metadata(self.table + self.block)
            if self.offset > len(content):
                raise damaged("something lies outside its metadata block")
            piece = content[self.offset : self.offset + length]
            self._pieces.append(piece)
            length -= len(piece)
            self.offset += len(piece)
            if length > 0:
                self.block, self.offset = following - self.table, 0
        return b"".join(self._pieces)


def _folder(kind: int, mode: int, fields: tuple[int, ...]) -> Inode:
    if kind == 1:
        start, _, size, offset, _ = fields
    else:
        _, size, start, _, _, offset, _ = fields
    return Inode(kind, mode, size, start, offset)


def _decoded(raw_name: bytes) -> str:
    try:
        name = raw_name.decode()
    except UnicodeDecodeError:
        raise rejected(
            "path.encoding",
            f"the name {raw_name[:80]!r} is not UTF-8",
            "Name the file in UTF-8 and build the AppImage again.",
        ) from None
    if "/" in name:
        raise damaged(f"the name {name!r} holds a slash")
    return name


def _truncated() -> BundleRejected:
    return rejected(
        "archive.truncated",
        "the end of the image is missing",
        "The file was cut off: make or download it again, then upload it.",
    )


def _too_many(limits: Limits) -> BundleRejected:
    return rejected(
        "limit.entries",
        f"the image has more than {limits.entries:,} entries",
        "Leave out what is not needed.",
    )
