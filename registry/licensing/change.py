"""A release's license beside that of the last published one: what differs, and in which way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy.orm import Session

from licenses.compare import Comparison, compare
from licenses.expressions import ExpressionError
from registry.clock import now
from registry.database import session
from registry.licensing import words
from registry.licensing.marking import Piece
from registry.licensing.models import Basis, LicenseDetection, LicenseRecord
from registry.licensing.reasons import Reasoned, reasoned_words
from registry.licensing.recording import change_between, last_published_record, texts_of
from registry.licensing.terms import basis_for, refs_of
from registry.releases.models import Release

#: Texts with more lines are shown one beside the other without a mark.
MOST_LINES = 3000
MOST_TEXTS = 3
#: How much of two texts must be equal for their differences to be worth a mark.
ALIKE = 0.3
LONGEST = 60_000


@dataclass(frozen=True, slots=True)
class TextChange:
    """Two texts of one file; ``missing`` pieces are only in the old one, ``altered`` only in the new."""

    path: str
    before: Sequence[Piece]
    after: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Change:
    """What changed since ``last``, the record of the release ``version``; ``kind`` is its class.

    ``same_evidence``: the files and the declaration say what they said then, so the conclusion may too.
    """

    version: str
    last: LicenseRecord
    kind: str
    words: Sequence[Reasoned]
    added: Sequence[str]
    dropped: Sequence[str]
    texts: Sequence[TextChange]
    same_evidence: bool

    @property
    def sentence(self) -> str:
        """The class of the change in words."""
        return words.CHANGES[self.kind]


def change_of(release: Release, record: LicenseRecord, detection: LicenseDetection) -> Change | None:
    """Compare with the newest other release that was ever published; None for a first one."""
    current = session()
    last = last_published_record(current, release)
    if last is None:
        return None
    before = current.get_one(LicenseDetection, last.detection_id)
    compared = _compared(last, record)
    old_texts, new_texts = texts_of(current, before), texts_of(current, detection)
    return Change(
        version=current.get_one(Release, last.release_id).version, last=last,
        kind=change_between(last, record), words=reasoned_words(last, at=now()),
        added=words.in_words(compared.added if compared else [], words.CONDITIONS),
        dropped=words.in_words(compared.dropped if compared else [], words.CONDITIONS),
        texts=_texts(old_texts, new_texts),
        same_evidence=last.expression is not None and _says(last, before) == _says(record, detection),
    )  # fmt: skip


def unchanged_since(tx: Session, release: Release, record: LicenseRecord) -> LicenseRecord | None:
    """Return the last published record if the evidence is what it was then and it lets copies out again.

    A grant is for one release: what went out on a grant alone needs another one.
    """
    last = same_evidence_as_last(tx, release, record)
    if last is None:
        return None
    basis = basis_for(last.expression, last.refs, granted=record.basis is Basis.GRANT)
    return None if basis is Basis.NONE else last


def same_evidence_as_last(tx: Session, release: Release, record: LicenseRecord) -> LicenseRecord | None:
    """Return the last published record if files and declaration say what they said then, and it concluded."""
    last = last_published_record(tx, release)
    if last is None or last.expression is None:
        return None
    before, after = (tx.get_one(LicenseDetection, row.detection_id) for row in (last, record))
    return last if _says(last, before) == _says(record, after) else None


def _says(record: LicenseRecord, detection: LicenseDetection) -> tuple[Any, ...]:
    """Return what declaration and files say, without where they say it."""
    found = detection.found
    return record.declared_text, found["expression"], found["state"], sorted(detection.texts.values())


def _compared(last: LicenseRecord, record: LicenseRecord) -> Comparison | None:
    new = record.expression or record.suggested
    if last.expression is None or new is None:
        return None
    try:
        return compare(last.expression, new, refs_of(record.refs), refs_of(last.refs) or {})
    except ExpressionError:
        return None


def _texts(old: Mapping[str, str], new: Mapping[str, str]) -> list[TextChange]:
    """Pair texts by path, without a top folder that carries the version; only those that differ."""
    before = {_short(path): text for path, text in old.items()}
    after = {_short(path): text for path, text in new.items()}
    kept = set(before.values()) & set(after.values())
    found = []
    for path in sorted(before.keys() | after.keys()):
        mine, theirs = before.get(path, ""), after.get(path, "")
        if mine == theirs or (mine in kept | {""} and theirs in kept | {""}):
            continue
        found.append(_text(path, mine[:LONGEST], theirs[:LONGEST]))
    return found[:MOST_TEXTS]


def _short(path: str) -> str:
    return path.partition("/")[2] or path


def _text(path: str, before: str, after: str) -> TextChange:
    mine, theirs = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(mine) + len(theirs) > MOST_LINES:
        return TextChange(path, [Piece(before)], [Piece(after)])
    matcher = SequenceMatcher(None, mine, theirs)
    if matcher.ratio() < ALIKE:
        return TextChange(path, [Piece(before)], [Piece(after)])
    left, right = [], []
    for tag, a, b, c, d in matcher.get_opcodes():
        left.append(Piece("".join(mine[a:b]), "plain" if tag == "equal" else "missing"))
        right.append(Piece("".join(theirs[c:d]), "plain" if tag == "equal" else "altered"))
    return TextChange(path, [p for p in left if p.text], [p for p in right if p.text])
