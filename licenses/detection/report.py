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
    """What one file says. ``expressions`` has the conclusion first, then what it could also be."""

    file: str
    role: str
    matches: list[Match] = field(default_factory=list)
    expressions: list[str] = field(default_factory=list)
    review: bool = False
    reasons: list[str] = field(default_factory=list)
    state: str = "clear"
    copyrights: list[str] = field(default_factory=list)
    own: bool = True

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
        self.note(reason)

    def note(self, reason: str) -> None:
        """Add a reason once."""
        if reason not in self.reasons:
            self.reasons.append(reason)
