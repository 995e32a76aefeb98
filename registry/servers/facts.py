"""From a release's records to the plain facts that limits look at. Pure.

The notice is what all agreed on: what its maker declared, what was found in the bytes, what a reviewer set.
"""

from collections.abc import Mapping
from typing import Any

from licenses.compare import compare
from licenses.expressions import ExpressionError
from registry.servers.limits import TRACKING, Facts


def facts_of(
    *, first_party: bool, maturity: str | None, notice: Mapping[str, Any] | None, narrower: bool = False
) -> Facts:
    """Return the facts of a release; ``notice`` is the content of the one in force, None where none is."""
    told = notice or {}
    rows: list[Mapping[str, Any]] = told.get("data", [])
    recipients = {recipient for row in rows for recipient in row.get("recipients", ())}
    roles = {host["role"] for host in told.get("hosts", ()) if host.get("role")}
    return Facts(
        first_party=first_party,
        roles=frozenset(roles | (recipients & {TRACKING})),
        data=frozenset({row["code"] for row in rows} | set(told.get("reads", ()))),
        location=_location(rows),
        children=told.get("children", "unknown"),
        maturity=maturity,
        narrower=narrower,
    )


def narrows(before: str | None, after: str) -> bool:
    """Say whether the terms of an update ask for more than those before; what cannot be read does."""
    if before is None or before == after:
        return False
    try:
        return compare(before, after).change in {"narrower", "sideways"}
    except ExpressionError:
        return True


def _location(rows: list[Mapping[str, Any]]) -> str:
    """Return how finely a place is told; a row that does not say it tells all of it."""
    said = [row.get("precision") or "finer" for row in rows if row["code"] == "location"]
    return "finer" if "finer" in said else said[0] if said else "none"
