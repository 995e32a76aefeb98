"""One consistent set: a dump of the database at one instant, and every blob that it names, by digest.

A set is verified whole before a restore changes anything; a restored Marquee takes up the work that was
under way and builds its feeds for the address that it has now.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from registry import migrations
from registry.accounts import first_login
from registry.accounts.actor import SYSTEM
from registry.accounts.models import Account
from registry.audit.service import record
from registry.backup.objects import Kept, objects_of
from registry.backup.programs import BackupFailed, run_postgres_program
from registry.clock import now
from registry.configured import settings
from registry.database import db, transaction
from registry.feeds.models import FeedDocument, FeedState
from registry.mail.models import OutgoingMail
from registry.mail.service import FRESH
from registry.publishers.models import Publisher
from registry.releases.models import Release
from registry.releases.states import ReleaseState
from registry.storing import store
from registry.uploads.models import Upload, UploadState
from registry.work import Job, Work, enqueue
from storage.errors import BlobNotFound

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
SUMS = "manifest.sha256"  # as sha256sum writes and reads it


def backup(folder: Path) -> dict[str, Any]:
    """Write a backup into an empty folder; return its manifest. Raises BackupFailed."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BackupFailed(f"{folder} is not empty; give a new folder, so that no older backup is mixed in.")
    (folder / "blobs").mkdir()
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        major = connection.execute(sa.text("SHOW server_version")).scalar_one().split(".")[0]
        run_postgres_program(
            "pg_dump", settings().database_url, "--format=custom", f"--snapshot={snapshot}",
            f"--file={folder / DUMP}", "--no-owner", "--no-privileges",
        )  # fmt: skip
        copied = [_copy_out(kept, folder) for kept in objects_of(connection)]
    manifest = {
        "format": FORMAT,
        "made_at": now().isoformat(),
        "postgresql": major,
        "database_sha256": _sha256(folder / DUMP),
        "objects": [one for one in copied if one is not None],
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    (folder / SUMS).write_text(f"{_sha256(folder / MANIFEST)}  {MANIFEST}\n", encoding="utf-8")
    return manifest


def restore(folder: Path) -> dict[str, Any]:
    """Bring a backup into an empty Marquee, everything verified before anything is changed.

    Raises BackupFailed when a file is missing or damaged, or when this Marquee is in use already.
    """
    manifest = verify(folder)
    _must_be_empty()
    db.engine.dispose()
    store().ensure_buckets()
    for kept in manifest["objects"]:
        _copy_in(kept, folder)
    run_postgres_program(
        "pg_restore", settings().database_url, "--clean", "--if-exists", "--no-owner", "--no-privileges",
        "--single-transaction", "--dbname", db.engine.url.database or "", str(folder / DUMP),
    )  # fmt: skip
    migrations.migrate(settings().database_url)  # the set may be of an older Marquee
    _take_up()
    if login := first_login.read(settings().home):
        first_login.forget(settings().home, login["email"])  # of an account that is no longer there
    return manifest


def verify(folder: Path) -> dict[str, Any]:
    """Read a backup whole and compare every digest; return its manifest. Raises BackupFailed."""
    manifest = _manifest(folder)
    wanted = {DUMP: manifest["database_sha256"]}
    wanted |= {f"blobs/{kept['file']}": kept["sha256"] for kept in manifest["objects"]}
    for name, sha256 in wanted.items():
        if not (folder / name).exists() or _sha256(folder / name) != sha256:
            raise BackupFailed(f"{name} is missing or damaged; this backup cannot be used.")
    return manifest


def _manifest(folder: Path) -> dict[str, Any]:
    if not (folder / MANIFEST).exists() or not (folder / SUMS).exists():
        raise BackupFailed(f"{folder} holds no whole backup: {MANIFEST} or {SUMS} is missing.")
    if (folder / SUMS).read_text(encoding="utf-8").split()[:1] != [_sha256(folder / MANIFEST)]:
        raise BackupFailed(f"{MANIFEST} is damaged; this backup cannot be used.")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest.get("format") != FORMAT:
        raise BackupFailed(f"This backup has format {manifest.get('format')!r}; this Marquee reads {FORMAT}.")
    return manifest


def _must_be_empty() -> None:
    """Raise BackupFailed where more than the first admin lives here."""
    with db.engine.connect() as connection:
        if not sa.inspect(connection).has_table(Publisher.__tablename__):
            return
        publishers, accounts = (
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (Publisher, Account)
        )
    if publishers or accounts > 1:
        raise BackupFailed(
            f"This Marquee holds {accounts} accounts and {publishers} publishers; restore into an empty one "
            "(another MARQUEE_HOME, or an empty database and empty buckets)."
        )


def _copy_out(kept: Kept, folder: Path) -> dict[str, Any] | None:
    """Write one object into the set; return what the manifest says of it, None if it is needed no more."""
    name = hashlib.sha256(f"{kept.bucket}/{kept.key}".encode()).hexdigest()
    read = (_read(place, folder / "blobs" / name) for place in kept.places())
    sha256 = next((found for found in read if found), None)
    if sha256 is None:
        if kept.is_needed():
            raise BackupFailed(f"{kept.key} is missing in the store; mend the store, then back up again.")
        return None
    if kept.sha256 not in (None, sha256):
        raise BackupFailed(f"{kept.key} is damaged in the store: its digest is {sha256}.")
    which = "published" if kept.bucket == store().config.bucket_published else "incoming"
    return {"bucket": which, "key": kept.key, "file": name, "sha256": sha256}


def _read(place: tuple[str, str], path: Path) -> str | None:
    """Copy an object into a file; return its digest, None where there is no such object."""
    try:
        blob = store().open(*place)
    except BlobNotFound:
        return None
    digest = hashlib.sha256()
    with blob, path.open("wb") as file:
        for chunk in blob:
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _copy_in(kept: dict[str, Any], folder: Path) -> None:
    config = store().config
    bucket = config.bucket_published if kept["bucket"] == "published" else config.bucket_incoming
    path = folder / "blobs" / kept["file"]
    with path.open("rb") as file:
        store().put(
            bucket, kept["key"], file, sha256=kept["sha256"], size=path.stat().st_size,
            content_type="application/octet-stream",
        )  # fmt: skip


def _take_up() -> None:
    """Ask anew for the work that was under way; an upload whose parts were still coming must begin again."""
    with transaction() as tx:
        for model in (FeedState, FeedDocument, Job):
            tx.execute(sa.delete(model))
        for upload in tx.scalars(sa.select(Upload).where(Upload.state == UploadState.OPEN)):
            upload.state = UploadState.ABORTED
            record(tx, "upload_aborted", by=SYSTEM, subject=("upload", upload.id), detail={"why": "restored"})
        tx.flush()
        for work, rows in _under_way().items():
            for subject in tx.scalars(rows):
                enqueue(tx, work, subject)


def _under_way() -> dict[Work, sa.Select[Any]]:
    received = Upload.state.in_([UploadState.RECEIVED, UploadState.INGESTING])
    approved = (Release.state == ReleaseState.WAITING) & Release.approved_at.is_not(None)
    unsent = OutgoingMail.sent_at.is_(None) & (OutgoingMail.created_at > now() - FRESH)
    return {
        Work.INGEST: sa.select(Upload.id).where(received, Upload.needs == []),
        Work.PUBLISH: sa.select(Release.id).where(approved),
        Work.MAIL: sa.select(OutgoingMail.id).where(unsent),
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
