"""What pages show: declared beside found beside set. Pure."""

from dataclasses import dataclass

from registry.bundles.privacy import taxonomy
from registry.bundles.privacy.declaration import DataRow
from registry.bundles.privacy.evidence import Evidence
from registry.privacy import words
from registry.privacy.comparing import Known
from registry.privacy.declaring import row_as_json
from registry.privacy.label import details_of
from registry.privacy.words import plain


@dataclass(frozen=True, slots=True)
class Told:
    """A data row in words, and the reason where a reviewer set it."""

    purposes: str
    recipients: str
    details: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DataLine:
    """One sort of data: what is declared, where it is read, what was set."""

    code: str
    declared: tuple[Told, ...]
    evidence: tuple[Evidence, ...]
    set: tuple[Told, ...]


def data_lines(known: Known) -> list[DataLine]:
    """Return a line for each sort of data that is declared, found or set, as the taxonomy has them."""
    declared = known.declared.data if known.declared else ()
    lines = (
        DataLine(
            code=code,
            declared=tuple(_told(row) for row in declared if row.code == code),
            evidence=tuple(place for t in known.found.data if t.code == code for place in t.evidence),
            set=tuple(_told(each.row, each.reason) for each in known.rows_set if each.row.code == code),
        )
        for code in taxonomy.DATA
    )
    return [line for line in lines if line.declared or line.evidence or line.set]


def _told(row: DataRow, reason: str = "") -> Told:
    return Told(
        ", ".join(plain(words.PURPOSES, each) for each in row.purposes),
        ", ".join(plain(words.RECIPIENTS, each) for each in row.recipients),
        tuple(details_of(row_as_json(row))),
        reason,
    )
