"""Licenses that end on a day, from which another one applies in their place (BUSL-1.1's Change Date). Pure.

Neither the day nor the other license is in a license's name: both stand in the text that a maker ships,
are read from there as a suggestion, and are kept beside the expression.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from licenses.aliases import recognise
from licenses.expressions import And, Expression, License, Or, leaves, normalise, parse
from licenses.terms import Terms, of_license

#: Licenses whose own text names the one that follows; the day is another for each version.
_FOLLOWED_BY = {"FSL-1.1-ALv2": "Apache-2.0", "FSL-1.1-MIT": "MIT"}
_LABEL = r"(?im)^[^\w\n]*%s[ \t]*:[ \t]*(?P<said>\S[^\n]{0,200}(?:\n[ \t]{8,}\S[^\n:]{0,200})?)"
_DATE = re.compile(_LABEL % r"change[ \t]+date")
_LICENSE = re.compile(_LABEL % r"change[ \t]+license")
#: Four digits first, or the month in words: 01/02/2030 is two days, and so none.
_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%B %d, %Y", "%B %d %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y")
_PUBLISHER = re.compile(r"(?i),?\s+as\s+published\s+by\b.*")


@dataclass(frozen=True, slots=True)
class Expiry:
    """From ``change_date`` on (the whole of that day, UTC) ``change_license`` applies to new copies.

    It takes the place of every license in the expression that ends; the others stay.
    """

    change_date: date
    change_license: str

    def as_json(self) -> dict[str, str]:
        """Return the day (ISO 8601) and the license, by name."""
        return {"change_date": self.change_date.isoformat(), "change_license": self.change_license}


def in_force(
    expression: str, expiry: Expiry | None, day: date, refs: Mapping[str, Terms] | None = None
) -> str:
    """Return the expression whose terms are in force on a day.

    ``refs`` are the terms of ``LicenseRef-`` names; one that expires is replaced too.

    :raises licenses.expressions.ExpressionError: either is no expression.
    """
    if expiry is None or day < expiry.change_date:
        return expression
    return normalise(str(_replaced(parse(expression), parse(expiry.change_license), refs)))


def ends(expression: str, refs: Mapping[str, Terms] | None = None) -> bool:
    """Say whether any license of an expression gives way to another one on some day.

    :raises licenses.expressions.ExpressionError: no expression.
    """
    return any(_ends(leaf, refs) for leaf in leaves(parse(expression)))


def stated_change(text: str) -> tuple[date | None, str | None]:
    """Read the lines *Change Date* and *Change License* of a text; None where one says nothing clear."""
    day, other = _DATE.search(text), _LICENSE.search(text)
    return _day(day["said"]) if day else None, _expression(other["said"]) if other else None


def following_license(expression: str) -> str | None:
    """Return the license that the only ending one of an expression names itself; None where none does.

    :raises licenses.expressions.ExpressionError: no expression.
    """
    named = {_FOLLOWED_BY[leaf.id] for leaf in leaves(parse(expression)) if leaf.id in _FOLLOWED_BY}
    return named.pop() if len(named) == 1 else None


def _ends(leaf: License, refs: Mapping[str, Terms] | None) -> bool:
    return "expires" in of_license(leaf, refs).conditions


def _replaced(node: Expression, other: Expression, refs: Mapping[str, Terms] | None) -> Expression:
    if isinstance(node, License):
        return other if _ends(node, refs) else node
    parts = tuple(_replaced(part, other, refs) for part in node.parts)
    return And(parts) if isinstance(node, And) else Or(parts)


def _day(said: str) -> date | None:
    plain = " ".join(said.split()).rstrip(".")
    for form in _FORMATS:
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _expression(said: str) -> str | None:
    named = recognise(_PUBLISHER.sub("", " ".join(said.split())).rstrip("."))
    return named.expression if named else None
