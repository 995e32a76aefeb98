"""What a bundle's files say of its license, and whether it is a binary. Pure; runs in the closed child."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from licenses.detection.bundles import HEAD_BYTES, BundleDetection, detect_files
from licenses.detection.roles import Role, role_of
from licenses.records import collisions
from licenses.spdx import text_of, texts
from registry.bundles.archive.base import Bundle, Entry

#: What is looked at whole; of the rest only the first 4 kB.
WHOLE = frozenset((Role.LICENSE, Role.NOTICE, Role.AGREEMENT, Role.README, Role.METADATA))
MOST_WHOLE = 500
MOST_WHOLE_BYTES = 24 * 1024 * 1024
MOST_OF_ONE_BYTES = 2 * 1024 * 1024
MOST_TEXTS_CHARACTERS = 2_000_000
MOST_KEPT = 400
COMPILED = (
    b"\x7fELF", b"MZ", b"dex\n", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe",
)  # fmt: skip
MANIFESTS = frozenset(
    ("addon.xml", "meta.json", "Info.plist", "config.xml", "AndroidManifest.xml", "appinfo.json", "manifest",
     "marquee.toml", "privacy.toml")
)  # fmt: skip
MANIFEST_ENDINGS = (".metainfo.xml", ".appdata.xml")
COMMON = ("MIT", "GPL-2.0-only", "GPL-3.0-only", "LGPL-2.1-only", "Apache-2.0", "BSD-3-Clause", "MPL-2.0")
_CACHED = re.compile(r"(?:__pycache__/)?([^/]+?)(?:\.[a-z]+-\d+(?:\.opt-\d)?)?\.py[co]$")


@dataclass(slots=True)
class LicenseFindings:
    """What was found: the detection, and the form of the bundle, ``source`` or ``binary``."""

    detection: BundleDetection
    form: str = "source"
    remarks: list[str] = field(default_factory=list)


_AS_JSON = TypeAdapter(LicenseFindings)
_DETECTION = TypeAdapter(BundleDetection)


def find_licenses(bundle: Bundle) -> LicenseFindings:
    """Look at the files of an opened bundle; a bundle with too many license files asks for a person."""
    look = _Look(bundle)
    detection = detect_files(look.files())
    collided = collisions(_references(detection.texts))
    told = [f"{name} stands for different texts in different parts" for name in collided]
    for remark in [*look.remarks, *told]:
        detection.review = True
        detection.reasons.append(remark)
    return LicenseFindings(_bounded(detection), "binary" if look.is_binary else "source", look.remarks)


def findings_as_json(found: LicenseFindings) -> dict[str, Any]:
    """Return the findings as JSON, from which :func:`findings_of_json` makes them again."""
    made: dict[str, Any] = _AS_JSON.dump_python(found, mode="json")
    return made


def findings_of_json(value: Any) -> LicenseFindings:
    """Return findings from JSON. Raises ValueError (pydantic's) for what is none."""
    return _AS_JSON.validate_python(value)


def detection_as_json(detection: BundleDetection) -> dict[str, Any]:
    """Return a detection as JSON."""
    made: dict[str, Any] = _DETECTION.dump_python(detection, mode="json")
    return made


def detection_of_json(value: Any) -> BundleDetection:
    """Return a detection from JSON. Raises ValueError (pydantic's) for what is none."""
    return _DETECTION.validate_python(value)


def warm() -> None:
    """Load all that detection reads from its data, for a reader that can open no file any more."""
    common = [(f"{name}/LICENSE", (text_of(name) or "").encode()) for name in COMMON]
    texts.cache_clear()
    detect_files(
        [*common, ("README.md", b"# License\n\nGPLv2\n"), ("a.py", b"# SPDX-License-Identifier: MIT\n")]
    )


def _references(texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the texts of ``LicenseRef-`` names by the folder whose ``LICENSES`` holds them (REUSE 3.3)."""
    found: dict[str, dict[str, str]] = {}
    for path, text in texts.items():
        folder, _, name = path.rpartition("/")
        if name.startswith("LicenseRef-"):
            found.setdefault(folder, {})[name.rsplit(".", 1)[0]] = text
    return found


class _Look:
    """Hands each file on, whole or its beginning, and sees whether any is compiled."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.names = {entry.name for entry in bundle.entries}
        self.is_binary = False
        self.remarks: list[str] = []
        self._whole, self._whole_bytes = 0, 0

    def files(self) -> Iterator[tuple[str, bytes]]:
        for entry in self.bundle.entries:
            if _is_manifest(entry.name):
                continue
            wanted = self._wanted(entry)
            if not wanted:
                continue
            data = self._start(entry, wanted)
            self.is_binary = self.is_binary or self._compiled(entry.name, data)
            yield entry.name, data

    def _wanted(self, entry: Entry) -> int:
        """Return how many bytes of a file are read; none of license files beyond all measure."""
        if role_of(entry.name) not in WHOLE and not entry.name.endswith(".license"):
            return HEAD_BYTES
        if self._whole >= MOST_WHOLE or self._whole_bytes >= MOST_WHOLE_BYTES:
            self._remark(f"there are more license files than the {MOST_WHOLE} that were looked at")
            return 0
        if entry.size_bytes > MOST_OF_ONE_BYTES:
            self._remark(f"{entry.name}: only its first {MOST_OF_ONE_BYTES:,} bytes were looked at")
        self._whole += 1
        self._whole_bytes += min(entry.size_bytes, MOST_OF_ONE_BYTES)
        return MOST_OF_ONE_BYTES

    def _start(self, entry: Entry, wanted: int) -> bytes:
        data = bytearray()
        for piece in self.bundle.stream(entry.name):
            data += piece
            if len(data) >= wanted:
                break
        return bytes(data[:wanted])

    def _compiled(self, name: str, data: bytes) -> bool:
        """Say whether a file is compiled code (CONTRACTS, Files in bundles: *Binary*)."""
        if name.endswith((".pyc", ".pyo")):
            folder = name.rpartition("/")[0].removesuffix("__pycache__")
            stem = _CACHED.search(name)
            base = f"{folder.rstrip('/')}/" if folder.strip("/") else ""
            return stem is None or f"{base}{stem[1]}.py" not in self.names
        return data.startswith(COMPILED) and b"\0" in data

    def _remark(self, remark: str) -> None:
        if remark not in self.remarks and len(self.remarks) < 20:
            self.remarks.append(remark)


def _is_manifest(path: str) -> bool:
    """Say whether a file is what a media server reads: what it declares is no second witness."""
    name = path.rpartition("/")[2]
    return name in MANIFESTS or name.endswith(MANIFEST_ENDINGS)


def _bounded(detection: BundleDetection) -> BundleDetection:
    """Keep what a person can read: each text once, and not more than the record has room for."""
    room = MOST_TEXTS_CHARACTERS
    kept: dict[str, str] = {}
    for path, text in detection.texts.items():
        if len(text) <= room and len(kept) < MOST_KEPT:
            kept[path], room = text, room - len(text)
    detection.texts = kept
    detection.copyrights = [line[:500] for line in detection.copyrights[:MOST_KEPT]]
    detection.reasons = [reason[:1000] for reason in detection.reasons[:MOST_KEPT]]
    for part in detection.parts:
        part.files, part.reasons = part.files[:MOST_KEPT], part.reasons[:MOST_KEPT]
    return detection
