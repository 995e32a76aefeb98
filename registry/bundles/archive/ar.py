"""The outer shell of an IPK: an ``ar`` archive of a few members that tile the file exactly."""

import re
from dataclasses import dataclass

from registry.bundles.archive.signatures import AR_HEAD
from registry.bundles.archive.source import Source
from registry.bundles.findings import BundleRejected, rejected

_HEADER_BYTES = 60
_MOST_MEMBERS = 8
_HEADER = re.compile(rb"(.{16})[ 0-9]{12}[ 0-9]{12}[ 0-7]{8}([0-9]{1,10}) *`\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its bytes lie from ``start`` to ``stop`` of the file."""

    name: str
    start: int
    stop: int


def read_members(source: Source) -> list[Member]:
    """Return the members in order.

    Raises BundleRejected: ``archive.truncated``, ``archive.trailing``, ``archive.duplicate_name``,
    ``archive.crc`` for a header that is none.
    """
    members: list[Member] = []
    at = len(AR_HEAD)
    while at < source.size:
        member = _member(source, at, last=len(members) == _MOST_MEMBERS)
        if any(member.name == other.name for other in members):
            raise _duplicate(member.name)
        members.append(member)
        at = member.stop + member.stop % 2  # members begin at even places
    return members


def _member(source: Source, at: int, *, last: bool) -> Member:
    header = source.at(at, _HEADER_BYTES)
    if last or (at > len(AR_HEAD) and len(header) < _HEADER_BYTES):
        raise rejected(
            "archive.trailing",
            f"{source.size - at:,} bytes follow the last member of the package",
            "Build the package again with ares-package.",
        )
    found = _HEADER.fullmatch(header)
    if found is None:
        raise rejected(
            "archive.crc",
            f"the package has no member at byte {at:,}, where one must begin",
            "Build the package again with ares-package.",
        )
    start = at + _HEADER_BYTES
    stop = start + int(found[2])
    if stop > source.size:
        raise truncated()
    return Member(found[1].decode("latin-1").rstrip(" ").removesuffix("/"), start, stop)


def truncated() -> BundleRejected:
    """Make the refusal of a package whose end is missing."""
    return rejected(
        "archive.truncated",
        "the end of the package is missing",
        "The file was cut off: make or download it again, then upload it.",
    )


def _duplicate(name: str) -> BundleRejected:
    return rejected(
        "archive.duplicate_name",
        f"the package has two members called {name!r}",
        "Build the package again with ares-package.",
    )
