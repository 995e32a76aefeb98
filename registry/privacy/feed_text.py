"""A notice as the short plain text of a feed, for clients that speak only their own protocol. Pure.

The sentence that its maker's own practices apply is there in each language; names of hosts need none.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from registry.privacy.feed_words import IN_LANGUAGES, Words
from registry.privacy.words import plain

#: A feed's text stays short: so many hosts are named, the page has all.
MOST_HOSTS = 6
MOST_LETTERS = 1500
ADDRESS_SIGNS = "%/:?#[]@!$&'()*+,;=~"
LANGUAGES = tuple(IN_LANGUAGES)


def feed_text(notice: Mapping[str, Any], language: str = "en") -> str:
    """Return a notice's content in a few plain sentences; an unknown language gets English."""
    words = IN_LANGUAGES.get(language, IN_LANGUAGES["en"])
    sentences = [
        (words.third if notice["third_party"] else words.first).format(publisher=notice["publisher"]),
        _declared(notice, words),
        _hosts(notice["hosts"], words),
        words.differs if notice["differs"] else "",
        words.household if notice["household"] else "",
        words.policy.format(url=_visible(notice["policy"]["url"])) if notice["policy"] else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)[:MOST_LETTERS]


def feed_texts(notice: Mapping[str, Any]) -> dict[str, str]:
    """Return the text in every language that there is."""
    return {language: feed_text(notice, language) for language in LANGUAGES}


def _visible(address: str) -> str:
    """Return an address in which nothing turns the reading or hides: what is not ASCII is written out."""
    return quote(address, safe=ADDRESS_SIGNS)


def _declared(notice: Mapping[str, Any], words: Words) -> str:
    if notice["declared"] == "nothing" and not notice["data"]:
        return words.nothing_said
    if notice["declared"] == "none" and not notice["data"]:
        return words.none
    codes = dict.fromkeys(plain(words.codes, row["code"]) for row in notice["data"])
    return words.data.format(data=", ".join(codes)) if codes else ""


def _hosts(hosts: Sequence[Mapping[str, Any]], words: Words) -> str:
    """Name the hosts, each with its company, the first few."""
    if not hosts:
        return ""
    named = [_named(host) for host in hosts[:MOST_HOSTS]]
    if len(hosts) > MOST_HOSTS:
        named.append(words.more.format(count=len(hosts) - MOST_HOSTS))
    return words.hosts.format(hosts=", ".join(named))


def _named(host: Mapping[str, Any]) -> str:
    return f"{host['host']} ({host['company']})" if host["company"] else str(host["host"])
