"""Tells a mention from a contact: what a host stands in, and hosts that are names of rules, not places."""

import re
from functools import lru_cache

#: Addresses that identify a vocabulary or a license. Nobody fetches them. (host, how the path begins)
_RULES = re.compile(
    r"""(?x)^(?:www\.)?(?:
      w3\.org | schemas\.(?:microsoft|xmlsoap|openxmlformats|android|google)\.\w+
    | purl\.org | xmlns\.com | ns\.adobe\.com | json-schema\.org | schema\.org
    | rdfs\.org | ogp\.me/ns | search\.yahoo\.com/mrss | itunes\.com/dtds | itunes\.apple\.com/dtds
    | apple\.com/dtds | gnu\.org | fsf\.org | opensource\.org | creativecommons\.org | spdx\.org
    | mozilla\.org/mpl | googleapis\.com/auth
    | apache\.org/licen | unlicense\.org | choosealicense\.com | [^/]*\.example
    | (?:[\w-]+\.)*example\.(?:com|net|org)
    | xspf\.org/ns | iptc\.org | cipa\.jp | topografix\.com/gpx | openoffice\.org | docs\.python\.org
    | python\.org/dev/peps
    )(?:[:/?\#]|$)"""
)
#: Stand-ins and places to read at. Where a call asks for one it counts like any other.
_STAND_INS = re.compile(
    r"""(?x)^(?:[\w-]+\.)?(?:
      example\.\w+ | test\.com | foo\.\w+ | domain\.\w+ | yourdomain\.\w+ | host\.tld | stackoverflow\.com
    | [\w.]*\.?readthedocs\.\w+ | \S*/xmlns(?:$|[/\#]) | w3\S*/ns | schemas?\.\S+ | [^/]*\.example\.\w+
    )(?:[:/?\#]|$)"""
)
#: Variables, settings and headers whose value is told to a server and not asked for.
TOLD_NAMES = re.compile(
    r"(?i)^(.*user[-_ ]?agents?|ua|.*referr?er|origin|x[-_]origin|.*xmlns.*|.*namespaces?|ns|nsmap|"
    r"ns_\w+|\w*_ns|"
    r"__(url|author|version|license|copyright|credits|doc|email|maintainer|contact)\w*__|author(_?email)?|"
    r"license|copyright|homepage|website|help|id|name|title|label|epilog|\w*documentation|usage|description|repository|bugs|accept|content[-_]type|access-control-allow-origin)$"
)
#: Those that are headers of a request.
_HEADERS = re.compile(
    r"(?i)^(.*user[-_ ]?agents?|ua|.*referr?er|origin|x[-_]origin|.*xmlns.*|accept|content[-_]type|"
    r"soapaction|access-control-allow-origin)$"
)
#: Calls that speak to people, or look at an address without asking for it.
_TELLING = re.compile(
    r"(?i)(^|\.)(log\w*(\.\w+)?|\w*logger\.\w+|logging\.\w+|console\.\w+|print\w*|warn\w*|debug|"
    r"Dialog\(?\)?\.\w+|ok|yesno|textviewer|notification|notify|startswith|endswith|startsWith|endsWith|"
    r"includes|"
    r"indexOf|Regex|\w*(Error|Exception|Warning)|add_argument|register_namespace|addNamespace|"
    r"MessageContainer|\w*log)$"
)


#: Calls that look for a text or put another one in its place.
_LOOKING = frozenset(
    {"match", "search", "compile", "findall", "finditer", "test", "split", "strip", "rstrip", "find", "count"}
)
_REPLACING = frozenset({"replace", "replaceAll"})
#: What stands before an address in one text: markup and commands that fetch it, or a sentence.
_FETCHED = re.compile(
    r"(?i)<(?:script|img|image|iframe|link|video|audio|source|embed)\b[^<>]{0,300}\b(?:src|href)\s{0,4}=\s{0,4}[\"'\\]{0,2}$|"
    r"\burl\([\"'\\]{0,2}$|\b(?:curl|wget|aria2c|git\s+clone|pip3?\s+install|Invoke-WebRequest|iwr)\b[^|;&\n]{0,300}$"
)
_USER_AGENT = re.compile(
    r"(?:^|\s)[\w .\0-]{1,60}/[\w.\0-]{0,30}\s{0,2}[(+; ]{1,4}(?:[\w .,;:\0/-]{0,60}[;, ] ?)?\+?\Z"
)
_SENTENCE = re.compile(
    r"(?:[A-Za-z]{2,}[ ,]{1,2}[A-Za-z]{2,}[ :(<]{1,3}|"
    r"\b(?:[Ss]ee|[Vv]isit|[Aa]t|[Ss]ource|[Dd]ocumentation)[ :]{1,3}|"
    r"<a\s[^<>]{0,100}href\s{0,4}=\s{0,4}[\"'\\]{0,2}|(?:^|\n)\s*(?://|#)[^\n]*)(?:[\"'(<]|<\w{1,12}>)?\Z"
)
AROUND = 400


def is_fetched(before: str) -> bool:
    """Say whether an address after this text is fetched by markup or a command in the same text."""
    return bool(_FETCHED.search(before[-AROUND:]))


def is_in_user_agent(before: str) -> bool:
    """Say whether an address after this text tells who asks: ``name/1.0 (+https://…``."""
    return bool(_USER_AGENT.search(before[-AROUND:]))


def is_in_sentence(before: str) -> bool:
    """Say whether an address after this text is read by people: a sentence, a link, a comment in it."""
    return bool(_SENTENCE.search(before[-AROUND:]))


def is_rule(host: str, rest: str = "") -> bool:
    """Say whether an address names a vocabulary, a license or a reserved example."""
    return bool(_RULES.match(f"{host}{rest}".lower()))


def is_stand_in(host: str, rest: str = "") -> bool:
    """Say whether an address is an example or a place to read at, as long as no call asks for it."""
    return bool(_STAND_INS.match(f"{host}{rest}".lower()))


@lru_cache(maxsize=4096)
def is_told(name: str) -> bool:
    """Say whether a variable's or key's value is told to people or a server, and seldom asked for."""
    return bool(TOLD_NAMES.match(name))


@lru_cache(maxsize=4096)
def is_header(name: str) -> bool:
    """Say whether a name is a header's, whose value no request goes to."""
    return bool(_HEADERS.match(name))


@lru_cache(maxsize=4096)
def is_question(callee: str, place: int) -> bool:
    """Say whether an argument of a call is what is looked for in a text, or taken out of it."""
    owner, _, last = callee[-120:].rpartition(".")
    if last in _REPLACING or (last == "sub" and owner == "re"):
        return place == 0
    return bool(owner) and last in _LOOKING


@lru_cache(maxsize=4096)
def is_telling(callee: str) -> bool:
    """Say whether a call (dotted) prints, logs, raises or compares."""
    return bool(_TELLING.search(callee[-120:]))
