"""What a license allows and asks, and what an expression of several comes to.

The facts are rows of ``data/terms.tsv``, each with its source. What is not there is unknown, and
unknown is never a permission.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache, lru_cache
from typing import Any

from licenses.expressions import And, Expression, License, Or, parse
from licenses.spdx import DATA


class Permission(IntEnum):
    """How far something is allowed, from least to most."""

    NO = 0
    UNKNOWN = 1
    CONDITIONAL = 2
    YES = 3

    @property
    def word(self) -> str:
        """The word in JSON: no, unknown, conditional, yes."""
        return self.name.lower()


FACETS = ("use", "copy", "redistribute", "modify")
CONDITIONS = (
    "include_copyright",
    "include_license",
    "include_notice_file",
    "state_changes",
    "disclose_source",
    "same_license",
    "network_disclose",
    "attribution",
    "no_commercial",
    "field_of_use",
    "verbatim_only",
    "rename",
    "no_endorsement",
    "acceptance",
    "expires",
)
"""Every condition, in the order in which they are always listed."""

LIMITING = frozenset({"no_commercial", "field_of_use", "acceptance"})
"""Conditions that no delivery can fulfil: the recipient must know and agree."""

SCOPES = ("-", "library", "file", "work")
"""How far ``same_license`` reaches, from least to most."""

_LINKING = frozenset(
    {
        "Classpath-exception-2.0",
        "Classpath-exception-2.0-short",
        "eCos-exception-2.0",
        "FLTK-exception",
        "GCC-exception-2.0",
        "GCC-exception-2.0-note",
        "GCC-exception-3.1",
        "GNAT-exception",
        "GPL-3.0-linking-exception",
        "Independent-modules-exception",
        "LGPL-3.0-linking-exception",
        "Linux-syscall-note",
        "OCaml-LGPL-linking-exception",
        "Qwt-exception-1.0",
        "WxWindows-exception-3.1",
    }
)
"""Exceptions that let other works link without taking the license (SPDX's exception texts)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What may be done and what is asked; ``scope`` is how far ``same_license`` reaches.

    ``patent`` (yes: granted, no: withheld), ``trademark`` and ``warranty`` (no: none given) are for
    reading. ``branch`` names the alternative of an OR that these terms are of.
    """

    use: Permission
    copy: Permission
    redistribute: Permission
    modify: Permission
    conditions: frozenset[str] = frozenset()
    scope: str = "-"
    patent: str = "-"
    trademark: str = "-"
    warranty: str = "-"
    source: str = ""
    branch: str | None = None

    @property
    def facets(self) -> dict[str, str]:
        """The four permissions as words."""
        return {name: getattr(self, name).word for name in FACETS}

    @property
    def listed_conditions(self) -> list[str]:
        """The conditions in their fixed order."""
        return [name for name in CONDITIONS if name in self.conditions]

    def as_json(self, expression: str) -> dict[str, Any]:
        """Return what ``python -m licenses terms`` prints."""
        shown: dict[str, Any] = {
            "expression": expression,
            "facets": self.facets,
            "conditions": self.listed_conditions,
        }
        return shown if self.branch is None else shown | {"branch": self.branch}


UNKNOWN = Terms(Permission.UNKNOWN, Permission.UNKNOWN, Permission.UNKNOWN, Permission.UNKNOWN)
NOTHING = Terms(Permission.NO, Permission.NO, Permission.NO, Permission.NO)


@cache
def table() -> dict[str, Terms]:
    """Return the terms of every license that the table knows, by id."""
    lines = (DATA / "terms.tsv").read_text(encoding="utf-8").splitlines()
    return dict(_row(line) for line in lines if line and not line.startswith("#"))


def _row(line: str) -> tuple[str, Terms]:
    name, facets, conditions, scope, patent, trademark, warranty, source = line.split("\t")
    use, copy, redistribute, modify = (Permission[word.upper()] for word in facets.split())
    return name, Terms(
        use,
        copy,
        redistribute,
        modify,
        conditions=frozenset(conditions.split()) - {"-"},
        scope=scope,
        patent=patent,
        trademark=trademark,
        warranty=warranty,
        source=source,
    )


def of_license(leaf: License, refs: Mapping[str, Terms] | None = None) -> Terms:
    """Return one license's terms; ``refs`` are those a moderator set for ``LicenseRef-`` names."""
    if leaf.id in {"NONE", "NOASSERTION"}:
        return NOTHING
    found = (refs or {}).get(leaf.id) or table().get(leaf.id, UNKNOWN)
    if leaf.exception in _LINKING and found.scope in {"work", "file"}:
        return replace(found, scope="library")
    return found


def of_expression(expression: str | Expression, refs: Mapping[str, Terms] | None = None) -> Terms:
    """Return the terms of a whole expression: AND adds conditions up, OR takes its best branch.

    :raises licenses.expressions.ExpressionError: a text that is no expression.
    """
    if isinstance(expression, str):
        return _cached(expression) if not refs else of_expression(parse(expression), refs)
    if isinstance(expression, License):
        return of_license(expression, refs)
    parts = [of_expression(part, refs) for part in expression.parts]
    if isinstance(expression, And):
        return _all(parts, expression)
    best = max(range(len(parts)), key=lambda at: (generosity(parts[at]), -at))
    return replace(parts[best], branch=str(expression.parts[best]))


@lru_cache(maxsize=1024)
def _cached(expression: str) -> Terms:
    return of_expression(parse(expression))


def _all(parts: list[Terms], expression: Expression) -> Terms:
    return Terms(
        min(part.use for part in parts),
        min(part.copy for part in parts),
        min(part.redistribute for part in parts),
        min(part.modify for part in parts),
        conditions=frozenset().union(*(part.conditions for part in parts)),
        scope=max((part.scope for part in parts), key=SCOPES.index),
        patent=_least(part.patent for part in parts),
        trademark=_least(part.trademark for part in parts),
        warranty=_least(part.warranty for part in parts),
        source=" ".join(dict.fromkeys(part.source for part in parts if part.source)),
        branch=_without_choices(parts, expression),
    )


def _least(words: Iterable[str]) -> str:
    return min(words, key=("no", "-", "yes").index)


def _without_choices(parts: list[Terms], expression: Expression) -> str | None:
    if isinstance(expression, License) or all(part.branch is None for part in parts):
        return None
    chosen = zip(parts, expression.parts, strict=True)
    return " AND ".join(
        dict.fromkeys(
            part.branch or (f"({inner})" if isinstance(inner, Or) else str(inner)) for part, inner in chosen
        )
    )


def generosity(terms: Terms) -> tuple[int, ...]:
    """Return a key that orders terms from least to most generous, to choose a branch of an OR."""
    return (
        min(terms.redistribute, terms.copy),
        -len(terms.conditions & LIMITING),
        terms.use + terms.modify + terms.redistribute + terms.copy,
        -("disclose_source" in terms.conditions),
        -SCOPES.index(terms.scope),
        -len(terms.conditions),
    )
