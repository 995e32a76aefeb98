"""IPK packages of webOS: an ``ar`` of a version, a control tar and a data tar.

Entries are the data's files by their paths, and the control's files under ``CONTROL/``.
"""

from collections.abc import Iterator, Mapping, Sequence

from registry.bundles.archive.ar import Member, read_members
from registry.bundles.archive.base import Entry
from registry.bundles.archive.gunzip import Gunzip, Plain, Unpacked
from registry.bundles.archive.names import Tree
from registry.bundles.archive.opened import OpenedBundle
from registry.bundles.archive.quotas import check_entry, check_total
from registry.bundles.archive.remarks import Remarks
from registry.bundles.archive.source import Source
from registry.bundles.archive.tar import TarEntry, read_tar
from registry.bundles.findings import BundleRejected, Finding, rejected
from registry.bundles.limits import Limits

CONTROL_FOLDER = "CONTROL"
_VERSION = b"2.0\n"
_Places = dict[str, tuple[Unpacked, int]]


class IpkBundle(OpenedBundle):
    """A webOS package."""

    def __init__(
        self,
        source: Source,
        filename: str,
        entries: Sequence[Entry],
        findings: Sequence[Finding],
        places: Mapping[str, tuple[Unpacked, int]],
    ) -> None:
        super().__init__("ipk", filename, source.size, entries, findings)
        self._places = places

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield an entry's bytes; see :class:`registry.bundles.archive.base.Bundle`."""
        unpacked, start = self._places[name]
        return unpacked.chunks(start, start + self._by_name[name].size_bytes)


def open_ipk(source: Source, filename: str, limits: Limits) -> IpkBundle:
    """Return the bundle in an IPK. Raises BundleRejected for every rule of it that it breaks."""
    control, data = _members(source)
    remarks = Remarks(Tree(limits))
    entries: list[Entry] = []
    places: _Places = {}
    count = 0
    for folder, member in ((CONTROL_FOLDER + "/", control), ("", data)):
        unpacked = _unpacked(source, member, limits)
        for found in read_tar(unpacked, member.name, limits):
            count += 1
            if count > limits.entries:
                raise _too_many(limits)
            entry = _admit(folder, found, remarks, limits)
            if not found.is_folder:
                entries.append(entry)
                places[entry.name] = (unpacked, found.start)
    check_total(sum(entry.size_bytes for entry in entries), source.size, limits)
    return IpkBundle(source, filename, entries, remarks.findings(), places)


def _members(source: Source) -> tuple[Member, Member]:
    """Return the control and the data member of exactly three."""
    by_stem = {member.name.split(".")[0]: member for member in read_members(source)}
    if set(by_stem) != {"debian-binary", "control", "data"}:
        raise _not_an_ipk(f"its members are {', '.join(sorted(by_stem)) or 'none'}")
    version = by_stem["debian-binary"]
    if source.at(version.start, min(version.stop - version.start, 8)) != _VERSION:
        raise _not_an_ipk("its format is not 2.0")
    return by_stem["control"], by_stem["data"]


def _unpacked(source: Source, member: Member, limits: Limits) -> Unpacked:
    if member.name.endswith(".tar.gz"):
        return Gunzip(source, member, limits)
    if member.name.endswith(".tar"):
        return Plain(source, member)
    raise rejected(
        "archive.method",
        f"{member.name} is not packed as webOS knows it: only .tar.gz and .tar are read",
        "Build the package with ares-package.",
        path=member.name,
    )


def _admit(folder: str, found: TarEntry, remarks: Remarks, limits: Limits) -> Entry:
    name = folder + found.name
    remarks.tree.add(name, is_folder=found.is_folder)
    remarks.entry(name, found.mode)
    entry = Entry(name, found.size_bytes, found.compressed_bytes, found.mode)
    check_entry(entry, limits)
    return entry


def _not_an_ipk(why: str) -> BundleRejected:
    return rejected(
        "archive.type",
        f"the package is no IPK: {why}",
        "Upload what ares-package made: debian-binary, control.tar.gz and data.tar.gz.",
    )


def _too_many(limits: Limits) -> BundleRejected:
    return rejected(
        "limit.entries",
        f"the package has more than {limits.entries:,} entries",
        "Leave out what is not needed (version control, tests, caches).",
    )
