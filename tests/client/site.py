"""A live server for the client: the real application and services, ingest done as soon as it is asked for.

Its line can be made to break: ``site.fail("PUT uploads/ID/parts/2", cut)`` breaks that request once.
"""

import re
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from registry.ingest.service import ingest_upload
from tests.given import Given

Environ = dict[str, Any]
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
BEGINS_INGEST = ("POST uploads/ID/complete", "PATCH uploads/ID")


class Site:
    """A WSGI application; ``seen`` lists what was asked, ids written as ``ID``."""

    def __init__(self, app: Flask, given: Given) -> None:
        self.url = ""
        self.seen: list[str] = []
        self._app, self._given = app, given
        self._failures: dict[str, list[Callable[[Environ, Any], Iterable[bytes] | None]]] = defaultdict(list)
        self._after: dict[str, Callable[[str], object]] = dict.fromkeys(BEGINS_INGEST, self._ingest)
        self._lock = threading.Lock()

    def fail(self, act: str, *failures: Callable[[Environ, Any], Iterable[bytes] | None]) -> None:
        """Let the next requests of this kind fail, each in its way."""
        self._failures[act] += failures

    def after(self, act: str, do: Callable[[str], object]) -> None:
        """Do something with the id in the address, once a request of this kind was answered."""
        self._after[act] = do

    def sent_parts(self) -> list[int]:
        """The numbers of the parts that came, in order."""
        return [int(act.rpartition("/")[2]) for act in self.seen if act.startswith("PUT uploads/ID/parts/")]

    def __call__(self, environ: Environ, start: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"].removeprefix("/api/v1/")
        act = f"{environ['REQUEST_METHOD']} {UUID.sub('ID', path)}"
        with self._lock:
            self.seen.append(act)
            failure = self._failures[act].pop(0) if self._failures[act] else None
        broken = failure(environ, start) if failure else None
        if broken is not None:
            return broken
        answer = list(self._app(environ, start))
        named = UUID.search(path)
        if named and act in self._after:
            self._after[act](named[0])
        return answer

    def _ingest(self, upload_id: str) -> None:
        self._given.run(ingest_upload, upload_id)


def cut(environ: Environ, start: Any) -> Iterable[bytes]:
    """Break the connection without an answer."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError


def down(environ: Environ, start: Any) -> Iterable[bytes]:
    """Answer as a proxy does whose server is being started anew."""
    start("503 Down", [("Content-Type", "text/html"), ("Retry-After", "0")])
    return [b"<h1>503</h1>"]
