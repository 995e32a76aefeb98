"""TOML manifests (``marquee.toml``, ``privacy.toml``), with the line of each plain key."""

import re
import tomllib
from typing import Any

from registry.bundles.findings import BundleRejected, rejected
from registry.bundles.limits import DEFAULT_LIMITS, Limits
from registry.bundles.manifests.parsed import KeyPath, Parsed, check_size, decode_utf8

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_TABLE = re.compile(r"\s*(\[{1,2})\s*([A-Za-z0-9_.-]+)\s*\]{1,2}\s*(?:#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_KEY_PART = r"""(?:(?<![A-Za-z0-9_-])[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""


def parse_toml(content: bytes, *, path: str, limits: Limits = DEFAULT_LIMITS) -> Parsed[dict[str, Any]]:
    """Return the tables of a TOML file. Raises BundleRejected (``manifest.toml``) with the line."""
    check_size(content, path, limits)
    text = decode_utf8(content, "manifest.toml", path)
    _refuse_long_keys(text, path, limits)
    try:
        value = tomllib.loads(text)
    except ValueError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else None
        raise _wrong(path, _AT_LINE.sub("", str(error)).strip()[:200], line) from None
    except RecursionError:
        raise _wrong(path, "it nests too deeply", None) from None
    _check_shape(value, path, limits)
    return Parsed(value, (), _lines(text))


def _refuse_long_keys(text: str, path: str, limits: Limits) -> None:
    """Refuse ``a.a.a…`` first: tomllib's memory grows with the square of its parts."""
    parts = limits.manifest_depth
    if found := re.search(rf"{_KEY_PART}(?:[ \t]*+\.[ \t]*+{_KEY_PART}){{{parts}}}", text):
        line = text.count("\n", 0, found.start()) + 1
        raise _wrong(path, f"a key has more than {parts} parts", line)


def _check_shape(value: dict[str, Any], path: str, limits: Limits) -> None:
    left = limits.manifest_nodes
    stack: list[tuple[Any, int]] = [(value, 1)]
    while stack:
        item, depth = stack.pop()
        left -= 1
        if depth > limits.manifest_depth or left < 0:
            raise _wrong(path, "it nests too deeply or holds too many values", None)
        if isinstance(item, dict):
            item = list(item.values())
        if isinstance(item, list):
            stack.extend((child, depth + 1) for child in item)


def _lines(text: str) -> dict[KeyPath, int]:
    """Return the lines of ``key =`` and ``[table]``; keys of inline tables are not looked for."""
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _TABLE.fullmatch(line):
            table = tuple(found[2].split("."))
            if found[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            lines.setdefault(table, number)
        elif found := _KEY.match(line):
            lines.setdefault((*table, found[1]), number)
    return lines


def _wrong(path: str, why: str, line: int | None) -> BundleRejected:
    return rejected(
        "manifest.toml",
        f"{path} is not valid TOML: {why}" + (f" (line {line})" if line else ""),
        "Mend the line; https://toml.io shows the grammar.",
        path=path,
        line=line,
    )
