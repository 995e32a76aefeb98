"""GNU's and Creative Commons' licenses by their many names: family, version, parts, *or later*.

Sources: https://www.gnu.org/licenses/identify-licenses-clearly.html and
https://creativecommons.org/licenses/. A name without a version stays ambiguous.
"""

from dataclasses import dataclass

from licenses.spdx import LICENSES
from licenses.vocabulary import vocabulary

GNU_SOURCE = "https://www.gnu.org/licenses/identify-licenses-clearly.html"
CC_SOURCE = "https://creativecommons.org/licenses/"

_GNU_STARTS = vocabulary("gnu_starts")
_GNU_WORDS = _GNU_STARTS | frozenset(["public", "free", "documentation"])
FILLING = vocabulary("gnu_filling")
_ABBREVIATIONS = frozenset(["gpl", "lgpl", "agpl", "gfdl", "fdl"])
_LATER = vocabulary("gnu_later")
_ONLY = frozenset(("only", "exactly"))
_CC_STARTS = frozenset(("creative", "cc", "attribution", "ccby"))
_CC_PARTS = {
    "by": "BY", "attribution": "BY",
    "nc": "NC", "noncommercial": "NC", "commercial": "NC",
    "sa": "SA", "sharealike": "SA", "alike": "SA",
    "nd": "ND", "noderivs": "ND", "noderivatives": "ND", "derivs": "ND", "derivatives": "ND",
    "derivative": "ND",
}  # fmt: skip
_CC_WORDS = vocabulary("creative_commons")
_CC_ORDER = ("BY", "NC", "SA", "ND")
_PORTS = {"igo": "IGO", "germany": "DE", "austria": "AT", "australia": "AU", "netherlands": "NL"}
_OTHER_PORTS = vocabulary("other_ports")


@dataclass(frozen=True, slots=True)
class Named:
    """How many words a name takes, and its license; None where it could mean several."""

    length: int
    expression: str | None
    lower_bound: bool
    source: str


def starts() -> frozenset[str]:
    """Return the words that a name of these families can begin with, besides numbers."""
    return _GNU_STARTS | _CC_STARTS | {"either"}


def longest(words: list[str]) -> Named | None:
    """Return the longest name of a GNU or Creative Commons license that ``words`` begin with."""
    if not words:
        return None
    if words[0] in _GNU_STARTS or words[0].isdigit() or words[0] == "either":
        return _gnu(words)
    if words[0] in _CC_STARTS:
        return _creative_commons(words)
    return None


def _gnu(words: list[str]) -> Named | None:
    end = _one_family(words, _take(words, _GNU_WORDS | FILLING | _LATER | _ONLY, 40))
    taken = words[: _trimmed(words[:end])]
    family = _family(taken)
    if family is None:
        return None
    versions = _gnu_versions(family, taken)
    if not versions:
        return Named(len(taken), None, lower_bound=False, source=GNU_SOURCE)
    later, only = not _LATER.isdisjoint(taken), not _ONLY.isdisjoint(taken)
    ends = ["only"] * (len(versions) - 1) + ["or-later" if later else "only"]
    ids = [LICENSES.get(f"{family}-{v}-{e}".lower()) for v, e in zip(versions, ends, strict=True)]
    if None in ids:
        return None
    joint = " AND " if "and" in taken and "or" not in taken else " OR "
    expression = joint.join(str(one) for one in ids)
    bound = not later and not only and len(ids) == 1
    return Named(len(taken), expression, lower_bound=bound, source=GNU_SOURCE)


def _one_family(words: list[str], end: int) -> int:
    """Return where a second license begins: an abbreviation after the first one's version."""
    named: set[str] = set()
    for at in range(end):
        if words[at] in _ABBREVIATIONS or words[at] == "gnu":
            family = _family(_until_number(words[at : at + 4])) or ""
            if named and family not in named and any(map(_is_number, words[:at])):
                return at
            named.add(family)
    return end


def _until_number(words: list[str]) -> list[str]:
    """Return an abbreviation alone, or the words of a name before its version."""
    if words[0] in _ABBREVIATIONS:
        return words[:1]
    return words[: next((at for at, word in enumerate(words) if _is_number(word)), len(words))]


def _take(words: list[str], allowed: frozenset[str], limit: int) -> int:
    end = 0
    while end < min(len(words), limit) and (words[end] in allowed or _is_number(words[end])):
        end += 1
    return end


def _is_number(word: str) -> bool:
    return word.isdigit() and len(word) == 1


def _trimmed(taken: list[str]) -> int:
    """Return the length without the filling words at the end."""
    end = len(taken)
    while end and taken[end - 1] in FILLING:
        end -= 1
    return end


def _family(taken: list[str]) -> str | None:
    has = set(taken)
    if has & {"agpl", "affero"}:
        return "AGPL"
    if has & {"lgpl", "lesser", "library"}:
        return "LGPL"
    if has & {"fdl", "gfdl", "documentation"}:
        return "GFDL"
    if "gpl" in has or {"general", "public"} <= has or {"gnu", "public"} <= has:
        return "GPL"
    return None


def _gnu_versions(family: str, taken: list[str]) -> list[str]:
    """Return the versions that the words name: ``2``, ``2 0`` and ``2 1`` are 2.0, 2.0, 2.1."""
    found: dict[str, None] = {}
    at = 0
    while at < len(taken):
        if _is_number(taken[at]):
            minor = taken[at + 1] if at + 1 < len(taken) and _is_number(taken[at + 1]) else ""
            exact = minor and f"{family}-{taken[at]}.{minor}-only".lower() in LICENSES
            found.setdefault(f"{taken[at]}.{minor}" if exact else f"{taken[at]}.0")
            at += bool(minor)
        at += 1
    return list(found)


def _creative_commons(words: list[str]) -> Named | None:
    end = _take(words, _CC_WORDS | frozenset(_CC_PARTS), 24)
    taken = words[:end]
    parts = {_CC_PARTS[word] for word in taken if word in _CC_PARTS}
    if not parts or ("creative" not in taken and "cc" not in taken and len(parts) < 2):
        return None
    numbers = [word for word in taken if _is_number(word)]
    ported = _port(words[end:])
    if "BY" not in parts or ported == "" or not numbers:
        return Named(end, None, lower_bound=False, source=CC_SOURCE)
    version = f"{numbers[0]}.{numbers[1] if len(numbers) > 1 else '0'}"
    kind = "-".join(part for part in _CC_ORDER if part in parts)
    port = f"-{ported}" if ported else ""
    expression = LICENSES.get(f"cc-{kind}-{version}{port}".lower())
    return Named(end + bool(ported), expression, lower_bound=False, source=CC_SOURCE)


def _port(after: list[str]) -> str | None:
    """Return the port's SPDX suffix, an empty text for a port that SPDX has no id for, else None."""
    if after and after[0] in _PORTS:
        return _PORTS[after[0]]
    return "" if after and after[0] in _OTHER_PORTS else None
