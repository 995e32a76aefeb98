"""One consistent set: a dump of the database at one instant, and every blob that it names, by digest.

Published blobs never change, so those that a dump names are there when it has been taken; bytes that wait
in ``incoming`` are looked for in both buckets, since a publication may move them meanwhile.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from registry.backup.programs import BackupFailed, run_postgres_program
from registry.clock import now
from registry.configured import settings
from registry.database import db
from registry.releases.models import Artifact, Picture, Release
from registry.storing import store
from registry.uploads.models import Upload, UploadState
from storage.errors import BlobNotFound
from storage.keys import blob_key, picture_key, upload_key

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """One object of the set: where it lies, and what its bytes must be (no digest: an upload under way)."""

    bucket: str
    key: str
    sha256: str | None
    elsewhere: tuple[str, str] | None = None


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
            f"--file={folder / 'database.dump'}", "--no-owner", "--no-privileges",
        )  # fmt: skip
        objects = [_copy_out(kept, folder) for kept in _objects(connection)]
    manifest = {
        "format": FORMAT,
        "made_at": now().isoformat(),
        "postgresql": major,
        "database_sha256": _sha256(folder / "database.dump"),
        "objects": objects,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return manifest


def restore(folder: Path) -> dict[str, Any]:
    """Bring a backup into an empty Marquee, everything verified before anything is changed.

    Raises BackupFailed when a file is missing or damaged, or when this Marquee holds releases already.
    """
    manifest = verify(folder)
    with db.engine.connect() as connection:
        if sa.inspect(connection).has_table("release"):
            held = connection.execute(sa.select(sa.func.count()).select_from(Release)).scalar_one()
            if held:
                raise BackupFailed(
                    f"This Marquee holds {held} releases; restore into an empty one (another MARQUEE_HOME)."
                )
    db.engine.dispose()
    store().ensure_buckets()
    for kept in manifest["objects"]:
        _copy_in(kept, folder)
    run_postgres_program(
        "pg_restore", settings().database_url, "--clean", "--if-exists", "--no-owner", "--no-privileges",
        "--single-transaction", "--dbname", db.engine.url.database or "", str(folder / "database.dump"),
    )  # fmt: skip
    _forget_what_was_under_way()
    return manifest


def verify(folder: Path) -> dict[str, Any]:
    """Read a backup whole and compare every digest; return its manifest. Raises BackupFailed."""
    path = folder / "manifest.json"
    if not path.exists():
        raise BackupFailed(f"{folder} holds no backup: manifest.json is missing.")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if manifest.get("format") != FORMAT:
        raise BackupFailed(f"This backup has format {manifest.get('format')!r}; this Marquee reads {FORMAT}.")
    wanted = {"database.dump": manifest["database_sha256"]}
    wanted |= {f"blobs/{kept['file']}": kept["sha256"] for kept in manifest["objects"]}
    for name, sha256 in wanted.items():
        if not (folder / name).exists() or _sha256(folder / name) != sha256:
            raise BackupFailed(f"{name} is missing or damaged; this backup cannot be used.")
    return manifest


def _objects(connection: sa.Connection) -> Iterator[Kept]:
    config = store().config
    artifacts = connection.execute(
        sa.select(Artifact.sha256, Artifact.incoming_key, Release.published_at).join(
            Release, Release.id == Artifact.release_id
        )
    )
    for sha256, incoming_key, published_at in artifacts:
        public, waiting = (config.bucket_published, blob_key(sha256)), (config.bucket_incoming, incoming_key)
        first, other = (public, waiting) if published_at else (waiting, public)
        yield Kept(*first, sha256, elsewhere=other)
    pictures = connection.execute(
        sa.select(Picture.sha256, Release.published_at).join(Release, Release.id == Picture.release_id)
    )
    for sha256, published_at in pictures:
        key = picture_key(sha256)
        shown, hidden = (config.bucket_published, key), (config.bucket_incoming, key)
        here, there = (shown, hidden) if published_at else (hidden, shown)
        yield Kept(*here, sha256, elsewhere=there)
    under_way = connection.execute(
        sa.select(Upload.id).where(Upload.state.in_([UploadState.RECEIVED, UploadState.INGESTING]))
    )
    for (upload_id,) in under_way:
        yield Kept(config.bucket_incoming, upload_key(str(upload_id)), None)


def _copy_out(kept: Kept, folder: Path) -> dict[str, Any]:
    name = hashlib.sha256(f"{kept.bucket}/{kept.key}".encode()).hexdigest()
    digest = hashlib.sha256()
    for bucket, key in ((kept.bucket, kept.key), kept.elsewhere or (kept.bucket, kept.key)):
        try:
            blob = store().open(bucket, key)
        except BlobNotFound:
            continue
        with blob, (folder / "blobs" / name).open("wb") as file:
            for chunk in blob:
                digest.update(chunk)
                file.write(chunk)
        break
    else:
        raise BackupFailed(f"{kept.key} is missing in the store; run the sweep, or mend the store first.")
    if kept.sha256 not in (None, digest.hexdigest()):
        raise BackupFailed(f"{kept.key} is damaged in the store: its digest is {digest.hexdigest()}.")
    which = "published" if kept.bucket == store().config.bucket_published else "incoming"
    return {"bucket": which, "key": kept.key, "file": name, "sha256": digest.hexdigest()}


def _copy_in(kept: dict[str, Any], folder: Path) -> None:
    config = store().config
    bucket = config.bucket_published if kept["bucket"] == "published" else config.bucket_incoming
    path = folder / "blobs" / kept["file"]
    with path.open("rb") as file:
        store().put(
            bucket, kept["key"], file, sha256=kept["sha256"], size=path.stat().st_size,
            content_type="application/octet-stream",
        )  # fmt: skip


def _forget_what_was_under_way() -> None:
    """Let uploads whose parts were not in the set begin anew, and feeds be built for this address."""
    with db.engine.begin() as connection:
        connection.execute(
            sa.update(Upload).where(Upload.state == UploadState.OPEN).values(state=UploadState.ABORTED)
        )
        for table in ("feed_state", "feed_document", "job"):
            connection.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - three names of ours
        connection.execute(
            sa.text(
                "INSERT INTO job (id, work, subject, wanted, attempts, created_at, not_before) "
                "SELECT gen_random_uuid(), 'ingest', id::text, 1, 0, now(), now() FROM upload "
                "WHERE state IN ('received', 'ingesting') AND needs = '{}' "
                "UNION ALL SELECT gen_random_uuid(), 'publish', id::text, 1, 0, now(), now() FROM release "
                "WHERE state = 'waiting' AND approved_at IS NOT NULL "
                "UNION ALL SELECT gen_random_uuid(), 'mail', id::text, 1, 0, now(), now() "
                "FROM outgoing_mail WHERE sent_at IS NULL"
            )
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
