"""Requests that no library sends: bytes on a socket, and what comes back."""

import select
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Reply:
    """What came back: the status (0: none), the header names in lower case, the body; whether it was closed."""

    status: int
    headers: dict[str, str]
    body: bytes
    closed: bool
    took_s: float

    @property
    def refused(self) -> bool:
        """Whether it was refused in one of the ways that a broken request may be."""
        return self.status in {400, 408, 411, 413, 414, 431} or (self.status == 0 and self.closed)


def head(method: str, path: str, **headers: str) -> bytes:
    """The head of a request; ``Content_Length`` is the header Content-Length."""
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]
    return f"{method} {path} HTTP/1.1\r\nHost: marquee\r\n{''.join(lines)}\r\n".encode("latin-1")


def send(
    url: str, content: bytes, *, wait_s: float = 10, then_close: bool = False, then_end: bool = False
) -> Reply:
    """Send bytes and read one answer; ``then_close`` hangs up at once, ``then_end`` sends no more."""
    began, received, closed = time.monotonic(), b"", False
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=wait_s) as connection:
        try:
            connection.sendall(content)
            if then_end:
                connection.shutdown(socket.SHUT_WR)
            while not then_close and not _is_whole(received):
                piece = connection.recv(65_536)
                received, closed = received + piece, not piece
                if closed:
                    break
        except TimeoutError:
            pass
        except OSError:
            closed = True
    return _read(received, closed=closed, took_s=time.monotonic() - began)


def trickle(url: str, content: bytes, *, within_s: float) -> Reply:
    """Send bytes, then one more every half second until an answer comes."""
    began, address = time.monotonic(), urlsplit(url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(content)
        while not select.select([connection], [], [], 0.5)[0]:
            assert time.monotonic() - began < within_s, "nothing was answered"
            connection.sendall(b"x")
        received = connection.recv(65_536)
    return _read(received, closed=not received, took_s=time.monotonic() - began)


def _is_whole(received: bytes) -> bool:
    reply = _read(received, closed=False, took_s=0)
    return reply.status > 0 and len(reply.body) >= int(reply.headers.get("content-length", "-1")) >= 0


def _read(received: bytes, *, closed: bool, took_s: float) -> Reply:
    top, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return Reply(0, {}, b"", closed, took_s)
    first, *lines = top.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", len(body)))  # what follows answers what followed our request
    return Reply(int(first.split()[1]), headers, body[:length], closed, took_s)
