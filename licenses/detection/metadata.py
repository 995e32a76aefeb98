"""License fields of package metadata that lies inside a bundle: Python, npm, Maven, Cargo and others."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from licenses.aliases import recognise
from licenses.detection.tags import Declared
from licenses.expressions import leaves, parse

MAX_CHARACTERS = 2_000_000


def declared_in(path: str, text: str) -> Iterator[Declared]:
    """Yield what a metadata file declares; nothing where it has no license field."""
    name = PurePosixPath(path.replace("\\", "/")).name.lower()
    if len(text) > MAX_CHARACTERS:
        return
    reader = _READERS.get(name)
    if reader is not None:
        yield from reader(text)


def _value(text: str, value: str, at: int | None = None) -> Declared:
    place = text.find(value) if at is None else at
    place = max(place, 0)
    alias = recognise(value)
    expression = alias.expression if alias else None
    kind = "tag" if alias and alias.source == "SPDX expression" else "notice"
    return Declared(place, place + len(value), value, expression, kind, bool(alias and alias.lower_bound))


def _python(text: str) -> Iterator[Declared]:
    head = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]
    if found := re.search(r"(?im)^License-Expression:[ \t]*([^\r\n]{1,2000})", head):
        yield _value(text, found[1].strip(), found.start(1))
        return
    classifiers = re.finditer(r"(?m)^Classifier:[ \t]*(License :: [^\r\n]{1,300})", head)
    named = [_value(text, found[1].strip(), found.start(1)) for found in classifiers]
    precise = [one for one in named if one.expression]
    field = re.search(r"(?im)^License:[ \t]*([^\r\n]{1,2000})", head)
    if field and not re.fullmatch(r"(?i)unknown|none|n/?a", field[1].strip()):
        said = _value(text, field[1].strip(), field.start(1))
        if other := next((one for one in precise if _differ(said, one)), None):
            yield replace(said, value=f"{said.value} / {other.value}", expression=None)
            return
        if said.expression or not precise:
            yield said
            return
    yield from precise or named[:1]


def _differ(field: Declared, classifier: Declared) -> bool:
    """Say whether two fields of one file have no license in common, whatever version is the lowest."""
    return not (field.expression is None or _families(field) & _families(classifier))


def _families(declared: Declared) -> set[str]:
    named = leaves(parse(declared.expression)) if declared.expression else ()
    return {leaf.id.removesuffix("-only").removesuffix("-or-later") for leaf in named}


def _json(text: str) -> Iterator[Declared]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(whole, dict):
        return
    given = whole.get("license", whole.get("licenses"))
    values = [one for one in _listed(given) if one and not one.upper().startswith("SEE LICENSE")]
    if len(values) > 1:
        values = [" OR ".join(f"({one})" for one in values)]
    for value in values:
        quoted = text.find(json.dumps(value))
        yield _value(text, value, quoted + 1 if quoted >= 0 else None)


def _listed(given: Any) -> list[str]:
    if isinstance(given, str):
        return [given.strip()]
    if isinstance(given, dict):
        return _listed(given.get("type") or given.get("name") or given.get("url"))
    if isinstance(given, list):
        return [value for one in given[:50] for value in _listed(one)]
    return []


def _maven(text: str) -> Iterator[Declared]:
    block = re.search(r"<licenses>(.{0,20000}?)</licenses>", text, re.DOTALL)
    if block is None:
        return
    for one in re.finditer(r"<license>(.{0,5000}?)</license>", block[1], re.DOTALL):
        name = re.search(r"<name>\s*([^<]{1,300}?)\s*</name>", one[1])
        address = re.search(r"<url>\s*([^<]{1,300}?)\s*</url>", one[1])
        said = [_value(text, found[1]) for found in (name, address) if found]
        best = [value for value in said if value.expression] or said
        yield from best[:1]


def _toml(text: str) -> Iterator[Declared]:
    pattern = (
        r"""(?m)^[ \t]*license[ \t]*=[ \t]*(?:\{[^}\n]{0,200}?text[ \t]*=[ \t]*)?["']([^"'\n]{1,500})["']"""
    )
    if found := re.search(pattern, text):
        yield _value(text, found[1].strip(), found.start(1))


def _setup(text: str) -> Iterator[Declared]:
    if found := re.search(r"(?m)^license[ \t]*=[ \t]*([^\r\n]{1,500})", text):
        yield _value(text, found[1].strip(), found.start(1))


_READERS = {
    "metadata": _python,
    "pkg-info": _python,
    "package.json": _json,
    "bower.json": _json,
    "composer.json": _json,
    "pom.xml": _maven,
    "cargo.toml": _toml,
    "pyproject.toml": _toml,
    "setup.cfg": _setup,
}
