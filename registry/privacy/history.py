"""A listing's notices one after the other, each with what changed against the one before. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.privacy import words
from registry.privacy.label import details_of, known_by, line_of
from registry.privacy.models import PrivacyNotice
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
class Given:
    """A notice, the release that it was given for, since when and why."""

    release: Release
    notice: PrivacyNotice
    since: datetime
    because: str


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


def history_rows(given: Sequence[Given]) -> list[HistoryRow]:
    """Return the rows of a history (newest first), each with what changed against the one before."""
    before: list[Mapping[str, Any] | None] = [each.notice.content for each in given[1:]]
    return [
        HistoryRow(
            release=each.release, since=each.since, because=BECAUSE.get(each.because, ""),
            digest=each.notice.digest, content=each.notice.content, line=line_of(each.notice.content),
            same=old == each.notice.content,
            change=() if old is None else tuple(changes_between(old, each.notice.content)),
        )
        for each, old in zip(given, [*before, None], strict=True)
    ]  # fmt: skip


def changes_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (added or removed, text) for everything in which two notices of a listing differ."""
    before, after = set(_facts(old)), set(_facts(new))
    yield from (("added", text) for text in sorted(after - before))
    yield from (("removed", text) for text in sorted(before - after))


def _facts(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a notice tells as short texts that compare."""
    yield f"published by {content['publisher']}, {'third' if content['third_party'] else 'first'} party"
    yield CLAIMS[content["declared"]]
    for row in content["data"]:
        yield from _of_row(row)
    yield from map(_of_host, content["hosts"])
    yield from (f"reads {plain(words.DATA_SHORT, code)} (found in the code)" for code in content["reads"])
    yield from (plain(words.CAPABILITIES, code) for code in content["capabilities"])
    yield from map(_of_difference, content["differs"])
    yield f"fit for children: {CHILDREN[content['children']]}"
    yield from (text for key, text in MARKS.items() if content[key])
    if content["policy"]:
        meaning = content["policy"]["meaning"]
        yield f"policy {content['policy']['url']}" + (f", meaning {meaning[:8]}" if meaning else "")


CLAIMS = {
    "nothing": "nothing is declared about data",
    "none": "declared that no data leaves the server",
    "rows": "data that leaves the server is declared",
}
CHILDREN = {"safe": "yes", "not_for": "no", "unknown": "not said"}
MARKS = {"user_set": "contacts an address that the user types in", "household": "the notice for children"}


def _of_row(row: Mapping[str, Any]) -> Iterator[str]:
    data = plain(words.DATA_SHORT, row["code"])
    for recipient in row["recipients"]:
        for purpose in row["purposes"]:
            yield f"{data} {plain(words.PURPOSES, purpose)}, to {plain(words.RECIPIENTS, recipient)}"
    yield from (f"{data}: {detail}" for detail in details_of(row))
    if row["reason"]:
        yield f"{data}: set by a reviewer ({row['reason']})"


def _of_host(host: Mapping[str, Any]) -> str:
    whose = ", ".join(part for part in (host["company"], plain(words.ROLES, host["role"] or "")) if part)
    return f"host {host['host']}{f' of {whose}' if whose else ''} ({known_by(host)})"


def _of_difference(differs: Mapping[str, Any]) -> str:
    passed = f"; a reviewer let it pass: {differs['overruled']}" if differs["overruled"] else ""
    return f"{differs['found']}, declared: {differs['declared']}{passed}"
