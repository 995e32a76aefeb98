"""Bodies from strangers, bounded in time, whoever reads them.

The web server has no time limit on bodies, and a stalled one would hold one of its threads for ever. So a
thread of ours reads, and the request waits on it with a limit: nothing for 20 s, or slower than 4 kB/s
after half a minute, ends in 408.
"""

import io
import queue
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from registry.errors import Malformed, MarqueeError

CHUNK = 64 * 1024
STALL_S = 20.0
GRACE_S = 30.0
SLOWEST_BYTES_S = 4_000


class BodyTimeout(MarqueeError):
    """The body came too slowly, or stopped."""

    code, status, title = "request.timeout", 408, "The request came too slowly"


class Readable(Protocol):
    """Anything with read(n), returning at most n bytes and nothing at its end."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes."""
        ...


class PatientInput(io.RawIOBase):
    """The ``length`` bytes of a stream, as long as they keep coming; ends early where the stream does.

    The thread begins with the first read. Raises BodyTimeout, and Malformed for a broken connection.
    """

    def __init__(self, stream: Readable, length: int) -> None:
        self._stream, self._length, self._passed = stream, length, 0
        self._held = b""
        self._chunks: queue.Queue[bytes | Exception] = queue.Queue(maxsize=8)
        self._given_up = threading.Event()
        self._began: float | None = None

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer with what is there; wait for the first byte of it."""
        if not self._held and self._passed < self._length:
            self._held = self._next()
        taken = min(len(buffer), len(self._held))
        buffer[:taken] = self._held[:taken]
        self._held = self._held[taken:]
        return taken

    def give_up(self) -> None:
        """Let the reading thread end at its next chunk."""
        self._given_up.set()

    def _next(self) -> bytes:
        self._check_pace()
        try:
            item = self._chunks.get(timeout=STALL_S)
        except queue.Empty:
            raise self._too_slow(f"Nothing came for {STALL_S:.0f} seconds; send it again.") from None
        if isinstance(item, Exception):
            raise Malformed("The connection broke while the body was read.") from item
        self._passed = self._passed + len(item) if item else self._length
        return item

    def _check_pace(self) -> None:
        if self._given_up.is_set():  # the page that tells of it may look at the form again
            raise BodyTimeout
        if self._began is None:
            self._began = time.monotonic()
            threading.Thread(target=self._pump, daemon=True).start()
        took = time.monotonic() - self._began
        if took > GRACE_S and self._passed / took < SLOWEST_BYTES_S:
            raise self._too_slow(
                "The body comes slower than 4 kB a second; send smaller parts on a better line."
            )

    def _too_slow(self, sentence: str) -> BodyTimeout:
        self.give_up()
        return BodyTimeout(sentence)

    def _pump(self) -> None:
        left = self._length
        try:
            while left > 0 and not self._given_up.is_set():
                chunk = self._stream.read(min(CHUNK, left))
                left -= len(chunk)
                self._offer(chunk)
                if not chunk:
                    return
        except Exception as error:  # whatever broke is told to the waiting request
            self._offer(error)

    def _offer(self, item: bytes | Exception) -> None:
        while not self._given_up.is_set():
            try:
                self._chunks.put(item, timeout=1.0)
            except queue.Full:
                continue
            return


Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


def patient(application: Application) -> Application:
    """Wrap a WSGI application so that no body holds it longer than it may."""

    def call(environ: Environ, start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) == 0:
            return application(environ, start_response)
        waiting = PatientInput(environ["wsgi.input"], int(length))
        environ["wsgi.input"] = io.BufferedReader(waiting, CHUNK)
        try:
            return application(environ, start_response)
        finally:
            waiting.give_up()

    return call
