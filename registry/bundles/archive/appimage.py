"""AppImages of type 2 as bundles: an ELF program with a squashfs behind it, read and never run."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from registry.bundles.archive.base import Entry
from registry.bundles.archive.elf import Program, read_program
from registry.bundles.archive.names import Tree
from registry.bundles.archive.opened import OpenedBundle
from registry.bundles.archive.quotas import check_sizes, check_total
from registry.bundles.archive.remarks import Remarks
from registry.bundles.archive.source import CHUNK_BYTES, Source
from registry.bundles.archive.squashfs import MAGIC, Inode, Node, Squashfs
from registry.bundles.findings import BundleRejected, Finding, rejected
from registry.bundles.limits import MIB, Limits

_TYPE_1, _TYPE_2 = b"AI\x01", b"AI\x02"
_MOST_HOPS = 8
_UPDATE_BYTES = 4096


class AppImageBundle(OpenedBundle):
    """An AppImage; ``update_information`` is what its ``.upd_info`` section says, or empty."""

    def __init__(
        self,
        source: Source,
        filename: str,
        image: Squashfs,
        inodes: Mapping[str, Inode],
        findings: Sequence[Finding],
    ) -> None:
        entries = [_entry(name, inode) for name, inode in inodes.items()]
        super().__init__("appimage", filename, source.size, entries, findings)
        self.update_information = ""
        self._image = image
        self._inodes = inodes

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield an entry's bytes; see :class:`registry.bundles.archive.base.Bundle`."""
        for block in self._image.stream(self._inodes[name]):
            for at in range(0, len(block), CHUNK_BYTES):
                yield block[at : at + CHUNK_BYTES]


def is_appimage(head: bytes) -> bool:
    """Say whether an ELF file calls itself an AppImage of type 1 or 2."""
    return head[8:11] in {_TYPE_1, _TYPE_2}


def open_appimage(source: Source, filename: str, limits: Limits) -> AppImageBundle:
    """Return the bundle in an AppImage. Raises BundleRejected for what breaks its rules.

    Links are no entries; one at the root that leads to a file inside counts as a copy of it, since
    build tools make the ``.desktop`` file and the icon so. Names that differ in case may stay: the
    image is mounted where it runs, never unpacked on another system.
    """
    if source.at(8, 3) == _TYPE_1:
        raise _type_1(filename)
    program = read_program(source)
    if source.at(program.stop, 4) != MAGIC:
        raise _no_image(filename)
    image = Squashfs(source, program.stop, limits)
    _check_end(source, image.stop)
    remarks = Remarks(Tree(limits, portable=False))
    inodes = _files(image.walk(), remarks)
    check_sizes((_entry(name, inode) for name, inode in inodes.items()), limits)
    check_total(sum(inode.size_bytes for inode in inodes.values()), source.size, limits)
    bundle = AppImageBundle(source, filename, image, inodes, remarks.findings())
    bundle.update_information = _update_information(source, program)
    return bundle


def _entry(name: str, inode: Inode) -> Entry:
    # A squashfs packs blocks, not files: a file's packed size is not to be had, its own is an upper bound.
    return Entry(name, inode.size_bytes, inode.size_bytes, inode.mode)


def _files(nodes: Iterator[Node], remarks: Remarks) -> dict[str, Inode]:
    files: dict[str, Inode] = {}
    links: dict[str, str] = {}
    for node in nodes:
        is_folder = node.target is None and node.inode.is_folder
        remarks.tree.add(node.path, is_folder=is_folder)
        if node.target is not None:
            links[node.path] = node.target
        elif not is_folder:
            remarks.entry(node.path, node.inode.mode)
            files[node.path] = node.inode
    for path in links:
        target = _leads_to(path, links)
        if "/" not in path and target in files:
            files[path] = files[target]
    return files


def _leads_to(path: str, links: Mapping[str, str]) -> str:
    """Follow a link as text; what leads out of the image is simply not found there."""
    for _ in range(_MOST_HOPS):
        if path not in links:
            break
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), links[path]))
    return path


def _update_information(source: Source, program: Program) -> str:
    for section in program.sections:
        if section.name == ".upd_info":
            content = source.at(section.start, min(section.stop - section.start, _UPDATE_BYTES))
            return content.split(b"\0")[0].decode("ascii", "replace")
    return ""


def _check_end(source: Source, stop: int) -> None:
    """Let nothing but zeros, the padding of the image, follow it."""
    padding = source.size - stop
    if padding > MIB or any(chunk.strip(b"\0") for chunk in source.chunks(stop, source.size)):
        raise rejected(
            "archive.trailing",
            f"{padding:,} bytes follow the image",
            "Upload the AppImage alone; nothing may be appended to it.",
        )


def _type_1(filename: str) -> BundleRejected:
    return rejected(
        "archive.type",
        f"{filename} is an AppImage of type 1 (ISO 9660), which is not read here",
        "Build it again with a current appimagetool, which makes type 2.",
    )


def _no_image(filename: str) -> BundleRejected:
    return rejected(
        "archive.type",
        f"{filename} has no squashfs behind its program",
        "Build it again with a current appimagetool.",
    )
