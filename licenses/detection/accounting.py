"""Whether words that differ from a template could carry a condition.

What is known to be harmless is let through: names, titles, addresses, numbering, the same words written
otherwise. Anything else is an alteration, and a person is asked.
"""

import re
from dataclasses import dataclass

from licenses.detection.alignment import Difference
from licenses.detection.sentences import CARRIES, STRONG, TITLE_WORDS, carrying, outside_links
from licenses.detection.templates import FIXED, Template
from licenses.vocabulary import vocabulary
from licenses.words import Words

_LIGHT = re.compile(r"^(?:[0-9]{1,2}[a-z]?|[a-z]|i{1,3}|iv|vi{0,3}|ix|xi{0,3}|xiv|xv|dnl|rem|第[0-9]+条)$")
_HEADINGS = vocabulary("headings")
_HOLDERS = vocabulary("holders")
"""How templates call those who gave the license; a file may name them instead."""

_HARMLESS_WORDS = vocabulary("addresses")
"""Articles and the like, and the addresses that the FSF has had."""

_CRITICAL_SMALL = frozenset({"no", "not", "nor", "or", "non", "may", "if", "but"})

_KNOWN_CHANGES = {
    ("", "and its documentation"),
    ("", "and associated documentation"),
    ("an example is provided in the appendix below", ""),
    ("an example is provided in appendix below", ""),
    ("copyleft", "licenses"),
    ("an", "a brief"),
}
"""Words left out or put in that well-known copies of a license have."""

_SAME_PHRASE = {
    frozenset(pair)
    for pair in (
        ("library", "lesser"),
        ("merchantability", "merchantibility"),
        ("contributors", "contributor"),
        ("holders", "holder"),
        ("authors", "author"),
        ("regents", "author"),
        ("disclaims", "disclaim"),
        ("expressed", "express"),
        ("names", "name"),
        ("their", "its"),
        ("i", "we"),
        ("fsf", "gnu"),
        ("disclaimers", "disclaimer"),
        ("copyrights", "copyright"),
        ("program", "software"),
        ("program", "library"),
        ("program", "package"),
        ("library", "software"),
        ("package", "software"),
        ("font", "software"),
        ("module", "software"),
        ("work", "software"),
        ("code", "software"),
        ("contributors", "authors"),
        ("contributors", "holders"),
        ("holders", "authors"),
        ("contributor", "author"),
        ("holder", "author"),
        ("file", "software"),
        ("whether", "if"),
        ("which", "that"),
        ("an", "a"),
        ("any", "its"),
        ("that", "which"),
    )
}
"""Words that licenses are found with in each other's place, with no change of what is asked."""


def is_numbering(one: Difference, words: Words) -> bool:
    """Say whether only the number of a clause was put in; templates have none."""
    return one.place == one.place_end and all(map(_LIGHT.match, words.words[one.at : one.at_end]))


_LIMITING = re.compile(
    r"^(?:non|no|not|must|shall|prohibit\w*|forbid\w*|forbidden|restrict\w*|only|except|unless|fees?|pay|paid|"
    r"commercial\w*|noncommercial\w*|permission|personal|private|educational|research|military|sell|profit|"
    r"internal|evaluation|provided|prior|consent)$"
)


def limits(words: list[str]) -> bool:
    """Say whether words that were put in take something away, other than “version 2 only”."""
    if words == ["only"] or any(word.isdigit() or word == "version" for word in words):
        words = [word for word in words if word != "only"]
    return any(_LIMITING.match(word) for word in words)


def alterations(template: Template, found: list[Difference], words: Words) -> list[Difference]:
    """Return those differences that could carry a condition."""
    required = hardness(template, found)
    return [one for one in found if not _harmless(template, required, one, words)]


def hardness(template: Template, found: list[Difference]) -> bytes:
    """Return the softness of each word, with optional parts fixed where the file has begun them."""
    required = bytearray(template.softness)
    missing = {at for one in found for at in range(one.place, one.place_end)}
    for places in template.groups.values():
        if len(places) < _SMALL_PART:
            continue
        present = 1 - sum(at in missing for at in places) / len(places)
        if present >= (_BEGUN if len(places) >= _LONG_PART else _MOSTLY):
            for at in places:
                required[at] = FIXED
    return bytes(required)


_SMALL_PART, _LONG_PART, _BEGUN, _MOSTLY = 20, 100, 0.1, 0.5
"""Words of an optional part that is small or long, and shares of it that show it was meant to be there."""


@dataclass(frozen=True, slots=True)
class _Change:
    """One difference, as its rules look at it: fixed words missing, words added, words around."""

    template: Template
    place: Difference
    words: Words
    missing: list[str]
    whole: list[str]
    added: list[str]


def _harmless(template: Template, required: bytes, one: Difference, words: Words) -> bool:
    missing = [template.words[at] for at in range(one.place, one.place_end) if required[at] == FIXED]
    added = words.words[one.at : one.at_end]
    if not missing and not added:
        return True
    change = _Change(template, one, words, missing, template.words[one.place : one.place_end], added)
    return any(rule(change) for rule in _RULES)


def _is_spaced_otherwise(change: _Change) -> bool:
    return "".join(change.added) in {"".join(change.missing), "".join(change.whole)}


def _is_another_year(change: _Change) -> bool:
    """Say whether it is the year of a copyright line."""
    before = change.template.words[max(change.place.place - 2, 0) : change.place.place]
    years = [*change.missing, *change.added]
    return len(years) == 2 and all(map(_YEAR.match, years)) and not _COPYRIGHT.isdisjoint(before)


_YEAR, _COPYRIGHT = re.compile(r"^(?:19|20)[0-9]{2}$"), frozenset({"copyright", "c"})


def _is_numbering(change: _Change) -> bool:
    in_header = change.template.names[0][0] == "header" and any(map(str.isdigit, change.missing))
    if in_header or _numbers_differ(change.missing, change.added):
        return False
    return _only_light(change.missing, frozenset()) and _only_light(change.added, _HEADINGS)


def _names_the_holder(change: _Change) -> bool:
    if not change.missing or not _HOLDERS.issuperset(change.missing):
        return False
    return bool(change.added) and _names_somebody(change.added)


def _lacks_a_head(change: _Change) -> bool:
    """Say whether a header only lacks who holds the copyright, and the word before the name."""
    in_head = change.place.place == 0 and change.template.names[0][0] == "header"
    return in_head and not change.added and _HEAD_WORDS.issuperset(change.missing)


def _is_known(change: _Change) -> bool:
    if change.missing[:3] == ["spdx", "license", "identifier"] and not change.added:
        return True
    return (" ".join(change.missing), " ".join(change.added)) in _KNOWN_CHANGES


def _names_in_an_optional_part(change: _Change) -> bool:
    if not change.whole or change.missing or not _names_somebody(change.added):
        return False
    return not any(CARRIES.match(word) and word not in TITLE_WORDS for word in change.added)


def _fills_a_blank(change: _Change) -> bool:
    blank = change.template.blank_at(change.place.place, change.place.place_end)
    if blank is None or change.missing:
        return False
    return _fills(blank.wordings, change.place, change.words)


def _is_a_placeholder(change: _Change) -> bool:
    """Say whether the words stand in brackets, as what a form asks to be filled in."""
    at, end = change.place.at, change.place.at_end
    if at >= end or end - at > 15:
        return False
    text, first, last = change.words.text, change.words.starts[at], change.words.ends[end - 1]
    return text[first - 1 : first] + text[last : last + 1] in {"<>", "{}", "[]"}


def _means_the_same(change: _Change) -> bool:
    return _same_meaning(change.missing, change.added)


def _is_a_link(change: _Change) -> bool:
    return not change.missing and _in_addresses(change.words, change.place)


def _puts_in_a_name(change: _Change) -> bool:
    return not change.missing and _is_name(change.place, change.words)


def _only_light(mine: list[str], also: frozenset[str]) -> bool:
    return all(
        _LIGHT.match(word) or word in also or (word in _HARMLESS_WORDS and word not in _CRITICAL_SMALL)
        for word in mine
    )


_HEAD_WORDS = _HOLDERS | frozenset(("licensed", "under", "is", "file", "this"))
"""What a header may lack at its beginning: who holds the copyright, and the word before the name."""


def _numbers_differ(missing: list[str], added: list[str]) -> bool:
    """Say whether one number stands for another, as in another version; postal addresses do not count."""
    mine = {word for word in missing if word.isdigit() and word not in _HARMLESS_WORDS}
    theirs = {word for word in added if word.isdigit() and word not in _HARMLESS_WORDS}
    return bool(mine and theirs and mine != theirs)


def _names_somebody(added: list[str]) -> bool:
    return len(added) <= 25 and not any(STRONG.match(word) for word in added)


_LICENSE_NAMES = vocabulary("license_names")
"""Words by which one license's name differs from another's."""


def _is_name(one: Difference, words: Words) -> bool:
    """Say whether only a name was put in: capital letters, and no word that says more."""
    added = words.words[one.at : one.at_end]
    telling = [word for word in added if word != "or"]
    if len(added) > 8 or any(w in _LICENSE_NAMES or CARRIES.match(w) for w in telling):
        return False
    written = re.findall(r"[^\W_]+", words.passage(one.at, one.at_end))
    return all(word[0].isupper() or word in _HARMLESS_WORDS or word == "or" for word in written)


def _same_meaning(missing: list[str], added: list[str]) -> bool:
    if len(missing) != len(added) or len(missing) > 6:
        return False
    return all(map(_same_word, missing, added))


def _same_word(mine: str, theirs: str) -> bool:
    if mine == theirs or frozenset((mine, theirs)) in _SAME_PHRASE:
        return True
    return min(len(mine), len(theirs)) >= 5 and mine.isalpha() and _one_edit(mine, theirs)


def _one_edit(mine: str, theirs: str) -> bool:
    """Say whether one letter typed wrong, left out or doubled tells two words apart."""
    if abs(len(mine) - len(theirs)) > 1:
        return False
    shorter, longer = sorted((mine, theirs), key=len)
    at = next((n for n, c in enumerate(shorter) if c != longer[n]), len(shorter))
    if len(shorter) == len(longer):
        swapped = shorter[at + 1 : at + 2] + shorter[at : at + 1] + shorter[at + 2 :]
        return shorter[at + 1 :] == longer[at + 1 :] or swapped == longer[at:]
    return shorter[at:] == longer[at + 1 :]


def _fills(wordings: frozenset[str] | None, one: Difference, words: Words) -> bool:
    """Say whether words may stand in a blank: one of its wordings, or names and copyright lines."""
    added = words.words[one.at : one.at_end]
    if wordings is not None:
        joined = " ".join(added)
        return any(joined == wording or joined in wording for wording in wordings)
    return _names_somebody(added) or not carrying(words, one.at, one.at_end)


def _in_addresses(words: Words, one: Difference) -> bool:
    """Say whether the words are only links and e-mail addresses."""
    return not outside_links(words.passage(one.at, one.at_end)).strip(" \t\r\n.,;:()[]<>*#/-\"'")


_RULES = (
    _is_spaced_otherwise,
    _is_another_year,
    _is_numbering,
    _names_the_holder,
    _lacks_a_head,
    _is_known,
    _puts_in_a_name,
    _names_in_an_optional_part,
    _fills_a_blank,
    _is_a_placeholder,
    _means_the_same,
    _is_a_link,
)
"""Why words may differ from a template: any one reason is enough."""
