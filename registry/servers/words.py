"""The limits of a server in the words of its owner's page."""

from registry.privacy.maturity import LEVELS
from registry.servers.limits import Limits, Location
from registry.servers.service import ANY

SWITCHES = {
    "only_first_party": "Only what this registry runs itself",
    "no_trackers": "Nothing that contacts an advertiser or a tracker",
    "no_accounts_needed": "Nothing that needs an account elsewhere",
    "children_only": "Only what its maker calls safe for children",
    "no_narrower_terms": "No update whose terms ask for more, until I have acknowledged them",
}
PLACES = (
    (Location.ANY.value, "may be told exactly"),
    (Location.CITY.value, "a city at most"),
    (Location.NONE.value, "never"),
)
AGES = ((ANY, "no limit"), *((level, level) for level in LEVELS))
SHORT = {
    "only_first_party": "first party", "no_trackers": "no trackers", "no_accounts_needed": "no accounts",
    "children_only": "for children", "no_narrower_terms": "no narrower terms",
}  # fmt: skip


def limits_in_words(server: object) -> str:
    """Return the limits that are set, as a list; nothing where none is."""
    limits = Limits.of(server)
    words = [short for name, short in SHORT.items() if getattr(limits, name)]
    if limits.location is not Location.ANY:
        words.append("city at most" if limits.location is Location.CITY else "no place")
    if limits.most_mature is not None:
        words.append(f"up to {limits.most_mature}")
    return ", ".join(words)
