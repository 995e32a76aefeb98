"""Runs the SQL files of a migration, which hold what Alembic cannot derive from the models."""

from pathlib import Path

from alembic import op

FOLDER = Path(__file__).resolve().parent / "sql"


def run_file(name: str) -> None:
    """Run ``sql/NAME.sql`` where there is one; it may hold several statements."""
    path = FOLDER / f"{name}.sql"
    if path.exists():
        op.get_bind().exec_driver_sql(path.read_text(encoding="utf-8"))
