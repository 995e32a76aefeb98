"""A text as the words that matter when licenses are compared, each with its place in the text.

Case, punctuation, white space and spelling do not count (SPDX matching guidelines); every letter
and digit does. Templates and files are cut by the same rule, so that they compare word by word.
"""

import re
from dataclasses import dataclass
from functools import cached_property

_WORD = re.compile(r"[^\W_]+")
_ONE_TO_ONE = str.maketrans({"©": "c", "İ": "i"})

_SAME = {
    "acknowledgment": "acknowledgement", "acknowledgments": "acknowledgements",
    "analogue": "analog", "analyse": "analyze", "artefact": "artifact", "artefacts": "artifacts",
    "authorisation": "authorization", "authorise": "authorize", "authorised": "authorized",
    "authorising": "authorizing", "behaviour": "behavior", "calibre": "caliber",
    "cancelled": "canceled", "catalogue": "catalog", "categorise": "categorize",
    "categorised": "categorized", "centre": "center", "colour": "color", "defence": "defense",
    "emphasised": "emphasized", "favour": "favor", "favourite": "favorite", "fulfil": "fulfill",
    "fulfilment": "fulfillment", "honour": "honor", "https": "http", "initialise": "initialize",
    "judgement": "judgment", "labelling": "labeling", "labour": "labor", "licence": "license",
    "licences": "licenses", "licenced": "licensed", "licencing": "licensing",
    "licencee": "licensee", "licencor": "licensor", "maximise": "maximize", "minimise": "minimize",
    "modelled": "modeled", "modelling": "modeling", "offence": "offense", "optimise": "optimize",
    "organisation": "organization", "organisations": "organizations", "organise": "organize",
    "owner": "holder", "owners": "holders", "practise": "practice", "programme": "program",
    "programmes": "programs", "realise": "realize", "recognise": "recognize",
    "recognised": "recognized", "signalling": "signaling", "sublicence": "sublicense",
    "sublicences": "sublicenses", "utilisation": "utilization", "utilise": "utilize",
    "whilst": "while", "wilful": "willful",
}  # fmt: skip
"""SPDX's equivalent words, and ``http`` for ``https``."""


@dataclass(frozen=True)
class Words:
    """The words of a text in order, and where each starts and ends (characters of ``text``)."""

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def joined(self) -> str:
        """All words with single spaces between: what phrases are searched in."""
        return " ".join(self.words)

    def passage(self, first: int, last: int) -> str:
        """Return the text from word ``first`` up to, not including, word ``last``."""
        if first >= last:
            return ""
        return self.text[self.starts[first] : self.ends[last - 1]]


def cut(text: str) -> Words:
    """Cut a text into its words."""
    lowered = text.translate(_ONE_TO_ONE).lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    same = _SAME.get
    for found in _WORD.finditer(lowered):
        word = found.group()
        words.append(same(word, word))
        starts.append(found.start())
        ends.append(found.end())
    return Words(text, words, starts, ends)
