"""Kodi's series and which of them can run an add-on.

Kodi accepts an import when its ``minversion`` is not above the part that is installed and its
``version`` not below what that part is still compatible with.
"""

from dataclasses import dataclass
from functools import cache

from registry.bundles.ecosystems.kodi.versions import version_key

OPEN_END = "999"


@dataclass(frozen=True, slots=True)
class Series:
    """A series: its ``<dir>`` bounds, and per part the lowest version accepted and the one shipped.

    Bounds are inclusive and against ``xbmc.addon``, which nightlies report as ``N-1.90.x``.
    """

    name: str
    number: int
    minversion: str
    maxversion: str | None
    parts: dict[str, tuple[str, str]]


SERIES = (
    Series(
        "leia",
        18,
        "17.9.0",
        "18.89.999",
        {
            "xbmc.python": ("2.1.0", "2.26.0"),
            "xbmc.gui": ("5.14.0", "5.14.0"),
            "xbmc.json": ("6.0.0", "9.7.2"),
            "xbmc.addon": ("12.0.0", "18.89.999"),
        },
    ),
    Series(
        "matrix",
        19,
        "18.90.0",
        "19.89.999",
        {
            "xbmc.python": ("3.0.0", "3.0.0"),
            "xbmc.gui": ("5.15.0", "5.15.0"),
            "xbmc.json": ("6.0.0", "12.4.0"),
            "xbmc.addon": ("12.0.0", "19.89.999"),
        },
    ),
    Series(
        "nexus",
        20,
        "19.90.0",
        "20.89.999",
        {
            "xbmc.python": ("3.0.0", "3.0.1"),
            "xbmc.gui": ("5.15.0", "5.16.0"),
            "xbmc.json": ("6.0.0", "13.0.0"),
            "xbmc.addon": ("12.0.0", "20.89.999"),
        },
    ),
    Series(
        "omega",
        21,
        "20.90.0",
        None,
        {
            "xbmc.python": ("3.0.0", OPEN_END),
            "xbmc.gui": ("5.17.0", OPEN_END),
            "xbmc.json": ("6.0.0", OPEN_END),
            "xbmc.addon": ("12.0.0", OPEN_END),
        },
    ),
)
PLACING_PARTS = frozenset(SERIES[0].parts)

Part = tuple[str, str, str]


@cache
def series_of(parts: tuple[Part, ...]) -> tuple[str, ...]:
    """Return the names of the series that meet every part, oldest first; maybe none."""
    return tuple(series.name for series in SERIES if all(_meets(series, part) for part in parts))


def _meets(series: Series, part: Part) -> bool:
    identifier, minversion, version = part
    lowest, shipped = series.parts[identifier]
    minimum = minversion or version
    above = bool(minimum) and version_key(minimum) > version_key(shipped)
    below = bool(version) and version_key(version) < version_key(lowest)
    return not above and not below
