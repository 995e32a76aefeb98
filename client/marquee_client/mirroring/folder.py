"""The folder of a mirror: artifacts and notices by digest, one ``index.json`` that says what they are.

Every file is written beside its place and swapped in; the index names only what is there. Nothing outside
``artifacts``, ``notices`` and ``.partial`` is ever removed.
"""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from marquee_client.faults import Fault, Misused

FORMAT = 1
INDEX, LOCK, PARTIAL = "index.json", ".lock", ".partial"
KEPT = ("artifacts", "notices")
HEX64 = re.compile(r"[0-9a-f]{64}")
PIECE_BYTES = 1024 * 1024


class Folder:
    """A mirror's folder and what its index says; ``releases`` holds the entries by release id."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.url = ""
        self.serial = 0
        self.releases: dict[str, dict[str, Any]] = {}
        self._read()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from writing into the folder meanwhile. Raises Misused when somebody does."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Misused(f"Another `marquee mirror` is at work in {self.root}.") from error
            self._read()
            yield

    def save(self) -> None:
        """Write the index: what it names is in the folder."""
        shown = sorted(
            self.releases.values(), key=lambda one: (one["ecosystem"], one["identifier"], one["serial"])
        )
        index = {"marquee_mirror": FORMAT, "from": self.url, "serial": self.serial, "releases": shown}
        self.write(INDEX, json.dumps(index, indent=1, ensure_ascii=False).encode())

    def write(self, name: str, body: bytes) -> None:
        """Put a file in its place, whole or not at all."""
        partial = self.partial(hashlib.sha256(name.encode()).hexdigest())
        partial.write_bytes(body)
        self.keep(partial, name)

    def keep(self, partial: Path, name: str) -> None:
        """Swap a file that is whole into its place, where it stays even when the power fails."""
        place = self.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(place)
        descriptor = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def partial(self, sha256: str) -> Path:
        """Return where bytes of an artifact gather until it is whole."""
        (self.root / PARTIAL).mkdir(parents=True, exist_ok=True)
        return self.root / PARTIAL / sha256

    def named(self) -> dict[str, tuple[str, int | None]]:
        """Return every file that the index names: its digest, and its size where that is known."""
        found: dict[str, tuple[str, int | None]] = {}
        for entry in self.releases.values():
            for artifact in entry["artifacts"]:
                found[artifact["path"]] = (artifact["sha256"], artifact["size"])
            for notice in (entry["notices"], entry["privacy_notice"]):
                if notice:
                    found[notice["path"]] = (notice["sha256"], None)
        return found

    def tidy(self) -> int:
        """Remove what the index does not name any more; return how many files that were."""
        named = self.named()
        gone = [path for path in self.files() if path not in named]
        for path in gone:
            (self.root / path).unlink()
        wanted = {sha256 for sha256, _ in named.values()}
        for partial in (self.root / PARTIAL).glob("*"):
            if partial.name not in wanted:
                partial.unlink()
        return len(gone)

    def files(self) -> list[str]:
        """Return the files of the mirror that are there, as the index names them."""
        return sorted(
            file.relative_to(self.root).as_posix()
            for kind in KEPT
            for file in (self.root / kind).rglob("*")
            if not file.is_dir()
        )

    def _read(self) -> None:
        index = self.root / INDEX
        if not index.exists():
            strangers = [f for f in self.root.glob("*") if f.name not in {LOCK, PARTIAL, *KEPT}]
            if strangers:
                raise Misused(f"{self.root} holds other files ({strangers[0].name}); name an empty folder.")
            return
        try:
            said = json.loads(index.read_text(encoding="utf-8"))
            self.url, self.serial = str(said["from"]), int(said["serial"])
            self.releases = {str(one["release"]): dict(one) for one in said["releases"]}
            if said["marquee_mirror"] != FORMAT:
                raise Misused(f"{index} is of format {said['marquee_mirror']}; this program knows {FORMAT}.")
        except (ValueError, KeyError, TypeError) as error:
            raise Fault(f"{index} is no index of a mirror ({error}); remove it to begin again.") from error


def artifact_path(sha256: str) -> str:
    """Return where an artifact lies. Raises Fault for what is no digest."""
    if not HEX64.fullmatch(sha256):
        raise Fault(f"The registry names {sha256[:80]!r} as a digest; that is none.")
    return f"artifacts/{sha256[:2]}/{sha256}"


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
