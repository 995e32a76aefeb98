"""Kodi's extension points: what kind of software each stands for, and what each needs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from registry.bundles.ecosystems.base import Kind

METADATA = frozenset({"xbmc.addon.metadata", "kodi.addon.metadata"})
PLUGIN_SOURCE = "xbmc.python.pluginsource"
REPOSITORY = "xbmc.addon.repository"
_MEDIA = frozenset({"video", "audio", "image"})
_SCRAPERS = frozenset(
    f"xbmc.metadata.scraper.{what}"
    for what in ("movies", "tvshows", "albums", "artists", "musicvideos", "library")
)
_PVR = frozenset({"kodi.pvrclient", "xbmc.pvrclient"})
_WEB = "xbmc.webinterface"
# Compiled add-ons: without ``library`` or ``library_<os>`` Kodi drops the entry.
COMPILED = _PVR | {
    "kodi.inputstream",
    "kodi.vfs",
    "kodi.audiodecoder",
    "kodi.audioencoder",
    "kodi.imagedecoder",
    "kodi.peripheral",
    "kodi.gameclient",
}
_LIBRARY = re.compile(
    r"library(_(android|linux|freebsd|windx|windows|windowsstore|darwin_embedded|osx))?", re.ASCII
)
_PLUGINS = COMPILED - _PVR | {
    PLUGIN_SOURCE,
    REPOSITORY,
    "xbmc.python.script",
    "xbmc.python.module",
    "xbmc.python.library",
    "xbmc.python.weather",
    "xbmc.python.lyrics",
    "xbmc.service",
    "xbmc.subtitle.module",
    "kodi.context.item",
    "xbmc.gui.skin",
    "xbmc.ui.screensaver",
    "xbmc.player.musicviz",
    "kodi.game.controller",
    "kodi.shader.presets",
}
_RESOURCES = "kodi.resource."


@dataclass(frozen=True, slots=True)
class Point:
    """One ``<extension>``: its point, the words of its ``<provides>``, its attributes' names."""

    name: str
    provides: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()

    @property
    def known(self) -> bool:
        """Say whether Kodi knows the point; an unknown one makes it drop the whole add-on."""
        return self.name in METADATA or _rank(self) is not None

    @property
    def lacks_library(self) -> bool:
        """Say whether this is compiled code that names no file for any system."""
        return self.name in COMPILED and not any(map(_LIBRARY.fullmatch, self.attributes))

    @property
    def systems(self) -> frozenset[str]:
        """Return the systems that its compiled code is for; empty when it does not say."""
        named = (match for match in map(_LIBRARY.fullmatch, self.attributes) if match)
        return frozenset(match[2] for match in named if match[2])


_ORDER = (Kind.AGENT, Kind.CHANNEL, Kind.CLIENT, Kind.PLUGIN)


def kind_of(points: Iterable[Point]) -> Kind | None:
    """Return what an add-on with these points is: agents before channels before clients."""
    ranks = [rank for rank in map(_rank, points) if rank is not None]
    return _ORDER[min(ranks)] if ranks else None


def _rank(point: Point) -> int | None:
    if point.name in _SCRAPERS:
        return 0
    if point.name in _PVR or (point.name == PLUGIN_SOURCE and point.provides & _MEDIA):
        return 1
    if point.name == _WEB:
        return 2
    return 3 if point.name in _PLUGINS or point.name.startswith(_RESOURCES) else None
