"""Which files the code of a bundle refers to: imports, and names of files in its manifests.

Code in a folder of tests or documents counts when something outside refers to it, so that the name of a
folder hides nothing.
"""

import re

from registry.bundles.privacy.kinds import is_spoken_only

MOST_REFERENCES = 50_000
LONGEST = 200
_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+([\w., \t]{1,200})", re.MULTILINE)
_FILE = re.compile(
    r"""(?:require\(|import\(|from|import|library=|script[ \t]*:|src=)[ \t]*["']?([\w./@-]{2,200})"""
)
_NAMED = re.compile(r"""["']([\w./-]{1,200}\.(?:py|js|mjs|lua|sh))["']""")
_WORD = re.compile(r"[\w.]+")


class References:
    """What was referred to so far: last parts of modules and paths, without their endings."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def add(self, text: str) -> None:
        """Take in what a file refers to."""
        if len(self._names) > MOST_REFERENCES:
            return
        for match in _IMPORT.finditer(text):
            self._names.update(_WORD.findall(match[1]))
        for pattern in (_FILE, _NAMED):
            self._names.update(plain(match[1]) for match in pattern.finditer(text))

    def name(self, path: str) -> bool:
        """Say whether a file is referred to: with its folder, by its folder of tests, or alone."""
        parts = plain(path).split(".")
        tails = {".".join(parts[at:]) for at in range(len(parts) - 1)}
        folders = (parts[at:-1] for at in range(len(parts) - 1))
        tails.update(".".join(each) for each in folders if is_spoken_only("/".join((*each, "x.py"))))
        if is_spoken_only(path.rpartition("/")[2]):
            tails.add(parts[-1])
        return not self._names.isdisjoint(tails)


def plain(path: str) -> str:
    """Return a path as a dotted name without its ending: ``./a/b.js`` is ``a.b``."""
    stem = re.sub(r"\.(?:py|js|mjs|lua|sh)$", "", path)
    return stem.lstrip("./@").replace("/", ".")
