"""A license record as pages show it: declared, detected, concluded, and the files that say so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from licenses.compatibility import Compatibility, among
from licenses.expressions import ExpressionError
from registry.clock import now
from registry.configured import settings
from registry.database import session
from registry.licensing.asking import Asked, suggestions
from registry.licensing.marking import Piece, base_of, marked, span_text, template_beside
from registry.licensing.models import (
    BY_A_PERSON,
    BY_ITS_DATE,
    LicenseDetection,
    LicenseGrant,
    LicenseRecord,
    LicenseText,
)
from registry.licensing.permissions import references_in
from registry.licensing.reasons import Reasoned, reasoned_words
from registry.licensing.service import OFFER_AT_LEAST
from registry.licensing.submission import current_terms
from registry.releases.models import Release

#: How many parts, and files of a part, a page lists; a bundle may have thousands.
MOST_PARTS, MOST_FILES = 60, 40
#: How much of one text a page shows.
MOST_CHARACTERS = 120_000


@dataclass(frozen=True, slots=True)
class FileShown:
    """One file that says something; ``sha256`` names its text where it was kept."""

    path: str
    sha256: str | None
    expressions: Sequence[str]
    matches: Sequence[Mapping[str, Any]]
    review: bool
    reasons: Sequence[str]

    @property
    def altered(self) -> str | None:
        """The altered or cut license that it holds, if any."""
        return next((m["expression"] for m in self.matches if base_of(m["expression"])), None)


@dataclass(frozen=True, slots=True)
class PartShown:
    """The bundle itself (``folder`` empty) or a folder that brings its own license."""

    folder: str
    expression: str | None
    state: str
    reasons: Sequence[str]
    files: Sequence[FileShown]
    more_files: int


@dataclass(frozen=True, slots=True)
class LicenseShown:
    """A record in force with its evidence; ``by_person`` says that a moderator concluded it."""

    record: LicenseRecord
    found: str | None
    words: Sequence[Reasoned]
    parts: Sequence[PartShown]
    more_parts: int
    copyrights: Sequence[str]
    compatibility: Sequence[Compatibility]
    grant: LicenseGrant | None

    @property
    def files(self) -> list[FileShown]:
        """Every listed file."""
        return [file for part in self.parts for file in part.files]

    @property
    def by_person(self) -> bool:
        """Say whether a moderator concluded it."""
        return self.record.code == BY_A_PERSON

    @property
    def by_date(self) -> bool:
        """Say whether its change date put it in force."""
        return self.record.code == BY_ITS_DATE

    @property
    def references(self) -> list[str]:
        """The ``LicenseRef-`` names in what is concluded or suggested."""
        return references_in(self.record.expression or self.record.suggested or "")


@dataclass(frozen=True, slots=True)
class TextShown:
    """One text with its evidence marked; ``template`` is SPDX's own, where this one is altered."""

    path: str
    sha256: str
    pieces: Sequence[Piece]
    cut: bool
    base: str | None
    template: Sequence[Piece]


def records_of(releases: Iterable[Release]) -> dict[UUID, LicenseRecord]:
    """Return the record in force of each release, by the release's id; one query."""
    named = {release.license_record_id: release.id for release in releases}
    if not named:
        return {}
    rows = session().scalars(select(LicenseRecord).where(LicenseRecord.id.in_(named)))
    return {named[row.id]: row for row in rows}


def show_license(record: LicenseRecord, detection: LicenseDetection) -> LicenseShown:
    """Join a record with its evidence."""
    found = detection.found
    parts = [_part(part, detection) for part in found["parts"][:MOST_PARTS]]
    own = [part["expression"] for part in found["parts"] if part["expression"]]
    return LicenseShown(
        record=record, found=found["expression"], parts=parts,
        words=reasoned_words(record, at=now(), commercial=settings().commercial_operator),
        more_parts=max(len(found["parts"]) - MOST_PARTS, 0), copyrights=found["copyrights"],
        compatibility=_against(own),
        grant=session().get(LicenseGrant, record.grant_id) if record.grant_id else None,
    )  # fmt: skip


def license_of(release: Release) -> LicenseShown:
    """Return what is shown of a release's license."""
    record = session().get_one(LicenseRecord, release.license_record_id)
    return show_license(record, session().get_one(LicenseDetection, record.detection_id))


def asking_forms(shown: LicenseShown, asked: Asked) -> dict[str, Any]:
    """Return what the forms of ``licensing/_ask.html`` need besides the release."""
    return {
        "shown": shown, "asked": asked, "submission": current_terms(),
        "suggestions": suggestions(shown.record),
        "offer_from": (now() + OFFER_AT_LEAST + timedelta(days=1)).date().isoformat(),
    }  # fmt: skip


def show_text(detection: LicenseDetection, path: str) -> TextShown | None:
    """Return a kept text with its evidence marked, or None where none of that path was kept."""
    sha256 = detection.texts.get(path)
    row = session().get(LicenseText, sha256) if sha256 else None
    if row is None or sha256 is None:
        return None
    files = (file for part in detection.found["parts"] for file in part["files"])
    matches: list[dict[str, Any]] = next((file["matches"] for file in files if file["file"] == path), [])
    altered = next((m for m in matches if base_of(m["expression"])), None)
    text = row.text[:MOST_CHARACTERS]
    return TextShown(
        path=path, sha256=sha256, pieces=marked(text, matches), cut=len(text) < len(row.text),
        base=base_of(altered["expression"]) if altered else None,
        template=_beside(row.text, altered) if altered else [],
    )  # fmt: skip


def _beside(text: str, altered: Mapping[str, Any]) -> list[Piece]:
    return template_beside(span_text(text, altered["start"], altered["end"]), altered["expression"])


def _part(part: Mapping[str, Any], detection: LicenseDetection) -> PartShown:
    files = sorted(part["files"], key=lambda file: (not file["review"], file["file"] not in detection.texts))
    return PartShown(
        folder=part["folder"], expression=part["expression"], state=part["state"], reasons=part["reasons"],
        files=[_file(file, detection) for file in files[:MOST_FILES]],
        more_files=max(len(files) - MOST_FILES, 0),
    )  # fmt: skip


def _file(file: Mapping[str, Any], detection: LicenseDetection) -> FileShown:
    return FileShown(
        path=file["file"], sha256=detection.texts.get(file["file"]), expressions=file["expressions"],
        matches=file["matches"][:20], review=file["review"], reasons=file["reasons"],
    )  # fmt: skip


def _against(expressions: list[str]) -> list[Compatibility]:
    try:
        return among(list(dict.fromkeys(expressions))[:40])
    except ExpressionError:
        return []
