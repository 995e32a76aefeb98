"""The connection of one fetch: to the very address that was checked, and over when its time is.

Every wait counts against one deadline, the TLS handshake too: a server that sends a byte now and then holds
nobody. The name is what the certificate must be for; the address is what the socket is opened to.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

CHUNK = 16 * 1024


@dataclass(slots=True)
class Deadline:
    """The moment by which all must be done."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline that far from now."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that are left. Raises ReadTimeout when none is."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is over")
        return left


class Pinned(httpcore.NetworkBackend):
    """Opens one connection, to the first checked address that answers, whatever host is asked for."""

    def __init__(self, addresses: Sequence[str], deadline: Deadline) -> None:
        self._addresses, self._deadline = addresses, deadline

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """Connect to a checked address; ``host`` is for the certificate alone."""
        del host, timeout, local_address, socket_options
        told = "no address"
        for tried, address in enumerate(self._addresses):
            share = self._deadline.left() / (len(self._addresses) - tried)
            try:
                return _Stream(socket.create_connection((address, port), timeout=share), self._deadline)
            except OSError as error:
                told = str(error)
        self._deadline.left()
        raise httpcore.ConnectError(told)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Refuse: a fetch never leaves by a file."""
        del path, timeout, socket_options
        raise httpcore.ConnectError("no fetch goes to a socket in the file system")


class _Stream(httpcore.NetworkStream):
    """A plain connection; :meth:`start_tls` makes a secure one of it."""

    def __init__(self, opened: socket.socket, deadline: Deadline) -> None:
        self._socket, self._deadline = opened, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come, at most ``max_bytes``; nothing at the end."""
        del timeout
        try:
            self._socket.settimeout(self._deadline.left())
            return self._socket.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout("the time is over") from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        del timeout
        try:
            self._socket.settimeout(self._deadline.left())
            self._socket.sendall(buffer)
        except TimeoutError as error:
            raise httpcore.WriteTimeout("the time is over") from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Return the secure connection; the certificate must be for ``server_hostname``."""
        del timeout
        return _Secure(self, ssl_context, server_hostname)

    def get_extra_info(self, info: str) -> Any:
        """Say nothing of it."""
        del info


class _Secure(_Stream):
    """TLS in memory over a plain stream, so that each byte of the handshake counts against the deadline."""

    def __init__(self, plain: _Stream, context: ssl.SSLContext, host: str | None) -> None:
        super().__init__(plain._socket, plain._deadline)
        self._plain, self._in, self._out = plain, ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=host)
        self._do(self._tls.do_handshake)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come, at most ``max_bytes``; nothing at the end."""
        del timeout
        try:
            found: bytes = self._do(lambda: self._tls.read(max_bytes))
        except ssl.SSLZeroReturnError:
            return b""
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        del timeout
        while buffer:
            data = buffer
            sent: int = self._do(lambda data=data: self._tls.write(data))
            buffer = buffer[sent:]

    def _do(self, act: Any) -> Any:
        while True:
            try:
                done = act()
            except ssl.SSLWantReadError:
                self._flush()
                if data := self._plain.read(CHUNK):
                    self._in.write(data)
                else:
                    self._in.write_eof()
                continue
            except ssl.SSLError as error:
                if isinstance(error, ssl.SSLZeroReturnError):
                    raise
                raise httpcore.ConnectError(f"TLS: {error}") from error
            self._flush()
            return done

    def _flush(self) -> None:
        if data := self._out.read():
            self._plain.write(data)
