"""The parameters of the Business Source License: its maker fills them in, so they are no alteration.

What they say (what else is allowed, from which day which license applies) is for a person to read.
"""

import re

_BLOCK = re.compile(
    r"""(?imsx) ^\W{0,6} parameters \W{0,6}$ .{0,8000}?
    (?= ^\W{0,6} (?: terms \W{0,6}$ | licen[sc]e[ ]text[ ]copyright ) )"""
)
_TERMS = re.compile(r"(?i)\beffective\s+on\s+the\s+change\s+date\b")
_LABELS = ("licensor:", "licensed work:", "change date:", "change license:")
ASKS = "the parameters of BUSL-1.1 are its maker's own; read them, and record the change date and license"


def parameters_in(text: str) -> tuple[int, int] | None:
    """Return the characters of the parameters that stand before the terms, None where there are none."""
    if "business source license" not in text[:20_000].lower():
        return None
    found = _BLOCK.search(text)
    if found is None or not _TERMS.search(text, found.end(), found.end() + 1_500):
        return None
    plain = found[0].lower()
    return found.span() if all(label in plain for label in _LABELS) else None
