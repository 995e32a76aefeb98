"""How long it takes to render each feed from its entries, and how large the lists become.

python -m bench.feeds [ENTRIES]        (20,000 unless said otherwise)
"""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from registry.bundles.ecosystems.base import FeedEntry, FeedFile, Kind, Site
from registry.bundles.ecosystems.jellyfin import feed as jellyfin
from registry.bundles.ecosystems.kodi import feed as kodi

SITE = Site("https://plugins.example.org", "plugins.example.org")
START = datetime(2026, 1, 1, tzinfo=UTC)
ABIS = ("10.8.0.0", "10.9.0.0", "10.10.0.0", "10.11.0.0", "12.0.0.0")
PROSE = "Reads what a server offers and shows it, with posters, plots and people. " * 6


def entry(number: int, **own: Any) -> FeedEntry:
    at = START + timedelta(minutes=number)
    fields = {
        "kind": Kind.PLUGIN,
        "name": f"Example {number}",
        "version": f"1.{number % 3}.0.0",
        "summary": "Shows examples",
        "description": PROSE,
        "author": "Ada",
        "publisher": "Example Works",
        "first_party": bool(number % 2),
        "license": "GPL-3.0-or-later",
        "homepage": None,
        "source": None,
        "changelog": "Mends what was broken. " * 10,
        "requires": (),
        "platforms": (),
        "filename": f"example-{number}.zip",
        "sha256": "a1" * 32,
        "md5": "b2" * 16,
        "size_bytes": 4711,
        "published_at": at,
        "changed_at": at,
        "listing_url": f"{SITE.url}/listings/{number}",
        "pictures": {"icon": f"{SITE.url}/media/icon.png"},
    }
    return FeedEntry(**(fields | own))


def kodi_entry(number: int) -> FeedEntry:
    identifier = f"plugin.video.example{number}"
    python = ("2.25.0", "3.0.0", "3.0.1")[number % 3]
    facts = {
        "head": f'<addon id="{identifier}" name="Example" version="1.{number % 3}.0.0" '
        f'provider-name="Ada"><requires><import addon="xbmc.python" version="{python}"/></requires>'
        '<extension point="xbmc.python.pluginsource" library="main.py"><provides>video</provides>'
        '</extension><extension point="xbmc.addon.metadata">'
        f'<summary lang="en_GB">Shows examples</summary><description lang="en_GB">{PROSE}'
        "</description><platform>all</platform>",
        "tail": "</extension></addon>",
        "disclaimers": {"en_GB": "Not made by the service's owner."},
        "parts": [["xbmc.python", "", python]],
    }
    return entry(number, identifier=identifier, facts=facts)


def jellyfin_entry(number: int) -> FeedEntry:
    facts = {"target_abi": ABIS[number % len(ABIS)], "category": "General"}
    identifier = f"00000000-0000-4000-8000-{number // 3:012x}"
    return entry(number, identifier=identifier, name=f"Example {number // 3}", facts=facts)


def measure(
    title: str,
    entries: Sequence[FeedEntry],
    render: Callable[[Sequence[FeedEntry], Site], Sequence[FeedFile]],
) -> None:
    began, worked = time.perf_counter(), time.process_time()
    files = render(entries, SITE)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    largest = max(files, key=lambda file: len(file.body))
    total = sum(len(file.body) for file in files) / 1e6
    print(
        f"{title:10} {len(entries):6} entries  {seconds:6.2f} s ({worked:.2f} s of processor)  "
        f"{len(files):3} files  {total:7.1f} MB  largest {largest.path} {len(largest.body) / 1e6:.1f} MB"
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    measure("kodi", [kodi_entry(number) for number in range(count)], kodi.render)
    measure("jellyfin", [jellyfin_entry(number) for number in range(count)], jellyfin.render)


if __name__ == "__main__":
    main()
