"""Every addon.xml of the corpus against what its reader, a person, found in it."""

import pytest

from registry.bundles.ecosystems.base import Requirement
from registry.bundles.ecosystems.kodi import KODI
from registry.bundles.findings import BundleRejected, Severity
from tests.registry.bundles.ecosystems.corpus import SHARED, corpus_file, needs_shared

pytestmark = needs_shared

# id, kind, version; then each import as id=lowest version (- none, ? optional)
EXPECTED = """
audiodecoder.openmpt plugin 20.2.0
    kodi.binary.global.main=2.0.0 kodi.binary.global.filesystem=1.1.7
    kodi.binary.instance.audiodecoder=4.0.0
game.controller.snes plugin 1.0.37
game.libretro plugin 20.2.2
    kodi.binary.global.main=2.0.0 kodi.binary.global.general=1.0.4
    kodi.binary.global.filesystem=1.1.7 kodi.binary.instance.game=3.0.0
inputstream.adaptive plugin 20.3.2
    kodi.binary.global.main=2.0.0 kodi.binary.global.general=1.0.4 kodi.binary.global.gui=5.15.0
    kodi.binary.global.filesystem=1.1.7 kodi.binary.global.tools=1.0.0
    kodi.binary.instance.inputstream=3.2.0 kodi.binary.instance.videocodec=2.0.1
metadata.common.fanart.tv agent 3.6.3
    xbmc.metadata=2.1.0
metadata.filmweb.pl agent 2.4.0
    xbmc.metadata=2.1.0 metadata.common.themoviedb.org=3.1.9 plugin.video.youtube=2.9.1?
metadata.generic.albums agent 1.0.18
    xbmc.python=3.0.0 xbmc.metadata=2.1.0
metadata.local agent 1.0.1
    xbmc.metadata=1.0
metadata.movies.thetvdb.com.v4.python agent 1.0.11
    xbmc.metadata=2.1.0 xbmc.python=3.0.0
metadata.musicvideos.theaudiodb.com agent 1.3.5
    xbmc.metadata=2.1.0 metadata.common.fanart.tv=3.1.0 metadata.common.theaudiodb.com=1.7.3
metadata.themoviedb.org.python agent 3.2.1
    xbmc.metadata=2.1.0 xbmc.python=3.0.0
metadata.tvshows.themoviedb.org.python agent 1.6.5
    xbmc.python=3.0.0 xbmc.metadata=2.1.0
peripheral.joystick plugin 20.1.3
    kodi.binary.global.main=2.0.0 kodi.binary.global.general=1.0.4
    kodi.binary.global.filesystem=1.1.7 kodi.binary.global.tools=1.0.0
    kodi.binary.instance.peripheral=2.0.0
plugin.video.composite_for_plex channel 2.0.2
    xbmc.python=3.0.1 script.module.requests=2.12.4 script.module.pyxbmct=1.2.0
    script.module.infotagger=0.0.5
plugin.video.crunchyroll channel 3.6.10
    xbmc.python=3.0.1 script.module.inputstreamhelper=0.3.3 script.module.requests=2.31.0
plugin.video.emby-next-gen channel 9.4.20
    xbmc.python=3.0.1 script.module.requests=2.22.0 script.module.dateutil=2.8.1
plugin.video.jellyfin channel 2.0.0+py3
    xbmc.python=3.0.0 script.module.requests=2.22.0+matrix.1 script.module.dateutil=2.8.1+matrix.1
    script.module.addon.signals=0.0.5+matrix.1 script.module.websocket=1.6.4
    script.module.web-pdb=2.0.1
plugin.video.mediathekview channel 1.1.0
    xbmc.python=2.25.0 script.module.myconnpy=1.1.7
plugin.video.nhkworldtv channel 1.5.4
    xbmc.python=3.0.1 script.module.requests=2.31.0 script.module.routing=0.2.3
    script.module.pytz=2023.3.0 script.module.tzlocal=5.0.1 inputstream.adaptive=21.5.16
plugin.video.plexkodiconnect channel 2.12.10
    xbmc.python=2.1.0 script.module.requests=2.9.1 script.module.defusedxml=0.5.0
    plugin.video.plexkodiconnect.movies=2.1.3 plugin.video.plexkodiconnect.tvshows=2.1.3
plugin.video.pseudotv.live channel 0.6.1q
    xbmc.python=3.0.1 script.module.six=1.0.0 script.module.kodi-six=0.1.3.1
    script.module.infotagger=0.0.5 script.module.simplecache=1.0.0 script.module.requests=0.0.1
    script.module.pyqrcode=1.2.1+matrix.1 plugin.library.node.editor=0.0.1
    resource.images.studios.white=0.0.1 resource.images.musicgenreicons.text=0.0.1
    resource.images.moviegenreicons.transparent=0.0.1 resource.images.pseudotv.logos=0.0.1?
    resource.images.overlays.crttv=0.0.2? resource.videos.bumpers.pseudotv=0.0.1?
    resource.videos.bumpers.kodi=0.0.1? resource.videos.ratings.mpaa.classic=0.0.4?
    script.module.youtube.dl=23.04.01+matrix.1? script.module.pil=5.1.0?
plugin.video.retrospect channel 5.7.35
    xbmc.python=3.0.0 script.module.requests=2.18.0 script.module.pytz=2014.2
    inputstream.adaptive=2.0.19 plugin.video.youtube=6.8.0 script.module.inputstreamhelper=0.3.5
    script.module.pyscrypt=1.6.2 script.module.pyaes=1.6.1 resource.images.retrospect=1.0.22
    script.module.pyjwt=2.8.0
plugin.video.sendtokodi channel 100.0.0
    xbmc.python=3.0.0 script.module.inputstreamhelper=0.4.2 script.module.requests=2.31.0
plugin.video.themoviedb.helper channel 5.2.35
    xbmc.python=3.0.1 script.module.requests=2.9.1 script.module.pil=1.1.7
    script.module.addon.signals=0.0.6 script.module.jurialmunkey=0.1.14
    script.module.infotagger=0.0.5 script.module.beautifulsoup4=4.9.3
plugin.video.vrt.nu channel 2.5.50+matrix.1
    resource.images.studios.white=0.0.30 script.module.dateutil=2.8.2
    script.module.inputstreamhelper=0.8.4 script.module.routing=0.2.3 xbmc.python=3.0.0
plugin.video.youtube channel 7.4.4
    xbmc.python=3.0.0 script.module.requests=2.27.1 inputstream.adaptive=19.0.0
    script.module.inputstreamhelper=0.2.2? script.module.pysocks=-?
pvr.iptvsimple channel 20.6.1
    kodi.binary.global.main=2.0.0 kodi.binary.global.general=1.0.4
    kodi.binary.global.filesystem=1.1.7 kodi.binary.global.tools=1.0.0
    kodi.binary.instance.pvr=8.2.0 inputstream.ffmpegdirect=1.19.0 inputstream.adaptive=2.6.6
    inputstream.rtmp=3.4.0
repository.castagnait plugin 2.0.1
repository.jurialmunkey plugin 3.5
repository.pseudotv plugin 1.0.9
repository.sendtokodi plugin 1.0.0
repository.xbmc.org plugin 3.3.1
    xbmc.addon=12.0.0
resource.language.de_de plugin 10.0.71
    kodi.resource=1.0.0
screensaver.asteroids plugin 20.1.0
    kodi.binary.global.main=2.0.0 kodi.binary.global.gui=5.15.0
    kodi.binary.global.filesystem=1.1.7 kodi.binary.instance.screensaver=2.2.0
script.artwork.downloader plugin 12.0.28
    xbmc.python=2.1.0 xbmc.json=6.0.0 xbmc.addon=12.0.0 script.module.simplejson=3.3.0
    script.common.plugin.cache=1.3.0
script.module.inputstreamhelper plugin 0.8.5
    xbmc.python=3.0.0 script.module.pysocks=1.6.8?
script.module.web-pdb plugin 2.0.0
    xbmc.python=3.0.0
script.skinvariables channel 2.1.10
    xbmc.python=3.0.0 script.module.jurialmunkey=0.1.17 script.module.infotagger=0.0.5
script.timers plugin 4.1.3
    xbmc.python=3.0.0
script.xbmcbackup plugin 1.7.0~beta2
    xbmc.python=3.0.0 script.module.dateutil=2.8.0 script.module.future=0.18.2+matrix.1
    script.module.dropbox=10.3.1 script.module.pyqrcode=1.2.1+matrix.1
service.iptv.manager plugin 0.2.4
    xbmc.python=2.26.0 script.module.dateutil=2.6.0 pvr.iptvsimple=3.8.8
service.subtitles.a4ksubtitles plugin 3.23.1
    script.module.requests=- vfs.libarchive=-?
skin.estouchy plugin 3.0.8
    xbmc.gui=5.16.0
vfs.sftp plugin 20.1.0
    kodi.binary.global.main=2.0.0 kodi.binary.global.general=1.0.4 kodi.binary.instance.vfs=3.0.1
weather.gismeteo plugin 0.6.4
    xbmc.python=2.19.0 script.module.simpleplugin3=3.0.5 script.module.requests=2.15.1
xbmc.python none 3.0.1
    xbmc.core=0.1.0
"""

# What is odd about a file, and the line that says so. Missing licenses are left out.
ODD = {
    "game.controller.snes": {("manifest.id_reserved", 2)},
    "metadata.common.fanart.tv": {("manifest.id_reserved", 2)},
    "metadata.generic.albums": {("manifest.id_reserved", 2)},
    "metadata.local": {("manifest.id_reserved", 2)},
    "metadata.themoviedb.org.python": {("manifest.id_reserved", 2)},
    "metadata.tvshows.themoviedb.org.python": {("manifest.id_reserved", 2)},
    "plugin.video.mediathekview": {("manifest.series", 7)},
    "plugin.video.plexkodiconnect": {("manifest.series", 4)},
    "repository.xbmc.org": {("manifest.id_reserved", 2)},
    "resource.language.de_de": {("manifest.id_reserved", 3)},
    "script.artwork.downloader": {("manifest.series", 9)},
    "service.iptv.manager": {("manifest.series", 4)},
    "skin.estouchy": {("manifest.id_reserved", 2), ("manifest.series", 4)},
    "weather.gismeteo": {("manifest.series", 4)},
    "xbmc.python": {("manifest.id_reserved", 2), ("manifest.no_kind", 2), ("manifest.no_name", 2)},
}

INDEXES = {
    "repository.castagnait/addons.xml": [
        ["plugin.video.netflix", "1.23.2+matrix.1"],
        ["plugin.video.netflix", "1.23.1+matrix.1"],
        ["plugin.video.netflix", "1.23.0+matrix.1"],
        ["repository.castagnait", "2.0.1"],
    ],
    "repository.castagnait/addons-kodi18-empty.xml": [],
    "repository.jurialmunkey/addons.xml": [
        ["context.themoviedb.helper", "2.0.0"],
        ["plugin.video.themoviedb.helper", "6.15.8"],
        ["resource.font.robotocjksc", "0.0.3"],
        ["screensaver.arctic.mirage", "1.9"],
        ["script.module.infotagger", "0.0.8"],
        ["script.module.jurialmunkey", "0.2.35"],
        ["script.skinvariables", "2.2.2"],
        ["script.texturemaker", "0.2.11"],
        ["script.wikipedia", "0.2.0"],
        ["skin.arctic.fuse.2", "2.12.12"],
        ["skin.arctic.fuse.3", "3.2.11"],
        ["skin.arctic.horizon.2", "0.8.30~omega"],
    ],
    "repository.pseudotv/addons.xml": [
        ["plugin.video.pseudotv.live", "0.6.1q"],
        ["repository.pseudotv", "1.0.9"],
        ["webinterface.pseudotv.live", "0.0.1"],
    ],
    "repository.sendtokodi/addons.xml": [
        ["repository.sendtokodi", "1.0.0"],
        ["plugin.video.sendtokodi", "0.9.1073"],
    ],
}


def expectations() -> dict[str, tuple[str, str, tuple[Requirement, ...]]]:
    found: dict[str, tuple[str, str, tuple[Requirement, ...]]] = {}
    for line in EXPECTED.strip().splitlines():
        if not line.startswith(" "):
            identifier, kind, version = line.split()
            found[identifier] = kind, version, ()
        else:
            kind, version, before = found[identifier]
            found[identifier] = kind, version, (*before, *map(requirement, line.split()))
    return found


def requirement(written: str) -> Requirement:
    identifier, _, minimum = written.rstrip("?").partition("=")
    return Requirement(identifier, None if minimum == "-" else minimum, written.endswith("?"))


@pytest.mark.parametrize("identifier", expectations())
def test_an_addon_xml_is_read_as_a_person_reads_it(identifier: str) -> None:
    reading = KODI.read_file("addon.xml", corpus_file(f"kodi/{identifier}/addon.xml"))
    kind, version, requires = expectations()[identifier]
    said = reading.metadata
    assert (said.identifier, said.kind or "none", said.version) == (identifier, kind, version)
    assert said.requires == requires
    assert said.name or identifier == "xbmc.python"
    assert {one.severity for one in reading.findings} <= {Severity.WARNING}
    assert ODD.get(identifier, set()) == {
        (one.code, one.line) for one in reading.findings if one.code != "manifest.no_license"
    }


@pytest.mark.parametrize("path", INDEXES)
def test_a_list_of_addons_is_told_to_be_no_release(path: str) -> None:
    content = corpus_file(f"kodi/{path}")
    assert KODI.recognises_file(path, content)
    reading = KODI.read_file(path, content)
    (finding,) = reading.findings
    assert (finding.code, finding.severity, finding.line) == ("manifest.index", "warning", 2)
    said = reading.metadata
    assert (said.ecosystem, said.kind, said.identifier, said.version) == ("kodi", None, None, None)
    assert said.facts["listed"] == INDEXES[path]


def test_no_xml_of_the_corpus_is_left_without_an_answer() -> None:
    """Each is an add-on, a list, settings (no release), or broken with the line that is."""
    answers: dict[str, int] = {}
    for path in sorted((SHARED / "corpus/kodi").rglob("*.xml")):
        assert KODI.recognises_file(str(path), path.read_bytes())
        answer = answer_to(path.name, path.read_bytes())
        answers[answer] = answers.get(answer, 0) + 1
    assert answers == {
        "addon": 46,
        "manifest.index line 2": 5,
        "manifest.not_release line 2": 26,
        "manifest.not_release line 3": 1,
        "manifest.xml line 12": 1,
    }


def answer_to(name: str, content: bytes) -> str:
    try:
        reading = KODI.read_file(name, content)
    except BundleRejected as refusal:
        return f"{refusal.finding.code} line {refusal.finding.line}"
    if reading.metadata.identifier:
        return "addon"
    return f"{reading.findings[0].code} line {reading.findings[0].line}"
