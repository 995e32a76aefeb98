"""``marquee mirror --verify``: whether everything that the index names is there, bit by bit."""

from collections.abc import Iterator
from pathlib import Path

from marquee_client.faults import OK, REFUSED, Misused
from marquee_client.mirroring.folder import INDEX, Folder, digest_of
from marquee_client.speaking import Voice


def prove(voice: Voice, root: Path) -> int:
    """Read every file of a mirror and tell each that is not as the index says; no server is asked."""
    if not (root / INDEX).is_file():
        raise Misused(f"{root} holds no mirror: there is no {INDEX} in it.")
    folder = Folder(root)
    wrong = list(_wrong(folder))
    for path, what in wrong:
        voice.say(f"{path}: {what}", "error")
    files, releases = len(folder.named()), len(folder.releases)
    voice.give({
        "ok": not wrong, "from": folder.url, "serial": folder.serial, "releases": releases, "files": files,
        "wrong": [{"file": path, "what": what} for path, what in wrong],
    })  # fmt: skip
    if wrong:
        voice.say(
            f"{len(wrong)} of {files} files are not as they should be. Remove them and mirror again.", "error"
        )
        return REFUSED
    voice.say(f"Whole: {releases} releases, {files} files, serial {folder.serial} of {folder.url}.", "good")
    return OK


def _wrong(folder: Folder) -> Iterator[tuple[str, str]]:
    named = folder.named()
    for path, (sha256, size) in sorted(named.items()):
        file = folder.root / path
        if not file.is_file() or file.is_symlink():
            yield path, "is not there"
        elif size is not None and file.stat().st_size != size:
            yield path, f"has {file.stat().st_size} bytes, not {size}"
        elif digest_of(file) != sha256:
            yield path, f"is not the file whose SHA-256 is {sha256}"
    for path in folder.files():
        if path not in named:
            yield path, "is in no index"
