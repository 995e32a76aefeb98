"""Jellyfin's server series, for which feeds are kept apart.

``targetAbi`` is only a minimum, so a feed a series stands in for the maximum that Jellyfin lacks.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from registry.bundles.ecosystems.base import FeedEntry
from registry.bundles.ecosystems.jellyfin.versions import parse

KNOWN = ((10, 8), (10, 9), (10, 10), (10, 11), (12, 0))
MOST_OTHERS = 16
_USER_AGENT = re.compile(r"Jellyfin-Server/([0-9]{1,4})\.([0-9]{1,4})(?![0-9])", re.ASCII)

Series = tuple[int, int]


def series_name(series: Series) -> str:
    """Return a series as addresses spell it: ``10.11``."""
    return f"{series[0]}.{series[1]}"


def series_for_user_agent(user_agent: str) -> str | None:
    """Return the series of the server that asks, or None when it does not say.

    Where ``jellyfin/{series}/manifest.json`` does not exist, the feed of all is right.

    >>> series_for_user_agent("Jellyfin-Server/10.11.11")
    '10.11'
    """
    match = _USER_AGENT.match(user_agent)
    return series_name((int(match[1]), int(match[2]))) if match else None


def series_of(entry: FeedEntry) -> Series | None:
    """Return the series that a release was built for; None: it did not say, so every one."""
    abi = parse(entry.facts.get("target_abi") or "")
    return abi[:2] if abi else None


def feeds_for(entries: Iterable[FeedEntry]) -> list[Series]:
    """Return the known series and those that releases were built for, oldest first.

    Of unknown ones only the most frequent count, so that no publisher can make feeds without end.
    """
    others = Counter(series for series in map(series_of, entries) if series not in {*KNOWN, None})
    return sorted({*KNOWN, *(series for series, _ in others.most_common(MOST_OTHERS) if series)})


def offered(entries: Sequence[FeedEntry], series: Series) -> list[FeedEntry]:
    """Return one listing's releases that a series' feed offers, in the order given.

    Those built for the series; where there are none, those for the nearest older one, which may
    still run; besides, always those that did not say.
    """
    built = [(series_of(entry), entry) for entry in entries]
    nearest = max((own for own, _ in built if own is not None and own <= series), default=None)
    return [entry for own, entry in built if own is None or own == nearest]
