"""What the processes say to one another: a request with open files one way, frames the other way.

No pickle: JSON and bytes, each with its length before it, each with a bound.
"""

import json
import os
import select
import socket
import struct
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

REQUEST_BYTES = 1024 * 1024
_LENGTH = struct.Struct(">I")
_FRAME = struct.Struct(">cI")

STEP, RECORD, PICTURE = b"S", b"R", b"P"
_PIECE_BYTES = 65_536


class BrokenFrameError(Exception):
    """The other side wrote what is no frame, or more than it may."""


def send_request(sock: socket.socket, request: Mapping[str, Any], files: Sequence[int]) -> None:
    """Send a JSON object and open files; the receiver gets copies of these."""
    body = json.dumps(request).encode()
    if len(body) > REQUEST_BYTES:
        raise ValueError(f"a request of {len(body)} bytes; {REQUEST_BYTES} are allowed")
    socket.send_fds(sock, [_LENGTH.pack(len(body))], files)
    sock.sendall(body)


def receive_request(sock: socket.socket, files: int) -> tuple[dict[str, Any], list[int]] | None:
    """Return the next request and its open files; None when the other side has gone."""
    head, received, _, _ = socket.recv_fds(sock, _LENGTH.size, files)
    if len(head) < _LENGTH.size:
        return None
    body = bytearray()
    (length,) = _LENGTH.unpack(head)
    while len(body) < length:
        piece = sock.recv(length - len(body))
        if not piece:
            return None
        body += piece
    return json.loads(body), list(received)


def write_frame(descriptor: int, kind: bytes, body: bytes) -> None:
    """Write one frame whole. Raises BrokenPipeError when nobody reads any more."""
    rest = memoryview(_FRAME.pack(kind, len(body)) + body)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def pieces(source: int, deadline: float) -> Iterator[bytes]:
    """Yield what comes through a pipe until its end or the deadline (``time.monotonic``)."""
    poll = select.poll()
    poll.register(source, select.POLLIN)
    while (left_s := deadline - time.monotonic()) > 0:
        if poll.poll(left_s * 1000):
            piece = os.read(source, _PIECE_BYTES)
            if not piece:
                return
            yield piece


class FrameReader:
    """Takes frames apart as their bytes arrive; ``bounds`` gives each kind's longest body."""

    def __init__(self, bounds: Mapping[bytes, int]) -> None:
        self._bounds = bounds
        self._bytes = bytearray()

    def feed(self, piece: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield each frame that is complete. Raises BrokenFrameError."""
        self._bytes += piece
        while len(self._bytes) >= _FRAME.size:
            kind, length = _FRAME.unpack_from(self._bytes)
            if length > self._bounds.get(kind, -1):
                raise BrokenFrameError(f"a frame {kind!r} of {length} bytes")
            end = _FRAME.size + length
            if len(self._bytes) < end:
                return
            body = bytes(self._bytes[_FRAME.size : end])
            del self._bytes[:end]
            yield kind, body
