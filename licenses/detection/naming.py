"""Names of licenses in running text: the longest that is known, several in a row, and what joins them."""

import re
from dataclasses import dataclass, field
from functools import cache

from licenses.aliases import is_telling, name_words, table
from licenses.families import longest, starts
from licenses.vocabulary import vocabulary
from licenses.words import Words

_MOST_NAMES = 8
_MOST_WORDS = 40


@dataclass(slots=True)
class Names:
    """Names in a row: their expressions, where they end, and how they are joined."""

    at: int
    expressions: list[str | None] = field(default_factory=list)
    joints: set[str] = field(default_factory=set)
    lower_bound: bool = False
    texts: list[str] = field(default_factory=list)


def names_at(words: Words, at: int, last: int) -> Names:
    """Read license names joined by commas, “or” and “and”, from word ``at`` on."""
    found = Names(at)
    while len(found.expressions) < _MOST_NAMES:
        one = name_at(words, at, last)
        if one is None:
            break
        end, expression, bound = one
        found.expressions.append(expression)
        found.texts.append(words.passage(at, end))
        found.lower_bound |= bound
        found.at = end
        joint = _joint(words, end, last)
        if joint is None:
            break
        found.joints |= joint[1]
        at = joint[0]
    return found


def name_at(words: Words, at: int, last: int) -> tuple[int, str | None, bool] | None:
    """Return the end, expression and lower bound of the longest known name at a word."""
    if not _may_begin(words, at, last):
        return None
    telling = name_words(words, at, _name_limit(words, at, min(last, at + _MOST_WORDS)))
    plain = [word for word, _ in telling]
    best: tuple[int, str | None, bool] | None = None
    if family := longest(plain):
        best = (family.length, family.expression, family.lower_bound)
    for size in range(min(len(plain), 14), best[0] if best else 0, -1):
        if alias := table().get(" ".join(plain[:size])):
            best = (size, alias.expression, alias.lower_bound)
            break
    if best is None or best[0] == 0 or _is_everyday(plain[: best[0]], words, at):
        return None
    end = telling[best[0] - 1][1]
    if _goes_on(words, end):
        return None
    return _with_license(words, end, min(last, at + _MOST_WORDS)), best[1], best[2]


def _with_license(words: Words, end: int, last: int) -> int:
    """Take the word “license” behind a name along, but not the name of a file or an address in brackets."""
    while end < last and words.words[end] in {"license", "licenses"}:
        if "<" in words.text[words.ends[end - 1] : words.starts[end]]:
            break
        end += 1
    return end


def _goes_on(words: Words, end: int) -> bool:
    """Say whether a hyphen joins more to a name than “MIT-licensed” does: then it is another name."""
    after = words.ends[end - 1]
    if not re.match(r"-[A-Za-z]", words.text[after : after + 2]) or end >= len(words):
        return False
    return words.words[end] not in {"license", "licensed", "style", "like", "compatible", "or"}


def _may_begin(words: Words, at: int, last: int) -> bool:
    """Say at once of most words that no name begins with them."""
    for n in range(at, min(last, at + 4)):
        if first := is_telling(words.words[n]):
            return first in _first_words() or first.isdigit()
    return False


@cache
def _first_words() -> frozenset[str]:
    return frozenset(name.partition(" ")[0] for name in table()) | starts()


def _is_everyday(plain: list[str], words: Words, at: int) -> bool:
    """Say whether a name is also an ordinary word and is not written as a name."""
    if len(plain) > 1:
        return False
    written = words.text[words.starts[at] : words.ends[at]]
    return plain[0].isdigit() or (written.islower() and plain[0] in _EVERYDAY)


_EVERYDAY = vocabulary("everyday")


def _name_limit(words: Words, at: int, last: int) -> int:
    """Return where the sentence ends that a name stands in."""
    for n in range(at + 1, last):
        between = words.text[words.ends[n - 1] : words.starts[n]]
        if re.search(r"\n[\s#*/;%!>-]*\n|[!?]\s", between):
            return n
        if re.search(r"\.\s", between) and not {words.words[n - 1], words.words[n]} & _VERSION_WORDS:
            return n
    return last


_VERSION_WORDS = frozenset(("version", "v", "ver", "either"))


_LINK_BEHIND = re.compile(
    r"""(?x)[\s"'\u201d\u2019]*(?: \][\[(][^\])\s]*[\])] | \(?<?https?://[^\s>)]+[>)]?
      | <[\w./-]{1,40}\s+or[\s/*\#]{1,9}https?://[^\s>]{1,200}>
      | \((?:the\s+)?["'\u201c][^)]{1,40}\) | \([A-Za-z0-9\ .+-]{1,12}\) )"""
)


def _past_link(words: Words, at: int, last: int) -> int:
    """Return the word after an address that stands behind a name, in brackets or not."""
    for _ in range(2):
        if at >= last:
            return at
        rest = words.text[words.ends[at - 1] : words.ends[at - 1] + 400]
        link = _LINK_BEHIND.match(rest)
        if link is None:
            return at
        stop = words.ends[at - 1] + link.end()
        while at < last and words.starts[at] < stop:
            at += 1
    return at


def _joint(words: Words, at: int, last: int) -> tuple[int, set[str]] | None:
    """Return where the next name begins and which of “or”, “and”, a comma stands before it."""
    said: set[str] = set()
    at = _past_link(words, at, last)
    start = at
    while at < min(last, start + 7):
        between = words.text[words.ends[at - 1] : words.starts[at]]
        if "," in between or "/" in between or "|" in between:
            said.add("/" if "/" in between or "|" in between else ",")
        if re.search(r"[.;!?]\s|\n\s*\n", between):
            return None
        if words.words[at] in {"or", "and"}:
            said.add(words.words[at])
        elif words.words[at] not in {
            "the",
            "under",
            "a",
            "an",
            "either",
            "at",
            "your",
            "option",
            "choice",
            "terms",
            "of",
            "license",
            "licenses",
            "version",
            "both",
            "by",
        } or (said and name_at(words, at, last)):
            break
        at += 1
    return (at, said) if said and at < last and name_at(words, at, last) else None
