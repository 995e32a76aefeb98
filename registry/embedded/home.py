"""The data folder: everything the embedded parts keep, and the secrets they made.

Only its owner may enter it. Ports and secrets are remembered, so a second start finds the first.
"""

import fcntl
import json
import os
import random
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# SeaweedFS speaks gRPC on each port + 10,000. So the ports end where their shadows begin, and the
# shadows end below 32,768, where Linux takes ports for outgoing connections.
PORTS = range(12_000, 22_000)
SHADOW = 10_000


class HomeInUse(Exception):
    """Another Marquee runs on this data folder; the message says which."""


class Home:
    """A folder that remembers."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def folder(self, name: str) -> Path:
        """Return a folder below, made when missing."""
        path = self.path / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def pid_file(self, name: str) -> Path:
        """Return where the process of a part is written."""
        return self.folder("run") / f"{name}.pid"

    def secret(self, name: str) -> str:
        """Return a secret of 256 bits, made at its first use; letters and digits only."""
        path = self.folder("secrets") / name
        if not path.exists():
            write_private(path, secrets.token_hex(32))
        return path.read_text(encoding="ascii")

    def port(self, name: str) -> int:
        """Return the remembered port, chosen free at its first use."""
        return self._ports().get(name) or self.claim_port(name)

    def claim_port(self, name: str) -> int:
        """Return the remembered port if nobody listens there, otherwise a new one, remembered."""
        remembered = self._ports()
        if name not in remembered or not is_free(remembered[name]):
            remembered[name] = _free_port(taken=set(remembered.values()))
            write_private(self.folder("run") / "ports.json", json.dumps(remembered))
        return remembered[name]

    def _ports(self) -> dict[str, int]:
        path = self.folder("run") / "ports.json"
        return dict(json.loads(path.read_text(encoding="ascii"))) if path.exists() else {}

    def write(self, name: str, values: Mapping[str, Any]) -> None:
        """Write a JSON file that only the owner can read, all of it or nothing."""
        write_private(self.path / name, json.dumps(values, indent=1) + "\n")

    def lock(self) -> int:
        """Take this folder. Returns the descriptor that holds it, or raises HomeInUse.

        Whoever inherits the descriptor holds the folder too.
        """
        descriptor = os.open(self.folder("run") / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise HomeInUse(holder) from None
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return descriptor


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 600, all of it or nothing."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def is_free(port: int) -> bool:
    """Say whether a port of loopback and its shadow can be listened on."""
    return all(_can_listen(number) for number in (port, port + SHADOW))


def _can_listen(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port(taken: set[int]) -> int:
    choice = random.SystemRandom()
    for _ in range(200):
        port = choice.choice(PORTS)
        if port not in taken and is_free(port):
            return port
    raise OSError(f"No free port between {PORTS.start} and {PORTS.stop}.")
