"""One file of a release for its moderators and the members of its publisher, in any state of the release.

The package's bytes are copied from the store, compared with their digest, and read in a closed child: a
few at a time in each process, and only of packages that a page can wait for.
"""

import hashlib
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import UUID

import structlog

from registry.accounts.actor import Actor
from registry.bundles.limits import MIB
from registry.bundles.viewing import asking
from registry.bundles.viewing.asking import Member, Unviewable
from registry.bundles.viewing.differing import Difference
from registry.bundles.viewing.reading import Part
from registry.database import let_go, session
from registry.errors import NotAllowed, NotFound, Unavailable, fault
from registry.listings.models import Listing
from registry.releases.models import Artifact, Release
from registry.releases.reading import artifacts_of
from registry.releases.service import get_release
from registry.review.difference import counterpart
from registry.storing import store
from storage.errors import BlobNotFound
from storage.keys import blob_key

log = structlog.get_logger()
MOST_PACKAGE_BYTES = 64 * MIB
AT_ONCE = 2
WAIT_S = 5
NOT_TEXT = "It is not text."
TOO_LARGE = (
    f"Its package is larger than {MOST_PACKAGE_BYTES // MIB} MiB, which is too much to be opened for a page. "
    "Download it instead."
)
NOT_KEPT = "The bytes of this release are no longer kept: it was turned away."
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class File:
    """What is known of one file of a release without opening it."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A part of one file, or in ``told`` why none is shown."""

    release: Release
    file: File
    part: Part | None
    told: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A file (None where it is not there) in two releases: what differs, or why that is not shown."""

    release: Release
    before: Release
    path: str
    now: File | None
    was: File | None
    difference: Difference | None
    told: str | None


def open_file(release_id: UUID, path: str, *, by: Actor, line: int = 1) -> Opened:
    """Return the part of a file that holds ``line``.

    Raises NotFound, NotAllowed, Unavailable while others are being opened.
    """
    release = _release(release_id, by)
    file = file_of(release, path)
    if file is None:
        raise _no_file()
    wanted = _Wanted.of(release, path)
    try:
        with _opened(wanted) as (member,):
            part = asking.show(member, line) if member else None
    except Unviewable as error:
        return Opened(release, file, None, _why(error, release))
    return Opened(release, file, part, None if part else NOT_TEXT)


def compare_file(release_id: UUID, path: str, *, against: UUID, by: Actor) -> Compared:
    """Return how a file differs from that of another release of the same listing.

    Raises NotFound, NotAllowed, Invalid, Unavailable while others are being opened.
    """
    release, before = _release(release_id, by), _release(against, by)
    if before.listing_id != release.listing_id or before.id == release.id:
        raise fault("against", "Name another release of the same listing.")
    old_path = counterpart(path, release.files, before.files)
    now, was = file_of(release, path), file_of(before, old_path)
    if now is None and was is None:
        raise _no_file()
    if now and was and now.sha256 == was.sha256:
        return Compared(release, before, path, now, was, None, "The file is the same in both.")
    difference, told = _compared(
        release,
        _Wanted.of(before, old_path) if was else None,
        _Wanted.of(release, path) if now else None,
    )
    return Compared(release, before, path, now, was, difference, told)


def file_of(release: Release, path: str) -> File | None:
    """Return what is known of a file, None for a path that the bundle has not."""
    found = next((each for each in release.files if each["path"] == path), None)
    return File(path, found["size_bytes"], found["sha256"]) if found else None


def may_open(publisher_id: UUID, by: Actor) -> bool:
    """Say whether somebody may open the files of a publisher's releases."""
    return by.is_moderator or by.role_in(publisher_id) is not None


def _release(release_id: UUID, by: Actor) -> Release:
    release = get_release(release_id, by=by)
    if not may_open(session().get_one(Listing, release.listing_id).publisher_id, by):
        raise NotAllowed("Files are opened here for moderators and for members of the publisher.")
    return release


def _no_file() -> NotFound:
    return NotFound("This release has no file at that path.")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file and where the bytes of its package lie."""

    artifact: Artifact
    bucket: str
    key: str
    path: str
    #: A document that was sent alone is its own only file; by its name it is known as one.
    filename: str

    @classmethod
    def of(cls, release: Release, path: str) -> "_Wanted":
        artifact = next(each for each in artifacts_of([release.id])[release.id] if each.role == "package")
        bucket, key = store().config.bucket_incoming, artifact.incoming_key
        if release.published_at is not None:
            bucket, key = store().config.bucket_published, blob_key(artifact.sha256)
        return cls(artifact, bucket, key, path, path if len(release.files) == 1 else artifact.filename)


def _compared(
    release: Release, was: _Wanted | None, now: _Wanted | None
) -> tuple[Difference | None, str | None]:
    try:
        with _opened(was, now) as (before, after):
            difference = asking.compare(before, after)
    except Unviewable as error:
        return None, _why(error, release)
    return difference, None if difference else NOT_TEXT


@contextmanager
def _opened(*wanted: _Wanted | None) -> Iterator[list[Member | None]]:
    """Copy the packages into unnamed files; at most a few of these requests at once in this process."""
    if any(each and each.artifact.size_bytes > MOST_PACKAGE_BYTES for each in wanted):
        raise Unviewable(TOO_LARGE)
    let_go()
    if not _places.acquire(timeout=WAIT_S):
        raise Unavailable("Others are opening files just now. Try again.", retry_after_s=WAIT_S)
    try:
        with ExitStack() as kept:
            yield [kept.enter_context(_spooled(each)) if each else None for each in wanted]
    finally:
        _places.release()


@contextmanager
def _spooled(wanted: _Wanted) -> Iterator[Member]:
    sha256 = hashlib.sha256()
    with tempfile.TemporaryFile(prefix="marquee-") as file:
        try:
            with store().open(wanted.bucket, wanted.key) as blob:
                for chunk in blob:
                    sha256.update(chunk)
                    file.write(chunk)
        except BlobNotFound as error:
            raise Unviewable(NOT_KEPT, str(error)) from error
        file.flush()
        if sha256.hexdigest() != wanted.artifact.sha256:
            raise Unviewable("The store has other bytes than were checked.", f"digest {sha256.hexdigest()}")
        yield Member(file, wanted.filename, wanted.path)


def _why(error: Unviewable, release: Release) -> str:
    if error.detail:
        log.warning("file_not_shown", release=str(release.id), reason=error.detail)
    return str(error)
