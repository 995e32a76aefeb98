"""What changed between two releases, file by file. Pure.

A top folder that carries the version in its name does not count, or every file would seem new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """Paths that were added, removed or changed, and facts of the metadata that differ (before, after).

    Paths are told without the top folder; ``top`` is that of the later release, with its slash, or empty.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    facts: tuple[tuple[str, str, str], ...]
    top: str = ""

    @property
    def paths(self) -> list[str]:
        """Every path that differs, whole, in the order in which it is shown."""
        return [self.top + path for path in (*self.added, *self.changed, *self.removed)]

    @property
    def nothing(self) -> bool:
        """Say whether the two are the same."""
        return not (self.added or self.removed or self.changed or self.facts)


FACTS = ("name", "kind", "license", "author", "homepage", "source", "platforms", "requires")


def compare(
    before: tuple[Sequence[Mapping[str, Any]], Mapping[str, Any]],
    after: tuple[Sequence[Mapping[str, Any]], Mapping[str, Any]],
) -> Difference:
    """Compare (files, content) of two releases."""
    old, new = _by_path(before[0]), _by_path(after[0])
    return Difference(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(path for path in new.keys() & old.keys() if new[path] != old[path])),
        facts=tuple(
            (name, _words(before[1].get(name)), _words(after[1].get(name)))
            for name in FACTS
            if before[1].get(name) != after[1].get(name)
        ),
        top=top_of(after[0]),
    )


def counterpart(path: str, files: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> str:
    """Return the path that a file of one release has in another, whether or not it is there."""
    top = top_of(files)
    return top_of(others) + path.removeprefix(top) if path.startswith(top) else path


def top_of(files: Sequence[Mapping[str, Any]]) -> str:
    """Return the one folder that all files lie in, with its slash, or nothing."""
    paths = [str(file["path"]) for file in files]
    tops = {path.partition("/")[0] for path in paths}
    return f"{tops.pop()}/" if len(tops) == 1 and all("/" in path for path in paths) else ""


def _by_path(files: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    top = top_of(files)
    return {str(file["path"]).removeprefix(top): str(file["sha256"]) for file in files}


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value)
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part not in (None, False))
    return "nothing" if value in (None, "") else str(value)
