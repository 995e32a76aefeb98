"""Drafts a migration from the difference between the models and the migrations that are there."""

from alembic import command
from sqlalchemy import Connection, create_engine, text

from registry.migrations import FOLDER, LOCK, configured, head


def draft(empty_database_url: str, message: str, *, again: str | None = None) -> None:
    """Write the next migration. ``again`` names a revision to draft anew, while nobody has it yet."""
    if again is not None:
        for old in (FOLDER / "versions").glob(f"{again}_*.py"):
            old.unlink()
    newest = head()
    number = again or f"{int(newest or 0) + 1:04}"
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        _upgrade_and_draft(connection, message, number)
    engine.dispose()


def _upgrade_and_draft(connection: Connection, message: str, number: str) -> None:
    config = configured(connection)
    command.upgrade(config, "head")
    command.revision(config, message=message, autogenerate=True, rev_id=number)
