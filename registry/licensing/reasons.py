"""The four words for readers with the reason for each: the rule that decides, and its conditions. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.licensing import words
from registry.licensing.models import LicenseRecord
from registry.licensing.permissions import WORDS, Word, four_words
from registry.licensing.terms import InForce, decide_copy


@dataclass(frozen=True, slots=True)
class Reasoned:
    """One word: what it means, its answer, the rule with its sentence, the conditions, what would help."""

    word: str
    meaning: str
    answer: str
    rule: str
    sentence: str
    conditions: Sequence[str]
    needs: Sequence[str]

    @property
    def said(self) -> str:
        """The answer as people read it."""
        return words.ANSWERS[self.answer]


def reasoned_words(record: LicenseRecord, *, at: datetime, commercial: bool = False) -> list[Reasoned]:
    """Return use, copy, share, change as they stand for a signed-in reader who has accepted nothing yet."""
    terms = InForce.of(record, at=at)
    return [_reasoned(terms, word, at, commercial=commercial) for word in four_words(terms)]


def _reasoned(terms: InForce, one: Word, at: datetime, *, commercial: bool) -> Reasoned:
    decision = decide_copy(terms, "account", at=at, action=WORDS[one.word], commercial_operator=commercial)
    refused = decision.allowed == "no"
    final = "no" if refused or one.answer in {"no", "unknown"} else one.answer
    rule = "terms.no_permission" if final == "no" and not refused else decision.rule
    return Reasoned(
        word=one.word, meaning=words.MEANING[one.word], answer=final, rule=rule, sentence=words.RULES[rule],
        conditions=words.in_words(() if final == "no" else one.conditions, words.CONDITIONS),
        needs=words.in_words(decision.needs if final == "no" else (), words.NEEDS),
    )  # fmt: skip
