"""Which of Jellyfin's metadata files a file is, by its name's end and its first bytes."""

import re
from collections.abc import Callable

from registry.bundles.ecosystems.base import Reading
from registry.bundles.ecosystems.jellyfin.build import read_build
from registry.bundles.ecosystems.jellyfin.index import read_index
from registry.bundles.ecosystems.jellyfin.meta import read_meta

_BUILD_KEYS = (re.compile(rb"(?m)^[\"']?guid[\"']?\s*:"), re.compile(rb"(?m)^[\"']?targetAbi[\"']?\s*:"))
_META_KEYS = (b'"guid"', b'"targetAbi"')
_PACKAGE_KEYS = (b'"guid"', b'"versions"')
_EMPTY_LIST = re.compile(rb"\[\s*\]\s*")
_LIST_NAMES = ("manifest.json", "repository.json")

Reader = Callable[[bytes, str], Reading]


def reader_of(filename: str, content: bytes) -> Reader | None:
    """Return what reads the file, or None when it is not Jellyfin's."""
    name, start = filename.lower(), content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if name.endswith((".yaml", ".yml")):
        return read_build if all(key.search(content) for key in _BUILD_KEYS) else None
    if not name.endswith(".json"):
        return None
    if start.startswith(b"{"):
        return read_meta if any(key in content for key in _META_KEYS) else None
    if start.startswith(b"["):
        empty = _EMPTY_LIST.fullmatch(start) and name.endswith(_LIST_NAMES)
        return read_index if empty or all(key in content for key in _PACKAGE_KEYS) else None
    return None
