"""The notice: what people and machines are told of a release's privacy, named by its digest. Pure.

It holds what has a meaning and nothing else: no version, no place in a file, no date. So releases that mean
the same have the same digest, and whoever acknowledged it is not asked again.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.bundles.privacy.companies import company_of
from registry.bundles.privacy.comparison import covers
from registry.privacy.comparing import Known, contacts_of, rows_in_force, standings_of
from registry.privacy.declaring import row_as_json

FORMAT = 1


@dataclass(frozen=True, slots=True)
class About:
    """Whose software a notice is about. ``policy_meaning`` is the digest of what the policy page means."""

    ecosystem: str
    identifier: str
    publisher: str
    first_party: bool
    policy_meaning: str | None = None


def notice_of(known: Known, about: About) -> dict[str, Any]:
    """Return the notice's content as JSON."""
    declared = known.declared
    rows = [_row(row_as_json(row), because) for row, because in rows_in_force(known)]
    told, read = {row["code"] for row in rows}, {trace.code for trace in known.found.data}
    return {
        "format": FORMAT,
        "ecosystem": about.ecosystem,
        "identifier": about.identifier,
        "publisher": about.publisher,
        "third_party": not about.first_party,
        "declared": "nothing" if declared is None else "none" if declared.none else "rows",
        "data": sorted(rows, key=lambda row: json.dumps(row, sort_keys=True)),
        "hosts": list(_hosts(known)),
        "reads": sorted(read - told),
        "capabilities": sorted({trace.code for trace in known.found.capabilities}),
        "user_set": bool(known.found.user_set),
        "differs": [
            {
                "host": each.host,
                "declared": each.contradiction.declared,
                "found": each.contradiction.found,
                "overruled": each.overruled,
            }
            for each in standings_of(known)
        ],
        "children": "unknown" if declared is None else declared.children,
        "household": "household" in told | read,
        "policy": _policy(known, about),
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON: keys sorted, no spaces, UTF-8."""
    return hashlib.sha256(canonical(content)).hexdigest()


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the bytes that the digest is of."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def says_something(content: Mapping[str, Any]) -> bool:
    """Say whether there is a notice: always for a third party, else where there is something to tell."""
    shown = ("data", "hosts", "reads", "capabilities", "policy")
    return bool(content["third_party"] or content["declared"] != "nothing" or any(map(content.get, shown)))


def _row(row: dict[str, Any], because: str | None) -> dict[str, Any]:
    """Return a row as it is told; a precision that is not said has no meaning, and no place in the digest."""
    said = {key: value for key, value in row.items() if key != "precision" or value is not None}
    return {**said, "set_by": "maker" if because is None else "reviewer", "reason": because}


def _hosts(known: Known) -> Iterator[dict[str, Any]]:
    """Yield every host that was found or declared, with its company where one is known."""
    contacts = {host.host for host in contacts_of(known.found)}
    declared = set(known.declared.hosts or ()) if known.declared else set()
    for host in sorted(contacts | declared):
        company = company_of(host)
        yield {
            "host": host,
            "company": company and company.company,
            "role": company and company.role,
            "declared": any(covers(each, host) for each in declared),
            "found": host in contacts,
        }


def _policy(known: Known, about: About) -> dict[str, Any] | None:
    if known.declared is None or known.declared.policy_url is None:
        return None
    return {"url": known.declared.policy_url, "meaning": about.policy_meaning}
