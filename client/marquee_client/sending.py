"""Brings a file's bytes to the server: in parts, each tried again when it breaks, none sent twice."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from marquee_client.faults import Fault, Refused
from marquee_client.resuming import Memory
from marquee_client.server import Server
from marquee_client.speaking import Voice, visible

PIECE_BYTES = 256 * 1024
GONE, OPEN = 404, "open"
DEAD = frozenset({"rejected", "aborted"})
MISSING = "upload.parts_missing"
#: How often the server may say that it lacks a part which it had acknowledged.
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file that goes to a publisher, and what was said of it. ``sha256`` is its digest in hex."""

    path: Path
    size: int
    sha256: str
    publisher: str
    said: Mapping[str, Any]

    @classmethod
    def of(cls, path: Path, publisher: str, said: Mapping[str, Any]) -> "Parcel":
        """Measure a file."""
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(path, path.stat().st_size, sha256, publisher, said)

    def pieces(self, offset: int, size: int) -> Iterator[bytes]:
        """Yield the bytes of one part. Raises Fault when the file has become shorter."""
        with self.path.open("rb") as file:
            file.seek(offset)
            while size > 0:
                piece = file.read(min(PIECE_BYTES, size))
                if not piece:
                    raise Fault(f"{self.path} changed while it was sent. Publish it again.")
                size -= len(piece)
                yield piece


def deliver(voice: Voice, server: Server, parcel: Parcel) -> dict[str, Any]:
    """Bring a file to the server and return the upload, whose ingest has begun.

    Bytes that are there already, from a run that broke or from another machine, are not sent again.
    """
    memory = Memory(server.url, parcel.publisher, parcel.sha256)
    upload = _known(server, memory) or _opened(server, parcel)
    memory.keep(upload["id"])
    for _ in range(ROUNDS):
        if upload["state"] != OPEN:
            break
        _send_missing(voice, server, parcel, upload)
        upload = _completed(server, upload["id"])
    return _answered(server, upload, parcel.said)


def forget(server: Server, parcel: Parcel) -> None:
    """Forget an upload that needs nothing more from here."""
    Memory(server.url, parcel.publisher, parcel.sha256).forget()


def _known(server: Server, memory: Memory) -> dict[str, Any] | None:
    upload_id = memory.recall()
    if upload_id is None:
        return None
    try:
        upload = server.get(f"uploads/{upload_id}")
    except Refused as refusal:
        if refusal.status != GONE:
            raise
        return None
    return None if upload["state"] in DEAD else upload


def _opened(server: Server, parcel: Parcel) -> dict[str, Any]:
    wanted = {
        "publisher": parcel.publisher, "filename": parcel.path.name, "size": parcel.size,
        "sha256": parcel.sha256, "said": dict(parcel.said),
    }  # fmt: skip
    return server.post("uploads", wanted)


def _send_missing(voice: Voice, server: Server, parcel: Parcel, upload: Mapping[str, Any]) -> None:
    arrived = {part["number"] for part in upload["received"]}
    part_size = upload["part_size"]
    if arrived:
        voice.say(f"  goes on: {len(arrived)} of {len(upload['parts'])} parts are there", "quiet")
    with _progress(voice) as progress:
        bar = progress.add_task(visible(parcel.path.name), total=parcel.size)
        for number in range(1, len(upload["parts"]) + 1):
            offset = (number - 1) * part_size
            size = min(part_size, parcel.size - offset)
            if number not in arrived:
                body = _Shown(parcel, offset, size, progress, bar)
                server.put(f"uploads/{upload['id']}/parts/{number}", body, size)
            progress.update(bar, completed=offset + size)


class _Shown:
    """One part's bytes, given anew for each try, while the bar follows them."""

    def __init__(self, parcel: Parcel, offset: int, size: int, progress: Progress, bar: Any) -> None:
        self._parcel, self._offset, self._size = parcel, offset, size
        self._progress, self._bar = progress, bar

    def __call__(self) -> Iterator[bytes]:
        sent = self._offset
        for piece in self._parcel.pieces(self._offset, self._size):
            self._progress.update(self._bar, completed=sent)
            yield piece
            sent += len(piece)


def _completed(server: Server, upload_id: str) -> dict[str, Any]:
    try:
        return server.post(f"uploads/{upload_id}/complete")
    except Refused as refusal:
        if refusal.code != MISSING:
            raise
        return server.get(f"uploads/{upload_id}")


def _answered(server: Server, upload: dict[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Say what an upload that waits for words has asked for, if the command knows it."""
    answers = {need: said[need] for need in upload["needs"] if need in said}
    return server.patch(f"uploads/{upload['id']}", {"said": answers}) if answers else upload


def _progress(voice: Voice) -> Progress:
    """Return a bar on a terminal; elsewhere one that shows nothing."""
    name = TextColumn("  {task.description}", markup=False)
    columns = (name, BarColumn(), DownloadColumn(), TransferSpeedColumn())
    hidden = voice.as_json or not voice.err.is_terminal
    return Progress(*columns, console=voice.err, transient=True, disable=hidden)
