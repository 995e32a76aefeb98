"""How much a bundle may unpack to, decided from sizes that reading later holds it to."""

from collections.abc import Iterable

from registry.bundles.archive.base import Entry
from registry.bundles.findings import BundleRejected, rejected
from registry.bundles.limits import MIB, Limits


def check_sizes(entries: Iterable[Entry], limits: Limits) -> None:
    """Refuse bombs before a byte is unpacked.

    Raises BundleRejected: ``limit.ratio`` and ``limit.entry`` for one entry, then ``limit.unpacked``
    and ``limit.ratio`` for all.
    """
    unpacked = packed = 0
    for entry in entries:
        check_entry(entry, limits)
        unpacked += entry.size_bytes
        packed += entry.compressed_bytes
    check_total(unpacked, packed, limits)


def check_entry(entry: Entry, limits: Limits) -> None:
    """Refuse one entry that is too large, or that unpacks to suspiciously much."""
    packed = max(entry.compressed_bytes, 1)
    if entry.size_bytes > max(limits.entry_ratio_from_bytes, packed * limits.entry_ratio):
        what = f"{entry.name} unpacks to {entry.size_bytes // packed:,} times its size"
        raise _ratio(what, limits.entry_ratio, entry.name)
    if entry.size_bytes > limits.entry_bytes:
        raise rejected(
            "limit.entry",
            f"{entry.name} has {entry.size_bytes:,} bytes; {limits.entry_bytes:,} may be",
            "Leave large data out of the bundle, or split it.",
            path=entry.name,
        )


def check_total(unpacked: int, packed: int, limits: Limits) -> None:
    """Refuse all entries together; bytes."""
    if unpacked > limits.unpacked_bytes:
        raise rejected(
            "limit.unpacked",
            f"the bundle unpacks to more than {limits.unpacked_bytes // MIB:,} MiB",
            "Leave large data out of the bundle.",
        )
    if unpacked > max(limits.total_ratio_from_bytes, packed * limits.total_ratio):
        what = f"the bundle unpacks to {unpacked // max(packed, 1):,} times its size"
        raise _ratio(what, limits.total_ratio, None)


def _ratio(what: str, allowed: int, path: str | None) -> BundleRejected:
    return rejected(
        "limit.ratio",
        f"{what}; {allowed} times may be",
        "Leave out files that hold nothing but padding.",
        path=path,
    )
