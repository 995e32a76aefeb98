"""The words of a feed's short text in six languages: its sentences, and a noun for each sort of data."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.privacy.words import DATA_SHORT


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language, and its words for each sort of data."""

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
    codes: Mapping[str, str]


DE = {
    "library": "Mediathek",
    "fingerprint": "Dateifingerabdrücke",
    "media": "Medien",
    "watch": "Wiedergabeverlauf",
    "search": "Suchanfragen",
    "profile": "Profil",
    "household": "Haushaltsmitglieder",
    "credential": "Zugangsdaten",
    "app_id": "Gerätekennungen",
    "network": "Netzwerkadresse",
    "location": "Standort",
    "server": "Serverdaten",
    "diagnostics": "Diagnosedaten",
    "social": "soziale Kontakte",
    "payment": "Zahlungen",
}
FR = {
    "library": "médiathèque",
    "fingerprint": "empreintes de fichiers",
    "media": "médias",
    "watch": "historique de lecture",
    "search": "recherches",
    "profile": "profil",
    "household": "membres du foyer",
    "credential": "identifiants secrets",
    "app_id": "numéros d'appareil",
    "network": "adresse réseau",
    "location": "localisation",
    "server": "données du serveur",
    "diagnostics": "diagnostics",
    "social": "contacts sociaux",
    "payment": "paiements",
}
ES = {
    "library": "biblioteca",
    "fingerprint": "huellas de archivos",
    "media": "contenido multimedia",
    "watch": "historial de reproducción",
    "search": "búsquedas",
    "profile": "perfil",
    "household": "miembros del hogar",
    "credential": "credenciales",
    "app_id": "números de dispositivo",
    "network": "dirección de red",
    "location": "ubicación",
    "server": "datos del servidor",
    "diagnostics": "diagnósticos",
    "social": "contactos sociales",
    "payment": "pagos",
}
IT = {
    "library": "libreria",
    "fingerprint": "impronte dei file",
    "media": "contenuti multimediali",
    "watch": "cronologia di visione",
    "search": "ricerche",
    "profile": "profilo",
    "household": "membri della famiglia",
    "credential": "credenziali",
    "app_id": "numeri del dispositivo",
    "network": "indirizzo di rete",
    "location": "posizione",
    "server": "dati del server",
    "diagnostics": "diagnostica",
    "social": "contatti social",
    "payment": "pagamenti",
}
NL = {
    "library": "bibliotheek",
    "fingerprint": "bestandsvingerafdrukken",
    "media": "media",
    "watch": "kijkgeschiedenis",
    "search": "zoekopdrachten",
    "profile": "profiel",
    "household": "huisgenoten",
    "credential": "geheime toegangsgegevens",
    "app_id": "apparaatnummers",
    "network": "netwerkadres",
    "location": "locatie",
    "server": "servergegevens",
    "diagnostics": "diagnostiek",
    "social": "sociale contacten",
    "payment": "betalingen",
}
IN_LANGUAGES = {
    "en": Words(
        "Published by a third party, {publisher}: its own privacy practices apply.",
        "Published by {publisher}, who runs this site.",
        "Its maker has not declared what it does with data.",
        "Its maker declares that no data leaves your server.",
        "Its maker declares: {data}.",
        "Hosts declared or found in the code: {hosts}.",
        "and {count} more",
        "What was found in the code differs from what is declared.",
        "Data of household members, children among them, are declared or read in its code.",
        "Policy: {url}",
        DATA_SHORT,
    ),
    "de": Words(
        "Von einem Drittanbieter, {publisher}: Es gelten dessen eigene Datenschutzpraktiken.",
        "Von {publisher}, dem Betreiber dieser Seite.",
        "Der Hersteller hat nicht erklärt, was mit Daten geschieht.",
        "Der Hersteller erklärt, dass keine Daten den Server verlassen.",
        "Der Hersteller erklärt: {data}.",
        "Erklärte oder im Code gefundene Hosts: {hosts}.",
        "und {count} weitere",
        "Im Code Gefundenes weicht vom Erklärten ab.",
        "Daten von Haushaltsmitgliedern, auch von Kindern, sind erklärt oder werden im Code gelesen.",
        "Datenschutzerklärung: {url}",
        DE,
    ),
    "fr": Words(
        "Publié par un tiers, {publisher} : ses propres pratiques de confidentialité s'appliquent.",
        "Publié par {publisher}, qui gère ce site.",
        "L'auteur n'a pas déclaré ce qu'il fait des données.",
        "L'auteur déclare qu'aucune donnée ne quitte votre serveur.",
        "L'auteur déclare : {data}.",
        "Hôtes déclarés ou trouvés dans le code : {hosts}.",
        "et {count} autres",
        "Ce qui a été trouvé dans le code diffère de ce qui est déclaré.",
        "Des données de membres du foyer, enfants compris, sont déclarées ou lues dans le code.",
        "Politique de confidentialité : {url}",
        FR,
    ),
    "es": Words(
        "Publicado por un tercero, {publisher}: se aplican sus propias prácticas de privacidad.",
        "Publicado por {publisher}, que gestiona este sitio.",
        "Su autor no ha declarado qué hace con los datos.",
        "Su autor declara que ningún dato sale de su servidor.",
        "Su autor declara: {data}.",
        "Servidores declarados o hallados en el código: {hosts}.",
        "y {count} más",
        "Lo hallado en el código difiere de lo declarado.",
        "Datos de miembros del hogar, incluidos menores, se declaran o se leen en el código.",
        "Política de privacidad: {url}",
        ES,
    ),
    "it": Words(
        "Pubblicato da una terza parte, {publisher}: si applicano le sue pratiche sulla privacy.",
        "Pubblicato da {publisher}, che gestisce questo sito.",
        "L'autore non ha dichiarato come usa i dati.",
        "L'autore dichiara che nessun dato lascia il tuo server.",
        "L'autore dichiara: {data}.",
        "Host dichiarati o trovati nel codice: {hosts}.",
        "e altri {count}",
        "Quanto trovato nel codice differisce da quanto dichiarato.",
        "Dati di membri della famiglia, anche di minori, sono dichiarati o letti nel codice.",
        "Informativa sulla privacy: {url}",
        IT,
    ),
    "nl": Words(
        "Gepubliceerd door een derde partij, {publisher}: haar eigen privacypraktijken zijn van toepassing.",
        "Gepubliceerd door {publisher}, de beheerder van deze site.",
        "De maker heeft niet verklaard wat er met gegevens gebeurt.",
        "De maker verklaart dat er geen gegevens uw server verlaten.",
        "De maker verklaart: {data}.",
        "Verklaarde of in de code gevonden hosts: {hosts}.",
        "en nog {count}",
        "Wat in de code is gevonden, wijkt af van wat is verklaard.",
        "Gegevens van huisgenoten, ook van kinderen, zijn verklaard of worden in de code gelezen.",
        "Privacybeleid: {url}",
        NL,
    ),
}
