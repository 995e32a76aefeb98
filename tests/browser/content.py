"""Believable bundles of every ecosystem: what people would see in a registry that is in use."""

import json
import plistlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from licenses.spdx import text_of
from tests.browser import art
from tests.bundles import zipped
from tests.installers import ipk_of

GPL = "GPL-2.0-or-later"
SUBTITLES, LYRICS, WEATHER = "xbmc.subtitle.module", "xbmc.python.lyrics", "xbmc.python.weather"
SCRIPT, SOURCE, SERVICE = "xbmc.python.script", "xbmc.python.pluginsource", "xbmc.service"

LANTERN_TEXT = """Lantern looks a film up by the name of its file, asks for the languages that you choose in
the settings, and keeps the best match beside the film. When the timing is off it listens to the sound
and moves the lines.

Works without an account for 20 downloads a day."""
LANTERN_NEWS = """2.4.1
- Finds subtitles of double episodes again
- Asks at most twice a second, as the service wants it
- Smaller by a third: the old fingerprint library is gone"""


@dataclass(frozen=True)
class Piece:
    """One listing: who publishes it, what it says of itself, its versions from the oldest."""

    publisher: str
    identifier: str
    name: str
    summary: str
    bundle: Callable[["Piece", str], bytes]
    versions: tuple[str, ...] = ("1.0.0",)
    license: str = GPL
    description: str = ""
    news: str = ""
    point: str = SCRIPT
    shape: str = ""
    colours: tuple[str, str] = ("#3f9c94", "#1d4c55")
    scene: tuple[int, str, str] | None = None
    shots: int = 0
    filename: str = "{identifier}-{version}.zip"
    said: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str | bytes], ...] = ()

    def file(self, version: str | None = None) -> tuple[str, bytes]:
        """The name and the bytes of a version (default: the last)."""
        wanted = version or self.versions[-1]
        name = self.filename.format(identifier=self.identifier, version=wanted)
        return name, self.bundle(self, wanted)

    def icon(self) -> dict[str, bytes]:
        """The icon as ``icon.png``, if it has one."""
        return {"icon.png": drawn(self.shape, *self.colours)} if self.shape else {}


drawn = cache(art.icon)
landscape = cache(art.scene)
shot = cache(art.screenshot)


def kodi(piece: Piece, version: str) -> bytes:
    """A Kodi add-on with all that its page can show."""
    pictures: dict[str, bytes] = piece.icon()
    if piece.scene:
        pictures["fanart.jpg"] = landscape(*piece.scene)
    shots = {f"shots/{n}.jpg": shot(n, piece.colours[1]) for n in range(1, piece.shots + 1)}
    provides = "<provides>video</provides>" if piece.point == SOURCE else ""
    named = "".join(f"<{tag}>{path}</{tag}>" for tag, path in _assets(pictures, shots))
    text = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<addon id={quoteattr(piece.identifier)} name={quoteattr(piece.name)} version="{version}"
       provider-name={quoteattr(piece.publisher)}>
  <requires><import addon="xbmc.python" version="3.0.0"/>
    <import addon="script.module.requests" version="2.31.0"/></requires>
  <extension point="{piece.point}" library="main.py">{provides}</extension>
  <extension point="xbmc.addon.metadata">
    <summary lang="en_GB">{escape(piece.summary)}</summary>
    <description lang="en_GB">{escape(piece.description or piece.summary)}</description>
    <news>{escape(piece.news)}</news>
    <license>{escape(piece.license)}</license>
    <platform>all</platform>
    <website>https://example.org/{piece.identifier}</website>
    <source>https://git.example.org/{piece.identifier}</source>
    <assets>{named}</assets>
  </extension>
</addon>
"""
    files: dict[str, str | bytes] = {
        "addon.xml": text, "main.py": f"print({version!r})\n", "LICENSE.txt": f"{piece.license}\n",
        "resources/settings.xml": "<settings/>\n", "resources/lib/__init__.py": "",
        "resources/lib/search.py": "def search(title):\n    return []\n", **pictures, **shots,
        **dict(piece.more),
    }  # fmt: skip
    return zipped({f"{piece.identifier}/{path}": body for path, body in files.items()})


def _assets(pictures: Mapping[str, bytes], shots: Mapping[str, bytes]) -> list[tuple[str, str]]:
    tags = {"icon.png": "icon", "fanart.jpg": "fanart"}
    return [(tags[path], path) for path in pictures] + [("screenshot", path) for path in shots]


def jellyfin(piece: Piece, version: str) -> bytes:
    """A Jellyfin plug-in with its meta.json and picture."""
    meta = {
        "guid": piece.identifier, "name": piece.name, "version": version, "targetAbi": "10.10.0.0",
        "category": "Metadata", "overview": piece.summary, "description": piece.description or piece.summary,
        "owner": piece.publisher, "changelog": piece.news, "timestamp": "2026-01-02T03:04:05Z",
        "imagePath": "icon.png",
    }  # fmt: skip
    dll = f"{piece.name.replace(' ', '')}.dll"
    return zipped({"meta.json": json.dumps(meta), dll: b"MZ" + bytes(2000), **piece.icon()})


def plex(piece: Piece, version: str) -> bytes:
    """A Plex bundle, which cannot say its version."""
    top = f"{piece.name.replace(' ', '')}.bundle/Contents"
    info = {"CFBundleIdentifier": piece.identifier, "PlexFrameworkVersion": "2", "PlexPluginClass": "Agent"}
    code = f"class Agent1(Agent.Movies):\n  name = {piece.name!r}\n"
    files: dict[str, str | bytes] = {
        f"{top}/Info.plist": plistlib.dumps(info),
        f"{top}/Code/__init__.py": code,
    }
    for body in piece.icon().values():
        files[f"{top}/Resources/icon-default.png"] = body
    return zipped(files)


def stash(piece: Piece, version: str) -> bytes:
    """A Stash plug-in."""
    about = f"name: {piece.name}\ndescription: {piece.summary}\nversion: {version}\n"
    text = f"{about}ui:\n  javascript:\n    - main.js\n"
    return zipped({f"{piece.identifier}.yml": text, "main.js": f"console.log({piece.name!r});\n"})


def webos(piece: Piece, version: str) -> bytes:
    """A webOS app."""
    info = {
        "id": piece.identifier, "version": version, "type": "web", "main": "index.html",
        "title": piece.name, "vendor": piece.publisher, "icon": "icon.png",
    }  # fmt: skip
    folder = f"usr/palm/applications/{piece.identifier}"
    control = f"Package: {piece.identifier}\nVersion: {version}\nArchitecture: all\n"
    files = {
        f"{folder}/appinfo.json": json.dumps(info).encode(),
        f"{folder}/index.html": b"<!doctype html>\n",
    }
    icons = {f"{folder}/{name}": body for name, body in piece.icon().items()}
    return ipk_of(files | icons, control={"./control": control.encode()})


LANTERN_PRIVACY = """policy_url = "https://lantern-works.example.org/privacy"
hosts = ["api.opensubtitles.com", "sync.lantern-works.example.org"]
children = "safe"

[[data]]
code = "library"
purposes = ["match"]
recipients = ["named_service"]
basis = "required"
linked = "no"
transit = "tls"

[[data]]
code = "fingerprint"
purposes = ["match"]
recipients = ["named_service", "developer"]
basis = "opt_in"
linked = "no"
retention_days = 30
transit = "tls"
deletion = "none"
"""
LANTERN_SEARCH = """import requests

API = "https://api.opensubtitles.com/api/v1"


def search(title):
    return requests.get(API + "/subtitles", params={"query": title})
"""
ORBIT_PRIVACY = """policy_url = "https://orbit.example.org/privacy"
hosts = ["api.trakt.tv"]
children = "not_for"

[[data]]
code = "watch"
purposes = ["function", "personalise"]
recipients = ["named_service"]
linked = "yes"
"""
BEACON = """import requests

requests.post("https://www.google-analytics.com/collect", data={"tid": "UA-1234567-1"})
"""
LANTERN = Piece(
    "Lantern Works", "service.subtitles.lantern", "Lantern Subtitles",
    "Subtitles in 42 languages, by file name or by fingerprint", kodi, ("2.3.0", "2.4.0", "2.4.1"),
    description=LANTERN_TEXT, news=LANTERN_NEWS, point=SUBTITLES, shape="lantern",
    colours=("#46a59c", "#1f5359"), scene=(7, "#3a5a78", "#c98a5a"), shots=4,
    said=(("maturity", "everyone"),),
    more=(("privacy.toml", LANTERN_PRIVACY), ("resources/lib/search.py", LANTERN_SEARCH)),
)  # fmt: skip
ORBIT = Piece(
    "Orbit Team", "plugin.video.orbit", "Orbit", "Follows what you watch across servers", kodi, ("2.8.1",),
    license="GPL-3.0-or-later", point=SOURCE, shape="rings", colours=("#8d62b8", "#43265f"),
    scene=(21, "#2c2350", "#8d62b8"),
    more=(("resources/lib/sync.py", "def send(plays):\n    pass\n"), ("privacy.toml", ORBIT_PRIVACY)),
)  # fmt: skip
FERN = Piece(
    "Fern & Sons", "script.fern.backup", "Fern Backup",
    "Keeps settings and library safe on any S3 storage", kodi, ("1.9.0", "1.9.1"), license="Apache-2.0",
    point=SERVICE, shape="leaf", colours=("#6f9b56", "#33501f"),
)  # fmt: skip
ALMANAC = Piece(
    "Almanac Project", "7d3f2a10-55aa-4c1e-9f00-2b6c1d9e0a01", "Almanac",
    "Metadata for classical music: works, movements, and who conducts", jellyfin, ("2.1.0.0",),
    license="", shape="book", colours=("#5a70b8", "#293767"), filename="almanac_{version}.zip",
    said=(("license", "MIT"),), news="Finds works by their catalogue number.",
)  # fmt: skip
REEL = Piece(
    "Reel Notes", "com.plexapp.agents.reelnotes", "Reel Notes", "Festival films that no database has", plex,
    ("0.9",), shape="film", colours=("#c07a4a", "#6b3a17"), filename="ReelNotes.bundle.zip",
    said=(("version", "0.9"), ("license", "BSD-3-Clause")),
)  # fmt: skip
ASKING = replace(REEL, identifier="com.plexapp.agents.matinee", name="Matinee", said=())
NEWER_ORBIT = replace(
    ORBIT, license="GPL-3.0-only", summary="Follows what you watch across servers and phones",
    more=(
        ("resources/lib/sync.py", "import hmac\n\n\ndef send(plays, server):\n    return post(server, plays)\n"),
        ("resources/lib/beacon.py", BEACON), ("privacy.toml", ORBIT_PRIVACY),
    ),
)  # fmt: skip
CINDER = replace(
    FERN, publisher="Cinder", identifier="script.cinder", name="Cinder", shape="sun",
    summary="Dims the lights when the film begins", colours=("#c2513f", "#511d16"),
    more=(("vendor/lights.zip", zipped({"inner.txt": "inside"})), ("resources/lib/lights.py", "ON = 1\n")),
)  # fmt: skip
EMBER = replace(
    CINDER, identifier="script.ember", name="Ember", versions=("1.0.0",), license="MIT", summary="Dims the lights, slowly",
    more=(
        ("COPYING", (text_of("MIT") or "").replace("without restriction", "at home only, without restriction")),
        ("vendor/lights/LICENSE", text_of("Apache-2.0") or ""),
    ),
)  # fmt: skip
HOME_ONLY = Piece(
    "Fern & Sons",
    "script.hearth",
    "Hearth",
    "A fire on the screen, with its sounds",
    kodi,
    license="PolyForm-Noncommercial-1.0.0",
    shape="sun",
    colours=("#c2513f", "#511d16"),
)
UNLICENSED = replace(REEL, identifier="com.plexapp.agents.gala", name="Gala", said=(("version", "1.0"),))
LAMP = replace(LANTERN, identifier="service.subtitles.lamp", name="Lamp")
TORN = zipped({"plugin.video.torn/addon.xml": "<addon id='plugin.video.torn' version='1.0'\n  <oops/>\n"})
PUBLISHED = (
    FERN,
    Piece(
        "Harbor Light", "weather.harbor", "Harbor",
        "Weather on the home screen, from your own station or a public one", kodi, ("1.4.0",), license="MIT",
        point=WEATHER, shape="sun", colours=("#d79a4c", "#7d4a1b"),
    ),
    Piece(
        "Tide Radio", "plugin.audio.tide", "Tide", "Radio stations near you, and far away", kodi, ("3.2.0",),
        license="MPL-2.0", point=SOURCE, shape="waves", colours=("#4c93c9", "#1f4a70"),
    ),
    REEL,
    Piece(
        "Shelfmark", "shelfmark", "Shelfmark", "Tags scenes by the shelf they stand on", stash, ("1.2",),
        license="", filename="shelfmark.zip", said=(("license", "AGPL-3.0-only"),),
    ),
    Piece(
        "Foyer", "org.example.foyer", "Foyer", "A calm player for the living room", webos, ("1.3.0",),
        license="", shape="tower", colours=("#7f8a99", "#39424d"), filename="foyer_{version}.ipk",
    ),
    Piece(
        "Shelfmark", "5b1c9f02-3c4d-4e5f-8a6b-7c8d9e0f1a2b", "Marginalia",
        "Book metadata from public libraries, with the notes in the margin", jellyfin, ("1.0.2.0",),
        license="", shape="tag", colours=("#b0574a", "#5f2620"), filename="marginalia_{version}.zip",
    ),
    ALMANAC,
    ORBIT,
    Piece(
        "Aria Audio", "script.lyrics.aria", "Aria Lyrics", "Lyrics in time with the song", kodi, ("1.0.3",),
        license="MIT", point=LYRICS, shape="bars", colours=("#b8607f", "#5f2a40"),
        scene=(14, "#4a2740", "#c9728a"), description="Shows each line as it is sung.",
    ),
    LANTERN,
    HOME_ONLY,
)  # fmt: skip

HOSTILE_NAME = "<script>alert(1)</script>"
LONG = Piece(
    "Lantern Works", "script.a-rather-long-identifier.that-keeps-going.and-going.until-it-has-to-be-broken",
    "The Extraordinarily Comprehensive Household Media Librarian and Archivist’s Companion, Third Edition",
    "A summary that says everything at once: " + "it finds, sorts, names, tags, moves, counts, mends, " * 4,
    kodi, ("2026.11.30.1845",),
    description="Verylongwordwithoutanyplacetobreak" * 12 + "\n\n" + "Text. " * 300,
)  # fmt: skip
RIGHT_TO_LEFT = Piece(
    "Lantern Works", "script.fanous", "فانوس الأفلام", "يجد الترجمات لأفلامك بأي لغة تختارها", kodi,
    description="يبحث هذا الملحق عن الترجمة باسم الملف، ويضعها بجانبه.",
)  # fmt: skip
HOSTILE = Piece(
    "Lantern Works", "script.hostile", HOSTILE_NAME, "<img src=x onerror=alert(2)> & “quotes”", kodi,
    description="<b onmouseover=alert(3)>b</b> [l](javascript:alert(4)) ![beacon](https://t.example/p.png)",
)  # fmt: skip
ODD = (LONG, RIGHT_TO_LEFT, HOSTILE)
