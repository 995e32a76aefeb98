"""Names of entries: one spelling, one meaning, on every file system that a media server may have.

The same rules serve every container; :class:`Tree` looks at all names together.
"""

import re
import unicodedata
from collections.abc import Iterable

from registry.bundles.findings import BundleRejected, Finding, Severity, rejected
from registry.bundles.limits import Limits

# Unicode's Default_Ignorable_Code_Point, bidi controls among them; then lines, private use.
_INVISIBLE = re.compile(
    "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e"
    "\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\U0001bca0-\\U0001bca3"
    "\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
    "\\ue000-\\uf8ff\\U000f0000-\\U000ffffd\\U00100000-\\U0010fffd]"
)
_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f]")
# A lone letter and a colon: a drive when a slash follows or the letter is a capital, else a stream.
_ABSOLUTE = re.compile(r"/|\\\\|[A-Za-z]:[\\/]|[A-Z]:")
_NOT_ON_WINDOWS = re.compile('[<>"|?*]')
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "clock$", "conin$", "conout$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"]
)


def check_name(name: str, limits: Limits) -> None:
    """Refuse a name, without a folder's final slash, that is unsafe or unclear anywhere.

    Raises BundleRejected: ``path.control``, ``path.absolute``, ``path.backslash``, ``path.unicode``,
    ``path.traversal``, ``path.segment``, ``path.reserved``, ``path.too_long``.
    """
    plain = name.isascii() and name.isprintable()
    if not plain and (found := _CONTROL.search(name)):
        raise _refuse("control", name, f"holds the control character {found[0]!r}", "Rename it.")
    if _ABSOLUTE.match(name):
        raise _refuse("absolute", name, "is absolute", "Pack the files with relative names.")
    if "\\" in name:
        raise _refuse("backslash", name, "holds a backslash", "Separate folders by / instead.")
    if not plain and (found := _INVISIBLE.search(name)):
        what = f"holds U+{ord(found[0]):04X}, which cannot be seen"
        raise _refuse("unicode", name, what, "Rename it, with letters that show.")
    segments = name.split("/")
    _check_climb(name, segments)
    for segment in segments:
        _check_segment(name, segment, limits)
    if len(segments) > limits.depth or len(name.encode()) > limits.path_bytes:
        what = f"has {len(segments)} levels and {len(name.encode())} bytes"
        allowed = f"{limits.depth} levels and {limits.path_bytes} bytes may be: shorten it."
        raise _refuse("too_long", name, what, allowed)


def _check_climb(name: str, segments: list[str]) -> None:
    level = 0
    for segment in segments:
        level += {"..": -1, ".": 0, "": 0}.get(segment, 1)
        if level < 0 and len(segments) > 1:
            raise _refuse("traversal", name, "leads out of the bundle", "Remove the ../ parts.")


def _check_segment(name: str, segment: str, limits: Limits) -> None:
    if segment in {"", ".", ".."} or segment[0].isspace():
        what = f"has the part {segment!r}"
        raise _refuse("segment", name, what, "Use plain names between single slashes.")
    device = segment.partition(".")[0].rstrip().casefold()
    if segment[-1] in {".", " "} or ":" in segment or device in _DEVICES:
        what = f"has the part {segment!r}, which Windows reserves"
        raise _refuse("reserved", name, what, "Rename it.")
    if len(segment.encode()) > limits.segment_bytes:
        what = f"has a part of {len(segment.encode())} bytes; {limits.segment_bytes} may be"
        raise _refuse("too_long", name, what, "Shorten it.")


class Tree:
    """All names of a bundle, added one by one; ``findings`` are remarks that refuse nothing.

    ``portable`` False is for containers that are never unpacked by a media server: names that only
    differ in case are theirs to keep.
    """

    def __init__(self, limits: Limits, *, portable: bool = True) -> None:
        self._limits = limits
        self._portable = portable
        self._listed: set[str] = set()
        self._is_folder: dict[str, bool] = {}
        self._by_fold: dict[str, str] = {}
        self._twin_folders: list[tuple[str, str]] = []
        self._unportable: list[str] = []

    def add(self, name: str, *, is_folder: bool) -> None:
        """Add an entry's name, without a folder's final slash, and check it against all before.

        Raises BundleRejected: what :func:`check_name` raises, ``archive.duplicate_name``,
        ``archive.path_conflict``, ``path.collision``.
        """
        check_name(name, self._limits)
        if name in self._listed and self._is_folder[name] == is_folder:
            raise _duplicate(name)
        self._listed.add(name)
        if _NOT_ON_WINDOWS.search(name):
            self._unportable.append(name)
        self._place(name, is_folder=is_folder)
        parent = name.rpartition("/")[0]
        while parent and self._is_folder.get(parent) is not True:
            self._place(parent, is_folder=True)
            parent = parent.rpartition("/")[0]

    def _place(self, path: str, *, is_folder: bool) -> None:
        if self._is_folder.setdefault(path, is_folder) != is_folder:
            raise path_conflict(path)
        folded = path.lower() if path.isascii() else _fold(path)
        other = self._by_fold.setdefault(folded, path)
        if other == path:
            return
        if is_folder and self._is_folder[other]:
            self._twin_folders.append((other, path))
        elif self._portable:
            raise _collision(other, path)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was seen and refuses nothing."""
        return tuple(self._remarks())

    def _remarks(self) -> Iterable[Finding]:
        if self._twin_folders and self._portable:
            first, second = self._twin_folders[0]
            yield Finding(
                "path.collision",
                Severity.WARNING,
                f"the folders {first} and {second} are one on Windows and macOS"
                + _and_more(self._twin_folders),
                "Spell folders the same way everywhere.",
                second,
            )
        if self._unportable:
            yield Finding(
                "path.reserved",
                Severity.WARNING,
                f"{self._unportable[0]} cannot be unpacked on Windows{_and_more(self._unportable)}",
                'Do without < > " | ? * in names.',
                self._unportable[0],
            )


def _fold(path: str) -> str:
    """Return what a name is to a file system that ignores case and normal forms."""
    folded = unicodedata.normalize("NFKC", path).casefold()
    return unicodedata.normalize("NFKC", folded)


def _and_more(found: list[str] | list[tuple[str, str]]) -> str:
    return f" (and {len(found) - 1:,} more)" if len(found) > 1 else ""


def _refuse(kind: str, name: str, what: str, fix: str) -> BundleRejected:
    shown = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in name[:240])
    return rejected(f"path.{kind}", f"the name {shown!r} {what}", fix, path=shown)


def _duplicate(name: str) -> BundleRejected:
    return rejected(
        "archive.duplicate_name",
        f"{name} is in the bundle twice; which one counts depends on the program",
        "Pack the files again from scratch; do not add to an existing archive.",
        path=name,
    )


def path_conflict(name: str) -> BundleRejected:
    """Make the refusal of a name that is a file and a folder."""
    return rejected(
        "archive.path_conflict",
        f"{name} is both a file and a folder",
        "Rename one of them and pack the files again.",
        path=name,
    )


def _collision(first: str, second: str) -> BundleRejected:
    return rejected(
        "path.collision",
        f"{first} and {second} are one file where case and accents are not told apart",
        "Rename one of them.",
        path=second,
    )
