"""A whole Marquee as ``make run`` starts it: web, workers, schedule and every embedded part."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
UP_WITHIN_S = 120.0
SOON_S = 60.0
ENDED = {"waiting", "rejected", "aborted"}


def eventually(what: Callable[[], Any], *, within_s: float = SOON_S, every_s: float = 0.1) -> Any:
    """The first true answer of ``what``; connections that fail meanwhile are tried again."""
    until = time.monotonic() + within_s
    last: object = None
    while time.monotonic() < until:
        try:
            if found := what():
                return found
        except httpx.HTTPError as error:
            last = error
        time.sleep(every_s)
    raise AssertionError(f"this did not come about within {within_s} s: {what} (last: {last!r})")


class Running:
    """One running Marquee and its first people."""

    def __init__(self, home: Path, **environ: str) -> None:
        self.home = home
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("S3_", "DATABASE", "BROKER", "PUBLIC"))
        }
        self.environ = {
            **kept,
            "MARQUEE_HOME": str(home),
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            **environ,
        }
        self.log = home.parent / f"{home.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is ready, worker and all."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "registry", "run"],
                cwd=ROOT, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        eventually(self.is_ready, within_s=UP_WITHIN_S)

    def is_ready(self) -> bool:
        """Whether every part works."""
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200

    def stop(self) -> None:
        """Ctrl-C."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)

    def command(self, *words: str) -> str:
        """What ``python -m registry …`` prints."""
        done = subprocess.run(
            [sys.executable, "-m", "registry", *words], cwd=ROOT, env=self.environ, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def pid_of(self, part: str) -> int:
        """The process id of a part, as its pid file says."""
        return int(json.loads((self.home / "run" / f"{part}.pid").read_text())["group"])

    def person(self, email: str, role: str = "user") -> "Person":
        """Somebody with an account and a token."""
        self.command("account", "create", "--email", email, "--role", role)
        return Person(self, self.command("token", "create", "--account", email, "--scope", "all"))


class Person:
    """Somebody who calls the API."""

    def __init__(self, running: Running, token: str) -> None:
        self.running = running
        self.token = token
        self.slug = ""
        headers = {"Authorization": f"Bearer {token}"}
        self.http = httpx.Client(base_url=running.url, headers=headers, timeout=60)

    def publisher(self, slug: str) -> None:
        """A publisher of theirs."""
        made = self.http.post("/api/v1/publishers", json={"slug": slug, "name": f"{slug.title()} Works"})
        assert made.status_code == 201, made.text
        self.slug = slug

    def upload(
        self, publisher: str, bundle: bytes, filename: str = "bundle.zip", **said: str
    ) -> dict[str, Any]:
        """An upload that was acknowledged."""
        query = {
            "publisher": publisher,
            "filename": filename,
            "sha256": hashlib.sha256(bundle).hexdigest(),
            **said,
        }
        answer = self.http.put("/api/v1/uploads", params=query, content=bundle)
        assert answer.status_code in {200, 202}, answer.text
        return dict(answer.json())

    def ended(self, upload_id: str, *, within_s: float = SOON_S) -> dict[str, Any]:
        """The upload once ingest has ended."""

        def look() -> dict[str, Any] | None:
            answer = self.http.get(f"/api/v1/uploads/{upload_id}")
            found: dict[str, Any] = answer.json()
            return found if answer.status_code == 200 and found["state"] in ENDED else None

        return dict(eventually(look, within_s=within_s))

    def release(self, publisher: str, bundle: bytes, filename: str = "bundle.zip", **said: str) -> str:
        """The id of a release that waits."""
        upload = self.ended(self.upload(publisher, bundle, filename, **said)["id"])
        assert upload["state"] == "waiting", upload["findings"]
        return str(upload["release"])

    def approve(self, release: str) -> None:
        """A moderator's yes."""
        made = self.http.post(f"/api/v1/releases/{release}/decisions", json={"decision": "approve"})
        assert made.status_code == 201, made.text

    def published(self, release: str, *, within_s: float = SOON_S) -> dict[str, Any]:
        """The release once it is published."""

        def look() -> dict[str, Any] | None:
            found = self.http.get(f"/api/v1/releases/{release}").json()
            return found if found.get("state") == "published" else None

        return dict(eventually(look, within_s=within_s))


def run_client(script: Path, *words: str) -> tuple[int, str, Any]:
    """Run one of the strict clients: exit code, what it printed, and that as JSON when it is."""
    done = subprocess.run(
        [sys.executable, str(script), *words], capture_output=True, text=True, timeout=240, check=False
    )
    printed = done.stdout
    try:
        return done.returncode, printed + done.stderr, json.loads(printed)
    except ValueError:
        return done.returncode, printed + done.stderr, None


def _free_port() -> int:
    """A port that is free, outside the range that the kernel gives to clients."""
    for port in range(18_000 + os.getpid() % 2000, 22_000):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")
