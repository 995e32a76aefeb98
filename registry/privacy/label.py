"""A notice as people read it: ten seconds for the head, the rows below. Pure; templates only place it.

What stands in the code is always said as found there, never as what the software does.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.privacy import words
from registry.privacy.words import plain

NO_COMPANY = "Company not known"


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One sort of data: what for, to whom, on which terms; ``reason`` where a reviewer set it."""

    data: str
    purposes: str
    recipients: str
    details: tuple[str, ...]
    reason: str | None
    household: bool


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """The hosts of one company; each with how it is known: declared, found in the code, or both."""

    company: str
    role: str
    hosts: tuple[tuple[str, str], ...]
    tracker: bool


@dataclass(frozen=True, slots=True)
class Label:
    """Everything that a label shows; ``ecosystem`` and ``identifier`` name the listing that it is about."""

    ecosystem: str
    identifier: str
    third_party: bool
    line: str
    claim: str
    rows: tuple[LabelRow, ...]
    companies: tuple[CompanyRow, ...]
    differs: tuple[Mapping[str, Any], ...]
    reads: tuple[str, ...]
    capabilities: tuple[str, ...]
    children: str
    household: str
    policy: str | None


def label_of(content: Mapping[str, Any]) -> Label:
    """Return the label of a notice's content."""
    return Label(
        ecosystem=content["ecosystem"],
        identifier=content["identifier"],
        third_party=content["third_party"],
        line=line_of(content),
        claim=CLAIMS[content["declared"]],
        rows=tuple(map(_row, content["data"])),
        companies=tuple(_companies(content["hosts"])),
        differs=tuple(content["differs"]),
        reads=tuple(plain(words.DATA, code) for code in content["reads"]),
        capabilities=tuple(plain(words.CAPABILITIES, code) for code in content["capabilities"]),
        children=words.CHILDREN[content["children"]],
        household=_household(content),
        policy=content["policy"]["url"] if content["policy"] else None,
    )


def _household(content: Mapping[str, Any]) -> str:
    """Return why there is the notice for children, in words; empty where there is none."""
    if not content["household"]:
        return ""
    return words.HOUSEHOLD["read" if "household" in content["reads"] else "told"]


CLAIMS = {
    "nothing": "Its maker has not declared what it does with data.",
    "none": "Its maker declares that no data leaves your server.",
    "rows": "Its maker declares this:",
}


def line_of(content: Mapping[str, Any]) -> str:
    """Return the label in one line."""
    return "; ".join(_parts(content))


def _parts(content: Mapping[str, Any]) -> Iterator[str]:
    codes = dict.fromkeys(plain(words.DATA_SHORT, row["code"]) for row in content["data"])
    if codes:
        yield f"handles {', '.join(codes)}"
    elif content["declared"] == "none":
        yield "declares that no data leaves your server"
    else:
        yield "its maker has declared nothing about data"
    companies = len({host["company"] or host["host"] for host in content["hosts"]})
    if companies:
        yield f"names {companies} {'company or host' if companies == 1 else 'companies or hosts'}"
    if any(host["role"] == "ad_analytics" for host in content["hosts"]):
        yield "one of them for advertising or analytics"
    if content["differs"]:
        yield "what was found in the code differs from what is declared"


def _row(row: Mapping[str, Any]) -> LabelRow:
    return LabelRow(
        data=plain(words.DATA, row["code"]),
        purposes=", ".join(plain(words.PURPOSES, each) for each in row["purposes"]),
        recipients=", ".join(plain(words.RECIPIENTS, each) for each in row["recipients"]),
        details=tuple(details_of(row)),
        reason=row["reason"],
        household=row["code"] == "household",
    )


def details_of(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the smaller print of a data row in words."""
    for key, known in (("basis", words.BASES), ("linked", words.LINKED), ("transit", words.TRANSIT)):
        if row[key]:
            yield plain(known, row[key])
    if row.get("precision"):
        yield plain(words.PRECISION, row["precision"])
    if row["retention_days"] == "unknown":
        yield "kept for an unknown time"
    elif row["retention_days"] is not None:
        yield f"kept for {row['retention_days']} days"
    if row["deletion"]:
        yield "cannot be deleted" if row["deletion"] == "none" else f"deleted at {row['deletion']}"


def _companies(hosts: Sequence[Mapping[str, Any]]) -> Iterator[CompanyRow]:
    """Group hosts by company, trackers first, those of nobody known last."""
    grouped: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for host in hosts:
        grouped[host["company"] or NO_COMPANY, host["role"] or ""].append((host["host"], known_by(host)))
    for (company, role), named in sorted(grouped.items(), key=_trackers_first):
        yield CompanyRow(
            company, plain(words.ROLES, role) if role else "", tuple(named), role == "ad_analytics"
        )


def _trackers_first(item: tuple[tuple[str, str], Any]) -> tuple[bool, bool, str]:
    (company, role), _ = item
    return role != "ad_analytics", company == NO_COMPANY, company


def known_by(host: Mapping[str, Any]) -> str:
    """Return in words how a host is known."""
    if host["declared"] and host["found"]:
        return "declared, found in the code"
    return "declared" if host["declared"] else "found in the code, not declared"
