"""The table of ecosystems. Adding a media server is one line here."""

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import Ecosystem
from registry.bundles.ecosystems.kodi import KODI

# In the order of recognition: whoever is surest of its own files comes first.
ECOSYSTEMS: tuple[Ecosystem, ...] = (KODI,)
_BY_NAME = {one.name: one for one in ECOSYSTEMS}


def ecosystem(name: str) -> Ecosystem:
    """Return the ecosystem of that name. Raises KeyError."""
    return _BY_NAME[name]


def recognise(bundle: Bundle) -> Ecosystem | None:
    """Return the first ecosystem that takes the bundle for its own, if any does."""
    return next((one for one in ECOSYSTEMS if one.recognises(bundle)), None)
