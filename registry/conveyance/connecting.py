"""How each kind of client gets at this registry: addresses and the client's own words."""

from dataclasses import dataclass, field

from registry.bundles.ecosystems import ECOSYSTEMS
from registry.configured import settings
from registry.listings.models import Listing


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one client: addresses to copy, and steps in its menus' words."""

    ecosystem: str
    title: str
    addresses: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    test_path: str
    note: str = ""
    download: str | None = field(default=None)


def ways() -> list[Way]:
    """Return the ways of every client that has a feed, in the order of the ecosystems."""
    return [_way(e.name, e.title) for e in ECOSYSTEMS if e.name in STEPS]


def install_way(listing: Listing) -> Way:
    """Return how this listing gets into its client."""
    if listing.ecosystem in STEPS:
        title = next(e.title for e in ECOSYSTEMS if e.name == listing.ecosystem)
        return _way(listing.ecosystem, title)
    steps = ("Download the file below.", "Install it as your device asks.")
    return Way(listing.ecosystem, listing.ecosystem, (), steps, "index.json")


STEPS = {
    "kodi": (
        "Settings → System → Add-ons: turn on Unknown sources.",
        "Download the repository zip to the device, or add its address under File manager → Add source.",
        "Add-ons → Install from zip file: choose the repository zip.",
        "Add-ons → Install from repository: choose this registry.",
    ),
    "jellyfin": (
        "Dashboard → Plugins → Repositories → New repository.",
        "Give it a name and this address, then Save.",
        "Dashboard → Plugins → Catalog: choose, Install, and restart the server.",
    ),
    "plex": (
        "Download the bundle of the plug-in that you want.",
        "Unpack it into Plug-ins of your server's data folder, so that Name.bundle lies there.",
        "Restart Plex Media Server.",
    ),
    "stash": (
        "Settings → Plugins (or Metadata Providers for scrapers) → Available → Add Source.",
        "Give it a name and the address for that kind, then Confirm.",
        "Choose what you want and press Install.",
    ),
    "webos": (
        "Open Homebrew Channel → Settings → Repositories.",
        "Add this address.",
        "Apps appear in the channel's list.",
    ),
}


def _way(name: str, title: str) -> Way:
    base = f"{settings().public_url}/feeds"
    host = settings().public_host
    addresses = {
        "kodi": (("Repository zip", f"{base}/kodi/repository.marquee.{host}.zip"),),
        "jellyfin": (("Repository address", f"{base}/jellyfin/manifest.json"),),
        "plex": (("Bundle list", f"{base}/plex/bundles.json"),),
        "stash": (
            ("Plugins", f"{base}/stash/plugins/index.yml"), ("Scrapers", f"{base}/stash/scrapers/index.yml"),
        ),
        "webos": (("App list", f"{base}/webos/apps.json"),),
    }[name]  # fmt: skip
    return Way(
        name, title, addresses, STEPS[name], addresses[0][1].removeprefix(f"{base}/"),
        download=addresses[0][1] if name == "kodi" else None,
    )  # fmt: skip
