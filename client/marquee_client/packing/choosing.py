"""Which files of a folder belong into its zip; what is left out is told, never done in silence."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from marquee_client.faults import Fault

#: What no media server needs, by the file's or folder's own name.
LEFT_OUT = {
    "version control": re.compile(r"\.(git|hg|svn|bzr)|\.git(ignore|attributes|modules|keep|hub)|\.hgignore"),
    "a cache": re.compile(r"__pycache__|\.(mypy|pytest|ruff)_cache|\.tox|\.venv"),
    "an editor's": re.compile(r"\.(idea|vscode|vs|editorconfig)|.*\.sw[op]|.*~|#.*#|\.#.*|.*\.(orig|rej)"),
    "the system's": re.compile(r"\.DS_Store|\._.*|__MACOSX|Thumbs\.db|desktop\.ini|\.directory"),
}
COMPILED = re.compile(r"(.*)\.py[co]")


@dataclass(frozen=True, slots=True)
class Choice:
    """Paths below the folder, with ``/``: those that are packed, sorted, and why others are not."""

    files: tuple[str, ...]
    left_out: dict[str, str]


def choose(folder: Path) -> Choice:
    """Walk a folder. Raises Fault for a link: its target may lie anywhere on this machine."""
    left_out: dict[str, str] = {}
    files = sorted(_walk(folder, "", left_out), key=os.fsencode)
    if not files:
        raise Fault(f"{folder} holds no file to pack.")
    return Choice(tuple(files), dict(sorted(left_out.items())))


def _walk(folder: Path, below: str, left_out: dict[str, str]) -> Iterator[str]:
    for one in os.scandir(folder / below):
        path = f"{below}{one.name}"
        if why := _unwanted(folder / below, one.name):
            left_out[f"{path}/" if one.is_dir(follow_symlinks=False) else path] = why
        elif one.is_symlink():
            raise Fault(f"{path} is a link, which no media server unpacks; put the file itself there.")
        elif one.is_dir():
            yield from _walk(folder, f"{path}/", left_out)
        elif one.is_file():
            yield path
        else:
            left_out[path] = "no plain file"


def _unwanted(folder: Path, name: str) -> str | None:
    for why, pattern in LEFT_OUT.items():
        if pattern.fullmatch(name):
            return why
    compiled = COMPILED.fullmatch(name)
    if compiled and (folder / f"{compiled[1]}.py").exists():
        return "compiled from the .py beside it"
    return None
