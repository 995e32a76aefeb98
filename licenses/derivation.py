"""Whether a changed version keeps the license that its original asks it to keep (``same_license``). Pure.

Every alternative that a recipient of the changed version may choose must keep it. Going over to a later
version is keeping it where the original says *or later*, or where its own text allows later versions.
"""

import re
from collections.abc import Mapping

from licenses.expressions import And, Expression, License, Or, parse
from licenses.terms import Terms, of_license

_VERSIONED = re.compile(r"(?P<name>.+?)-(?P<version>\d+(?:\.\d+)*)(?P<end>-only|-or-later)?$")
#: Their texts let changed versions go over to a later version of themselves.
_LATER_BY_TEXT = frozenset(("CC-BY-SA", "CC-BY-NC-SA", "CECILL", "EPL", "EUPL", "MPL", "OSL"))


def keeps_license(original: str, changed: str, refs: Mapping[str, Terms] | None = None) -> bool:
    """Say whether ``changed`` keeps what ``original`` asks to be kept.

    :raises licenses.expressions.ExpressionError: either is no expression.
    """
    return _kept(parse(original), parse(changed), refs)


def _kept(original: Expression, changed: Expression, refs: Mapping[str, Terms] | None) -> bool:
    if isinstance(original, And):
        return all(_kept(part, changed, refs) for part in original.parts)
    if isinstance(original, Or):
        return any(_kept(part, changed, refs) for part in original.parts)
    asks = "same_license" in of_license(original, refs).conditions
    return not asks or _holds(changed, original)


def _holds(changed: Expression, original: License) -> bool:
    """Say whether the license stands in an expression, whichever alternative is chosen."""
    if isinstance(changed, And):
        return any(_holds(part, original) for part in changed.parts)
    if isinstance(changed, Or):
        return all(_holds(part, original) for part in changed.parts)
    return _same(original, changed)


def _same(original: License, changed: License) -> bool:
    if changed.exception not in {None, original.exception}:
        return False  # it would permit more than the original does
    if original.id == changed.id:
        return original.later or not changed.later
    mine, theirs = _VERSIONED.match(original.id), _VERSIONED.match(changed.id)
    if not mine or not theirs or mine["name"] != theirs["name"]:
        return False
    later = original.later or mine["end"] == "-or-later" or mine["name"] in _LATER_BY_TEXT
    if not later:
        return mine["version"] == theirs["version"] and theirs["end"] != "-or-later" and not changed.later
    return _numbers(theirs["version"]) >= _numbers(mine["version"])


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]
