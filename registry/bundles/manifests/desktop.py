"""``.desktop`` files of AppImages: groups of ``key=value`` lines (Desktop Entry 1.5)."""

import re

from registry.bundles.findings import BundleRejected, rejected
from registry.bundles.limits import DEFAULT_LIMITS, Limits
from registry.bundles.manifests.parsed import KeyPath, Parsed, check_size, decode_utf8

_GROUP = re.compile(r"\[([^\[\]\x00-\x1f]+)\]")
_PAIR = re.compile(r"([A-Za-z0-9-]+(?:\[[^\]]{1,40}\])?)\s*=\s*(.*)")
_ESCAPE = re.compile(r"\\([sntr\\])")
_ESCAPED = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


def parse_desktop(
    content: bytes, *, path: str, limits: Limits = DEFAULT_LIMITS
) -> Parsed[dict[str, dict[str, str]]]:
    """Return groups of keys, escapes resolved: ``value["Desktop Entry"]["Name[de]"]``.

    The first of repeated keys wins: the specification forbids them and says no more. Raises
    BundleRejected (``manifest.desktop``) with the line.
    """
    check_size(content, path, limits)
    text = decode_utf8(content.removeprefix(b"\xef\xbb\xbf"), "manifest.desktop", path)
    groups: dict[str, dict[str, str]] = {}
    lines: dict[KeyPath, int] = {}
    group: str | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if header := _GROUP.fullmatch(line):
            group = header[1]
            groups.setdefault(group, {})
            continue
        pair = _PAIR.fullmatch(line)
        if group is None or pair is None:
            raise _wrong(path, line, number)
        groups[group].setdefault(pair[1], _ESCAPE.sub(lambda found: _ESCAPED[found[1]], pair[2]))
        lines.setdefault((group, pair[1]), number)
    return Parsed(groups, (), lines)


def _wrong(path: str, line: str, number: int) -> BundleRejected:
    return rejected(
        "manifest.desktop",
        f"{path} line {number} is {line[:60]!r}; a line is [Group] or Key=value",
        "Check the file with desktop-file-validate.",
        path=path,
        line=number,
    )
