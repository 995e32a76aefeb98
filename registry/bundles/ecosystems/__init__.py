"""The table of ecosystems. Adding a media server is one line here."""

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.android import ANDROID
from registry.bundles.ecosystems.appimage import APPIMAGE
from registry.bundles.ecosystems.base import Ecosystem
from registry.bundles.ecosystems.flatpak import FLATPAK
from registry.bundles.ecosystems.jellyfin import JELLYFIN
from registry.bundles.ecosystems.kodi import KODI
from registry.bundles.ecosystems.plain import PLAIN
from registry.bundles.ecosystems.plex import PLEX
from registry.bundles.ecosystems.roku import ROKU
from registry.bundles.ecosystems.stash import STASH
from registry.bundles.ecosystems.tizen import TIZEN
from registry.bundles.ecosystems.webos import WEBOS

# In the order of recognition: whoever is surest of its own files comes first.
ECOSYSTEMS: tuple[Ecosystem, ...] = (
    KODI,
    PLEX,
    ANDROID,
    WEBOS,
    APPIMAGE,
    TIZEN,
    ROKU,
    STASH,
    JELLYFIN,
    FLATPAK,
    PLAIN,
)
_BY_NAME = {one.name: one for one in ECOSYSTEMS}


def ecosystem(name: str) -> Ecosystem:
    """Return the ecosystem of that name. Raises KeyError."""
    return _BY_NAME[name]


def recognise(bundle: Bundle) -> Ecosystem | None:
    """Return the first ecosystem that takes the bundle for its own, if any does."""
    return next((one for one in ECOSYSTEMS if one.recognises(bundle)), None)
