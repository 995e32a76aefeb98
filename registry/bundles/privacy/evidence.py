"""What the finder of privacy evidence answers with.

All of it is *found in the code*: a name or a call stands there. Nothing says that it is ever used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from registry.bundles.findings import Finding

EXCERPT_LETTERS = 160


class Level(StrEnum):
    """How strong a trace is: E1 it stands in code or data, E2 it reaches a call, E3 a kit's signature."""

    E1 = "E1"
    E2 = "E2"
    E3 = "E3"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place: the file in the bundle, the line from 1 (None in a compiled file), what stands there."""

    path: str
    line: int | None
    excerpt: str

    def as_json(self) -> dict[str, Any]:
        """Return the object that the command prints."""
        return {"path": self.path, "line": self.line, "excerpt": self.excerpt}

    @classmethod
    def all_from_json(cls, values: Sequence[Mapping[str, Any]]) -> "tuple[Evidence, ...]":
        """Read back a list of what :meth:`as_json` wrote."""
        return tuple(cls(each["path"], each["line"], each["excerpt"]) for each in values)


@dataclass(frozen=True, slots=True)
class HostFound:
    """A host: whose it is, if the table knows, and where it was found. ``*.x.org``: a part is built."""

    host: str
    level: Level
    company: str | None
    role: str | None
    evidence: tuple[Evidence, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the object that the command prints."""
        return {
            "host": self.host,
            "level": self.level.value,
            "company": self.company,
            "role": self.role,
            "evidence": [each.as_json() for each in self.evidence],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "HostFound":
        """Read back what :meth:`as_json` wrote."""
        evidence = Evidence.all_from_json(value["evidence"])
        return cls(value["host"], Level(value["level"]), value["company"], value["role"], evidence)


@dataclass(frozen=True, slots=True)
class Trace:
    """A sort of data that is read, or a capability, by its code."""

    code: str
    evidence: tuple[Evidence, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the object that the command prints."""
        return {"code": self.code, "evidence": [each.as_json() for each in self.evidence]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Trace":
        """Read back what :meth:`as_json` wrote."""
        return cls(value["code"], Evidence.all_from_json(value["evidence"]))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """E4: what was declared, and what was found that it leaves out."""

    declared: str
    found: str
    evidence: tuple[Evidence, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the object that the command prints."""
        return {
            "declared": self.declared,
            "found": self.found,
            "evidence": [each.as_json() for each in self.evidence],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Contradiction":
        """Read back what :meth:`as_json` wrote."""
        return cls(value["declared"], value["found"], Evidence.all_from_json(value["evidence"]))


@dataclass(frozen=True, slots=True)
class PrivacyEvidence:
    """All that was found in one bundle, beside what its ``privacy.toml`` declares.

    ``vendored`` are hosts that only libraries of others in the bundle name; ``local`` addresses of the
    machine or its network; ``user_set`` settings in which the user types an address.
    """

    hosts: Sequence[HostFound] = ()
    vendored: Sequence[HostFound] = ()
    local: Sequence[HostFound] = ()
    user_set: Sequence[Trace] = ()
    data: Sequence[Trace] = ()
    capabilities: Sequence[Trace] = ()
    declared: dict[str, Any] | None = None
    contradictions: Sequence[Contradiction] = ()
    findings: Sequence[Finding] = field(default_factory=tuple)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object of CONTRACTS.md, without its ``file``."""
        lists = ("hosts", "vendored", "local", "user_set", "data", "capabilities", "contradictions")
        shown: dict[str, Any] = {name: [each.as_json() for each in getattr(self, name)] for name in lists}
        findings = [finding.as_json() for finding in self.findings]
        return {**shown, "declared": self.declared, "findings": findings}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "PrivacyEvidence":
        """Read back what :meth:`as_json` wrote. Raises KeyError, ValueError for anything else."""
        return cls(
            hosts=tuple(map(HostFound.from_json, value["hosts"])),
            vendored=tuple(map(HostFound.from_json, value["vendored"])),
            local=tuple(map(HostFound.from_json, value["local"])),
            user_set=tuple(map(Trace.from_json, value["user_set"])),
            data=tuple(map(Trace.from_json, value["data"])),
            capabilities=tuple(map(Trace.from_json, value["capabilities"])),
            declared=value["declared"],
            contradictions=tuple(map(Contradiction.from_json, value["contradictions"])),
            findings=tuple(map(Finding.from_json, value["findings"])),
        )


def excerpt_of(text: str, at: int = 0) -> str:
    """Return the line around ``at``, short; what is invisible or turns the reading is written out."""
    start = max(text.rfind("\n", 0, at) + 1, at - EXCERPT_LETTERS // 2)
    end = text.find("\n", at)
    piece = text[start : len(text) if end < 0 else end][: EXCERPT_LETTERS * 2].strip()[:EXCERPT_LETTERS]
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in piece)
    return shown[:EXCERPT_LETTERS]
