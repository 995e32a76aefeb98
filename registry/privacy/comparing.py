"""Declared beside found beside set: contradictions, what became wider, and why a release must wait. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from registry.bundles.privacy import taxonomy
from registry.bundles.privacy.comparison import contradictions_of
from registry.bundles.privacy.declaration import DataRow, Declaration
from registry.bundles.privacy.evidence import Contradiction, HostFound, Level, PrivacyEvidence

CONTRADICTION, REQUIRED = "privacy.contradiction", "privacy.required"
WIDENED, UNDECLARED = "privacy.widened", "privacy.undeclared"
LIBRARY = "privacy.library"
#: An approval is refused while one of these stands.
BLOCKING = (CONTRADICTION, REQUIRED, LIBRARY)
#: What tells others which titles somebody has (SEED, row 3).
OF_THE_LIBRARY = frozenset({"library", "fingerprint"})
PREFIX = "privacy."
#: A fact beside ``location``, so that a place told more exactly than before counts as wider; one that is not
#: said to be a city at most may be that.
FINER = "location_finer"
NOTHING_FOUND = PrivacyEvidence()


@dataclass(frozen=True, slots=True)
class SetRow:
    """A data row that a reviewer set, and the reason that everybody reads."""

    row: DataRow
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """The three records of one release. ``overruled`` maps a host to the reason for letting it pass.

    ``required_at`` and ``accepted_at`` are the newest times that a reviewer asked for a declaration, or
    accepted what became wider.
    """

    declared: Declaration | None = None
    declared_at: datetime | None = None
    found: PrivacyEvidence = NOTHING_FOUND
    rows_set: tuple[SetRow, ...] = ()
    overruled: Mapping[str, str] = field(default_factory=dict)
    required_at: datetime | None = None
    required_because: str = ""
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A contradiction, the host that it is about, and why a reviewer let it pass; None where nobody did."""

    host: str
    contradiction: Contradiction
    overruled: str | None

    def as_json(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        return {**self.contradiction.as_json(), "host": self.host, "overruled": self.overruled}


def contacts_of(found: PrivacyEvidence) -> list[HostFound]:
    """Return the hosts that reach a call or come with a telemetry kit (E2 and up), the add-on's own first."""
    return [host for host in (*found.hosts, *found.vendored) if host.level is not Level.E1]


def standings_of(known: Known) -> list[Standing]:
    """Return every contradiction (E4), settled or not."""
    found = contradictions_of(known.declared, contacts_of(known.found))
    named = [(each.found.partition(" ")[0], each) for each in found]
    return [Standing(host, each, known.overruled.get(host)) for host, each in named]


def rows_in_force(known: Known) -> Iterator[tuple[DataRow, str | None]]:
    """Yield (row, the reviewer's reason or None where it is the maker's own); a set row replaces its code."""
    replaced = {each.row.code for each in known.rows_set}
    if known.declared is not None:
        yield from ((row, None) for row in known.declared.data if row.code not in replaced)
    newest = {each.row.code: each for each in known.rows_set}
    yield from ((each.row, each.reason) for each in newest.values())


@dataclass(frozen=True, slots=True)
class Facts:
    """What a release can tell to whom, as sets that compare. A data fact is ``code → recipient, purpose``."""

    hosts: frozenset[str] = frozenset()
    data: frozenset[tuple[str, str, str]] = frozenset()
    reads: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset()


def facts_of(known: Known) -> Facts:
    """Return what of a release is compared with that before it."""
    declared = (known.declared.hosts or ()) if known.declared else ()
    return Facts(
        hosts=frozenset({*(host.host for host in contacts_of(known.found)), *declared}),
        data=frozenset(
            (code, recipient, purpose)
            for row, _ in rows_in_force(known)
            for code in (row.code, *_finer(row))
            for recipient in row.recipients
            for purpose in row.purposes
        ),
        reads=frozenset(trace.code for trace in known.found.data),
        capabilities=frozenset(trace.code for trace in known.found.capabilities),
    )


def _finer(row: DataRow) -> tuple[str, ...]:
    return (FINER,) if row.code == taxonomy.LOCATION and row.precision != "city" else ()


@dataclass(frozen=True, slots=True)
class Change:
    """What one release has that the one before has not, and the other way round."""

    new: Facts
    gone: Facts

    @property
    def widened(self) -> bool:
        """Say whether a host, a data row or a capability is new."""
        return self.new != Facts()

    @property
    def nothing(self) -> bool:
        """Say whether both are the same."""
        return self.new == self.gone

    def as_json(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        return {"new": _facts_as_json(self.new), "gone": _facts_as_json(self.gone)}


def change_between(before: Facts, after: Facts) -> Change:
    """Compare two releases."""
    return Change(new=_minus(after, before), gone=_minus(before, after))


def _minus(some: Facts, others: Facts) -> Facts:
    return Facts(
        some.hosts - others.hosts, some.data - others.data, some.reads - others.reads,
        some.capabilities - others.capabilities,
    )  # fmt: skip


def _facts_as_json(facts: Facts) -> dict[str, Any]:
    return {
        "hosts": sorted(facts.hosts),
        "data": [
            {"code": code, "recipient": recipient, "purpose": purpose}
            for code, recipient, purpose in sorted(facts.data)
        ],
        "reads": sorted(facts.reads),
        "capabilities": sorted(facts.capabilities),
    }


def reasons_of(known: Known, before: Facts | None, *, third_party: bool) -> list[str]:
    """Return why a release must wait for its privacy; ``before`` is the last published one's, None without.

    ``privacy.undeclared`` only asks: it joins the review that a third party's release has anyway.
    """
    asked = (
        (CONTRADICTION, any(each.overruled is None for each in standings_of(known))),
        (REQUIRED, _after(known.required_at, known.declared_at)),
        (LIBRARY, third_party and tells_of_the_library(known)),
        (WIDENED, before is not None and _is_wider(known, before)),
        (UNDECLARED, third_party and known.declared is None),
    )
    return [reason for reason, holds in asked if holds]


def tells_of_the_library(known: Known) -> bool:
    """Say whether code reads the library and reaches hosts, and no row in force says so."""
    read = {trace.code for trace in known.found.data} & OF_THE_LIBRARY
    told = {row.code for row, _ in rows_in_force(known)} & OF_THE_LIBRARY
    return bool(read and contacts_of(known.found)) and not told


def _is_wider(known: Known, before: Facts) -> bool:
    if not change_between(before, facts_of(known)).widened:
        return False
    return known.accepted_at is None or _after(known.declared_at, known.accepted_at)


def _after(moment: datetime | None, other: datetime | None) -> bool:
    """Say whether something happened, and later than the other thing."""
    return moment is not None and (other is None or moment > other)


def with_reasons(reasons: Sequence[str], now_holding: Sequence[str]) -> list[str]:
    """Return the reasons why a release waits, those of privacy replaced."""
    return [*(reason for reason in reasons if not reason.startswith(PREFIX)), *now_holding]
