"""Bytes that belong to no entry, or to two: what they are and why the zip is refused for them."""

from registry.bundles.archive.source import Source
from registry.bundles.archive.zipformat import CENTRAL, END, END64, LOCAL, LOCATOR64, zip64_invalid
from registry.bundles.findings import BundleRejected, rejected


def explain_hole(source: Source, start: int, stop: int) -> BundleRejected:
    """Make the refusal of the bytes from ``start`` to ``stop``, which nothing accounts for.

    ``archive.header_mismatch`` for entries that only one of the two lists has,
    ``archive.eocd_ambiguous``, ``archive.zip64_invalid``, ``archive.prefix``, else ``archive.gap``.
    """
    if source.at(start, 4) in {LOCAL, CENTRAL}:
        return unlisted(start)
    if source.contains(END, start, stop):
        return rejected(
            "archive.eocd_ambiguous",
            f"there is a second end record after byte {start:,}",
            "Pack the files again into one zip.",
        )
    if source.contains(END64, start, stop) or source.contains(LOCATOR64, start, stop):
        return zip64_invalid(f"there are ZIP64 records after byte {start:,} that do not fit")
    if source.contains(LOCAL, start, stop) or source.contains(CENTRAL, start, stop):
        return unlisted(start)
    if start == 0:
        return prefix(stop)
    return rejected(
        "archive.gap",
        f"the {stop - start:,} bytes from byte {start:,} belong to no entry",
        "Pack the files again; a zip may hold its entries only.",
    )


def prefix(length: int) -> BundleRejected:
    """Make the refusal of a zip that stands behind something else."""
    return rejected(
        "archive.prefix",
        f"{length:,} bytes stand before the zip" if length else "something stands before the zip",
        "Upload the plain zip: no self-extracting program, no picture or page before it.",
    )


def unlisted(start: int) -> BundleRejected:
    """Make the refusal of entries that one list has and the other has not."""
    return rejected(
        "archive.header_mismatch",
        f"an entry at byte {start:,} is not in both lists of the zip, so programs see different files",
        "Pack the files again from scratch instead of changing the zip in place.",
    )


def overlap(label: str) -> BundleRejected:
    """Make the refusal of an entry that shares bytes with another."""
    return rejected(
        "archive.overlap",
        f"{label} shares bytes with another entry, as zip bombs do",
        "Pack the files again with an ordinary zip program.",
        path=label,
    )
