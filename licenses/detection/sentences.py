"""Sentences beside a license: titles, names and links are harmless, what speaks of doing is not."""

import re
from collections.abc import Iterator

from licenses.vocabulary import vocabulary
from licenses.words import Words

CARRIES = re.compile(
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

FOREIGN = re.compile(
    r"(?i)^(?:nur|nicht|keine?[mnrs]?|ohne|verboten|untersagt|gewerblich\w*|kommerziell\w*|nutzung|darf|dürfen|muss|müssen|"
    r"erlaubt|genehmigung|seulement|uniquement|interdit\w*|sans|doit|doivent|peut|utilisation|autoris\w*|solo|sólo|uso|"
    r"comercial\w*|prohibid\w*|permitid\w*|sin|debe|vietat\w*|soltanto|senza|proibid\w*|somente|apenas|alleen|niet|"
    r"zonder|verboden|toegestaan|tylko|zakaz\w*|bez|niekomercyj\w*|zabron\w*|endast|inte|förbjud\w*|kun|ikke)$"
)
"""The same in some languages that use Latin letters."""


def carries(word: str) -> bool:
    """Say whether a word beside a license could carry a condition."""
    return bool(CARRIES.match(word) or FOREIGN.match(word))


_LINK = re.compile(
    r"(?i)(?:https?|ftp)://[^\s<>\"')\]]+|www\.[^\s<>\"')\]]+|[^\s<>()@]{1,64}@[^\s<>()@]{1,120}"
)


def outside_links(passage: str) -> str:
    """Return a passage without addresses of pages and people."""
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
    r"(?:[\s,:\-\u2013\u2014]+(?:v(?:ersion)?\.?\s*)?[0-9][\w.\- ,]{0,30})?\W*$"
    r"|licen[sc]e\s*(?:for|of|text|file|notice|information)?\s*:?(?:\s+[\w.+\-/@]+){0,5}\W*$"
    r"|(?:the\s+)?full\s+text\s+(?:of\s+the\s+license\s+)?(?:is|follows|reads)\b.{0,40}$"
    r"|version\s+[0-9.]+[^.]{0,40}$"
    r")"
)
TITLE_WORDS = vocabulary("title_words")
"""Words that could carry a condition and that names of licenses have."""

STRONG = re.compile(
    r"(?i)^(?:only|non|not|no|never|must|shall|may|cannot|commercial\w*|noncommercial\w*|prohibit\w*|"
    r"forbid\w*|forbidden|restrict\w*|permission|permitted|without|unless|except|sell|sold|resale|fee|"
    r"fees|pay|paid|payment|provided|agree|use|used|using|redistribut\w*|modif(?:y|ication)|copy|copied|"
    r"license[ds]?|terms|condition\w*|distribut(?:e|ed|ion)|confidential|proprietary|written|prior|"
    r"if|require\w*|grant(?:s|ed|ing)|evil|anyone|everyone|educational|competitors?|agencies|military|private|internal|evaluation|you|your)$"
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
        r".{0,60}\busr/share/common-licenses/[\w.+-]+.{0,60}",
        r"(?:this|the)\s+[\w.+-]{1,40}(?:\s+[\w.+-]{1,40})?\s+is\s+free\s+software",
        r"[\w.+-]{1,40}(?:\s+[\w.+-]{1,40}){0,2}\s+is\s+(?:dual|triple)[- ]?licen[sc]ed",
        r"(?:this|the)\s+[\w.+-]{1,40}(?:\s+[\w.+-]{1,40})?\s+is\s+distributed\s+in\s+the\s+hope\s+that\s+it\s+will\s+be\s+useful,?\s+but\s+without\s+any\s+warranty",
        r"without\s+even\s+the\s+implied\s+warranty\s+of\s+merchantability\s+or\s+fitness\s+for\s+a\s+particular\s+purpose",
        r"see\s+the\s+gnu\s+(?:lesser\s+|library\s+|affero\s+)?general\s+public\s+licen[sc]e\s+for\s+more\s+details",
        r"(?:you\s+should\s+have\s+received\s+)?a\s+copy\s+of\s+the\s+gnu\s+(?:lesser\s+|library\s+|affero\s+)?general\s+public\s+licen[sc]e(?:,?\s+version\s+[0-9.]+)?,?\s+(?:is\s+(?:also\s+)?available\s+(?:at|from|on|in)|can\s+be\s+found\s+(?:at|in|on)|along\s+with\s+this\s+[\w.+-]{1,40})(?:\W+\S{1,100})?(?:,?\s+or\s+in\s+the\s+\S{1,40}\s+file(?:\s+included\s+with\s+.{1,60})?)?",
        r"if\s+not,?\s+(?:see|write\s+to\s+the\s+free\s+software\s+foundation,?\s+inc)(?:\W+\S{1,100})?.{0,120}",
        r"(?:a\s+)?copy\s+of\s+(?:the|this)\s+licen[sc]e\s+(?:is\s+(?:included|available|provided)\s+)?(?:below|follows|here)?",
        r"(?:the\s+)?(?:text\s+of\s+(?:the|this)\s+)?licen[sc]e\s+(?:is|follows|reads)(?:\s+as\s+follows|\s+below)?",
        r"(?:this\s+(?:software|project|package|library|program|add-?on|plugin|module|code|work)\s+(?:is\s+)?(?:part|a\s+part)\s+of)\s+.{1,60}",
        r"(?:page|p\.)\s*[0-9]+(?:\s+of\s+[0-9]+)?",
        r"how\s+to\s+apply\s+(?:these\s+terms|the\s+apache\s+license)\s+to\s+your\s+(?:new\s+(?:programs|libraries)|work)",
        r"(?:also\s+)?available\s+(?:online\s+)?(?:at|from|here)?",
        r"(?:,\s*)?at\s+(?:your|the\s+\w+['\u2019s]{0,2})\s+(?:sole\s+)?(?:option|choice|discretion)",
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


_ORIGIN = re.compile(
    r"(?i)\b(?:is|are|was|were|been|contains?|includes?)\s+(?:\w+\s+){0,3}?(?:a\s+|an\s+)?(?:\w+\s+)?"
    r"(?:derivatives?|derived|modified|extracted|forked?|ported|adapted|based|compiled|generated|written|developed)\b"
)
"""A sentence about where something comes from."""


def harmless_sentence(sentence: str) -> bool:
    """Say whether a sentence beside a license is a title, a name, a link or otherwise no condition."""
    if len(sentence) > _LONG:
        return not any(carries(word) for word in re.findall(r"[^\W_]+", sentence.lower()))
    text = " ".join(outside_links(_RESERVED.sub(" ", sentence)).split())
    text = re.sub(r"([^\w\s])\1{2,}", r"\1", text).lstrip("()[]{}<>#*/-=_.,;:!|\"'` ")
    plain = re.findall(r"[^\W_]+", text.lower())
    if not plain or (len(text) <= _SHORT and any(known.match(text) for known in _KNOWN)):
        return True
    if any(not word.isascii() and not _latin(word) for word in plain):
        return False
    strong = any(STRONG.match(word) or FOREIGN.match(word) for word in plain)
    if not strong and (len(plain) <= 2 or _COPYRIGHT.match(text)):
        return True
    if not strong and len(text) <= _SHORT and _ORIGIN.search(text):
        return True
    telling = {word for word in plain if carries(word)}
    is_title = len(text) <= _SHORT and bool(_TITLE.match(text))
    return (not telling and not _COPYRIGHT.match(text)) or (is_title and telling <= TITLE_WORDS)


_SHORT, _LONG = 300, 4_000
"""Characters of a sentence that may be a title or a known phrase; and of one that is no sentence."""


def _latin(word: str) -> bool:
    return all(character < "\u0250" for character in word)
