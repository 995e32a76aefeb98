"""What an owner lets onto a media server, and which of it a release breaks. Pure.

Every fact is a plain value, so that a feed of thousands of entries is filtered without asking for any.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Self

from registry.privacy.maturity import is_within


class Location(StrEnum):
    """How finely a place may be told: ``any``, a city at most, or not at all."""

    ANY = "any"
    CITY = "city"
    NONE = "none"


#: The role of a host that is there to watch people (PRIVACY: recipients).
TRACKING = "ad_analytics"
#: Data that only somebody with an account elsewhere has to give.
OF_ACCOUNTS = frozenset({"profile", "credential", "social", "payment"})
FINENESS = {"": 0, "none": 0, "city": 1, "finer": 2}
SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one server; the first values let everything in.

    ``most_mature`` is a label of ``registry/privacy/maturity.py``, or None.
    """

    no_trackers: bool = False
    no_accounts_needed: bool = False
    only_first_party: bool = False
    location: Location = Location.ANY
    most_mature: str | None = None
    children_only: bool = False
    no_narrower_terms: bool = False

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return the limits that a row with columns of the same names holds."""
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})

    def as_json(self) -> Mapping[str, Any]:
        """Return them as the API tells them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a release: by its maker's words, by what was found, by what a reviewer set.

    ``roles`` are those of its hosts, ``data`` the codes of what leaves the server, ``location`` how finely
    (``none``, ``city``, ``finer``), ``children`` ``safe``, ``not_for`` or ``unknown``. ``maturity`` is None
    where nobody has said it. ``narrower`` says that its terms ask more than those that were acknowledged.
    """

    first_party: bool
    roles: frozenset[str] = frozenset()
    data: frozenset[str] = frozenset()
    location: str = "none"
    children: str = "unknown"
    maturity: str | None = None
    narrower: bool = False


def within_limits(limits: Limits, facts: Facts) -> str | None:
    """Return the name of the first limit that the release breaks, or None. What is unknown is not let in."""
    broken = {
        "only_first_party": limits.only_first_party and not facts.first_party,
        "no_trackers": limits.no_trackers and TRACKING in facts.roles,
        "no_accounts_needed": limits.no_accounts_needed and bool(facts.data & OF_ACCOUNTS),
        "location": _fineness(facts) > _finest(limits.location),
        "most_mature": not is_within(facts.maturity, limits.most_mature),
        "children_only": limits.children_only and facts.children != SAFE,
        "no_narrower_terms": limits.no_narrower_terms and facts.narrower,
    }
    return next((name for name, breaks in broken.items() if breaks), None)


def _fineness(facts: Facts) -> int:
    """Return how finely a release tells a place; one that tells it without saying how tells it all."""
    said = FINENESS.get(facts.location, 2)
    return 2 if "location" in facts.data and said == 0 else said


def _finest(location: Location) -> int:
    return {Location.ANY: 2, Location.CITY: 1, Location.NONE: 0}[location]
