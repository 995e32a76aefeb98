"""Checks look at a bundle and find; they never decide.

All checks share one pass over the bytes, so that a bundle is unpacked once however many there are.
Adding a check is one module here and one line in :data:`CHECKS`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

from registry.bundles.archive.base import Bundle, Entry
from registry.bundles.archive.opening import open_bundle
from registry.bundles.checks import invisible_code, nested, secrets
from registry.bundles.checks.base import Check
from registry.bundles.findings import BundleRejected, Finding, Severity
from registry.bundles.limits import MIB, Limits

CHECKS: tuple[Check, ...] = (
    Check("secrets", secrets.begin),
    Check("invisible code", invisible_code.begin),
    Check("nested archives", nested.begin),
)
#: A release with such a finding waits for a moderator, with the code as its reason.
HOLDING_CODES = frozenset({"entry.nested", "scan.invisible_code", "scan.secret"})
#: An inner archive is opened once, in memory, when it is no larger than this; never one inside it.
INNER_BYTES = 32 * MIB
MOST_INNER = 20


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a bundle, for the record and for the diff to another release."""

    path: str
    size_bytes: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """Return the file as a JSON object."""
        return {"path": self.path, "size_bytes": self.size_bytes, "sha256": self.sha256}


@dataclass(slots=True)
class Checked:
    """What the checks found, and the files that they saw."""

    findings: list[Finding] = field(default_factory=list)
    files: list[FileRecord] = field(default_factory=list)


def check_bundle(bundle: Bundle, limits: Limits) -> Checked:
    """Stream every file through every check. Raises BundleRejected when the bytes are broken."""
    checked = Checked()
    for entry in bundle.entries:
        record, findings = _look_at(bundle, entry, entry.name)
        checked.files.append(record)
        checked.findings += findings
    inner = [f.path for f in checked.findings if f.code == "entry.nested" and f.path is not None]
    for path in inner[:MOST_INNER]:
        checked.findings += _look_inside(bundle, path, limits)
    return checked


def holding_reasons(findings: list[Finding]) -> list[str]:
    """Return the codes for which a release waits, each once, in order of appearance."""
    return list(dict.fromkeys(f.code for f in findings if f.code in HOLDING_CODES))


def _look_at(bundle: Bundle, entry: Entry, path: str) -> tuple[FileRecord, list[Finding]]:
    scans = [scan for check in CHECKS if (scan := check.begin(path)) is not None]
    digest, size_bytes = hashlib.sha256(), 0
    for piece in bundle.stream(entry.name):
        size_bytes += len(piece)
        digest.update(piece)
        for scan in scans:
            scan.feed(piece)
    record = FileRecord(path, size_bytes, digest.hexdigest())
    return record, [finding for scan in scans for finding in scan.finish()]


def _look_inside(bundle: Bundle, path: str, limits: Limits) -> Iterator[Finding]:
    """Check the files of an archive inside the bundle; one still deeper is told and not opened."""
    tight = replace(limits, unpacked_bytes=limits.unpacked_bytes // MOST_INNER)
    try:
        inner = open_bundle(BytesIO(bundle.read(path, INNER_BYTES)), path, tight)
        for entry in inner.entries:
            yield from _look_at(inner, entry, f"{path}!/{entry.name}")[1]
    except BundleRejected as rejection:
        yield _unread(path, rejection.finding)


def _unread(path: str, why: Finding) -> Finding:
    return Finding(
        "entry.nested",
        Severity.WARNING,
        f"{path} could not be looked into ({why.code}): {why.message}",
        "Pack the files themselves, if the media server can do without the inner archive.",
        path,
    )
