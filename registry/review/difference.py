"""What changed between two releases, file by file. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """Paths that were added, removed or changed, and facts of the metadata that differ (before, after)."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    facts: tuple[tuple[str, str, str], ...]

    @property
    def nothing(self) -> bool:
        """Say whether the two are the same."""
        return not (self.added or self.removed or self.changed or self.facts)


FACTS = ("name", "kind", "license", "author", "homepage", "source", "platforms", "requires")


def compare(
    before: tuple[Sequence[Mapping[str, Any]], Mapping[str, Any]],
    after: tuple[Sequence[Mapping[str, Any]], Mapping[str, Any]],
) -> Difference:
    """Compare (files, content) of two releases.

    A top folder that carries the version in its name is left out, or every file would seem new.
    """
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
    )


def _by_path(files: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    paths = [str(file["path"]) for file in files]
    tops = {path.partition("/")[0] for path in paths}
    cut = len(next(iter(tops))) + 1 if len(tops) == 1 and all("/" in path for path in paths) else 0
    return {str(file["path"])[cut:]: str(file["sha256"]) for file in files}


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value)
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part not in (None, False))
    return "nothing" if value in (None, "") else str(value)
