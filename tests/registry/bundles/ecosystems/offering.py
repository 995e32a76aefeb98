"""Feed entries for tests, an HTTP server for what was rendered, and the client emulators."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from registry.bundles.ecosystems.base import FeedEntry, Kind, Requirement

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
Answer = Callable[[str], bytes | None]


def entry(identifier: str = "com.example.one", version: str = "1.0", **over: Any) -> FeedEntry:
    """One offered release, plausible in everything that a test does not name."""
    body = f"{identifier} {version}".encode()
    values: dict[str, Any] = {
        "identifier": identifier,
        "kind": Kind.PLUGIN,
        "name": identifier.rpartition(".")[2],
        "version": version,
        "summary": "",
        "description": "",
        "author": "",
        "publisher": "ada",
        "first_party": False,
        "license": "MIT",
        "homepage": None,
        "source": None,
        "changelog": "",
        "requires": (),
        "platforms": (),
        "filename": f"{identifier}-{version}.zip",
        "sha256": sha256(body).hexdigest(),
        "md5": "0" * 32,
        "size_bytes": len(body),
        "published_at": NOON,
        "changed_at": NOON,
        "listing_url": f"https://marquee.example/listings/{identifier}",
        "pictures": {},
        "facts": {},
    }
    return FeedEntry(**(values | over))


def requires(*identifiers: str) -> tuple[Requirement, ...]:
    return tuple(Requirement(identifier) for identifier in identifiers)


def shared(*parts: str) -> Path:
    """A path in the shared folder; the test is skipped, visibly, where there is none."""
    root = Path(__file__).resolve().parents[4]
    folder = Path(os.environ.get("MARQUEE_SHARED", root.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("MARQUEE_SHARED names no folder: real metadata and client emulators are missing")
    return folder.joinpath(*parts)


def run_client(name: str, *arguments: str) -> dict[str, Any]:
    """Run an emulator of the shared folder; its JSON with ``exit`` added."""
    done = subprocess.run(
        [sys.executable, str(shared("clients", name)), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout) | {"exit": done.returncode}


@contextmanager
def served(files: Mapping[str, bytes] | Answer) -> Iterator[str]:
    """Serve paths on loopback while the block runs; yields the base address, without a slash."""
    answer = files.get if isinstance(files, Mapping) else files

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, *, with_body: bool) -> None:
            body = answer(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.send_header("Last-Modified", format_datetime(NOON, usegmt=True))
            self.end_headers()
            if with_body:
                self.wfile.write(body or b"")

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
