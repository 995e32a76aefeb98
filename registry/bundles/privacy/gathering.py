"""Adds up what readers of files saw: one row a host, the strongest level, a few places each."""

from collections import defaultdict
from collections.abc import Iterable

from registry.bundles.privacy.companies import AD_ANALYTICS, company_of
from registry.bundles.privacy.evidence import Evidence, HostFound, Level, Trace
from registry.bundles.privacy.kinds import is_vendored
from registry.bundles.privacy.matching import Match
from registry.bundles.privacy.sightings import Sighting

MOST_PLACES = 5
MOST_HOSTS = 1000
#: Beyond so many hosts each shows its strongest place alone.
MOST_FULLY_SHOWN = 200
#: So many rows are kept free for what weighs more than a name that stands there alone.
KEPT_FOR_CALLS = 300
MOST_CODES = 300


class Gathered:
    """Sightings and matches of one bundle."""

    def __init__(self) -> None:
        self._hosts: defaultdict[tuple[str, bool, bool], list[tuple[Level, Evidence]]] = defaultdict(list)
        self._traces: defaultdict[tuple[str, str], list[Evidence]] = defaultdict(list)
        self.overflowed = False

    def add(self, sighting: Sighting) -> None:
        """Count one sighting; the weakest of too many places is dropped."""
        vendored = sighting.level is not Level.E3 and is_vendored(sighting.evidence.path)
        key = (sighting.host, sighting.local, vendored)
        if key not in self._hosts and len(self._hosts) >= _room(sighting):
            self.overflowed = True
            return
        places = self._hosts[key]
        places.append((sighting.level, sighting.evidence))
        if len(places) > MOST_PLACES * 4:
            places.sort(key=_strongest_first)
            del places[MOST_PLACES:]

    def add_all(self, sightings: Iterable[Sighting]) -> None:
        """Count several."""
        for sighting in sightings:
            self.add(sighting)

    def trace(self, sort: str, code: str, evidence: Evidence) -> None:
        """Count one place of a trace (``data``, ``capability``, ``user_set``)."""
        if (sort, code) not in self._traces and len(self._traces) >= MOST_CODES:
            return
        places = self._traces[sort, code]
        if len(places) < MOST_PLACES and evidence not in places:
            places.append(evidence)

    def match(self, match: Match) -> None:
        """Count a signature; a kit's is a host at E3 and ``diagnostics`` that are read."""
        vendored = is_vendored(match.evidence.path)
        if match.row.kit is not None:
            self.add(Sighting(match.row.kit.host, Level.E3, match.evidence))
            self.trace("data", "diagnostics", match.evidence)
        elif not vendored:
            self.trace(match.row.sort, match.row.code, match.evidence)

    def traces(self, sort: str) -> tuple[Trace, ...]:
        """Return the traces of a sort by their codes."""
        found = {code: places for (each, code), places in self._traces.items() if each == sort}
        return tuple(Trace(code, tuple(places)) for code, places in sorted(found.items()))

    def hosts(self) -> tuple[HostFound, ...]:
        """Return the hosts of the bundle's own code, and trackers wherever they were."""
        return tuple(h for h in self._found(local=False, vendored=False))

    def vendored(self) -> tuple[HostFound, ...]:
        """Return the hosts that only copies of libraries name."""
        own = {host.host for host in self.hosts()}
        return tuple(h for h in self._found(local=False, vendored=True) if h.host not in own)

    def local(self) -> tuple[HostFound, ...]:
        """Return the addresses of this machine or its network."""
        return tuple(self._found(local=True, vendored=False))

    def _found(self, *, local: bool, vendored: bool) -> Iterable[HostFound]:
        grouped: defaultdict[str, list[tuple[Level, Evidence]]] = defaultdict(list)
        for (host, is_local, in_library), places in self._hosts.items():
            if is_local == local and (in_library and not _is_tracker(host)) == vendored:
                grouped[host].extend(places)
        most = MOST_PLACES if len(grouped) <= MOST_FULLY_SHOWN else 1
        for host, places in sorted(grouped.items()):
            yield _host(host, places, most)


def _room(sighting: Sighting) -> int:
    weak = sighting.level is Level.E1 and not _is_tracker(sighting.host)
    return MOST_HOSTS - KEPT_FOR_CALLS if weak else MOST_HOSTS


def _is_tracker(host: str) -> bool:
    row = company_of(host)
    return row is not None and row.role == AD_ANALYTICS


def _host(host: str, places: list[tuple[Level, Evidence]], most: int) -> HostFound:
    row = company_of(host)
    strongest = sorted(places, key=_strongest_first)
    evidence = tuple(dict.fromkeys(place for _, place in strongest))[:most]
    return HostFound(host, strongest[0][0], row.company if row else None, row.role if row else None, evidence)


def _strongest_first(place: tuple[Level, Evidence]) -> tuple[int, str, int]:
    level, evidence = place
    return -int(level[1]), evidence.path, evidence.line or 0
