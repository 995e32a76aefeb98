"""Stores that misbehave on purpose, in ways that the real ones show only on a bad day."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from storage.client import StoreConfig
from tests.storage.servers import config_for


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[StoreConfig]:
    """Run an HTTP server that answers every request, signed or not, with this function."""

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if self.raw_requestline and self.parse_request():
                answer(self)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield config_for(server.server_port)
    finally:
        server.shutdown()
        server.server_close()


def sends(status: int, body: bytes, *, said: int | None = None, **headers: str):
    """Return an answer with this body; `said` is the length it claims."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(body) if said is None else said))
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(body)

    return answer


@contextmanager
def silent() -> Iterator[StoreConfig]:
    """A store that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield config_for(listener.getsockname()[1])


def closed(config: StoreConfig) -> StoreConfig:
    """Return the configuration of a store that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as listener, suppress(OSError):
        port = listener.getsockname()[1]
    return replace(config, endpoint_url=f"http://127.0.0.1:{port}")
