"""Whose a host is and what it does there, from two tables that say where each row is from.

``data/own_hosts.tsv`` is our own list of hosts that add-ons of media servers name, ``data/
third_party_web.tsv`` is derived from the package of that name (MIT). A row is a hint for people. The
longest ending that fits wins, our own row before theirs.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).parent / "data"
OWN_HOSTS = _DATA / "own_hosts.tsv"
THIRD_PARTY_WEB = _DATA / "third_party_web.tsv"
AD_ANALYTICS = "ad_analytics"
#: Their categories in our words.
_ROLES = {
    **dict.fromkeys(("ad", "analytics", "marketing", "tag-manager"), AD_ANALYTICS),
    **dict.fromkeys(("cdn", "hosting"), "hosting"),
    "social": "social",
    "video": "video",
    "consent-provider": "consent",
    "customer-success": "support",
    "utility": "service",
    "content": "content",
}


class Company(NamedTuple):
    """A row: the company, its role (None where the table has none), where it is from and its day."""

    company: str
    role: str | None
    source: str
    date: str


class Table(NamedTuple):
    """Rows by whole host, and by the ending of a host."""

    exact: dict[str, Company]
    endings: dict[str, Company]


@cache
def table() -> Table:
    """Return both tables, read once (some milliseconds)."""
    exact: dict[str, Company] = {}
    endings: dict[str, Company] = {}
    for host, row in _theirs():
        rows, name = (endings, host[2:]) if host.startswith("*.") else (exact, host)
        rows[name] = row
    for host, *own in _lines(OWN_HOSTS):
        endings[host] = Company(*own)
        exact.pop(host, None)
    return Table(exact, endings)


def company_of(host: str) -> Company | None:
    """Return the row of a host, or of the longest ending of it that the tables have."""
    known = table()
    plain = host.removeprefix("*.")
    labels = plain.split(".")
    ends = (".".join(labels[at:]) for at in range(len(labels) - 1))
    return known.exact.get(host) or next((known.endings[end] for end in ends if end in known.endings), None)


def _theirs() -> Iterator[tuple[str, Company]]:
    first = THIRD_PARTY_WEB.open(encoding="utf-8").readline()
    source, _, date = first.strip("# .\n").removeprefix("Derived from ").partition("; read ")
    for name, category, hosts in _lines(THIRD_PARTY_WEB):
        row = Company(name, _ROLES.get(category), source, date)
        for host in hosts.split(" "):
            yield host, row


def _lines(path: Path) -> Iterator[list[str]]:
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")
