"""Words beside a sentence that names a license which take away from what that license allows.

In a license file every word is accounted for. Elsewhere only words that clearly limit count, or every
README would be asked about.
"""

import re

from licenses.detection.statements import Statement
from licenses.expressions import parse
from licenses.terms import LIMITING, of_expression
from licenses.words import Words

_NEAR = 600
_KINDS = r"(?:personal|private|educational|academic|scientific|research|internal|evaluation|hobby|home|non)"
_LIMITS = re.compile(
    rf"""(?ix)
      \bnon[-\s]?commercial
    | \bno[tn]?\s+(?:[\w-]+\s+){{0,4}}commercial
    | \bcommercial(?:ly)?\b[^.!?\n]{{0,40}}
      \b(?:requires?|prohibited|forbidden|needs?|must|excluded|not\s+(?:allowed|permitted|granted|included|free))\b
    | \b{_KINDS}\b[^.!?\n]{{0,40}}\b(?:use|usage|purposes?)\s+only\b
    | \b(?:only|solely|exclusively)\s+(?:[\w-]+\s+){{0,3}}for\s+(?:[\w-]+\s+){{0,2}}{_KINDS}\b
    | \b(?:may|must|can|shall)\s*not\s+(?:be\s+)?
      (?:used?|sold|sell|resell|resold|redistribut\w+|distribut\w+|modif\w+|cop(?:y|ied)|fork(?:ed)?)\b
      (?!\s+(?:to|in|for)\s+(?:endors|promot|advertis))
    | \b(?:redistribution|modification|resale|copying)\s+(?:\w+\s+){{0,3}}(?:prohibited|forbidden|not\s+\w+)
    """
)
_BOTH = re.compile(
    r"(?i)\bcommercial(?:ly)?\W+(?:and|or|as\s+well\s+as)?\W*(?:for\W+)?non\b|"
    r"\bnon[-\s]?commercial(?:ly)?\W+(?:and|or|as\s+well\s+as)\W+(?:for\W+)?commercial"
)
_UNLESS_IT_COMPLIES = re.compile(r"(?i)^[^.!?]{0,100}\bexcept\s+(?:in|as|according|under|with)\b")
_END = re.compile(r"\n[ \t#*/;%!>|-]*\n")
_HEADING = re.compile(r"(?m)^[ \t]{0,3}#{1,6}[ \t]|^[^\n]{1,100}\n[ \t]*(?:={3,}|-{3,})[ \t]*$")


def limit_of(words: Words, one: Statement, *, whole_section: bool) -> tuple[int, int] | None:
    """Return the characters that limit what a sentence says, from its beginning to the end of its paragraph.

    ``whole_section``: to the next heading instead, as a README's section is read.
    """
    if one.expression is None or of_expression(parse(one.expression)).conditions & LIMITING:
        return None
    start, named = words.starts[one.start], words.ends[one.end - 1]
    text = words.text[: named + _NEAR]
    end = (_HEADING if whole_section else _END).search(text, named)
    passage = text[start : end.start() if end else len(text)]
    if _BOTH.search(passage):
        return None
    for found in _LIMITS.finditer(passage):
        if not _UNLESS_IT_COMPLIES.match(passage[found.end() :]):
            return start + found.start(), start + found.end()
    return None
