"""What terms allow to everybody, as words to search by and to show. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from licenses.expressions import ExpressionError, leaves, parse
from licenses.terms import LIMITING, UNKNOWN, Permission, Terms, of_expression
from registry.licensing.models import Basis
from registry.licensing.terms import InForce, decide_copy, refs_of

#: The four words for readers, and where each comes from.
WORDS = {"use": "use", "copy": "copy", "share": "redistribute", "change": "modify"}
NO_NEED_TO_TELL = frozenset({"no_endorsement"})
#: Conditions that rule out that everybody uses it commercially.
NOT_FOR_COMMERCE = frozenset({"no_commercial", "field_of_use"})
#: What a grant gives whoever gets a copy here, whatever the license says.
BY_GRANT = frozenset({"use", "copy"})


@dataclass(frozen=True, slots=True)
class Word:
    """One of the four words: yes, no, conditional or unknown, and the conditions that stand behind it."""

    word: str
    answer: str
    conditions: tuple[str, ...] = ()


def permissions_of(terms: InForce, *, at: datetime, commercial: bool = False) -> list[str]:
    """Return what everybody may do who accepts what is asked: ``redistribute``, ``modify``, ``commercial``.

    The decision table says it, so nothing is found by a permission of which it gives no copies.
    ``commercial`` (the argument): this registry is run commercially.
    """
    decided = {
        name: decide_copy(terms, "account", at=at, action=name, commercial_operator=commercial)
        for name in ("redistribute", "modify")
    }
    allowed = [name for name, one in decided.items() if one.allowed != "no"]
    if any(NOT_FOR_COMMERCE.isdisjoint(decided[name].conditions) for name in allowed):
        allowed.append("commercial")
    return allowed


def four_words(in_force: InForce) -> list[Word]:
    """Return the four words for readers (use, copy, share, change), each with its conditions."""
    terms = terms_of(in_force.expression, in_force.refs)
    told = tuple(name for name in terms.listed_conditions if name not in NO_NEED_TO_TELL)
    words = []
    for word, facet in WORDS.items():
        answer: Permission = getattr(terms, facet)
        if in_force.basis is Basis.GRANT and word in BY_GRANT and answer < Permission.CONDITIONAL:
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
