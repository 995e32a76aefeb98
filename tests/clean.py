"""Empties what a test has written, and finds what it has left open.

All deletions go in one round trip with the triggers off (3.5 ms for 60 tables; TRUNCATE takes 61 ms),
which also switches off the triggers that keep published releases as they are.
"""

import time

import redis
from sqlalchemy import Connection, Engine, create_engine, text

from registry.models import METADATA

STATEMENTS = "; ".join(
    [
        "SET session_replication_role = 'replica'",
        *(f'DELETE FROM "{table.name}"' for table in METADATA.sorted_tables),
        "SET session_replication_role = 'origin'",
    ]
)
OPEN = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
)
CLAIMED = text("SELECT work || ' ' || subject FROM job WHERE lease_until > now()")


class Cleaner:
    """Cleans one database and one Valkey after each test."""

    def __init__(self, database_url: str, broker_url: str) -> None:
        self.engine: Engine = create_engine(
            database_url, isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=0
        )
        self.valkey = redis.Redis.from_url(broker_url)

    def left_open(self) -> list[str]:
        """Return what a test should have ended: transactions, and work that it has claimed."""
        with self.engine.connect() as connection:
            claimed = list(connection.scalars(CLAIMED))
            return [f"claimed work: {what}" for what in claimed] + self._transactions(connection)

    def _transactions(self, connection: Connection) -> list[str]:
        until = time.monotonic() + 2.0  # another process may be in the middle of one
        while count := connection.scalar(OPEN):
            if time.monotonic() > until:
                return [f"{count} open transaction(s)"]
            time.sleep(0.02)
        return []

    def clean(self) -> None:
        """Delete every row, and every counter and message in Valkey."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(STATEMENTS)
        self.valkey.flushdb()

    def close(self) -> None:
        self.engine.dispose()
        self.valkey.close()
