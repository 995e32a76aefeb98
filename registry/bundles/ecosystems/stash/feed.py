"""The two package sources of Stash: ``plugins/index.yml`` and ``scrapers/index.yml``.

Stash keeps one version of an id, sees an update by a later ``date`` only, and needs every id that
an entry requires, at any remove, in the same index. What would break there is left out, and
:func:`left_out` says why. Every scalar is quoted: no YAML reader may take ``1.10`` for a number.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC

from registry.bundles.ecosystems.base import FeedEntry, FeedFile, Kind, Site
from registry.bundles.ecosystems.offers import download_url, newest_of_each, whose
from registry.bundles.ecosystems.stash.requirements import closures
from registry.bundles.ecosystems.stash.versions import version_key

MARK = "Third party: its own privacy practices apply"
UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def sources(entries: Sequence[FeedEntry], site: Site) -> list[FeedFile]:
    """Render both indexes; each holds the newest release of every id that a Stash can install."""
    return [_index(folder, _chosen(entries, folder), site) for folder in ("plugins", "scrapers")]


def left_out(entries: Sequence[FeedEntry]) -> dict[str, str]:
    """Return, for each identifier that no index holds, the sentence that says why."""
    reasons: dict[str, str] = {}
    for folder in ("plugins", "scrapers"):
        chosen = _chosen(entries, folder)
        reasons |= _clashes(entries, folder, chosen)
        reasons |= closures(_wanted(chosen)).left_out
    return reasons


def _index(folder: str, chosen: Sequence[FeedEntry], site: Site) -> FeedFile:
    known = closures(_wanted(chosen)).requires
    lines = [
        line
        for entry in chosen
        if entry.identifier in known
        for line in _package(entry, known[entry.identifier], site)
    ]
    body = "\n".join(lines or ["[]"]) + "\n"
    return FeedFile(f"stash/{folder}/index.yml", "application/yaml; charset=utf-8", body.encode())


def _chosen(entries: Iterable[FeedEntry], folder: str) -> list[FeedEntry]:
    """Return one entry an id; of ids that differ in case only, the one that was there first."""
    newest = newest_of_each((e for e in entries if _folder(e) == folder), version_key)
    first: dict[str, FeedEntry] = {}
    for entry in sorted(newest, key=lambda e: (e.published_at, e.identifier)):
        first.setdefault(entry.identifier.casefold(), entry)
    return sorted(first.values(), key=lambda e: e.identifier)


def _folder(entry: FeedEntry) -> str:
    """Return the source that a release belongs to; its files decide, the kind where they are unknown."""
    form = entry.facts.get("form") or ("scraper" if entry.kind is Kind.AGENT else "plugin")
    return "plugins" if form == "plugin" else "scrapers"


def _wanted(chosen: Iterable[FeedEntry]) -> dict[str, list[str]]:
    return {e.identifier: [r.identifier for r in e.requires if not r.optional] for e in chosen}


def _clashes(entries: Iterable[FeedEntry], folder: str, chosen: Iterable[FeedEntry]) -> Mapping[str, str]:
    taken = {entry.identifier.casefold(): entry.identifier for entry in chosen}
    return {
        e.identifier: f"{taken[e.identifier.casefold()]} differs from it in case only."
        for e in entries
        if _folder(e) == folder and taken[e.identifier.casefold()] != e.identifier
    }


def _package(entry: FeedEntry, requires: Sequence[str], site: Site) -> Iterator[str]:
    yield f"- id: {quoted(entry.identifier)}"
    yield f"  name: {quoted(entry.name)}"
    yield "  metadata:"
    yield from (f"    {key}: {quoted(value)}" for key, value in _metadata(entry).items() if value)
    yield f"  version: {quoted(entry.version)}"
    yield f"  date: {quoted(entry.changed_at.astimezone(UTC).strftime('%Y-%m-%d %H:%M:%S'))}"
    yield f"  path: {quoted(download_url(site, 'stash', entry))}"
    yield f"  sha256: {quoted(entry.sha256.lower())}"
    if requires:
        yield "  requires:"
        yield from (f"    - {quoted(identifier)}" for identifier in requires)


def _metadata(entry: FeedEntry) -> dict[str, str | None]:
    """Return what Stash has no field for; it shows ``description`` only."""
    return {
        "description": _described(entry),
        "license": entry.license or "not known",
        "author": entry.author or entry.publisher,
        "publisher": entry.publisher,
        "notice": whose(entry),
        "page": entry.listing_url,
        "source": entry.source,
    }


def _described(entry: FeedEntry) -> str:
    """Return the only text that Stash shows, with the mark of a third party; the notice stands beside it."""
    words = entry.summary or entry.description or entry.name
    return words if entry.first_party else f"{words} [{MARK}]"


def quoted(text: str) -> str:
    """Return a text as a double-quoted YAML scalar on one line (JSON strings are such scalars)."""
    escaped = json.dumps(text, ensure_ascii=False)
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped)
