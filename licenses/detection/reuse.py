"""REUSE 3.3: tags in files, ``X.license`` beside X, ``REUSE.toml`` and ``LICENSES/``; also ``dep5``."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from licenses.detection.debian import expression_of, stanzas
from licenses.expressions import ExpressionError, normalise

MAX_ANNOTATIONS = 2_000


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a ``REUSE.toml`` or ``dep5`` says of the paths that a pattern matches.

    ``overrides``: what the files themselves say does not count. ``expression`` is None where the
    value is no license.
    """

    patterns: tuple[re.Pattern[str], ...]
    expression: str | None
    value: str
    copyrights: tuple[str, ...]
    overrides: bool

    def covers(self, path: str) -> bool:
        """Say whether a path in the bundle is meant."""
        return any(pattern.fullmatch(path) for pattern in self.patterns)


def annotations(path: str, text: str) -> Iterator[Annotation]:
    """Yield the annotations of a ``REUSE.toml`` or a ``.reuse/dep5``; none where it cannot be read."""
    name = PurePosixPath(path).name
    folder = "/".join(PurePosixPath(path).parts[:-1])
    if name == "REUSE.toml":
        yield from _toml(folder, text)
    elif name == "dep5":
        yield from _dep5(folder.removesuffix(".reuse").strip("/"), text)


def _toml(folder: str, text: str) -> Iterator[Annotation]:
    try:
        whole = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    given = whole.get("annotations", [])
    for one in given[:MAX_ANNOTATIONS] if isinstance(given, list) else []:
        if isinstance(one, dict):
            yield _annotation(
                folder,
                _texts(one.get("path")),
                _texts(one.get("SPDX-License-Identifier")),
                _texts(one.get("SPDX-FileCopyrightText")),
                overrides=one.get("precedence") == "override",
            )


def _dep5(folder: str, text: str) -> Iterator[Annotation]:
    for stanza in islice(stanzas(text), MAX_ANNOTATIONS):
        if "files" in stanza and "license" in stanza:
            said = stanza["license"].split("\n")[0]
            lines = [line.strip() for line in stanza.get("copyright", "").split("\n") if line.strip()]
            globs = [glob.replace("*", "**") for glob in stanza["files"].split()]
            yield _annotation(folder, globs, [said], lines, overrides=False)


def _annotation(
    folder: str, paths: list[str], licenses: list[str], copyrights: list[str], *, overrides: bool
) -> Annotation:
    joined = " AND ".join(f"({one})" for one in licenses) if len(licenses) > 1 else "".join(licenses)
    return Annotation(
        tuple(_pattern(folder, path) for path in paths[:500]),
        _meaning(joined),
        joined,
        tuple(copyrights),
        overrides,
    )


def _meaning(text: str) -> str | None:
    try:
        return normalise(text)
    except ExpressionError:
        return expression_of(text)


def _texts(given: Any) -> list[str]:
    if isinstance(given, str):
        return [given]
    return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []


def _pattern(folder: str, glob: str) -> re.Pattern[str]:
    """Read REUSE's globs: ``*`` within a folder, ``**`` across folders, a backslash escapes."""
    parts = []
    for piece in re.findall(r"\\.|\*\*/?|\*|[^\\*]+|\\", glob[:1000]):
        if piece.startswith("**"):
            parts.append(r"(?:.*/)?" if piece.endswith("/") else ".*")
        elif piece == "*":
            parts.append("[^/]*")
        else:
            parts.append(re.escape(piece.removeprefix("\\") if len(piece) > 1 else piece))
    prefix = re.escape(f"{folder}/") if folder else ""
    return re.compile(prefix + "".join(parts))
