"""What pages show: declared beside found beside set, and a listing's notices one after the other. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.bundles.privacy import taxonomy
from registry.bundles.privacy.declaration import DataRow
from registry.bundles.privacy.evidence import Evidence
from registry.privacy import words
from registry.privacy.comparing import Known
from registry.privacy.declaring import row_as_json
from registry.privacy.label import details_of, line_of
from registry.privacy.service import InForce
from registry.privacy.words import plain
from registry.releases.models import Release

BECAUSE = {
    "release": "with the release",
    "declared": "declared anew by its maker",
    "review": "after review",
    "set": "a reviewer set a row",
    "overrule": "a reviewer overruled a contradiction",
    "unset": "a reviewer took back what was set",
    "policy": "its policy changed in meaning",
    "marked_first_party": "its publisher became first-party",
    "marked_third_party": "its publisher became third-party",
}


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


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A notice in a listing's history; ``change`` is (added or removed, text) against the one before it."""

    release: Release
    since: datetime
    because: str
    digest: str
    content: Mapping[str, Any]
    line: str
    same: bool
    change: tuple[tuple[str, str], ...]


def history_rows(given: Sequence[InForce]) -> list[HistoryRow]:
    """Return the rows of a history (newest first), each with what changed against the one before."""
    before: list[Mapping[str, Any] | None] = [each.notice.content for each in given[1:]]
    return [
        HistoryRow(
            release=each.release, since=each.since, because=BECAUSE.get(each.because, ""),
            digest=each.notice.digest, content=each.notice.content, line=line_of(each.notice.content),
            same=old == each.notice.content,
            change=() if old is None else tuple(_changes(old, each.notice.content)),
        )
        for each, old in zip(given, [*before, None], strict=True)
    ]  # fmt: skip


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    before, after = _facts(old), _facts(new)
    for text in sorted(after - before):
        yield "added", text
    for text in sorted(before - after):
        yield "removed", text


def _facts(content: Mapping[str, Any]) -> set[str]:
    """Return what a notice tells as short texts that compare."""
    facts = {f"host {host['host']}" for host in content["hosts"]}
    facts |= {plain(words.CAPABILITIES, code) for code in content["capabilities"]}
    for row in content["data"]:
        for recipient in row["recipients"]:
            facts.add(f"{plain(words.DATA_SHORT, row['code'])} to {plain(words.RECIPIENTS, recipient)}")
    if content["policy"]:
        meaning = content["policy"]["meaning"]
        facts.add(f"policy {content['policy']['url']}" + (f", meaning {meaning[:8]}" if meaning else ""))
    if content["declared"] == "none":
        facts.add("declared that no data leaves the server")
    return facts
