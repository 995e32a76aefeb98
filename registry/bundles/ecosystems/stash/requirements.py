"""Which packages of one index can be installed, and all that each of them needs.

Stash's page follows ``requires`` itself: an id that is missing breaks the selection and a circle
never ends. So a package stays out when anything it needs is missing or leads back to it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

MOST = 100


class Closures(NamedTuple):
    """For each package that can be installed all ids it needs, sorted; for others the reason."""

    requires: dict[str, list[str]]
    left_out: dict[str, str]


def closures(wanted: Mapping[str, Sequence[str]]) -> Closures:
    """Follow what each id asks for, at any remove. Chains may be of any length."""
    complete: dict[str, set[str]] = {}
    left_out: dict[str, str] = {}
    for start in wanted:
        _walk(start, wanted, complete, left_out)
    return Closures({key: sorted(needs) for key, needs in complete.items()}, left_out)


def _walk(
    start: str,
    wanted: Mapping[str, Sequence[str]],
    complete: dict[str, set[str]],
    left_out: dict[str, str],
) -> None:
    """Settle ``start`` and all below it, deepest first, without recursion."""
    trail = {start: None}  # a dict, since order and membership both count
    while trail:
        here = next(reversed(trail))
        if here in complete or here in left_out:
            trail.popitem()
            continue
        unsettled = [i for i in wanted[here] if i in wanted and not (i in complete or i in left_out)]
        circle = next((i for i in unsettled if i in trail), None)
        if circle is not None:
            names = list(trail)
            for each in names[names.index(circle) :]:
                left_out[each] = f"It requires itself by way of {circle}; Stash would never finish."
        elif unsettled:
            trail[unsettled[0]] = None
        else:
            _settle(here, wanted[here], complete, left_out)


def _settle(here: str, needs: Sequence[str], complete: dict[str, set[str]], left_out: dict[str, str]) -> None:
    lacking = next((i for i in needs if i not in complete), None)
    if lacking in left_out:
        left_out[here] = f"It requires {lacking}, which is left out itself."
    elif lacking is not None:
        left_out[here] = f"It requires {lacking}, which is not offered here."
    elif len(everything := set(needs).union(*(complete[i] for i in needs))) > MOST:
        left_out[here] = f"It requires {len(everything)} packages; at most {MOST} are listed."
    else:
        complete[here] = everything
