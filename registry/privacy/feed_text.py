"""A notice as the short plain text of a feed, for clients that speak only their own protocol. Pure.

The sentence that its maker's own practices apply is there in each language; names of hosts need none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from registry.privacy.words import DATA_SHORT, plain

#: A feed's text stays short: so many hosts are named, the page has all.
MOST_HOSTS = 6
MOST_LETTERS = 1500
ADDRESS_SIGNS = "%/:?#[]@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class _Words:
    """The sentences of one language."""

    third: str
    first: str
    nothing_said: str
    none: str
    data: str
    hosts: str
    more: str
    differs: str
    household: str
    policy: str


_LANGUAGES = {
    "en": _Words(
        "Published by a third party, {publisher}: its own privacy practices apply.",
        "Published by {publisher}, who runs this site.",
        "Its maker has not declared what it does with data.",
        "Its maker declares that no data leaves your server.",
        "Its maker declares: {data}.",
        "Hosts declared or found in the code: {hosts}.",
        "and {count} more",
        "What was found in the code differs from what is declared.",
        "It handles data of household members, children among them.",
        "Policy: {url}",
    ),
    "de": _Words(
        "Von einem Drittanbieter, {publisher}: Es gelten dessen eigene Datenschutzpraktiken.",
        "Von {publisher}, dem Betreiber dieser Seite.",
        "Der Hersteller hat nicht erklärt, was mit Daten geschieht.",
        "Der Hersteller erklärt, dass keine Daten den Server verlassen.",
        "",
        "Erklärte oder im Code gefundene Hosts: {hosts}.",
        "und {count} weitere",
        "Im Code Gefundenes weicht vom Erklärten ab.",
        "Es verarbeitet Daten von Haushaltsmitgliedern, auch von Kindern.",
        "Datenschutzerklärung: {url}",
    ),
    "fr": _Words(
        "Publié par un tiers, {publisher} : ses propres pratiques de confidentialité s'appliquent.",
        "Publié par {publisher}, qui gère ce site.",
        "L'auteur n'a pas déclaré ce qu'il fait des données.",
        "L'auteur déclare qu'aucune donnée ne quitte votre serveur.",
        "",
        "Hôtes déclarés ou trouvés dans le code : {hosts}.",
        "et {count} autres",
        "Ce qui a été trouvé dans le code diffère de ce qui est déclaré.",
        "Il traite des données de membres du foyer, y compris d'enfants.",
        "Politique de confidentialité : {url}",
    ),
    "es": _Words(
        "Publicado por un tercero, {publisher}: se aplican sus propias prácticas de privacidad.",
        "Publicado por {publisher}, que gestiona este sitio.",
        "Su autor no ha declarado qué hace con los datos.",
        "Su autor declara que ningún dato sale de su servidor.",
        "",
        "Servidores declarados o hallados en el código: {hosts}.",
        "y {count} más",
        "Lo hallado en el código difiere de lo declarado.",
        "Trata datos de miembros del hogar, incluidos menores.",
        "Política de privacidad: {url}",
    ),
    "it": _Words(
        "Pubblicato da una terza parte, {publisher}: si applicano le sue pratiche sulla privacy.",
        "Pubblicato da {publisher}, che gestisce questo sito.",
        "L'autore non ha dichiarato come usa i dati.",
        "L'autore dichiara che nessun dato lascia il tuo server.",
        "",
        "Host dichiarati o trovati nel codice: {hosts}.",
        "e altri {count}",
        "Quanto trovato nel codice differisce da quanto dichiarato.",
        "Tratta dati di membri della famiglia, anche di minori.",
        "Informativa sulla privacy: {url}",
    ),
    "nl": _Words(
        "Gepubliceerd door een derde partij, {publisher}: haar eigen privacypraktijken zijn van toepassing.",
        "Gepubliceerd door {publisher}, de beheerder van deze site.",
        "De maker heeft niet verklaard wat er met gegevens gebeurt.",
        "De maker verklaart dat er geen gegevens uw server verlaten.",
        "",
        "Verklaarde of in de code gevonden hosts: {hosts}.",
        "en nog {count}",
        "Wat in de code is gevonden, wijkt af van wat is verklaard.",
        "Het verwerkt gegevens van huisgenoten, ook van kinderen.",
        "Privacybeleid: {url}",
    ),
}
LANGUAGES = tuple(_LANGUAGES)


def feed_text(notice: Mapping[str, Any], language: str = "en") -> str:
    """Return a notice's content in a few plain sentences; an unknown language gets English."""
    words = _LANGUAGES.get(language, _LANGUAGES["en"])
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


def _declared(notice: Mapping[str, Any], words: _Words) -> str:
    if notice["declared"] == "nothing" and not notice["data"]:
        return words.nothing_said
    if notice["declared"] == "none" and not notice["data"]:
        return words.none
    codes = dict.fromkeys(plain(DATA_SHORT, row["code"]) for row in notice["data"])
    return words.data.format(data=", ".join(codes)) if codes else ""


def _hosts(hosts: Sequence[Mapping[str, Any]], words: _Words) -> str:
    """Name the hosts, each with its company, the first few."""
    if not hosts:
        return ""
    named = [_named(host) for host in hosts[:MOST_HOSTS]]
    if len(hosts) > MOST_HOSTS:
        named.append(words.more.format(count=len(hosts) - MOST_HOSTS))
    return words.hosts.format(hosts=", ".join(named))


def _named(host: Mapping[str, Any]) -> str:
    return f"{host['host']} ({host['company']})" if host["company"] else str(host["host"])
