"""What the API says and takes of licenses."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from registry.clock import now
from registry.licensing.models import LicenseDetection, LicenseRecord
from registry.licensing.permissions import four_words
from registry.licensing.terms import InForce
from registry.mirrors.models import MirrorBasis


class Strict(BaseModel):
    """A request body; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class DeclareIn(Strict):
    """The license that the publisher says a release has."""

    license: str


class ReferenceIn(Strict):
    """The terms of a ``LicenseRef-``: four facets (yes, conditional, no, unknown) and conditions."""

    facets: dict[str, str]
    conditions: list[str] = Field(default_factory=list)


class ConcludeIn(Strict):
    """A moderator's conclusion, what it rests on, and the terms of its ``LicenseRef-`` names."""

    expression: str
    note: str
    references: dict[str, ReferenceIn] = Field(default_factory=dict)
    change_date: date | None = Field(
        None, description="the day (UTC) from which change_license applies in place of the license that ends"
    )
    change_license: str | None = None


class GrantIn(Strict):
    """The digest of the submission terms that the publisher agrees to."""

    terms_digest: str


class MirrorBasisIn(Strict):
    """The operator's ground on which mirrors may have it; ``given`` false takes it back. Why, in words."""

    given: bool
    reason: str


class MirrorBasisOut(BaseModel):
    """One entry of that record; the newest counts, for the terms that it names."""

    given: bool
    reason: str
    terms_digest: str
    recorded_at: str

    @classmethod
    def of(cls, row: MirrorBasis) -> "MirrorBasisOut":
        """Describe an entry."""
        return cls(
            given=row.given, reason=row.reason, terms_digest=row.terms_digest,
            recorded_at=row.made_at.isoformat(),
        )  # fmt: skip


class MirrorBasesOut(BaseModel):
    """All entries, the oldest first."""

    bases: list[MirrorBasisOut]


class OfferIn(Strict):
    """Where the source of a binary is to be had, and until when (with a time zone)."""

    address: str
    until: datetime


class LicenseOut(BaseModel):
    """The license record in force: declared, detected, concluded, and the four words for readers.

    ``in_force`` is the expression whose terms hold now: ``concluded``, until the ``change_date`` in ``ends``.
    """

    release: str
    declared: dict[str, Any] | None
    detected: dict[str, Any]
    state: str
    concluded: str | None
    in_force: str | None
    ends: dict[str, str] | None
    suggested: str | None
    code: str
    reasons: list[str]
    basis: str
    form: str
    source: dict[str, Any] | None
    references: dict[str, Any]
    permissions: dict[str, Any]
    terms_digest: str
    asked: list[str] = Field(description="what its publisher can still say: license, grant, source")
    by: str
    note: str
    made_at: str

    @classmethod
    def of(cls, row: LicenseRecord, detection: LicenseDetection, asked: Sequence[str] = ()) -> "LicenseOut":
        """Describe a record and the detection that it rests on."""
        terms = InForce.of(row, at=now())
        return cls(
            release=str(row.release_id), declared=_declared(row), detected=_detected(detection),
            state=row.state.value, concluded=row.expression, suggested=row.suggested, code=row.code,
            in_force=terms.expression if row.expression else None,
            ends=row.expiry.as_json() if row.expiry else None,
            reasons=row.reasons, basis=terms.basis.value, form=row.form, source=_source(row),
            references=row.refs, terms_digest=terms.digest, asked=list(asked),
            permissions={
                one.word: {"answer": one.answer, "conditions": list(one.conditions)}
                for one in four_words(terms)
            },
            by="evidence" if row.author_id is None else "a person", note=row.note,
            made_at=row.made_at.isoformat(),
        )  # fmt: skip


def _declared(row: LicenseRecord) -> dict[str, Any] | None:
    if row.declared_text is None:
        return None
    said_by = "bundle" if row.declared_by is None else "publisher"
    return {"text": row.declared_text, "expression": row.declared_expression, "by": said_by}


def _detected(detection: LicenseDetection) -> dict[str, Any]:
    found = detection.found
    return {
        "expression": found["expression"], "state": found["state"], "review": found["review"],
        "copyrights": found["copyrights"],
        "parts": [
            {
                "folder": part["folder"], "expression": part["expression"], "state": part["state"],
                "files": [_file(file, detection) for file in part["files"]],
            }
            for part in found["parts"]
        ],
    }  # fmt: skip


def _file(file: dict[str, Any], detection: LicenseDetection) -> dict[str, Any]:
    kept = ("expression", "kind", "start", "end", "score")
    return {
        "file": file["file"], "role": file["role"], "review": file["review"], "reasons": file["reasons"],
        "expressions": file["expressions"], "text": detection.texts.get(file["file"]),
        "matches": [{key: match[key] for key in kept} for match in file["matches"]],
    }  # fmt: skip


def _source(row: LicenseRecord) -> dict[str, Any] | None:
    if row.source_address is None and row.source.value == "none":
        return None
    until = row.source_until.isoformat() if row.source_until else None
    return {"kind": row.source.value, "address": row.source_address, "until": until}
