"""Look at each part by name: is it there, and if not, in a sentence why."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass

import redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from registry.bundles.confined import confinement
from registry.clock import now
from registry.configured import settings
from registry.database import roll_back, session
from registry.storing import store
from storage.check import ping
from storage.errors import StorageError

HEARTBEAT = "marquee:worker:seen"
HEARTBEAT_FOR_S = 30


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, whether it works, and a sentence."""

    name: str
    ok: bool
    detail: str


def look() -> list[Part]:
    """Look at every part that a request or a release needs."""
    return [_database(), _storage(), _broker(), _worker()]


def notes() -> list[str]:
    """Return what an operator should know though everything works."""
    told = [f"Readers of uploads: {why}." for why in confinement().missing.values()]
    if not settings().secure:
        told.append("PUBLIC_URL is plain http: cookies and downloads can be read on the way.")
    free = shutil.disk_usage(settings().home if settings().home.exists() else "/").free
    if free < 2 * 1024**3:
        told.append(f"Only {free // 1024**2} MiB are free on the disk of MARQUEE_HOME.")
    return told


def show_heartbeat() -> None:
    """Leave the sign, in a worker, that a worker works."""
    _valkey().set(HEARTBEAT, now().isoformat(), ex=HEARTBEAT_FOR_S)


def _valkey() -> "redis.Redis":
    return redis.Redis.from_url(settings().broker_url, socket_timeout=1, socket_connect_timeout=0.5)


def _guarded(name: str, look_at: Callable[[], str], *errors: type[Exception]) -> Part:
    try:
        return Part(name, ok=True, detail=look_at())
    except errors as error:
        return Part(
            name,
            ok=False,
            detail=str(error).splitlines()[0] if str(error) else type(error).__name__,
        )


def _database() -> Part:
    def ask() -> str:
        session().execute(text("SELECT 1"))
        return "PostgreSQL answers."

    part = _guarded("database", ask, SQLAlchemyError)
    roll_back(session())
    return part


def _storage() -> Part:
    def ask() -> str:
        ping(store())
        return "The object store answers and both buckets are there."

    return _guarded("storage", ask, StorageError)


def _broker() -> Part:
    def ask() -> str:
        _valkey().ping()
        return "Valkey answers."

    return _guarded("broker", ask, redis.RedisError, OSError)


def _worker() -> Part:
    def ask() -> str:
        if _valkey().get(HEARTBEAT) is None:
            raise OSError(
                f"No worker has shown itself for {HEARTBEAT_FOR_S} seconds; uploads wait meanwhile."
            )
        return "A worker is at work."

    return _guarded("worker", ask, redis.RedisError, OSError)
