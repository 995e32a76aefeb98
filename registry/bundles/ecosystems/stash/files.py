"""One metadata file of Stash: which of the three it is, its comments, and what does not fit.

Plug-in and scraper are told apart by their keys. ``# requires:`` and ``#pkgignore`` are comments
that Stash's own package builder reads; no YAML parser sees them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.bundles.ecosystems.base import Requirement
from registry.bundles.ecosystems.identity import checked_identifier
from registry.bundles.ecosystems.place import Place
from registry.bundles.ecosystems.stash.shapes import PACKAGE, PLUGIN, SCRAPER, Fault, faults
from registry.bundles.findings import Finding
from registry.bundles.manifests.yaml import YamlDocument, parse_yaml

SHAPES: dict[str, dict[str, Any]] = {"plugin": PLUGIN, "scraper": SCRAPER, "library": PACKAGE}
REQUIRES = re.compile(rb"^#[ \t]*requires:[ \t]*([^\r\n]*)", re.MULTILINE)
IGNORE = re.compile(rb"^#[ \t]*pkgignore\b", re.MULTILINE)
TELLING = re.compile(
    rb"^(?:interface|exec|ui|hooks|tasks|settings|errLog|xPathScrapers|jsonScrapers"
    rb"|[a-z]+By(?:Name|Fragment|QueryFragment|URL))[ \t]*:",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class StashFile:
    """A parsed file: ``form`` is ``plugin``, ``scraper`` or ``library``; ``text`` as written."""

    path: str
    form: str
    text: Mapping[str, Any]
    document: YamlDocument
    requires: tuple[Requirement, ...]

    def place(self, *keys: str | int) -> Place:
        """Return where a key path stands, or the nearest key above it."""
        while keys and self.document.line(*keys) is None:
            keys = keys[:-1]
        return Place(self.path, self.document.line(*keys))

    def said(self, key: str) -> str:
        """Return a text at the top, or an empty one."""
        value = self.text.get(key)
        return value if isinstance(value, str) else ""

    def error(self, fault: Fault) -> Finding:
        """Return what does not fit as an error finding."""
        place = self.place(*fault.keys)
        name = ".".join(map(str, fault.keys)) or "the file"
        return place.error(
            "stash.shape",
            f"{self.path} line {place.line}, {name}: {fault.what}; Stash drops the whole file.",
            f"A {self.form} has the keys {', '.join(SHAPES[self.form])}.",
        )

    def shape_errors(self) -> Iterator[Finding]:
        """Yield an error for each key or value that Stash would refuse."""
        yield from (self.error(fault) for fault in faults(self.text, SHAPES[self.form]))


def looks_like_stash(content: bytes) -> bool:
    """Say whether a YAML file has a key that only plug-ins and scrapers have."""
    return TELLING.search(content) is not None


def is_ignored(content: bytes) -> bool:
    """Say whether a file asks Stash's package builder to pass it by."""
    return IGNORE.search(content) is not None


def parse_file(path: str, content: bytes, *, library: bool = False) -> StashFile:
    """Parse one file. Raises BundleRejected for bad YAML and for what is no package of its own."""
    document = parse_yaml(content, path=path, aliases=True)
    if isinstance(document.text, list):
        raise Place(path, 1).rejection(
            "stash.index",
            f"{path} is a list, as a source's index is; a plug-in or scraper is a mapping.",
            "Upload the package's own .yml; the index is made here.",
        )
    text = document.text if isinstance(document.text, dict) else {}
    form = "library" if library else _form(text)
    file = StashFile(path, form, text, document, tuple(_requirements(path, content)))
    if is_ignored(content):
        raise _ignored(file, content)
    return file


def _form(text: Mapping[str, Any]) -> str:
    return "scraper" if len(text.keys() & SCRAPER) > len(text.keys() & PLUGIN) else "plugin"


def _ignored(file: StashFile, content: bytes) -> Exception:
    found = IGNORE.search(content)
    line = content.count(b"\n", 0, found.start()) + 1 if found else 1
    unknown = next((f" {error.message}" for error in file.shape_errors()), "")
    return Place(file.path, line).rejection(
        "stash.ignored",
        f"{file.path} says #pkgignore in line {line}: it is no plug-in of its own.{unknown}",
        "Upload the plug-in's own .yml. Stash tries every .yml; give other files another ending.",
    )


def _requirements(path: str, content: bytes) -> Iterator[Requirement]:
    for found in REQUIRES.finditer(content):
        place = Place(path, content.count(b"\n", 0, found.start()) + 1)
        for word in found[1].decode("utf-8", "replace").split(","):
            if word.strip():
                yield Requirement(checked_identifier(word.strip(), "# requires:", place))
