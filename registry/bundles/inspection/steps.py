"""The steps of an inspection, in order: each is a function that fills the work or refuses it.

A new rule gets a line in the table here or a check, never a place inside another step.
"""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from registry.bundles.archive.base import Bundle, Entry
from registry.bundles.archive.opening import open_bundle
from registry.bundles.checks import check_bundle
from registry.bundles.ecosystems import recognise
from registry.bundles.ecosystems.base import Ecosystem
from registry.bundles.findings import BundleRejected, rejected
from registry.bundles.inspection.agreement import other_manifests, refuse_contradictions
from registry.bundles.inspection.result import Inspection, Step
from registry.bundles.licensing import find_licenses
from registry.bundles.limits import DEFAULT_LIMITS, Limits
from registry.bundles.pictures import Picture, make_pictures
from registry.bundles.privacy import remarks_for_people, search

PIECE_BYTES = 1024 * 1024
IDLE_BYTES = 64 * 1024


@dataclass(slots=True)
class Work:
    """What the steps hand on: the file, what its publisher said of it, and what is known so far."""

    file: BinaryIO
    result: Inspection
    limits: Limits = DEFAULT_LIMITS
    said: Mapping[str, Any] = field(default_factory=dict)
    bundle: Bundle | None = None
    ecosystem: Ecosystem | None = None

    def opened(self) -> Bundle:
        """Return the bundle; the step that opens it has been taken."""
        if self.bundle is None:
            raise LookupError("no bundle is open: its step comes before this one")
        return self.bundle


def store(work: Work) -> None:
    """Measure the bytes: size and digests, by which the file is known from here on."""
    sha256, md5, size_bytes = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    work.file.seek(0)
    while piece := work.file.read(PIECE_BYTES):
        sha256.update(piece)
        md5.update(piece)
        size_bytes += len(piece)
    work.result.sha256, work.result.md5 = sha256.hexdigest(), md5.hexdigest()
    work.result.size_bytes = size_bytes
    _refuse_size(work.result.filename, size_bytes, work.limits)


def open_archive(work: Work) -> None:
    """Open the bundle by the rules of its container."""
    work.file.seek(0)
    work.bundle = open_bundle(work.file, work.result.filename, work.limits)
    work.result.container = work.bundle.container
    work.result.file_count = len(work.bundle.entries)
    work.result.findings += work.bundle.findings
    for entry in work.bundle.entries:
        _refuse_idle_work(entry)


def identify(work: Work) -> None:
    """Find whose format it is."""
    work.ecosystem = recognise(work.opened())
    if work.ecosystem is None:
        raise rejected(
            "ecosystem.unknown",
            f"{work.result.filename} holds no manifest of any media server known here.",
            "Put the manifest at the root, or a marquee.toml that says id, version and kind.",
        )


def read_metadata(work: Work) -> None:
    """Read what the bundle says of itself, and hold it against what else was said."""
    if work.ecosystem is None:
        raise LookupError("the ecosystem is not known: its step comes before this one")
    reading = work.ecosystem.read(work.opened())
    work.result.metadata = reading.metadata
    work.result.findings += reading.findings
    work.result.findings += other_manifests(work.opened(), work.ecosystem, reading.metadata)
    refuse_contradictions(reading.metadata, work.said)


def check(work: Work) -> None:
    """Let every check look at every file."""
    checked = check_bundle(work.opened(), work.limits)
    work.result.files = checked.files
    work.result.findings += checked.findings


def read_licenses(work: Work) -> None:
    """See what the files say of the license."""
    work.result.licenses = find_licenses(work.opened())


def search_files(work: Work) -> None:
    """Search the files for hosts, data and capabilities; this finds and never refuses."""
    work.result.privacy = search(work.opened(), work.limits)
    work.result.findings += remarks_for_people(work.result.privacy)


def make_all_pictures(work: Work) -> None:
    """Encode the pictures that the metadata names."""
    wanted = work.result.metadata.pictures if work.result.metadata else {}
    for made in make_pictures(work.opened(), wanted, work.limits):
        if isinstance(made, Picture):
            work.result.pictures.append(made)
        else:
            work.result.findings.append(made)


STEPS: tuple[tuple[str, Callable[[Work], None]], ...] = (
    ("stored", store),
    ("opened", open_archive),
    ("identified", identify),
    ("read", read_metadata),
    ("checked", check),
    ("searched", search_files),
    ("licensed", read_licenses),
    ("pictured", make_all_pictures),
)
#: The first step reads no byte's meaning; only the others need the closed child.
MEASURING, READING = STEPS[:1], STEPS[1:]
#: The source of a release is opened and checked; it need not be anything that a server installs.
OF_SOURCE = frozenset({"stored", "opened", "checked"})


def reading_of(said: Mapping[str, Any]) -> Sequence[tuple[str, Callable[[Work], None]]]:
    """Return the steps that read a file, by what its publisher says that it is."""
    if "source_for" not in said:
        return READING
    return [step for step in READING if step[0] in OF_SOURCE]


def take(
    steps: Sequence[tuple[str, Callable[[Work], None]]],
    work: Work,
    on_step: Callable[[str], None] | None = None,
) -> None:
    """Take the steps until one refuses; ``on_step`` is told each one's name as it begins."""
    for name, act in steps:
        if on_step is not None:
            on_step(name)
        if not _taken(name, act, work):
            break
    work.result.keep_the_gravest()


def _taken(name: str, act: Callable[[Work], None], work: Work) -> bool:
    started = time.monotonic()
    try:
        act(work)
    except BundleRejected as rejection:
        work.result.findings.append(rejection.finding)
        state = "failed"
    else:
        state = "done"
    work.result.steps.append(Step(name, state, time.monotonic() - started))
    return state == "done"


def _refuse_idle_work(entry: Entry) -> None:
    """Refuse a stream that keeps a processor busy and yields nothing (endless empty blocks).

    Honest packers add five bytes to 16 KiB that they cannot shrink, a little more when they flush
    after each small piece.
    """
    if entry.compressed_bytes > 2 * entry.size_bytes + IDLE_BYTES:
        raise rejected(
            "limit.cpu",
            f"{entry.name} is packed into {entry.compressed_bytes} bytes and holds only "
            f"{entry.size_bytes}: unpacking it is work for nothing.",
            "Pack the file again with an ordinary program.",
            path=entry.name,
        )


def _refuse_size(filename: str, size_bytes: int, limits: Limits) -> None:
    if size_bytes == 0:
        raise rejected("upload.empty", f"{filename} has no bytes.", "Pack the bundle and send it again.")
    if size_bytes > limits.upload_bytes:
        raise rejected(
            "limit.upload",
            f"{filename} has {size_bytes} bytes; {limits.upload_bytes} are allowed.",
            "Leave out what the plug-in can do without or fetch later.",
        )
