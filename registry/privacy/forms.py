"""The form of a declaration: plain questions to the shape of ``privacy.toml``, and back. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from registry.bundles.privacy import taxonomy
from registry.bundles.privacy.declaration import DataRow, Declaration
from registry.bundles.privacy.evidence import Evidence, PrivacyEvidence
from registry.privacy.comparing import contacts_of

NOTHING, SOMETHING = "none", "some"


Sent = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class RowAnswers:
    """One sort of data in the form: whether it is told, and what is said of it."""

    code: str
    told: bool = False
    purposes: Sequence[str] = ()
    recipients: Sequence[str] = ()
    basis: str = ""
    linked: str = ""
    transit: str = ""
    retention: str = ""
    deletion: str = ""
    precision: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Every answer of the form."""

    leaves: str = ""
    hosts: str = ""
    children: str = "unknown"
    policy_url: str = ""
    rows: list[RowAnswers] = field(default_factory=list)


def said_by(form: Sent) -> dict[str, Any]:
    """Return what a form says, with the keys of ``privacy.toml``; what is wrong in it is found later."""
    nothing = form.get("leaves", "") == NOTHING
    hosts = form.get("hosts", "").split()
    return {
        "none": nothing,
        "data": None if nothing else list(_rows(form)),
        "hosts": [] if nothing else hosts or None,
        "children": form.get("children", "") or "unknown",
        "policy_url": form.get("policy_url", "").strip() or None,
    }


def _rows(form: Sent) -> Iterator[dict[str, Any]]:
    for code in taxonomy.DATA:
        if form.get(f"{code}-told", ""):
            yield {
                "code": code,
                "purposes": form.getlist(f"{code}-purposes"),
                "recipients": form.getlist(f"{code}-recipients"),
                "retention_days": _days(form.get(f"{code}-retention", "").strip()),
                **{
                    key: form.get(f"{code}-{key}", "").strip() or None
                    for key in ("basis", "linked", "transit", "deletion", "precision")
                },
            }


def _days(text: str) -> int | str | None:
    return int(text) if text.isdecimal() and len(text) < 7 else text or None


def answers_in(form: Sent) -> Answers:
    """Return what was typed, to show it again beside what is wrong with it."""
    rows = [
        RowAnswers(
            code, bool(form.get(f"{code}-told", "")), form.getlist(f"{code}-purposes"),
            form.getlist(f"{code}-recipients"),
            basis=form.get(f"{code}-basis", ""), linked=form.get(f"{code}-linked", ""),
            transit=form.get(f"{code}-transit", ""), retention=form.get(f"{code}-retention", ""),
            deletion=form.get(f"{code}-deletion", ""), precision=form.get(f"{code}-precision", ""),
        )
        for code in taxonomy.DATA
    ]  # fmt: skip
    return Answers(
        form.get("leaves", ""), form.get("hosts", ""), form.get("children", "") or "unknown",
        form.get("policy_url", ""), rows,
    )  # fmt: skip


def answers_of(declared: Declaration | None, found: PrivacyEvidence) -> Answers:
    """Return the answers to begin with: what is declared already, else what was found in the code."""
    evidence = {trace.code: trace.evidence for trace in found.data}
    if declared is None:
        rows = [RowAnswers(code, code in evidence, evidence=evidence.get(code, ())) for code in taxonomy.DATA]
        contacts = [host.host for host in contacts_of(found)]
        return Answers(SOMETHING if contacts else "", "\n".join(contacts), rows=rows)
    told = {row.code: row for row in declared.data}
    return Answers(
        NOTHING if declared.none else SOMETHING,
        "\n".join(declared.hosts or ()),
        declared.children,
        declared.policy_url or "",
        [_answered(code, told.get(code), evidence.get(code, ())) for code in taxonomy.DATA],
    )


def _answered(code: str, row: DataRow | None, evidence: tuple[Evidence, ...]) -> RowAnswers:
    if row is None:
        return RowAnswers(code, evidence=evidence)
    retention = "" if row.retention_days is None else str(row.retention_days)
    return RowAnswers(
        code, told=True, purposes=row.purposes, recipients=row.recipients, basis=row.basis or "",
        linked=row.linked or "", transit=row.transit or "", retention=retention, deletion=row.deletion or "",
        precision=row.precision or "", evidence=evidence,
    )  # fmt: skip


def row_said_by(values: Mapping[str, str]) -> dict[str, Any]:
    """Return the data row of the moderators' small form."""
    return {
        "code": values.get("code", ""),
        "purposes": [values.get("purpose", "")],
        "recipients": [values.get("recipient", "")],
    }
