"""Reads hosts from XML, HTML, YAML and JSON by the element, attribute or key that they stand in.

No parser is used: Kodi's old scrapers hold escaped XML inside attributes, and broken files must be
read too. Settings' defaults are E1: the user may change them.
"""

import html
import re
from collections.abc import Iterator

from registry.bundles.privacy.evidence import Evidence, Level, excerpt_of
from registry.bundles.privacy.names import Named, hosts_in
from registry.bundles.privacy.sightings import Sighting, counts, seen

#: Elements, attributes and keys that speak to people or name a vocabulary.
_SPOKEN = re.compile(
    r"(?i)^(xmlns.*|.*schemalocation|website|source|forum|license|licen[cs]eurl|description|summary|"
    r"disclaimer|news|"
    r"email|author|authors|comment|copyright|documentation|a|homepage|repository|bugs|\$schema|\$id|@id|"
    r"resolved|funding|support|"
    r"docs?|changelog|readme|maintainer|contributors?|label|help|expression|provider-name|targetnamespace|"
    r"projecturl|imageurl|sourceurl|doctype|owner|overview|urlpatterns|name|title|text|generator|"
    r"metadata|id)$"
)
_FETCHED_TAGS = frozenset(
    re.findall(
        r"\S+",
        "url info checksum datadir hashes queryurl script img iframe link form source-url thumb stream "
        "video audio "
        "image embed object input import streamurl regexp",
    )
)
_FETCHED_ATTRIBUTES = frozenset(re.findall(r"\S+", "src action post poster data-src"))
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*[\"'][^\"'<>]*$")
_TAG = re.compile(r"<(/?[\w:!-]+)[^<>]*(?:>[^<]*)?$")
_INSIDE_URL = re.compile(r"<url[^<>]*>(?:(?!</url).){0,400}$", re.DOTALL | re.IGNORECASE)
_CALL = re.compile(
    r"(?i)\burl\(\s*[\"']?$|(fetch|open|ajax|getJSON|get|post|WebSocket|PlayMedia)\s*\(\s*[\"'`]?$"
)
_YAML_LINE = re.compile(r"^(\s*)(?:-\s+)*(?:[\"']?([\w.$-]+)[\"']?\s*:(?:\s|$))?(.*)$")
_JSON_KEY = re.compile(r"\"([^\"\\\n]{1,100})\"\s*:\s*(?:\[[^\]]{0,2000})?$")
_SCRAPER = re.compile(
    r"(?m)^\s*(?:queryURL|\w+ByURL|xPathScrapers|jsonScrapers|\w+ByFragment|"
    r"\w+ByName)\s*:"
)
_YAML_FETCHED = frozenset(
    re.findall(r"\S+", "queryURL url javascript css script-src style-src connect-src with value")
)


def read_markup(path: str, text: str) -> Iterator[Sighting]:
    """Yield the hosts of an XML or HTML text."""
    text = _without(text, "<!--", "-->")
    is_scraper = "<scraper" in text[:2000]
    number = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if "//" not in line and "&#" not in line:
            continue
        plain = html.unescape(html.unescape(line)) if "&" in line else line
        for at in range(0, len(plain), 30_000):
            window = plain[at : at + 32_000]
            for named in hosts_in(window):
                level = _markup_level(window[max(0, named.at - 500) : named.at], is_scraper=is_scraper)
                if level and counts(named, level):
                    yield _sighting(named, level, path, number, window)


def _markup_level(before: str, *, is_scraper: bool) -> Level | None:
    """Return how a host counts by what stands before it; None for a mention."""
    attribute, tag = _ATTRIBUTE.search(before), _TAG.search(before)
    inside = (tag[1] if tag else "").lower()
    if tag and 'translatable="yes"' in tag[0]:
        return None
    if _INSIDE_URL.search(before) or _CALL.search(before):
        return Level.E2
    if inside.startswith("!") or (attribute and _SPOKEN.match(attribute[1])):
        return None
    fetched = bool(attribute and attribute[1].lower() in _FETCHED_ATTRIBUTES)
    if not fetched and _SPOKEN.match(inside):
        return None
    if fetched or inside in _FETCHED_TAGS or (is_scraper and attribute and attribute[1] == "output"):
        return Level.E2
    return Level.E1


def read_yaml(path: str, text: str) -> Iterator[Sighting]:
    """Yield the hosts of a YAML text; of a Stash scraper, whose addresses the server asks, as E2."""
    is_scraper = bool(_SCRAPER.search(text))
    key = ""
    for number, line in enumerate(text.split("\n"), start=1):
        code = line.partition(" #")[0]
        if code.lstrip().startswith("#") or not code.strip():
            continue
        match = _YAML_LINE.match(code)
        key = (match[2] if match and match[2] else key) or ""
        rest = match[3].strip().strip("\"'[],") if match else code
        if "." not in rest or (_SPOKEN.match(key) and not (is_scraper and key == "url")):
            continue
        if key == "url" and not is_scraper:
            continue
        level = Level.E2 if key in _YAML_FETCHED and (is_scraper or key != "url") else Level.E1
        for each in re.split(r"[\s,\"']+", rest)[:50]:
            yield from seen(each, path=path, line=number, level=level, shown=excerpt_of(code))


def read_json(path: str, text: str) -> Iterator[Sighting]:
    """Yield the hosts of a JSON text by their keys."""
    for number, line in enumerate(text.split("\n"), start=1):
        if "//" not in line and "\\/" not in line:
            continue
        for at in range(0, len(line), 30_000):
            window = line[at : at + 32_000]
            for named in hosts_in(window):
                key = _JSON_KEY.search(window[max(0, named.at - 2200) : named.at].rpartition('"')[0])
                if counts(named, Level.E1) and not (key and _SPOKEN.match(key[1])):
                    yield _sighting(named, Level.E1, path, number, window)


def _sighting(named: Named, level: Level, path: str, number: int, window: str) -> Sighting:
    return Sighting(
        named.host, level, Evidence(path, number, excerpt_of(window, named.at)), local=named.local
    )


def _without(text: str, begin: str, end: str) -> str:
    """Blank comments out, keeping the lines; one that never ends reaches to the end."""
    out, at = [], 0
    while (start := text.find(begin, at)) >= 0:
        stop = text.find(end, start)
        stop = len(text) if stop < 0 else stop + len(end)
        out.append(text[at:start] + "\n" * text.count("\n", start, stop))
        at = stop
    return "".join([*out, text[at:]])
