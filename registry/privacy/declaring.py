"""A declaration that was said by form, API or command, read by the code that reads ``privacy.toml``. Pure."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from registry.bundles.findings import Finding, Severity
from registry.bundles.manifests.parsed import Parsed
from registry.bundles.privacy.declaration import DataRow, Declaration
from registry.bundles.privacy.privacy_toml import Reading
from registry.errors import FieldFault, Invalid
from registry.fetching.addresses import is_public, literal, read_url
from registry.fetching.errors import Forbidden

NAME = "the declaration"
LISTS = ("purposes", "recipients")


def read_said(said: Mapping[str, Any], *, at: str = "") -> Declaration:
    """Return a declaration. Raises Invalid, naming each wrong key below ``at``.

    Missing answers (None) count as not given. A value that means nothing is refused here, where somebody
    can correct it at once; in a bundle it is a finding.
    """
    reading = Reading(Parsed(_without_nothing(said)), NAME)
    made = reading.declaration()
    wrong = [finding for finding in reading.findings if _refuses(finding)]
    if wrong:
        raise Invalid(
            wrong[0].message,
            code="privacy.declaration",
            faults=[FieldFault(f"/{at}", f"{finding.message} {finding.fix}") for finding in wrong],
        )
    if made.policy_url is not None:
        _must_be_public(made.policy_url, at)
    return made


def _must_be_public(address: str, at: str) -> None:
    """Refuse at once what no worker may fetch (BAD-INPUTS row 66); the port is looked at when it does."""
    try:
        place = read_url(address, ports=frozenset({urlsplit(address).port or 0, 80, 443}))
        named = literal(place.host)
        if named is not None and not is_public(named):
            raise Forbidden(f"{place.host} is no address of the public internet.")
    except (Forbidden, ValueError) as error:
        told = getattr(error, "message", "This is no address.")
        raise Invalid(
            told, code="url.forbidden", faults=[FieldFault(f"/{at}", f"policy_url: {told}")]
        ) from error


def _refuses(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR or finding.code in {
        "privacy_toml.unknown_key", "privacy_toml.no_data",
    }  # fmt: skip


def _without_nothing(said: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is None, in rows too: ``as_json`` writes it for what was not said."""
    rows = said.get("data")
    kept = {key: value for key, value in said.items() if value is not None}
    if isinstance(rows, list):
        kept["data"] = [
            {key: value for key, value in row.items() if value is not None} if isinstance(row, dict) else row
            for row in rows
        ]
    if kept.get("none") is True and not kept.get("data"):
        kept.pop("data", None)
        if not kept.get("hosts"):
            kept.pop("hosts", None)
    return kept


def read_row(said: Mapping[str, Any]) -> DataRow:
    """Return one data row. Raises Invalid."""
    return read_said({"data": [dict(said)]}, at="row").data[0]


def row_of(value: Mapping[str, Any]) -> DataRow:
    """Read back a row from the JSON of ``DataRow``."""
    return DataRow(**{**value, **{key: tuple(value[key]) for key in LISTS}})


def row_as_json(row: DataRow) -> dict[str, Any]:
    """Return a row as JSON."""
    rows: list[dict[str, Any]] = Declaration(data=(row,)).as_json()["data"]
    return rows[0]


def declaration_of(value: Mapping[str, Any]) -> Declaration:
    """Read back the JSON of ``Declaration.as_json``, which a bundle's reader has checked."""
    hosts = value["hosts"]
    return Declaration(
        policy_url=value["policy_url"], hosts=None if hosts is None else tuple(hosts),
        children=value["children"], none=value["none"], data=tuple(row_of(row) for row in value["data"]),
    )  # fmt: skip
