"""Kodi's add-on ids: which ones Marquee takes, and which ones Kodi keeps for itself."""

import re
from collections.abc import Iterator

from registry.bundles.ecosystems.identity import shown
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding

LONGEST_ID = 100
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@!$-]*", re.ASCII)
# The repository add-ons that feeds bring along; a feed lists no other under its own one's id.
OURS = "repository.marquee."

_KODIS_OWN_PREFIXES = ("xbmc.", "kodi.", "resource.language.", "repository.xbmc.")
# What Kodi 18 to 21 bring along besides: Kodi never takes these from another repository.
_SHIPPED = frozenset(
    {
        "audioencoder.kodi.builtin.aac",
        "audioencoder.kodi.builtin.wma",
        "audioencoder.xbmc.builtin.aac",
        "audioencoder.xbmc.builtin.wma",
        "game.controller.default",
        "game.controller.keyboard",
        "game.controller.mouse",
        "game.controller.snes",
        "metadata.album.universal",
        "metadata.artists.universal",
        "metadata.common.allmusic.com",
        "metadata.common.fanart.tv",
        "metadata.common.imdb.com",
        "metadata.common.musicbrainz.org",
        "metadata.common.theaudiodb.com",
        "metadata.common.themoviedb.org",
        "metadata.generic.albums",
        "metadata.generic.artists",
        "metadata.local",
        "metadata.themoviedb.org",
        "metadata.themoviedb.org.python",
        "metadata.tvshows.themoviedb.org",
        "metadata.tvshows.themoviedb.org.python",
        "resource.images.weathericons.default",
        "resource.timezone",
        "resource.uisounds.kodi",
        "screensaver.xbmc.builtin.black",
        "screensaver.xbmc.builtin.dim",
        "script.module.pil",
        "script.module.pycryptodome",
        "service.xbmc.versioncheck",
        "skin.estouchy",
        "skin.estuary",
        "webinterface.default",
    }
)


def check_identifier(identifier: str | None, at: Place) -> Iterator[Finding]:
    """Remark on ids that Kodi treats as its own; refuse what is no id.

    Raises BundleRejected (``manifest.id``).
    """
    if not identifier or not is_identifier(identifier):
        raise at.rejection(
            "manifest.id",
            f"{shown(identifier)} is no add-on id."
            if identifier
            else "The add-on's id attribute is missing.",
            f"Use at most {LONGEST_ID} ASCII letters, digits and . _ - @ ! $, a letter or digit first, "
            'no two dots in a row, no dot last, for example id="plugin.video.example".',
        )
    if identifier.lower().startswith(OURS):
        yield at.warning(
            "manifest.id_reserved",
            f"{identifier} is how a feed calls its own repository add-on; no feed lists another for it.",
            f"Choose an id that does not begin with {OURS}",
        )
    if identifier.startswith(_KODIS_OWN_PREFIXES) or identifier in _SHIPPED:
        yield at.warning(
            "manifest.id_reserved",
            f"{identifier} comes with Kodi, which takes it from no other repository.",
            "Give your add-on an id of its own.",
        )
    if identifier != identifier.lower():
        yield at.warning(
            "manifest.id_case",
            f"{identifier} has capital letters, which only some file systems tell apart.",
            "Write ids in lower case.",
        )


def is_identifier(text: str) -> bool:
    """Say whether a text can be an add-on's id, and a folder's and a file's name."""
    dots = ".." in text or text.endswith(".")
    return len(text) <= LONGEST_ID and not dots and _ID.fullmatch(text) is not None
