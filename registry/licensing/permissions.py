"""What terms allow to everybody, as words to search by and to show. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from licenses.expressions import ExpressionError, leaves, parse
from licenses.terms import LIMITING, UNKNOWN, Permission, Terms, of_expression
from registry.licensing.models import Basis
from registry.licensing.terms import refs_of

#: The four words for readers, and where each comes from.
WORDS = {"use": "use", "copy": "copy", "share": "redistribute", "change": "modify"}
NO_NEED_TO_TELL = frozenset({"no_endorsement"})
#: What a grant gives whoever gets a copy here, whatever the license says.
BY_GRANT = frozenset({"use", "copy"})


@dataclass(frozen=True, slots=True)
class Word:
    """One of the four words: yes, no, conditional or unknown, and the conditions that stand behind it."""

    word: str
    answer: str
    conditions: tuple[str, ...] = ()


def permissions_of(expression: str | None, refs: Mapping[str, Any]) -> list[str]:
    """Return what everybody may do: ``redistribute``, ``modify``, ``commercial``; in this order."""
    terms = terms_of(expression, refs)
    allowed = [name for name in ("redistribute", "modify") if getattr(terms, name) >= Permission.CONDITIONAL]
    if allowed and "no_commercial" not in terms.conditions and "field_of_use" not in terms.conditions:
        allowed.append("commercial")
    return allowed


def four_words(expression: str | None, refs: Mapping[str, Any], basis: Basis) -> list[Word]:
    """Return the four words for readers (use, copy, share, change), each with its conditions."""
    terms = terms_of(expression, refs)
    told = tuple(name for name in terms.listed_conditions if name not in NO_NEED_TO_TELL)
    words = []
    for word, facet in WORDS.items():
        answer: Permission = getattr(terms, facet)
        if basis is Basis.GRANT and word in BY_GRANT and answer < Permission.CONDITIONAL:
            answer = Permission.YES
        conditions = told if answer is Permission.CONDITIONAL or terms.conditions & LIMITING else ()
        words.append(Word(word, answer.word, conditions))
    return words


def terms_of(expression: str | None, refs: Mapping[str, Any]) -> Terms:
    """Return the terms of an expression; of none, or one that cannot be read, nothing is known."""
    try:
        return of_expression(expression, refs_of(refs)) if expression else UNKNOWN
    except ExpressionError:
        return UNKNOWN


def references_in(expression: str) -> list[str]:
    """Return the ``LicenseRef-`` names of an expression, each once."""
    try:
        names = [leaf.id for leaf in leaves(parse(expression))] if expression else []
    except ExpressionError:
        return []
    return list(dict.fromkeys(name for name in names if "LicenseRef-" in name))
