"""Whole bundles: which files say what of which part, and what follows for all of it.

A part is the bundle itself or a folder that brings its own license. What is concluded for the bundle
is the AND of its parts.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from licenses.detection.conclusion import conclude
from licenses.detection.decoding import decode, is_binary
from licenses.detection.evidence import is_told
from licenses.detection.files import detect_file, detect_text, heading
from licenses.detection.report import FileDetection, Match
from licenses.detection.reuse import Annotation, annotations
from licenses.detection.roles import Role, role_of
from licenses.detection.tags import spdx_tags
from licenses.expressions import all_of

HEAD_BYTES = 4096
"""How much is read of a file that is not named like a license, a readme or metadata."""

MAX_TEXT = 200_000
"""Characters of one license or notice file that are kept for the notices."""

_MAIN_FOLDERS = frozenset(
    [
        "doc",
        "docs",
        "legal",
        "resources",
        "contents",
        "meta-inf",
        "debian",
        ".reuse",
        "licenses",
        "license",
        "licence",
        "licences",
    ]
)
"""Folders whose license files speak for the folder above."""

_WHOLE = frozenset((Role.LICENSE, Role.NOTICE, Role.AGREEMENT, Role.README, Role.METADATA))


@dataclass(slots=True)
class Part:
    """What one part's files come to; ``folder`` is empty for the bundle itself."""

    folder: str
    files: list[FileDetection] = field(default_factory=list)
    expression: str | None = None
    alternatives: list[str] = field(default_factory=list)
    state: str = "none"
    review: bool = False
    reasons: list[str] = field(default_factory=list)

    def ask(self, reason: str) -> None:
        """Say that a person must look, and why."""
        self.review = True
        if reason not in self.reasons:
            self.reasons.append(reason)


@dataclass(slots=True)
class BundleDetection:
    """What a bundle says: its parts, one expression for all, and the texts that go with a copy.

    ``state`` is none (nothing says anything), clear, incomplete or changed. ``texts`` are license and
    notice files by path; ``copyrights`` the lines found, each once.
    """

    parts: list[Part]
    expression: str | None
    alternatives: list[str]
    state: str
    review: bool
    reasons: list[str]
    texts: dict[str, str]
    copyrights: list[str]

    @property
    def files(self) -> list[FileDetection]:
        """Every file that says something."""
        return [file for part in self.parts for file in part.files]


def detect_files(files: Iterable[tuple[str, bytes]]) -> BundleDetection:
    """Look at all files of a bundle; ``files`` are paths with ``/`` and contents, in any order.

    Of files that are neither license, readme nor metadata only the first 4 kB are looked at, so a
    caller may hand in no more of them.
    """
    reader = _Reader()
    for path, data in files:
        reader.read(path, data)
    return reader.conclude()


class _Reader:
    """Collects what each file says, and remembers files that are alike."""

    def __init__(self) -> None:
        self.seen: list[FileDetection] = []
        self.known: dict[tuple[str, str], FileDetection] = {}
        self.annotations: list[Annotation] = []
        self.paths: list[str] = []
        self.texts: dict[str, str] = {}
        self.copyrights: dict[str, None] = {}

    def read(self, path: str, data: bytes) -> None:
        self.paths.append(path)
        if path.endswith(".license") and len(path) > len(".license"):
            self._sidecar(path, data)
            return
        role = role_of(path)
        if role is Role.CHANGELOG:
            return
        if PurePosixPath(path).name in {"REUSE.toml", "dep5"}:
            self.annotations += annotations(path, decode(data[:1_000_000]))
            return
        found = self._detected(path, data, role)
        if role in {Role.LICENSE, Role.NOTICE} and not is_binary(data):
            self.texts[path] = decode(data)[:MAX_TEXT]
        if found.matches or found.review:
            self.seen.append(found)
        for line in found.copyrights:
            self.copyrights.setdefault(line)

    def _sidecar(self, path: str, data: bytes) -> None:
        """Read REUSE's ``X.license``, which speaks for X."""
        text = decode(data[:100_000])
        found = FileDetection(path, Role.METADATA.value)
        for tag in spdx_tags(text):
            if tag.expression is None:
                found.ask(f"“{tag.value[:120]}” is no SPDX expression")
            else:
                found.matches.append(Match(tag.expression, "tag", tag.start, tag.end, 1.0))
        if found.matches or found.review:
            self.seen.append(found)

    def _detected(self, path: str, data: bytes, role: Role | None) -> FileDetection:
        if role in _WHOLE:
            key = f"{role}", hashlib.sha256(data).hexdigest()
        else:
            key = "heading", heading(data[:HEAD_BYTES])
        known = self.known.get(key)
        if known is not None:
            return replace(known, file=path)
        is_whole = role in _WHOLE
        found = detect_file(path, data) if is_whole else detect_text(path, key[1], Role.CODE)
        self.known[key] = found
        return found

    def conclude(self) -> BundleDetection:
        root = _common_folder(self.paths)
        folders = {folder for file in self.seen if (folder := _brings_its_own(file, root)) is not None} | {""}
        parts = {folder: Part(folder) for folder in sorted(folders)}
        for file in self.seen:
            parts[_home(file.file.removeprefix(root), folders)].files.append(file)
        annotated = [one for one in self.annotations if any(map(one.covers, self.paths))]
        for part in parts.values():
            _settle(part, annotated if part.folder == "" else [])
        said = [part for part in parts.values() if part.files or part.expression]
        return self._bundle(said)

    def _bundle(self, parts: list[Part]) -> BundleDetection:
        expressions = list(dict.fromkeys(part.expression for part in parts if part.expression))
        reasons = [
            f"{part.folder}: {reason}" if part.folder else reason for part in parts for reason in part.reasons
        ]
        states = {part.state for part in parts}
        state = next((one for one in ("changed", "incomplete", "clear") if one in states), "none")
        only = parts[0] if len(parts) == 1 else None
        return BundleDetection(
            parts,
            all_of(expressions) if expressions else None,
            only.alternatives if only else [],
            state,
            any(part.review for part in parts),
            reasons,
            self.texts,
            list(self.copyrights),
        )


def _common_folder(paths: list[str]) -> str:
    """Return the folder that all paths begin with (with its slash), or an empty text."""
    first = {path.split("/", 1)[0] if "/" in path else "" for path in paths}
    return f"{first.pop()}/" if len(first) == 1 and "" not in first else ""


def _brings_its_own(file: FileDetection, root: str) -> str | None:
    """Return the folder that a file makes a part of, or None where it makes none."""
    if file.role not in {Role.LICENSE.value, Role.METADATA.value} or file.file.endswith(".license"):
        return None
    return _part_folder(file.file.removeprefix(root))


def _part_folder(path: str) -> str:
    """Return the folder that a license or metadata file speaks for."""
    folders = list(PurePosixPath(path).parts[:-1])
    while folders and folders[-1].lower() in _MAIN_FOLDERS:
        folders.pop()
    return "/".join(folders)


def _home(path: str, folders: set[str]) -> str:
    """Return the deepest part that a file lies in."""
    folder = PurePosixPath(path).parent
    while str(folder) not in {".", ""}:
        if str(folder) in folders:
            return str(folder)
        folder = folder.parent
    return ""


def _settle(part: Part, annotated: list[Annotation]) -> None:
    """Draw a part's conclusion from its files and from what REUSE annotations say of it."""
    matches = _evidence(part, annotated)
    for one in annotated:
        if one.expression is None:
            part.ask(f"“{one.value[:120]}” in REUSE.toml or dep5 names no license")
    concluded = conclude(matches, [name for file in part.files for name in file.exceptions])
    if concluded is not None:
        part.expression, part.alternatives = concluded.expression, concluded.alternatives
        part.reasons += concluded.notes
    part.state = _state(part, matches)
    _ask_what_is_open(part, matches)


def _evidence(part: Part, annotated: list[Annotation]) -> list[Match]:
    """Return what counts: ``LICENSES/`` only holds texts where tags say which applies."""
    overridden = [one for one in annotated if one.overrides]
    said = [
        (file, match)
        for file in part.files
        if not any(one.covers(file.file) for one in overridden)
        for match in file.matches
    ]
    noted = [Match(one.expression, "tag", 0, 0, 1.0) for one in annotated if one.expression]
    tagged = bool(noted) or any(match.kind == "tag" for _, match in said)
    kept = [
        match
        for file, match in said
        if "-incomplete-" not in match.expression and not (tagged and _only_a_text(file.file))
    ]
    return [*kept, *noted]


def _only_a_text(path: str) -> bool:
    return PurePosixPath(path).parent.name == "LICENSES"


def _state(part: Part, matches: list[Match]) -> str:
    states = {file.state for file in part.files if not _only_a_text(file.file)}
    for state in ("changed", "incomplete"):
        if state in states:
            return state
    return "clear" if matches else "none"


def _ask_what_is_open(part: Part, matches: list[Match]) -> None:
    for file in part.files:
        if not file.review:
            continue
        if file.only_vague and all(is_told(name, matches) for name in file.vague):
            continue
        for reason in file.reasons:
            part.ask(f"{file.file}: {reason}")
