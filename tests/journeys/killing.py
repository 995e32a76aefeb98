"""kill -9 of any part of a running Marquee, and clients who do not give up."""

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg

from registry.settings import read_settings
from tests.journeys.running import Running, eventually

# A part; web-process is one of those that serve, which the web's main process starts anew.
PARTS = ("web", "web-process", "worker-ingest", "worker-quick", "beat", "postgres", "valkey", "seaweedfs")
FORKED = ("worker-ingest-process", "worker-quick-process")
BACK_WITHIN_S = 240.0  # on a busy machine; on an idle one it takes seconds


class Killer:
    """Kills parts, each when it lives; remembers what it did."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.killed: list[tuple[float, str]] = []
        self._last: dict[str, int] = {}
        self._lock = threading.Lock()

    def kill(self, part: str) -> None:
        """Kill a part as soon as it lives again after the last time."""
        pid = eventually(lambda: self._pid(part), within_s=BACK_WITHIN_S, every_s=0.05)
        self._kill(part, pid)

    def kill_if_alive(self, part: str) -> bool:
        """Kill a part if it lives."""
        pid = self._pid(part)
        if pid is not None:
            self._kill(part, pid)
        return pid is not None

    def all_live(self) -> bool:
        """Whether every part is there and ready."""
        return all(self._pid(part) for part in PARTS) and self.running.is_ready()

    def _kill(self, part: str, pid: int) -> None:
        with self._lock:
            self.killed.append((time.monotonic(), part))
            self._last[part] = pid
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def _pid(self, part: str) -> int | None:
        try:
            main = self.running.pid_of(part.removesuffix("-process"))
        except (OSError, ValueError):  # it is being started
            return None
        if part.endswith("-process"):
            return next((pid for pid in _children(main) if pid != self._last.get(part)), None)
        return main if _lives(main) and main != self._last.get(part) else None


def _lives(pid: int) -> bool:
    return _stat(pid)[:1] not in ([], ["Z"])


def _children(parent: int) -> list[int]:
    try:
        found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(pid) for pid in found if _lives(int(pid))]


def _stat(pid: int) -> list[str]:
    """State, parent and the rest of what the kernel tells of a process; nothing when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


class Patient:
    """A client from an address of its own that asks again until it is answered."""

    def __init__(self, running: Running, token: str = "", name: str = "patient") -> None:
        address = ".".join(str(random.SystemRandom().randrange(1, 255)) for _ in range(4))
        headers = {"X-Forwarded-For": address, "User-Agent": name}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        small = [(6, 1, 1)]  # TCP_NODELAY
        transport = httpx.HTTPTransport(socket_options=small)
        self.http = httpx.Client(base_url=running.url, headers=headers, timeout=20, transport=transport)
        self.crashes: list[str] = []

    def insist(
        self,
        method: str,
        path: str,
        *,
        fine: tuple[int, ...],
        not_yet: tuple[int, ...] = (503,),
        within_s: float = BACK_WITHIN_S,
        **options: Any,
    ) -> httpx.Response:
        """The first answer with a status that is fine. No answer, or one of ``not_yet``, is tried again."""

        def once() -> httpx.Response | None:
            answer = self.http.request(method, path, **options)
            if answer.status_code in fine:
                return answer
            if answer.status_code not in not_yet:
                self.crashes.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
            return None

        return eventually(once, within_s=within_s, every_s=0.1)

    def download(self, path: str, at_first_bytes: Callable[[], object]) -> tuple[bytes, set[str]]:
        """The bytes of a file, resumed as often as it takes, and every copy that we were told of."""
        got, copies = bytearray(), set()
        size = int(self.insist("HEAD", path, fine=(200,)).headers["Content-Length"])

        def more() -> bool:
            headers = {"Range": f"bytes={len(got)}-"} if got else {}
            with self.http.stream("GET", path, headers=headers) as answer:
                if answer.status_code not in {200, 206}:
                    return False
                copies.add(answer.headers["Marquee-Copy"])
                for chunk in answer.iter_raw(64 * 1024):
                    if not got:
                        at_first_bytes()
                    got.extend(chunk)
            return len(got) == size

        eventually(more, within_s=BACK_WITHIN_S)
        return bytes(got), copies


class Watching:
    """A look into the database that survives the database."""

    def __init__(self, running: Running) -> None:
        url = read_settings(running.environ).database_url
        self.url = url.replace("postgresql+psycopg", "postgresql")

    def until(self, query: str, *values: object, within_s: float = BACK_WITHIN_S) -> None:
        """Wait until a query answers a row; asked every few milliseconds."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            with contextlib.suppress(psycopg.OperationalError), self._connected() as connection:
                while time.monotonic() < until:
                    if connection.execute(query, values).fetchone() is not None:
                        return
                    time.sleep(0.025)
            time.sleep(0.1)
        raise AssertionError(f"this was not seen within {within_s} s: {query} {values}")

    @contextlib.contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=3) as connection:
            yield connection
