"""What the API says of privacy, and what it takes."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from registry.privacy.comparing import PREFIX
from registry.privacy.history import HistoryRow
from registry.privacy.models import Act, PrivacyDeclaration, PrivacyNotice, PrivacySet
from registry.privacy.reading import declaration_in
from registry.privacy.service import Picture


class DeclarationIn(BaseModel):
    """A declaration, with the keys of privacy.toml: ``none``, or ``data`` rows; hosts, children, policy."""

    model_config = ConfigDict(extra="forbid")

    none: bool = Field(default=False, description="nothing leaves the server; stands alone")
    data: list[dict[str, Any]] | None = Field(
        None,
        description="rows of code, purposes, recipients, basis, linked, retention_days, transit, deletion; "
        "of location also precision (city, finer)",
    )
    hosts: list[str] | None = Field(None, description="hosts that it contacts; *.example.org covers below")
    children: str = Field("unknown", description="safe, not_for or unknown")
    policy_url: str | None = None
    maturity: str | None = Field(None, description="everyone, teen, mature or adult; while it waits")


class ActIn(BaseModel):
    """A moderator's act: accept, require, set, overrule, unset or maturity, and why, for everybody."""

    model_config = ConfigDict(extra="forbid")

    act: Act
    reason: str = ""
    subject: str = Field("", description="the host to overrule, what to take back, or the label")
    row: dict[str, Any] | None = Field(None, description="the data row to set")


class DeclarationOut(BaseModel):
    """What was declared, where and when."""

    none: bool
    data: list[dict[str, Any]]
    hosts: list[str] | None
    children: str
    policy_url: str | None
    source: str
    made_at: str

    @classmethod
    def of(cls, row: PrivacyDeclaration) -> Self:
        """Describe a declaration."""
        said = declaration_in(row).as_json()
        return cls(**said, source=row.source.value, made_at=row.made_at.isoformat())


class ActOut(BaseModel):
    """What a reviewer did, and why."""

    act: Act
    subject: str
    row: dict[str, Any] | None
    reason: str
    made_at: str

    @classmethod
    def of(cls, made: PrivacySet) -> Self:
        """Describe an act; of its author nothing is said."""
        return cls(
            act=made.act, subject=made.subject, row=made.row, reason=made.reason,
            made_at=made.made_at.isoformat(),
        )  # fmt: skip


class NoticeOut(BaseModel):
    """A privacy notice: ``digest`` is the SHA-256 of ``content`` as canonical JSON."""

    digest: str
    content: dict[str, Any]
    text: dict[str, str]
    made_at: str
    page: str

    @classmethod
    def of(cls, notice: PrivacyNotice, base: str) -> Self:
        """Describe a notice; ``base`` is the public address."""
        return cls(
            digest=notice.digest, content=notice.content, text=notice.feed,
            made_at=notice.made_at.isoformat(), page=f"{base}/notices/{notice.digest}",
        )  # fmt: skip


class GivenOut(BaseModel):
    """A notice in a listing's history; ``added`` and ``removed`` against the one before it."""

    digest: str
    release: str
    version: str
    since: str
    because: str
    line: str
    added: list[str]
    removed: list[str]

    @classmethod
    def of(cls, row: HistoryRow) -> Self:
        """Describe a row of the history."""
        return cls(
            digest=row.digest, release=str(row.release.id), version=row.release.version,
            since=row.since.isoformat(), because=row.because, line=row.line,
            added=[text for kind, text in row.change if kind == "added"],
            removed=[text for kind, text in row.change if kind == "removed"],
        )  # fmt: skip


class HistoryOut(BaseModel):
    """Every notice that a listing had, the newest first."""

    notices: list[GivenOut]


class PrivacyOut(BaseModel):
    """What is known of a release's privacy: declared, found in the code, set by reviewers."""

    release: str
    third_party_privacy: bool
    maturity: str | None
    reasons: list[str]
    declared: DeclarationOut | None
    found: dict[str, Any]
    set: list[ActOut]
    contradictions: list[dict[str, Any]]
    difference: dict[str, Any] | None
    notice: str | None

    @classmethod
    def of(cls, seen: Picture) -> Self:
        """Describe what is known."""
        kept = ("hosts", "vendored", "local", "user_set", "data", "capabilities")
        found = seen.known.found.as_json()
        return cls(
            release=str(seen.release.id), third_party_privacy=seen.third_party,
            maturity=seen.release.maturity,
            reasons=[reason for reason in seen.release.reasons if reason.startswith(PREFIX)],
            declared=DeclarationOut.of(seen.declaration) if seen.declaration else None,
            found={key: found[key] for key in kept}, set=[ActOut.of(act) for act in seen.acts],
            contradictions=[each.as_json() for each in seen.standings],
            difference=seen.change.as_json() if seen.change else None, notice=seen.release.notice_digest,
        )  # fmt: skip
