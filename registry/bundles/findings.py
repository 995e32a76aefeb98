"""What a look at a bundle found. A check finds; it never decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs: an error ends the upload, a warning is for people, an info for records."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, told so that its reader can mend it.

    ``code`` is dotted and stable (``path.traversal``), ``path`` the entry inside the bundle, ``line``
    counts from 1, ``message`` says what is wrong in this case and ``fix`` what to do about it.
    ``private`` is for the operator's machinery alone (a digest to revoke, a stack trace).
    """

    code: str
    severity: Severity
    message: str
    fix: str
    path: str | None = None
    line: int | None = None
    private: Mapping[str, str] = field(default_factory=dict, hash=False)

    def as_json(self) -> dict[str, Any]:
        """Return the finding as the JSON object that the API shows: all but what is private."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "path": self.path,
            "line": self.line,
            "message": self.message,
            "fix": self.fix,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Finding":
        """Read back what :meth:`as_json` wrote."""
        return cls(
            code=value["code"],
            severity=Severity(value["severity"]),
            message=value["message"],
            fix=value["fix"],
            path=value.get("path"),
            line=value.get("line"),
        )


class BundleRejected(Exception):
    """The bundle cannot be accepted; ``finding`` (severity error) says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.code}: {finding.message}")
        self.finding = finding


def rejected(
    code: str, message: str, fix: str, *, path: str | None = None, line: int | None = None
) -> BundleRejected:
    """Make the exception that ends an upload with an error finding."""
    return BundleRejected(Finding(code, Severity.ERROR, message, fix, path, line))
