"""What an inspection found out: the same object in the client, in the worker and across processes."""

import re
from dataclasses import dataclass, field
from typing import Any

from registry.bundles.checks import FileRecord, holding_reasons
from registry.bundles.ecosystems.base import Metadata
from registry.bundles.findings import Finding, Severity
from registry.bundles.licensing import LicenseFindings
from registry.bundles.pictures import Picture
from registry.bundles.privacy.evidence import PrivacyEvidence

MOST_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was taken; ``state`` is ``done`` or ``failed``."""

    name: str
    state: str
    duration_s: float

    def as_json(self) -> dict[str, Any]:
        """Return the step as the JSON object that an upload shows."""
        return {"name": self.name, "state": self.state, "duration_s": round(self.duration_s, 4)}


@dataclass(slots=True)
class Inspection:
    """A look at one uploaded file; filled step by step, complete or as far as it came.

    ``files`` and ``pictures`` are those of the bundle; ``metadata`` and ``licenses`` are None until they
    were read, ``file_count`` until the container was opened, ``privacy`` until the files were searched.
    """

    filename: str
    sha256: str | None = None
    md5: str | None = None
    size_bytes: int | None = None
    container: str | None = None
    file_count: int | None = None
    metadata: Metadata | None = None
    files: list[FileRecord] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    privacy: PrivacyEvidence | None = None
    steps: list[Step] = field(default_factory=list)
    licenses: LicenseFindings | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing refuses the file; it may still have to wait for a moderator."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)

    @property
    def holding_reasons(self) -> list[str]:
        """The codes for which a release of this waits for a moderator."""
        return holding_reasons(self.findings)

    @property
    def own_token_digests(self) -> list[str]:
        """SHA-256 (hex) of each token of this marketplace in the bundle: to be revoked at once."""
        return [f.private["token_sha256"] for f in self.findings if "token_sha256" in f.private]

    def as_json(self) -> dict[str, Any]:
        """Return exactly the object that ``registry inspect`` prints (CONTRACTS, Commands)."""
        said = self.metadata
        return {
            "file": self.filename,
            "ok": self.ok,
            "ecosystem": said and said.ecosystem,
            "kind": said.kind.value if said and said.kind else None,
            "identifier": said and said.identifier,
            "version": said and said.version,
            "name": said and said.name,
            "requires": [each.as_json() for each in said.requires] if said else [],
            "sha256": self.sha256,
            "md5": self.md5,
            "size": self.size_bytes,
            "files": self.file_count,
            "findings": [_printed(finding) for finding in self.findings],
        }

    def keep_the_gravest(self) -> None:
        """Leave off findings that nobody could read any more; each code keeps its first ones."""
        if len(self.findings) <= MOST_FINDINGS:
            return
        left_off = len(self.findings) - MOST_FINDINGS
        self.findings = _gravest(self.findings)[:MOST_FINDINGS]
        self.findings.append(
            Finding(
                "findings.more",
                Severity.INFO,
                f"{left_off} more findings of the same sorts are left off.",
                "Mend those that are shown, then look again.",
            )
        )


def _printed(finding: Finding) -> dict[str, Any]:
    """Return the finding without its line's own key: the sentence says the line."""
    shown = finding.as_json()
    line = shown.pop("line")
    if line is not None and not re.search(rf"\b{line}\b", finding.message):
        shown["message"] = f"Line {line}: {finding.message}"
    return shown


def _gravest(findings: list[Finding]) -> list[Finding]:
    order = list(Severity)
    counted: dict[str, int] = {}
    ranked = []
    for finding in findings:
        counted[finding.code] = counted.get(finding.code, 0) + 1
        ranked.append((order.index(finding.severity), counted[finding.code], finding))
    return [finding for *_, finding in sorted(ranked, key=lambda rank: rank[:2])]
