"""The database's history: numbered migrations, one head; running them, and asking where one stands."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

FOLDER = Path(__file__).resolve().parent
#: One number for all who might migrate this database at once; the others wait and find it done.
LOCK = 7_314_021


def migrate(database_url: str, revision: str = "head") -> None:
    """Bring the database to ``revision``, in one transaction: all of it or nothing.

    A lock that is not had within 4 s ends it, rather than keep everybody else waiting behind it.
    """
    engine = create_engine(database_url)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            connection.execute(text("SET LOCAL lock_timeout = '4s'"))
            command.upgrade(configured(connection), revision)
    finally:
        engine.dispose()


def head() -> str:
    """Return the newest revision. Raises alembic's error when there are several."""
    newest = ScriptDirectory.from_config(configured(None)).get_current_head()
    return newest or ""


def current(connection: Connection) -> str | None:
    """Return the revision of a database, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def configured(connection: Connection | None) -> Config:
    """Return how Alembic is called; over ``connection`` where it needs one."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
