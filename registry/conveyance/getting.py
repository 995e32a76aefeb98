"""Whether whoever looks at a page may have a copy, and what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.accounts.actor import ANONYMOUS, Actor
from registry.conveyance.deciding import Answer, Outcome
from registry.conveyance.service import answer_on_release
from registry.licensing import words
from registry.releases.models import Release

ACCEPTANCE = "terms.acceptance"


@dataclass(frozen=True, slots=True)
class Getting:
    """The answer to the reader beside the answer to everybody."""

    release: Release
    answer: Answer
    others: Answer

    @property
    def asks(self) -> str:
        """What is asked of the reader first: ``terms``, ``notice``, ``account``, or nothing."""
        if self.answer.outcome is Outcome.ASKED:
            if "notice" in self.answer.extra:
                return "notice" if self.answer.extra["notice"] else ""
            return "terms"
        return "account" if "account" in self.answer.extra.get("needs", ()) else ""

    @property
    def others_ask(self) -> bool:
        """Say whether everybody else may have it once they are signed in and agree."""
        asked = self.others.rule == ACCEPTANCE and "account" in self.others.extra.get("needs", ())
        return asked or self.others.outcome is Outcome.ASKED

    @property
    def conditions(self) -> Sequence[str]:
        """What the terms ask, in words."""
        return words.in_words(self.answer.extra.get("conditions", []), words.CONDITIONS)

    @property
    def needs(self) -> Sequence[str]:
        """What would help, in words."""
        return words.in_words(self.answer.extra.get("needs", []), words.NEEDS)


def getting_of(release: Release, *, by: Actor) -> Getting:
    """Return how the caller stands to copies of a release."""
    others = answer_on_release(release.id, by=ANONYMOUS)
    answer = answer_on_release(release.id, by=by) if by.signed_in else others
    return Getting(release, answer, others)
