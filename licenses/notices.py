"""What must travel with a copy as one text: licenses, copyright lines, NOTICE files, changes, source."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from licenses.detection.bundles import BundleDetection
from licenses.detection.roles import Role, role_of
from licenses.expressions import leaves, parse
from licenses.spdx import EXCEPTION_NAMES, LISTED, text_of

_RULE = "=" * 78
_GENERIC_SOURCE = "SPDX license list"
_OWN_WORDS = frozenset((Role.LICENSE, Role.AGREEMENT))
_NO_LICENSE = frozenset(("NONE", "NOASSERTION"))


@dataclass(frozen=True, slots=True)
class LicenseText:
    """One full text: what it is of, where it was taken from, and the words."""

    id: str
    name: str
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Notices:
    """All that goes with a copy; ``missing`` are licenses whose text is nowhere to be had."""

    title: str
    expression: str
    texts: tuple[LicenseText, ...] = ()
    copyrights: tuple[str, ...] = ()
    notices: Mapping[str, str] = field(default_factory=dict)
    changes: str | None = None
    source: str | None = None
    missing: tuple[str, ...] = ()

    def as_text(self) -> str:
        """Return everything as one plain text with Unix line ends."""
        sections = [
            _section(self.title, f"License: {self.expression}"),
            _section("Copyright", "\n".join(self.copyrights)),
            _section("Changes", self.changes or ""),
            _section("Source code", self.source or ""),
            *(_section(f"NOTICE ({path})", text) for path, text in self.notices.items()),
            *(_section(f"{one.name} ({one.id}), from {one.source}", one.text) for one in self.texts),
            _section("Texts that are nowhere to be had", "\n".join(self.missing)),
        ]
        return "\n".join(section for section in sections if section)


def collect(
    title: str,
    expression: str,
    detected: BundleDetection,
    *,
    changes: str | None = None,
    source: str | None = None,
) -> Notices:
    """Collect the notices of a release with a concluded expression.

    A license's text is the bundle's own file where it has one, else SPDX's. ``changes`` is the
    publisher's statement of changes, ``source`` says where the source code is to be had.

    :raises licenses.expressions.ExpressionError: no expression.
    """
    texts, missing = _texts(expression, detected)
    notices = {path: text for path, text in detected.texts.items() if role_of(path) is Role.NOTICE}
    copyrights = tuple(detected.copyrights)
    return Notices(title, expression, texts, copyrights, notices, changes, source, missing)


def _texts(expression: str, detected: BundleDetection) -> tuple[tuple[LicenseText, ...], tuple[str, ...]]:
    seen = {file.file: file for file in detected.files}
    found: list[LicenseText] = []
    covered: set[str] = set()
    unnamed = []
    for path, text in detected.texts.items():
        matches = seen[path].matches if path in seen else ()
        ids = sorted({match.expression for match in matches if match.kind == "text"})
        if ids:
            covered.update(_family(one) for one in ids)
            name = ", ".join(_name(one) for one in ids)
            found.append(LicenseText(", ".join(ids), name, path, text))
        elif role_of(path) in _OWN_WORDS:
            unnamed.append(LicenseText(path, "License text", path, text))
    missing = []
    for name in _named(expression):
        if _family(name) in covered:
            continue
        generic = text_of(name)
        if generic is not None:
            found.append(LicenseText(name, _name(name), _GENERIC_SOURCE, generic))
        elif name not in _NO_LICENSE and not unnamed:  # a reference is to a text that the bundle brings
            missing.append(name)
    return tuple(_distinct([*found, *unnamed])), tuple(missing)


def _named(expression: str) -> Iterable[str]:
    names: dict[str, None] = {}
    for leaf in leaves(parse(expression)):
        names.setdefault(leaf.id)
        if leaf.exception:
            names.setdefault(leaf.exception)
    return names


def _distinct(texts: list[LicenseText]) -> Iterable[LicenseText]:
    """Leave out files that say the same words as one before."""
    seen: set[str] = set()
    for one in texts:
        plain = " ".join(one.text.split())
        if plain not in seen:
            seen.add(plain)
            yield one


def _family(name: str) -> str:
    return name.removesuffix("-only").removesuffix("-or-later")


def _name(name: str) -> str:
    if name in LISTED:
        return LISTED[name].name
    return EXCEPTION_NAMES.get(name, name)


def _section(title: str, body: str) -> str:
    body = re.sub(r"\r\n?", "\n", body).strip("\n")
    return f"{_RULE}\n{title}\n{_RULE}\n\n{body}\n" if body else ""
