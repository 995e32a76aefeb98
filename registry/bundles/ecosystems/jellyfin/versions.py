"""Versions as .NET's System.Version reads and orders them; Marquee writes all four numbers."""

import re
from functools import lru_cache

from registry.bundles.ecosystems.identity import shown
from registry.bundles.ecosystems.place import Place

LARGEST = 2**31 - 1
_DOTTED = re.compile(r"[0-9]{1,10}(\.[0-9]{1,10}){1,3}", re.ASCII)
_FOUR = re.compile(r"(0|[1-9][0-9]{0,9})(\.(0|[1-9][0-9]{0,9})){3}", re.ASCII)
UNREADABLE = (-1, -1, -1, -1)

Version = tuple[int, int, int, int]


@lru_cache(maxsize=4096)
def parse(text: str) -> Version | None:
    """Return 2 to 4 dotted numbers, what is missing as -1 as .NET has it, or None."""
    if not _DOTTED.fullmatch(text):
        return None
    numbers = [int(part) for part in text.split(".")]
    first, second, third, fourth = (*numbers, -1, -1)[:4]
    return (first, second, third, fourth) if max(numbers) <= LARGEST else None


def version_key(version: str) -> Version:
    """Return the sort key; what .NET cannot read sorts before everything.

    >>> version_key("1.0") < version_key("1.0.0") < version_key("1.0.0.0") < version_key("1.0.0.10")
    True
    """
    return parse(version) or UNREADABLE


def padded(version: Version) -> str:
    """Return a version as four dotted numbers.

    >>> padded((10, 11, -1, -1))
    '10.11.0.0'
    """
    return ".".join(str(max(part, 0)) for part in version)


def is_four(text: str) -> bool:
    """Say whether a text is a version as Marquee writes it, safe to give to every server."""
    return _FOUR.fullmatch(text) is not None and parse(text) is not None


def checked_version(value: object, at: Place, what: str = "version") -> str:
    """Return a version with four numbers; a lone number is taken as the first, as jprm does.

    Raises BundleRejected (``manifest.version``): one bad version empties a server's whole catalog.
    """
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    found = parse(f"{text}.0" if re.fullmatch(r"[0-9]{1,10}", text, re.ASCII) else text)
    if found is None:
        raise at.rejection(
            "manifest.version",
            f"{what} is {shown(value)}, which Jellyfin cannot read.",
            f"Write 2 to 4 numbers up to {LARGEST} with dots between, best four: '1.2.0.0'.",
        )
    return padded(found)
