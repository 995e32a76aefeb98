"""Identifiers and versions that may stand in addresses, file names and feeds.

The rule: plain ASCII, short, one spelling. Nothing is trimmed or mended here; what breaks the rule
is refused with the line it stands in (BAD-INPUTS rows 50 and 51).
"""

import re

from registry.bundles.ecosystems.place import Place

LONGEST = 100
PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
VERSION_WITH_BUILD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+~-]*")


def checked_identifier(value: object, what: str, place: Place, pattern: re.Pattern[str] = PLAIN) -> str:
    """Return ``value`` when it is a sound identifier. Raises BundleRejected (``manifest.id``)."""
    if isinstance(value, str) and _sound(value, pattern) and not value.endswith("."):
        return value
    raise place.rejection(
        "manifest.id",
        f"{what} is {shown(value)}, which is not an identifier.",
        f"Use 1 to {LONGEST} ASCII letters, digits, dots, dashes, underscores: com.example.player.",
    )


def checked_version(value: object, what: str, place: Place, pattern: re.Pattern[str] = VERSION) -> str:
    """Return ``value`` when it is a sound version. Raises BundleRejected (``manifest.version``)."""
    if isinstance(value, str) and is_version(value, pattern):
        return value
    raise place.rejection(
        "manifest.version",
        f"{what} is {shown(value)}, which is not a version.",
        f"Use 1 to {LONGEST} ASCII letters and digits joined by dots or dashes: 1.4.2, 2.0-beta.1.",
    )


def is_version(value: str, pattern: re.Pattern[str] = VERSION) -> bool:
    """Say whether ``value`` would pass :func:`checked_version`."""
    return _sound(value, pattern)


def shown(value: object) -> str:
    """Return a value as a message may show it: quoted, escaped, cut at 60 characters."""
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _sound(value: str, pattern: re.Pattern[str]) -> bool:
    return len(value) <= LONGEST and pattern.fullmatch(value) is not None and ".." not in value
