"""Whether new terms allow more or less than old ones: by facets, and by what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from licenses.expressions import normalise
from licenses.terms import FACETS, SCOPES, Permission, Terms, of_expression


@dataclass(frozen=True, slots=True)
class Comparison:
    """How new terms stand to old ones: same, wider, narrower or sideways; each facet likewise.

    ``added`` and ``dropped`` are conditions that only the new or only the old terms have.
    """

    change: str
    facets: dict[str, dict[str, str]]
    added: list[str]
    dropped: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return what ``python -m licenses compare`` prints."""
        return {
            "class": self.change,
            "facets": self.facets,
            "conditions": {"added": self.added, "dropped": self.dropped},
        }


def compare(
    old: str,
    new: str,
    refs: Mapping[str, Terms] | None = None,
    old_refs: Mapping[str, Terms] | None = None,
) -> Comparison:
    """Compare two expressions by what they allow and ask; more conditions are narrower.

    ``refs`` are the terms of ``LicenseRef-`` names, ``old_refs`` those of the old expression's where a
    name stood for other terms then.

    :raises licenses.expressions.ExpressionError: one of them is no expression.
    """
    before = of_expression(old, refs if old_refs is None else old_refs)
    after = of_expression(new, refs)
    facets = {name: _facet(getattr(before, name), getattr(after, name)) for name in FACETS}
    changes = {facet["class"] for facet in facets.values()}
    if not _allows_nothing(before) and not _allows_nothing(after):
        changes |= _asked(before, after)
    if _unknown(before, after) and normalise(old) != normalise(new):
        changes |= {"wider", "narrower"}
    return Comparison(
        _overall(changes),
        facets,
        [name for name in after.listed_conditions if name not in before.conditions],
        [name for name in before.listed_conditions if name not in after.conditions],
    )


def _facet(before: Permission, after: Permission) -> dict[str, str]:
    change = "same" if before == after else "wider" if after > before else "narrower"
    return {"old": before.word, "new": after.word, "class": change}


def _asked(before: Terms, after: Terms) -> set[str]:
    """Compare what is asked; of terms that allow nothing at all it means nothing."""
    changes = set()
    if after.conditions - before.conditions or _reach(after) > _reach(before):
        changes.add("narrower")
    if before.conditions - after.conditions or _reach(after) < _reach(before):
        changes.add("wider")
    return changes


def _allows_nothing(terms: Terms) -> bool:
    return all(getattr(terms, name) is Permission.NO for name in FACETS)


def _reach(terms: Terms) -> int:
    return SCOPES.index(terms.scope)


def _unknown(before: Terms, after: Terms) -> bool:
    """Two unknown terms cannot be called the same, whatever their empty conditions say."""
    return Permission.UNKNOWN in {before.redistribute} & {after.redistribute}


def _overall(changes: set[str]) -> str:
    changes = changes - {"same"}
    return changes.pop() if len(changes) == 1 else "sideways" if changes else "same"
