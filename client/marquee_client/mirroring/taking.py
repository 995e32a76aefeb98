"""``marquee mirror``: fetches what changed, page by page, and forgets what may no longer be passed on.

Files come first, then the index, then the removals: who reads the folder meanwhile finds what it names.
A run that broke goes on where it stopped, in the middle of a file too.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from marquee_client.faults import OK, Fault, Misused, Refused
from marquee_client.mirroring.folder import Folder, artifact_path, digest_of
from marquee_client.server import Server
from marquee_client.speaking import Voice

PAGE = 100
UNKNOWN_SERIAL = "mirror.serial"
PARTIAL_CONTENT, BEHIND_THE_END = 206, 416
FETCHES = 2


@dataclass(slots=True)
class Taken:
    """What one run did."""

    files: int = 0
    size_bytes: int = 0
    removed: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)


def mirror(voice: Voice, server: Server, folder: Folder) -> int:
    """Bring a folder up to date with a registry."""
    with folder.held():
        if folder.url not in {"", server.url}:
            raise Misused(f"{folder.root} is a mirror of {folder.url}, not of {server.url}.")
        folder.url = server.url
        taken = Taken()
        _follow(voice, server, folder, taken)
        _mend(voice, server, folder, taken)
        folder.save()
        gone = folder.tidy()
    voice.give({"ok": True, "from": folder.url, "serial": folder.serial, "releases": len(folder.releases),
                "fetched": taken.files, "bytes": taken.size_bytes, "removed": len(taken.removed),
                "refused": taken.refused, "files_removed": gone})  # fmt: skip
    voice.say(
        f"{len(folder.releases)} releases at serial {folder.serial}: {taken.files} files fetched, "
        f"{len(taken.removed)} releases removed.",
        "good",
    )
    return OK


def _follow(voice: Voice, server: Server, folder: Folder, taken: Taken) -> None:
    """Take each page of changes; the index is saved after each, so that a break costs one page."""
    more = True
    while more:
        page = _page(server, folder)
        for change in page["changes"]:
            _take(voice, server, folder, change, taken)
        folder.serial, more = int(page["serial"]), bool(page["more"])
        folder.save()


def _page(server: Server, folder: Folder) -> dict[str, Any]:
    try:
        return server.get(f"mirror?since={folder.serial}&limit={PAGE}")
    except Refused as refusal:
        if refusal.code != UNKNOWN_SERIAL or not folder.serial:
            raise
        # The registry was set back, to a backup say: what it no longer offers is not kept.
        folder.serial, folder.releases = 0, {}
        return server.get(f"mirror?since=0&limit={PAGE}")


def _take(voice: Voice, server: Server, folder: Folder, change: Mapping[str, Any], taken: Taken) -> None:
    release = str(UUID(str(change["release"])))
    if change["change"] != "offered":
        _drop(folder, release, taken)
        return
    try:
        folder.releases[release] = _fetched(server, folder, change, taken)
    except Refused as refusal:  # it changed since the page was made; the next serial tells more
        voice.warn(f"{change['identifier']} {change['version']} is not had any more: {refusal}")
        taken.refused.append(release)
        _drop(folder, release, taken)


def _drop(folder: Folder, release: str, taken: Taken) -> None:
    if folder.releases.pop(release, None) is not None:
        taken.removed.add(release)


def _mend(voice: Voice, server: Server, folder: Folder, taken: Taken) -> None:
    """Fetch again what has gone from the folder since."""
    for release, entry in list(folder.releases.items()):
        names = [(one["path"], one["size"]) for one in entry["artifacts"]]
        names += [(one["path"], None) for one in (entry["notices"], entry["privacy_notice"]) if one]
        if not all(_is_there(folder, path, size) for path, size in names):
            _take(voice, server, folder, {**entry, "release": release, "change": "offered"}, taken)


def _is_there(folder: Folder, path: str, size: int | None) -> bool:
    file = folder.root / path
    return file.is_file() and size in {None, file.stat().st_size}


def _fetched(server: Server, folder: Folder, change: Mapping[str, Any], taken: Taken) -> dict[str, Any]:
    """Fetch all files of a release and return its entry in the index."""
    release = str(UUID(str(change["release"])))
    notices = _fetch_text(server, folder, f"releases/{release}/notices", f"notices/{release}.txt", taken)
    artifacts = []
    for artifact in change["artifacts"]:
        path = artifact_path(str(artifact["sha256"]))
        if not _is_there(folder, path, int(artifact["size"])):
            _fetch(server, folder, str(artifact["sha256"]), int(artifact["size"]), taken)
        artifacts.append({**artifact, "path": path})
    kept = {key: value for key, value in change.items() if key not in {"change", "documents"}}
    return {
        **kept, "artifacts": artifacts, "notices": notices,
        "privacy_notice": _privacy_notice(server, folder, change, taken),
    }  # fmt: skip


def _privacy_notice(
    server: Server, folder: Folder, change: Mapping[str, Any], taken: Taken
) -> dict[str, Any] | None:
    named = change["privacy_notice"]
    if not named:
        return None
    digest = str(named["digest"])
    artifact_path(digest)  # its form is that of a digest, too
    return {"digest": digest} | _fetch_text(
        server, folder, f"notices/{digest}", f"notices/privacy-{digest}.json", taken
    )


def _fetch_text(server: Server, folder: Folder, address: str, path: str, taken: Taken) -> dict[str, Any]:
    body = server.text(address)
    if address.startswith("notices/"):
        json.loads(body)
    folder.write(path, body)
    taken.files, taken.size_bytes = taken.files + 1, taken.size_bytes + len(body)
    return {"path": path, "sha256": hashlib.sha256(body).hexdigest()}


def _fetch(server: Server, folder: Folder, sha256: str, size: int, taken: Taken) -> None:
    """Fetch an artifact, going on where an earlier run stopped. Raises Fault for wrong bytes."""
    partial = folder.partial(sha256)
    for _ in range(FETCHES):
        server.fetch(
            f"mirror/artifacts/{sha256}", lambda answer: _gather(answer, folder, sha256, size),
            headers=lambda: _going_on(folder, sha256, size),
        )  # fmt: skip
        if partial.exists() and digest_of(partial) == sha256:
            folder.keep(partial, artifact_path(sha256))
            taken.files, taken.size_bytes = taken.files + 1, taken.size_bytes + size
            return
        partial.unlink(missing_ok=True)
    raise Fault(f"The bytes that came for {sha256} are others than their digest says; nothing was kept.")


def _going_on(folder: Folder, sha256: str, size: int) -> dict[str, str]:
    partial = folder.partial(sha256)
    there = partial.stat().st_size if partial.exists() else 0
    if there >= size:
        partial.unlink(missing_ok=True)
        there = 0
    return {"Range": f"bytes={there}-"} if there else {}


def _gather(answer: httpx.Response, folder: Folder, sha256: str, size: int) -> None:
    partial = folder.partial(sha256)
    if answer.status_code == BEHIND_THE_END:
        partial.unlink(missing_ok=True)
        return
    with partial.open("ab" if answer.status_code == PARTIAL_CONTENT else "wb") as file:
        for piece in answer.iter_bytes():
            file.write(piece)
            if file.tell() > size:
                raise Fault(f"More than the {size} bytes of {sha256} came; nothing was kept.")
