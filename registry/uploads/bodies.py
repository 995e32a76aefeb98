"""Reading a request's body from a stranger: bounded in bytes and in time.

The web server has no time limit on bodies, and a stalled one would hold a thread for ever. So a thread
of ours reads, and the request waits on it with a limit: nothing for 20 s, or slower than 4 kB/s after
half a minute, ends in 408.
"""

import queue
import threading
import time
from typing import Protocol

from flask import request

from registry.errors import Malformed, MarqueeError, TooLarge

CHUNK = 64 * 1024
STALL_S = 20.0
GRACE_S = 30.0
SLOWEST_BYTES_S = 4_000


class BodyTimeout(MarqueeError):
    """The body came too slowly, or stopped."""

    code, status, title = "request.timeout", 408, "The upload came too slowly"


class LengthRequired(MarqueeError):
    """A body without a stated length."""

    code, status, title = "upload.length", 411, "Say how long the body is"


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class TimedBody:
    """A readable that gives exactly ``length`` bytes or raises.

    Raises BodyTimeout when they come too slowly, Malformed when the client stops early.
    """

    def __init__(self, stream: _Readable, length: int) -> None:
        self.length = length
        self._left = length
        self._held = b""
        self._started = time.monotonic()
        self._chunks: queue.Queue[bytes | Exception] = queue.Queue(maxsize=8)
        self._closed = threading.Event()
        threading.Thread(target=self._pump, args=(stream,), daemon=True).start()

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes; empty only at the end."""
        wanted = self._left if size < 0 else min(size, self._left)
        parts: list[bytes] = []
        while wanted > 0:
            chunk = self._held or self._next()
            taken, self._held = chunk[:wanted], chunk[wanted:]
            parts.append(taken)
            wanted -= len(taken)
            self._left -= len(taken)
            if size >= 0:
                break
        return b"".join(parts)

    def close(self) -> None:
        """Let the reading thread end at its next chunk."""
        self._closed.set()

    def _next(self) -> bytes:
        self._check_pace()
        try:
            item = self._chunks.get(timeout=STALL_S)
        except queue.Empty:
            self.close()
            raise BodyTimeout(f"Nothing came for {STALL_S:.0f} seconds; send the part again.") from None
        if isinstance(item, Exception):
            raise Malformed("The connection broke while the body was read.") from item
        if not item:
            raise Malformed(
                f"The body ended {self._left} bytes early; it should have {self.length}.",
                code="request.body_short",
            )
        return item

    def _check_pace(self) -> None:
        took = time.monotonic() - self._started
        if took > GRACE_S and (self.length - self._left) / took < SLOWEST_BYTES_S:
            self.close()
            raise BodyTimeout(
                "The body comes slower than 4 kB a second; send smaller parts on a better line."
            )

    def _pump(self, stream: _Readable) -> None:
        left = self.length
        try:
            while left > 0 and not self._closed.is_set():
                chunk = stream.read(min(CHUNK, left))
                left -= len(chunk)
                self._offer(chunk)
                if not chunk:
                    return
        except Exception as error:  # whatever broke is told to the waiting request
            self._offer(error)

    def _offer(self, item: bytes | Exception) -> None:
        while not self._closed.is_set():
            try:
                self._chunks.put(item, timeout=1.0)
            except queue.Full:
                continue
            return


def body_of_request(*, at_most: int) -> TimedBody:
    """Return this request's body. Raises LengthRequired, TooLarge."""
    length = request.content_length
    if length is None and "Transfer-Encoding" not in request.headers:
        length = 0  # no length and no coding mean no body (RFC 9112, 6.3)
    if length is None:
        raise LengthRequired("Send Content-Length; a body of unknown length is not read.")
    if length > at_most:
        raise TooLarge(f"The body has {length} bytes; at most {at_most} are read here.")
    request.max_content_length = at_most
    return TimedBody(request.stream, length)
