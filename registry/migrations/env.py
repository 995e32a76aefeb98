"""What Alembic runs: the migrations over a connection that it is given, or one to DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import Connection, create_engine

from registry.models import METADATA
from registry.settings import read_settings


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        compare_server_default=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    engine = create_engine(read_settings(os.environ).database_url)
    with engine.begin() as opened:
        _run(opened)
