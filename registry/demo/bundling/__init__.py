"""Makes the bundles of the catalogue, the same bytes each time: one module a family of formats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from registry.demo.bundling import android, appimage, apps, jellyfin, kodi, plex, stash
from registry.demo.catalogue import Listing, Version

MAKERS: dict[str, Callable[[Listing, Version], bytes]] = {
    "kodi": kodi.make,
    "jellyfin": jellyfin.make,
    "plex": plex.make,
    "stash": stash.make,
    "android": android.make,
    "appimage": appimage.make,
    "webos": apps.make_ipk,
    "tizen": apps.make_wgt,
    "roku": apps.make_roku,
    "flatpak": apps.make_metainfo,
    "plain": apps.make_plain,
}
ENDINGS = {
    "android": ".apk", "appimage": ".AppImage", "webos": ".ipk", "tizen": ".wgt", "flatpak": ".metainfo.xml",
}  # fmt: skip
#: What the formats cannot say, so that their publisher says it at upload.
SAID: dict[str, tuple[str, ...]] = {
    "jellyfin": ("license",),
    "plex": ("version", "license"),
    "stash": ("license",),
    "android": ("license",),
    "webos": ("license",),
    "roku": ("identifier", "license"),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle as it is uploaded."""

    filename: str
    body: bytes
    said: Mapping[str, str] = field(default_factory=dict)


def make(listing: Listing, version: Version) -> Made:
    """Make the bundle of one version."""
    words = {"identifier": listing.identifier, "version": version.number, "license": listing.license}
    said = SAID.get(listing.ecosystem, ())
    if listing.details.get("form") == "scraper":
        said = ("version", *said)
    ending = ENDINGS.get(listing.ecosystem, ".zip")
    return Made(
        filename=f"{listing.identifier}-{version.number}{ending}",
        body=MAKERS[listing.ecosystem](listing, version),
        said={key: words[key] for key in said},
    )
