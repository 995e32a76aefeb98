"""What every feed needs of its entries: the newest of each listing, and where its bytes are."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from registry.bundles.ecosystems.base import FeedEntry, Site

SAFE = "+~"
SEE = {"en": "See", "de": "Siehe", "fr": "Voir", "es": "Véase", "it": "Vedi", "nl": "Zie"}


def newest_of_each(entries: Iterable[FeedEntry], version_key: Callable[[str], Any]) -> list[FeedEntry]:
    """Return one entry for each identifier, sorted by identifier.

    The highest version wins; between equal ones the one published last.
    """
    best: dict[str, tuple[Any, FeedEntry]] = {}
    for entry in entries:
        rank = (version_key(entry.version), entry.published_at, entry.changed_at)
        if entry.identifier not in best or rank > best[entry.identifier][0]:
            best[entry.identifier] = (rank, entry)
    return [best[identifier][1] for identifier in sorted(best)]


def download_url(site: Site, ecosystem: str, entry: FeedEntry) -> str:
    """Return the absolute address of an entry's package; it ends in the name the client wants."""
    parts: tuple[str, ...] = (entry.identifier, entry.version, entry.filename)
    if ecosystem == "kodi":  # Kodi builds the address itself: datadir/id/id-version.zip
        parts = (entry.identifier, entry.filename)
    return f"{site.feeds}/{ecosystem}/" + "/".join(quote(part, safe=SAFE) for part in parts)


def whose(entry: FeedEntry, language: str = "en") -> str:
    """Return what marks a third party's software, or names the operator: the release's notice in short.

    Where the release has none in that language, English; where it has none at all, the one sentence.
    """
    told = entry.notice.get(language) or entry.notice.get("en")
    if entry.first_party:
        return told or f"Published by {entry.publisher}, who runs this site."
    words = told or f"Published by a third party, {entry.publisher}: its own privacy practices apply."
    return f"{words} {SEE.get(language, SEE['en'])} {entry.listing_url}"
