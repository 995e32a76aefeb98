"""Drafts a migration from the difference between the models and the migrations that are there.

It needs an empty database, so it starts a PostgreSQL of its own for that moment.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, create_engine

from registry.embedded.home import Home
from registry.embedded.postgres import Postgres
from registry.migrations import FOLDER, configured, head


def draft(message: str, *, again: str | None = None) -> str:
    """Write the next migration and return its number; ``again`` drafts that one anew."""
    versions = FOLDER / "versions"
    if again is not None:
        for old in versions.glob(f"{again}_*.py"):
            old.unlink()
    number = again or f"{int(head() or 0) + 1:04}"
    with _empty_database() as connection:
        config = configured(connection)
        command.upgrade(config, "head")
        command.revision(config, message=message, autogenerate=True, rev_id=number)
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", versions], check=True)
    return number


@contextmanager
def _empty_database() -> Iterator[Connection]:
    with tempfile.TemporaryDirectory() as folder:
        server = Postgres(Home(Path(folder)), durable=False)
        server.start()
        try:
            engine = create_engine(server.url.replace("postgresql://", "postgresql+psycopg://"))
            with engine.begin() as connection:
                yield connection
            engine.dispose()
        finally:
            server.stop(grace_s=0)
