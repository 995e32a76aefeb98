"""The real PostgreSQL, Valkey and SeaweedFS for a test session, once for all its workers.

    with start_services(folder) as services: ...

All who name the same folder share one set, which a keeper process starts for the first of them and
ends after the last, even when they were killed: each holds a shared lock as long as it lives. Every
xdist worker has its own database, Valkey database number and pair of buckets.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from registry.embedded.child import start_watcher
from registry.embedded.home import Home
from registry.embedded.part import start_together
from registry.embedded.postgres import Postgres
from registry.embedded.seaweedfs import INCOMING, PUBLISHED, SeaweedFS
from registry.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Services:
    """What one worker uses: two addresses, and `s3` with the fields of storage's StoreConfig."""

    database_url: str
    broker_url: str
    s3: dict[str, str]
    _lock: int = field(repr=False, compare=False)

    @property
    def environ(self) -> dict[str, str]:
        """The same as settings, for programs that a test starts."""
        s3 = {f"S3_{name.upper()}": value for name, value in self.s3.items()}
        return {"DATABASE_URL": self.database_url, "BROKER_URL": self.broker_url, **s3}

    def stop(self) -> None:
        """Let go; the last of a folder's users ends the services."""
        os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start_services(folder: Path, worker: str | None = None) -> Services:
    """Start the services of a folder, or join those already started there.

    The folder: one for all workers of a session. The worker: xdist's name of it (`gw0`).
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    home = Home(folder / "home")
    starting = _locked(folder / "starting", fcntl.LOCK_EX)
    try:
        using = _locked(folder / "using", fcntl.LOCK_SH)
        if not (folder / "ready").exists():
            _start_keeper(folder)
    finally:
        os.close(starting)
    return _own_share(home, worker or os.environ.get("PYTEST_XDIST_WORKER", "main"), using)


def _locked(path: Path, how: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, how)
    return descriptor


def _start_keeper(folder: Path) -> None:
    with (folder / "keeper.log").open("ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.services", str(folder)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    assert keeper.stdout is not None
    if keeper.stdout.readline().strip() != b"ready":
        reason = (folder / "keeper.log").read_text()[-2000:]
        raise RuntimeError(f"The services of the tests did not start:\n{reason}")


def _own_share(home: Home, worker: str, lock: int) -> Services:
    postgres, valkey, seaweedfs = Postgres(home, durable=False), Valkey(home), SeaweedFS(home)
    database = f"marquee_{worker}"
    number = int(worker.removeprefix("gw")) + 1 if worker.startswith("gw") else 0
    buckets = {
        "bucket_incoming": f"{INCOMING}-{worker}",
        "bucket_published": f"{PUBLISHED}-{worker}",
    }
    _make_database(postgres, database)
    seaweedfs.make_buckets(list(buckets.values()))
    return Services(
        database_url=postgres.address("marquee", database),
        broker_url=f"{valkey.url.removesuffix('/0')}/{number}",
        s3={**seaweedfs.separate(), **buckets},
        _lock=lock,
    )


def _make_database(postgres: Postgres, name: str) -> None:
    with psycopg.connect(postgres.address("postgres", "postgres"), autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)
        postgres.make_database(connection, name)
    postgres.make_extensions(name)


def _keep(folder: Path) -> None:
    home = Home(folder / "home")
    watcher = start_watcher(home.folder("run"))
    parts = [SeaweedFS(home), Valkey(home, durable=False), Postgres(home, durable=False)]
    try:
        start_together(parts)
        _allow_cleaning(home)
        (folder / "ready").touch()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        _locked(folder / "using", fcntl.LOCK_EX)  # until nobody uses them any more
    finally:
        (folder / "ready").unlink(missing_ok=True)
        for part in parts:
            part.stop(grace_s=0)
        watcher.communicate()
        shutil.rmtree(home.path, ignore_errors=True)


def _allow_cleaning(home: Home) -> None:
    """Let the tests switch triggers off to empty tables, and make databases of their own."""
    address = Postgres(home, durable=False).address("postgres", "postgres")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("GRANT SET ON PARAMETER session_replication_role TO marquee")
        connection.execute("ALTER ROLE marquee CREATEDB")


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
