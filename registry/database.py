"""The database session, and the transaction that a service opens around one use case.

A use case is one transaction; what must happen after it (hints to workers) is handed to ``on_commit``
and runs when the commit has returned. Bytes and network calls never happen inside a transaction.
"""

import enum
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CursorResult, Delete, Enum, MetaData, Update, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm import registry as Registry  # noqa: N812 - it is a class
from sqlalchemy.types import Text

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every model. Enums are stored by value as text, times with their zone."""

    # Given as a registry: Flask-SQLAlchemy copies this class, and a map of its own is refused there.
    registry = Registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: TIMESTAMP(timezone=True),
            UUID: Uuid(),
            str: Text(),
            dict[str, Any]: JSONB(),
            list[Any]: JSONB(),
            list[str]: ARRAY(Text()),
            enum.StrEnum: Enum(
                enum.StrEnum,
                native_enum=False,
                length=40,
                create_constraint=False,
                values_callable=lambda members: [member.value for member in members],
            ),
        },
    )


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"expire_on_commit": False, "autoflush": False},
    engine_options={
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "pool_size": 10,
        "max_overflow": 20,
    },
)


def session() -> Session:
    """Return the session of this request, command or task; for reading."""
    return db.session()


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the transaction of one use case: commit at the end, then run what waits for the commit.

    Raises RuntimeError when a transaction is open already: a use case does not call a use case.
    """
    current = db.session()
    if current.info.get("open"):
        raise RuntimeError("a use case called a use case; let both call a function that takes objects")
    current.info["open"] = True
    waiting: list[Callable[[], object]] = []
    current.info["on_commit"], current.info["before_commit"] = waiting, {}
    try:
        yield current
        for act in current.info["before_commit"].values():
            act()
        current.commit()
    except BaseException:
        roll_back(current)
        raise
    finally:
        current.info["open"] = False
        current.info["on_commit"], current.info["before_commit"] = [], {}
    for act in waiting:
        act()


def install(app: Flask) -> None:
    """Give ``app`` the database; a connection that died meanwhile takes nothing from the answer."""
    db.init_app(app)
    # Runs before Flask-SQLAlchemy's own, which would raise what the rollback meets.
    app.teardown_appcontext(_end_session)


def _end_session(_error: BaseException | None) -> None:
    if not db.session.registry.has():
        return
    current = db.session()
    try:
        current.close()  # not a rollback, after which nothing that was read could be read again
    except DBAPIError:
        current.invalidate()


def let_go() -> None:
    """Give the connection back, so that none is held while bytes move. What was read stays readable."""
    db.session.commit()


def roll_back(current: Session) -> None:
    """Undo what was not committed. Where the connection is dead the database has done it: let go of it."""
    try:
        current.rollback()
    except DBAPIError:
        current.invalidate()


def changed_rows(current: Session, statement: Update | Delete) -> int:
    """Run an UPDATE or DELETE in the open transaction; return how many rows it changed."""
    return cast("CursorResult[Any]", current.execute(statement)).rowcount


def on_commit(act: Callable[[], object]) -> None:
    """Run ``act`` once the open transaction has been committed; forget it when that fails."""
    current = db.session()
    if not current.info.get("open"):
        raise RuntimeError("on_commit needs an open transaction")
    current.info["on_commit"].append(act)


def before_commit(key: object, act: Callable[[], object]) -> None:
    """Run ``act`` as the last thing of the open transaction, once a key: what takes a lock that all want."""
    current = db.session()
    if not current.info.get("open"):
        raise RuntimeError("before_commit needs an open transaction")
    current.info["before_commit"][key] = act
