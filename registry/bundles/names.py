"""Names that people would take for another: what they look like, which typing slips lead to them.

Pure. The store keeps :func:`skeleton` of every name in an indexed column; :func:`likenesses` gives
the few hundred skeletons to look up there, so that no check ever walks through all listings.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import permutations

from confusable_homoglyphs import confusables

SEPARATORS = re.compile(r"[\s._\-]+")
#: Shorter names are too near to one another for a typing slip to mean anything.
SLIPS_FROM_LENGTH = 5
#: Longer names are compared as they are: no person types them.
SLIPS_TO_LENGTH = 64
#: One letter of each group that looks alike; no digits, since ``trakt2`` is an honest name.
LETTERS = "abcdefghijkmnopqrstuvwxyz"
#: Words that only the operator's own publishers may bear alone, or anybody in disguise.
RESERVED_WORDS = frozenset(
    {
        *("admin", "marquee", "moderator", "official", "security", "support", "system"),
        *("android", "appimage", "emby", "flathub", "flatpak", "jellyfin", "kodi", "plex", "roku"),
        *("samsung", "stash", "tizen", "webos", "xbmc"),
    }
)
_PROFILE_ROUNDS = 4


class Likeness(StrEnum):
    """How a new name resembles another; the first is certain, the others ask for a person."""

    LOOK = "looks the same"
    WORDS = "has the same words in another order"
    SWAPPED = "differs by two swapped characters"
    REPEATED = "differs by a repeated character"
    OMITTED = "differs by an omitted character"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A name that exists, and how the new one resembles it."""

    name: str
    likeness: Likeness


def ultranormal(name: str) -> str:
    """Return PyPI's form: lower case, without ``. _ -``, ``l`` and ``i`` as 1, ``o`` as 0."""
    return name.lower().translate(_ULTRANORMAL)


_ULTRANORMAL = str.maketrans("lio", "110", "._-")


def skeleton(name: str) -> str:
    """Return what a name looks like: equal for two names that people cannot tell apart.

    Unicode's skeleton (UTS 39, section 4) without case, marks and separators, then PyPI's form.
    Applying it twice changes nothing.
    """
    for _ in range(_PROFILE_ROUNDS):
        seen, name = name, _looked_at(name)
        if seen == name:
            break
    return name


def likenesses(name: str) -> Mapping[str, Likeness]:
    """Return the skeletons that ``name`` could be mistaken for, and how it resembles each."""
    found = {skeleton(name): Likeness.LOOK}
    for likeness, forms in _slips(name):
        for form in forms:
            found.setdefault(skeleton(form), likeness)
    return found


def too_similar(new: str, existing: Iterable[str]) -> Neighbour | None:
    """Return the existing name that ``new`` resembles most, or None; the same name is no neighbour.

    ``existing`` are the names whose stored skeleton is one of :func:`likenesses`; more do no harm.
    """
    near = likenesses(new)
    order = list(Likeness)
    neighbours = [
        Neighbour(name, near[skeleton(name)]) for name in existing if name != new and skeleton(name) in near
    ]
    return min(neighbours, key=lambda n: (order.index(n.likeness), n.name), default=None)


def reserved_word(name: str, words: Iterable[str] = RESERVED_WORDS) -> str | None:
    """Return the reserved word that ``name`` is or that a word of it imitates (``p1ex-agent``).

    A reserved word beside others, plainly written (``composite for plex``), is a description.
    """
    looks = {skeleton(word): word for word in words}
    whole = looks.get(skeleton(name))
    if whole is not None:
        return whole
    disguised = (
        looks[skeleton(word)]
        for word in SEPARATORS.split(name)
        if skeleton(word) in looks and word.lower() != looks[skeleton(word)]
    )
    return next(disguised, None)


def _looked_at(name: str) -> str:
    drawn = _drawn(unicodedata.normalize("NFD", name))
    plain = unicodedata.normalize("NFKD", drawn).casefold()
    return ultranormal(SEPARATORS.sub("", _visible(plain)))


def _drawn(name: str) -> str:
    """Return a name with every character as the centre of its group."""
    # Nearly every name is ASCII, and its hundreds of likenesses are too: one step for all characters.
    return name.translate(_ascii_prototypes()) if name.isascii() else "".join(map(_prototype, name))


@cache
def _ascii_prototypes() -> dict[int, str]:
    return {code: _prototype(chr(code)) for code in range(128)}


def _visible(name: str) -> str:
    if name.isascii():
        return name.translate(_ASCII_CONTROLS)
    return "".join(c for c in name if unicodedata.category(c) not in {"Mn", "Me", "Cf", "Cc"})


_ASCII_CONTROLS = dict.fromkeys((*range(32), 127))


@lru_cache(maxsize=4096)
def _prototype(character: str) -> str:
    """Return the centre of a character's group: a look-alike is listed with its centre alone."""
    alike = _alike(character)
    if len(alike) != 1:
        return character
    other: str = alike[0]
    if len(_alike(other)) > 1:
        return other
    # A pair does not tell its centre: the longer one cannot be met character by character.
    return max(character, other, key=lambda text: (len(text), text.isascii(), text))


def _alike(text: str) -> list[str]:
    return [entry["c"] for entry in confusables.confusables_data.get(text, ())]


def _slips(name: str) -> Iterator[tuple[Likeness, Iterable[str]]]:
    folded = name.casefold()
    yield Likeness.WORDS, _swapped_words(folded)
    if SLIPS_FROM_LENGTH <= len(folded) <= SLIPS_TO_LENGTH:
        yield Likeness.SWAPPED, _swapped(folded)
        yield Likeness.REPEATED, _repeated(folded)
        yield Likeness.OMITTED, _omitted(folded)


def _swapped_words(name: str) -> Iterator[str]:
    words = SEPARATORS.split(name)
    if len(words) <= 4:
        yield from map(".".join, permutations(words))
        return
    for at in range(len(words) - 1):
        yield ".".join([*words[:at], words[at + 1], words[at], *words[at + 2 :]])


def _swapped(name: str) -> Iterator[str]:
    for at in range(len(name) - 1):
        yield name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _repeated(name: str) -> Iterator[str]:
    for at in range(len(name) - 1):
        if name[at] == name[at + 1] and not name[at].isdigit():
            yield name[:at] + name[at + 1 :]


def _omitted(name: str) -> Iterator[str]:
    for at in range(len(name) + 1):
        for letter in LETTERS:
            yield name[:at] + letter + name[at:]
