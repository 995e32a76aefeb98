"""The form of privacy evidence that the parent believes: every list and text has its bound."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from registry.bundles.findings import Severity
from registry.bundles.privacy.bundle import MOST_FINDINGS
from registry.bundles.privacy.comparison import MOST_CONTRADICTIONS
from registry.bundles.privacy.evidence import Level, PrivacyEvidence
from registry.bundles.privacy.gathering import MOST_HOSTS, MOST_PLACES
from registry.bundles.privacy.privacy_toml import MOST_HOSTS as MOST_DECLARED_HOSTS
from registry.bundles.privacy.privacy_toml import MOST_ROWS

Short = Annotated[str, Field(max_length=4096)]
Excerpt = Annotated[str, Field(max_length=400)]
Line = Annotated[int, Field(ge=0)]
Host = Annotated[str, Field(max_length=260)]
Name = Annotated[str, Field(max_length=200)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z][\w.]{0,99}$")]
FindingCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$", max_length=80)]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Evidence(_Said):
    path: Short
    line: Line | None
    excerpt: Excerpt


Places = Annotated[list[_Evidence], Field(min_length=1, max_length=MOST_PLACES)]


class _Host(_Said):
    host: Host
    level: Level
    company: Name | None
    role: Word | None
    evidence: Places


class _Trace(_Said):
    code: Code
    evidence: Places


class _Contradiction(_Said):
    declared: Short
    found: Short
    evidence: Places


class _DataRow(_Said):
    code: Word
    purposes: Annotated[list[Word], Field(max_length=20)]
    recipients: Annotated[list[Word], Field(max_length=20)]
    basis: Word | None
    linked: Word | None
    retention_days: Annotated[int, Field(ge=0)] | Word | None
    transit: Word | None
    deletion: Short | None
    precision: Word | None


class _Declared(_Said):
    policy_url: Short | None
    hosts: Annotated[list[Host], Field(max_length=MOST_DECLARED_HOSTS)] | None
    children: Word
    none: bool
    data: Annotated[list[_DataRow], Field(max_length=MOST_ROWS)]


class _Finding(_Said):
    code: FindingCode
    severity: Severity
    path: Short | None
    line: Line | None
    message: Short
    fix: Short


Hosts = Annotated[list[_Host], Field(max_length=MOST_HOSTS)]
Traces = Annotated[list[_Trace], Field(max_length=1000)]


class SaidPrivacy(_Said):
    """What the child says that it found."""

    hosts: Hosts
    vendored: Hosts
    local: Hosts
    user_set: Traces
    data: Traces
    capabilities: Traces
    declared: _Declared | None
    contradictions: Annotated[list[_Contradiction], Field(max_length=MOST_CONTRADICTIONS)]
    findings: Annotated[list[_Finding], Field(max_length=MOST_FINDINGS)]

    def believed(self) -> PrivacyEvidence:
        """Return it as evidence; its form is sound, its truth is the child's."""
        return PrivacyEvidence.from_json(self.model_dump(mode="json"))
