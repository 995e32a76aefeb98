"""What a look at files comes to: matches with their places, one conclusion, and whether to ask."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Match:
    """One piece of evidence; ``start`` and ``end`` count bytes of the file's text in UTF-8.

    ``kind`` is text, tag, header or notice; ``score`` from 0 to 1 says how near the words are to the
    license's own. ``marks`` are the altered or added places inside it, for showing;
    ``instead`` says that it is offered in place of the match before.
    """

    expression: str
    kind: str
    start: int
    end: int
    score: float
    marks: tuple[tuple[int, int], ...] = ()
    lower_bound: bool = False
    instead: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the match as ``detect`` prints it."""
        return {
            "expression": self.expression,
            "kind": self.kind,
            "start": self.start,
            "end": self.end,
            "score": self.score,
        }


@dataclass(slots=True)
class FileDetection:
    """What one file says. ``expressions`` has the conclusion first, then what it could also be.

    ``state`` is clear, changed (a text is altered) or incomplete (a text is cut off); ``vague`` are
    names that could mean several licenses, ``exceptions`` SPDX exceptions that stand here in full.
    """

    file: str
    role: str
    matches: list[Match] = field(default_factory=list)
    expressions: list[str] = field(default_factory=list)
    review: bool = False
    asked: int = 0
    reasons: list[str] = field(default_factory=list)
    state: str = "clear"
    copyrights: list[str] = field(default_factory=list)
    vague: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return what ``python -m licenses detect`` prints for the file."""
        return {
            "file": self.file,
            "matches": [match.as_json() for match in self.matches],
            "expressions": self.expressions,
            "review": self.review,
            "reasons": self.reasons,
        }

    def ask(self, reason: str) -> None:
        """Say that a person must look, and why."""
        self.review = True
        self.asked += 1
        self.note(reason)

    def ask_about_name(self, name: str) -> None:
        """Say that a name means no license, or could mean several; other evidence may still tell which."""
        self.vague.append(name)
        self.ask(f"“{name}” names no single license")

    @property
    def only_vague(self) -> bool:
        """Say whether names that could mean several licenses are all there is to ask about."""
        return self.review and self.state == "clear" and len(self.vague) == self.asked

    def note(self, reason: str) -> None:
        """Add a reason once."""
        if reason not in self.reasons:
            self.reasons.append(reason)
