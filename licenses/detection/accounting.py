"""Whether words that differ from a template, or stand beside it, could carry a condition.

What is known to be harmless is let through: names, copyright lines, titles, addresses, numbering, the
same words written otherwise. Anything else that speaks of doing, paying, or who and what for, is not.
"""

import re
from collections.abc import Iterator

from licenses.detection.alignment import Difference
from licenses.detection.templates import FIXED, Template
from licenses.words import Words

_CARRIES = re.compile(
    r"""(?x) ^(?:
      may|must|shall|should|can(?:not)?|will|would|not?|non|never|none|nor|neither|nobody|nothing|only|
      solely|exclusively|except(?:ion|ions|ing)?|exempt\w*|unless|without|within|provided|providing|
      subject|if|when|until|before|instead|but|however|additional(?:ly)?|following|further(?:more)?|
      condition\w*|require\w*|restrict\w*|prohibit\w*|forbid\w*|forbidden|permit\w*|permission\w*|
      allow\w*|disallow\w*|grant\w*|den(?:y|ied)|agree\w*|accept\w*|consent\w*|oblig\w*|entitle\w*|
      right|commercial\w*|noncommercial\w*|profit\w*|nonprofit\w*|fees?|pays?|paying|payments?|payable|paid|royalt\w*|sells?|selling|sellers?|sale|
      sales|resale|resell\w*|sold|charg\w*|price\w*|donat\w*|money|monet\w*|cost|buy|purchas\w*|
      us(?:e|es|ed|ing|age|able)|redistribut\w*|distribut\w*|modif\w*|cop(?:y|ies|ied|ying)|derivat\w*|
      derived|sublicens\w*|publish\w*|merg\w*|reproduc\w*|transfer\w*|terminat\w*|revo(?:ke|kes|ked|cation|cable)|
      expir\w*|liab\w*|warrant\w*|indemni\w*|patent\w*|trademark\w*|attribut\w*|credit\w*|acknowledge\w*|
      notif\w*|disclos\w*|compet\w*|military|militar\w*|weapon\w*|nuclear|evil|harms?|harmful|harming|government\w*|educational|
      academic|research|personal\w*|private\w*|internal\w*|evaluat\w*|trial|exclu\w*|limit\w*|compan(?:y|ies)|
      business\w*|enterprise\w*|countr\w*|you|your|yours|user|users|anyone|any|everyone|organi[sz]ation\w*|
      individual\w*|person|persons|people|custom\w*|client\w*|employ\w*|server|servers|service|services|host(?:ed|ing)?|
      cloud|saas|train|training|trained|machine|benchmark\w*|reverse|decompil\w*|disassembl\w*|tamper\w*|remov\w*|delet\w*|
      chang(?:e|es|ed|ing)|alter\w*|link(?:ed|ing)|combin\w*|compil\w*|instal\w*|run|runs|running|
      execut\w*|deploy\w*|export\w*|embargo\w*|sanction\w*|law|laws|court\w*|jurisdiction|age|minors?|
      children|religi\w*|politic\w*|ethic\w*|moral\w*|gambl\w*|porn\w*|adult|crypto\w*|mining|militia|
      police|surveil\w*|discriminat\w*|send|sending|mail|postcard|beer|report\w*|contact\w*|ask|asking|written|writing|
      prior|approv\w*|authori[sz]\w*|register\w*|subscri\w*|account|fork\w*|upload\w*|download\w*|
      mandatory|necessary|need|needs|needed|ought|please|withdraw\w*|void|null|invalid|supersed\w*|override\w*|
      replac\w*|appl(?:y|ies|icable)|govern\w*|open|source|dual|alternativ\w*|either|or|choose|choice|option\w*|
      confidential\w*|secret|proprietary|reserved|free|freely|gratis|public|domain|share|shared|sharing
    )$"""
)
"""Words that speak of permission, duty, money, kinds of use or of user, or that turn a sentence round."""

_LIGHT = re.compile(r"^(?:[0-9]{1,2}[a-z]?|[a-z]|i{1,3}|iv|vi{0,3}|ix|xi{0,3}|xiv|xv|dnl|rem|第[0-9]+条)$")
_HEADINGS = frozenset("part section article appendix preamble clause exhibit accept".split())
_HOLDERS = frozenset(
    """the a and or of its their copyright holder holders author authors contributor contributors regents
    university company organization project developers foundation name names year yyyy c""".split()
)
"""How templates call those who gave the license; a file may name them instead."""

_HARMLESS_WORDS = frozenset(
    """the a an of and this that these those its their his her s t c in on to as is are be by for with
    51 59 675 franklin street st temple place suite 330 500 fifth 5th fl floor boston ma 02110 1301 02111
    1307 usa us mass ave massachusetts avenue cambridge 02139 inc llc ltd foundation gpl lgpl com org net www
    http ftp html htm txt php md license licenses""".split()
)
"""Articles and the like, and the addresses that the FSF has had."""

_CRITICAL_SMALL = frozenset({"no", "not", "nor", "or", "non", "may", "if", "but"})

_KNOWN_CHANGES = {
    ("", "and its documentation"),
    ("", "and associated documentation"),
    ("an example is provided in the appendix below", ""),
    ("an example is provided in appendix below", ""),
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


_LIMITING = re.compile(
    r"^(?:non|no|not|must|shall|prohibit\w*|forbid\w*|forbidden|restrict\w*|only|except|unless|fees?|pay|paid|"
    r"commercial\w*|noncommercial\w*|permission|personal|private|educational|research|military|sell|profit|"
    r"internal|evaluation|provided|prior|consent)$"
)


def limits(words: list[str]) -> bool:
    """Say whether words that were put in take something away, other than “version 2 only”."""
    if any(word.isdigit() or word == "version" for word in words):
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


def _harmless(template: Template, required: bytes, one: Difference, words: Words) -> bool:
    places = range(one.place, one.place_end)
    missing = [template.words[at] for at in places if required[at] == FIXED]
    added = words.words[one.at : one.at_end]
    if not missing and not added:
        return True
    whole = template.words[one.place : one.place_end]
    in_head = one.place == 0 and template.names[0][0] == "header"
    if "".join(added) in {"".join(missing), "".join(whole)}:
        return True
    in_header = template.names[0][0] == "header" and any(word.isdigit() for word in missing)
    if not in_header and not _numbers_differ(missing, added):
        if _only_light(missing, frozenset()) and _only_light(added, _HEADINGS):
            return True
    if missing and _HOLDERS.issuperset(missing) and added and _names_somebody(added):
        return True
    if in_head and not added and _HEAD_WORDS.issuperset(missing):
        return True
    if missing[:3] == ["spdx", "license", "identifier"] and not added:
        return True
    if (" ".join(missing), " ".join(added)) in _KNOWN_CHANGES or _is_name(missing, one, words):
        return True
    if whole and not missing and _names_somebody(added):
        return True
    blank = template.blank_at(one.place, one.place_end)
    if blank is not None and not missing and _fills(blank.wordings, one, words):
        return True
    return _same_meaning(missing, added) or (not missing and _in_addresses(words, one))


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
    return len(added) <= 25 and not any(_STRONG.match(word) for word in added)


_LICENSE_NAMES = frozenset(
    """lesser library affero general academic artistic common eclipse mozilla apache gnu boost creative commons
    noderivatives noderivs sharealike noncommercial version v exhibit clause secondary""".split()
)
"""Words by which one license's name differs from another's."""


def _is_name(missing: list[str], one: Difference, words: Words) -> bool:
    """Say whether only a name was put in: capital letters, and no word that says more."""
    added = words.words[one.at : one.at_end]
    telling = [word for word in added if word != "or"]
    if missing or len(added) > 8 or any(w in _LICENSE_NAMES or _CARRIES.match(w) for w in telling):
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
    return not _outside_links(words.passage(one.at, one.at_end)).strip(" \t\r\n.,;:()[]<>*#/-\"'")


_LINK = re.compile(r"(?i)(?:https?|ftp)://[^\s<>\"')\]]+|www\.[^\s<>\"')\]]+|[^\s<>()]+@[^\s<>()]+\.\w+")


def _outside_links(passage: str) -> str:
    return _LINK.sub(" ", passage)


_SENTENCE = re.compile(r"(?:[^.;\n]|[.;](?!\s))+[.;]?", re.UNICODE)
_COPYRIGHT = re.compile(
    r"(?ix)^\W*(?:(?:portions?|parts?|some|original|modifications?|the|this|software|file|is)\s+)*"
    r"(?:(?:are|is)\s+)?(?:copyright\w*|\(c\)|©|all\s+rights\s+reserved|authors?\b|maintainers?\b|contributors?\b|"
    r"written\s+by|created\s+by|developed\s+by|maintained\s+by|ported\s+by|modified\s+by|adapted\s+by|"
    r"originally\s+(?:by|written)|by\s|contributions?\s+by|see\s+(?:the\s+)?(?:file\s+)?authors|"
    r"<?year|[12][0-9]{3}\b)"
)
_TITLE = re.compile(
    r"(?ix)^\W*(?:"
    r"(?:end\s+of\s+)?(?:the\s+)?(?:terms\s+and\s+conditions|license\s+terms|license|copyright|notice|legal)\W*$"
    r"|end\s+of\s+(?:the\s+)?[\w\s.\-()]{0,60}(?:license|terms(?:\s+and\s+conditions)?|copyright)?\W*$"
    r"|(?:the\s+)?(?:[\w.+\-'\"/()]+\s+){0,7}?licen[sc]es?(?:\s*\([\w\s.+\-]{1,30}\)|\s*agreement)?"
    r"(?:[\s,:\-–—]+(?:v(?:ersion)?\.?\s*)?[0-9][\w.\- ,]{0,30})?\W*$"
    r"|licen[sc]e\s*(?:for|of|text|file|notice|information)?\s*:?(?:\s+[\w.+\-/@]+){0,5}\W*$"
    r"|(?:the\s+)?full\s+text\s+(?:of\s+the\s+license\s+)?(?:is|follows|reads)\b.{0,40}$"
    r"|version\s+[0-9.]+[^.]{0,40}$"
    r")"
)
_TITLE_WORDS = frozenset(
    """open source public free domain attribution distribution modified dual following terms conditions
    license licenses permission""".split()
)
"""Words that could carry a condition and that names of licenses have."""

_STRONG = re.compile(
    r"(?i)^(?:only|non|not|no|never|must|shall|may|cannot|commercial\w*|noncommercial\w*|prohibit\w*|"
    r"forbid\w*|forbidden|restrict\w*|permission|permitted|without|unless|except|sell|sold|resale|fee|"
    r"fees|pay|paid|payment|provided|agree|use|used|using|redistribut\w*|modif(?:y|ication)|copy|copied|"
    r"license[ds]?|terms|condition\w*|distribut(?:e|ed|ion)|confidential|proprietary|written|prior|"
    r"if|require\w*|grant(?:s|ed|ing)|evil|anyone|everyone|military|private|internal|evaluation|you|your)$"
)
"""Words that no name or year in a copyright line has."""

_RESERVED = re.compile(
    r"(?i)\b(?:all|some|no)\s+rights?\s+reserved\b|\bunless\s+otherwise\s+(?:noted|stated|indicated)\b"
)
_KNOWN = tuple(
    re.compile(rf"(?i)^\W*(?:{pattern})\W*$")
    for pattern in (
        r"(?:please\s+)?see\s+(?:the\s+)?(?:accompanying\s+)?(?:file\s+)?[\"'`]?(?:authors|contributors|credits|copyright|licen[sc]e|notice|readme)[\w.\-]*[\"'`]?(?:\s+files?)?(?:\s+for\s+(?:more\s+|further\s+)?(?:details?|information|copyright\s+(?:details|information)|a\s+(?:full\s+|complete\s+)?list[\w\s]*))?",
        r"(?:for\s+)?more\s+information(?:,?\s+(?:is\s+available\s+)?(?:please\s+)?(?:see|at|on|visit))?",
        r"https?://\S+|\S+@\S+",
        r"(?:as\s+|is\s+|are\s+)?(?:reproduced|included|shown|given|listed|printed|found|available)\s+(?:in\s+full\s+)?(?:below|here|above|herein|at)",
        r"(?:you\s+(?:can|may|should\s+be\s+able\s+to)\s+|to\s+)?(?:obtain|get|find|view|read|see)\s+(?:a\s+copy|it|one|the\s+(?:full\s+)?(?:text|licen[sc]e))(?:\s+of\s+(?:the|this)\s+licen[sc]e)?,?\s*(?:at|from|on|here|visit|in)?",
        r"(?:or\s+)?(?:visit|see|at|from|on)",
        r"on\s+debian\s+(?:gnu/linux\s+)?(?:based\s+)?systems?,?\s+(?:you\s+can\s+find\s+)?the\s+(?:full|complete)\s+text\s+of\s+.{3,90}",
        r".{0,200}/usr/share/common-licenses/[\w.+-]+.{0,40}",
        r"(?:a\s+)?copy\s+of\s+(?:the|this)\s+licen[sc]e\s+(?:is\s+(?:included|available|provided)\s+)?(?:below|follows|here)?",
        r"(?:the\s+)?(?:text\s+of\s+(?:the|this)\s+)?licen[sc]e\s+(?:is|follows|reads)(?:\s+as\s+follows|\s+below)?",
        r"(?:this\s+(?:software|project|package|library|program|add-?on|plugin|module|code|work)\s+(?:is\s+)?(?:part|a\s+part)\s+of)\s+.{1,60}",
        r"(?:page|p\.)\s*[0-9]+(?:\s+of\s+[0-9]+)?",
        r"how\s+to\s+apply\s+(?:these\s+terms|the\s+apache\s+license)\s+to\s+your\s+(?:new\s+(?:programs|libraries)|work)",
        r"(?:also\s+)?available\s+(?:online\s+)?(?:at|from|here)?",
        r"last\s+(?:updated|modified|changed|revised)\W.{0,30}",
    )
)


def carrying(words: Words, first: int, last: int) -> list[tuple[int, int]]:
    """Return the word ranges between ``first`` and ``last`` that could carry a condition."""
    if first >= last:
        return []
    offset = words.starts[first]
    passage = words.text[offset : words.ends[last - 1]]
    found = []
    at = first
    for sentence, start, end in _sentences(passage):
        here = at
        while at < last and words.starts[at] < offset + end:
            at += 1
        if at > here and not harmless_sentence(sentence):
            found.append((here, at))
        del start
    return found


def _sentences(passage: str) -> Iterator[tuple[str, int, int]]:
    """Cut a passage at blank lines and at sentence ends; a wrapped sentence stays whole."""
    start = 0
    for end in re.finditer(
        r"\n[\s#*/;%!|>.\-]*\n|(?<=[.;!?:])(?<!inc\.)(?<!ltd\.)(?<!co\.)(?<!corp\.)(?<!e\.g\.)(?<!i\.e\.)\s|\n(?=\W*(?:copyright\b|\(c\)|©|[-*•]\s|[0-9]+[.)]\s))|\Z",
        passage,
        re.IGNORECASE,
    ):
        if end.start() > start:
            yield passage[start : end.end()], start, end.end()
        start = end.end()


def harmless_sentence(sentence: str) -> bool:
    """Say whether a sentence beside a license is a title, a name, a link or otherwise no condition."""
    text = " ".join(_outside_links(_RESERVED.sub(" ", sentence)).split())
    if not re.search(r"\w", text):
        return True
    short = text if len(text) <= 300 else ""
    if short and any(known.match(text) for known in _KNOWN):
        return True
    plain = re.findall(r"[^\W_]+", text.lower())
    if len(plain) <= 2 and all(word.isascii() and not _STRONG.match(word) for word in plain):
        return True
    if any(not word.isascii() and not _latin(word) for word in plain):
        return False
    carrying_words = {word for word in plain if _CARRIES.match(word)}
    if short and _TITLE.match(text) and carrying_words <= _TITLE_WORDS:
        return True
    if _COPYRIGHT.match(text):
        return not any(_STRONG.match(word) for word in plain)
    return not carrying_words


def _latin(word: str) -> bool:
    return all(character < "\u0250" for character in word)
