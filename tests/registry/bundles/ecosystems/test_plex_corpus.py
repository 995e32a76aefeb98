"""Every Plex bundle of the corpus: what its Info.plist says, read by hand once and written down here."""

import pytest

from registry.bundles.ecosystems.plex import PLEX
from registry.bundles.findings import Severity
from tests.registry.bundles.ecosystems.offering import shared

AGENT, CHANNEL = "agent", "channel"

# folder: kind, identifier, version, whether elevated
EXPECTED = {
    "Audiobooks": (AGENT, "com.plexapp.agents.audiobooks", None, False),
    "Audnexus": (AGENT, "com.plexapp.agents.audnexus", None, False),
    "CSM": (AGENT, "com.plexapp.agents.csm", None, True),
    "channel9": (CHANNEL, "com.plexapp.plugins.channel9", None, False),
    "ChurchMilitant": (CHANNEL, "com.plexapp.plugins.churchmilitant", None, False),
    "ComicReader": (CHANNEL, "com.plexapp.plugins.comicreader", "1.3.6", True),
    "Dropbox": (CHANNEL, "com.plexapp.plugins.dropbox", None, True),
    "ExportTools": (CHANNEL, "com.plexapp.plugins.ExportTools", None, True),
    "Fanart-TV-Agent": (AGENT, "sander1.plexagents.fanarttv", None, True),
    "FShare": (CHANNEL, "com.plexapp.plugins.fshare", None, False),
    "FuzionRadio": (CHANNEL, "com.plexapp.plugins.fuzionradio", None, False),
    "Hama": (AGENT, "com.plexapp.agents.hama", None, True),
    "HGTV_Canada": (CHANNEL, "com.plexapp.plugins.hgtvcanada", None, False),
    "HistoryChannel": (CHANNEL, "com.plexapp.plugins.historychannel", None, False),
    "IPTV": (CHANNEL, "com.plexapp.plugins.iptv", None, False),
    "KhanAcademy": (CHANNEL, "com.plexapp.plugins.khanacademy", None, False),
    "MovieMeter": (AGENT, "sander1.plexagents.moviemeter", None, True),
    "muvio": (AGENT, "com.plexapp.agents.muvio", None, True),
    "OpenMovieDatabase": (AGENT, "com.plexapp.agents.omdbapi", None, True),
    "Radarr": (AGENT, "com.plexapp.agents.radarr", None, False),
    "RSSFeed": (CHANNEL, "com.plexapp.plugins.rssfeeds", None, False),
    "SABnzbd": (CHANNEL, "com.plexapp.plugins.sabnzbd", None, False),
    "SC2Casts": (CHANNEL, "com.plexapp.plugins.sc2castscom", None, False),
    "SickBeard": (CHANNEL, "com.plexapp.plugins.sickbeard", None, True),
    "SmiConvert": (AGENT, "com.plexapp.agents.smiconvert", None, True),
    "SomaFM": (CHANNEL, "com.plexapp.plugins.somafm", None, False),
    "Speedtest": (CHANNEL, "com.plexapp.plugins.speedtest", None, True),
    "SRT2UTF-8": (AGENT, "com.plexapp.agents.srt2utf8", None, True),
    "Sub-Zero": (AGENT, "com.plexapp.agents.subzero", "2.6.5.3247", True),
    "SVT-Play": (CHANNEL, "com.plexapp.plugins.svtplay", None, False),
    "Trakttv": (CHANNEL, "com.plexapp.plugins.trakttv", None, True),
    "TVLand": (CHANNEL, "com.plexapp.plugins.tvland", None, False),
    "USTVnow": (CHANNEL, "com.plexapp.plugins.ustvnow", None, False),
    "Webisodes": (CHANNEL, "com.plexapp.plugins.webisodes", None, False),
    "WebTools": (CHANNEL, "com.plexapp.plugins.WebTools", None, True),
    "XBMCnfoMoviesImporter": (AGENT, "com.plexapp.agents.xbmcnfo", None, True),
    "YouTube-Agent": (AGENT, "com.plexapp.agents.youtube", None, False),
}

# folder: code and line of each finding that is more than "elevated" and "no version"
REMARKS = {
    "Audiobooks": [("plex.template_version", 21)],
    "Audnexus": [("plex.template_version", 17)],
    "ComicReader": [("plex.own_updater", 7)],
    "Hama": [("plex.odd_type", 34), ("plex.debugging", 34)],
    "SC2Casts": [("plist.repeated_key", 11)],
    "Sub-Zero": [("plex.remote_image", 30)],
    "SVT-Play": [("plist.repeated_key", 27), ("plex.template_version", 17)],
    "Trakttv": [("plex.debugging", 20)],
}


def read(folder):
    path = shared("corpus", "plex", f"{folder}.bundle", "Contents", "Info.plist")
    return PLEX.read_file(f"{folder}.bundle/Contents/Info.plist", path.read_bytes())


def test_the_table_names_every_bundle_of_the_corpus():
    folders = {p.name.removesuffix(".bundle") for p in shared("corpus", "plex").glob("*.bundle")}
    assert folders == set(EXPECTED)


@pytest.mark.parametrize("folder", EXPECTED)
def test_a_real_info_plist_says_kind_identifier_and_version(folder):
    metadata = read(folder).metadata
    found = (metadata.kind, metadata.identifier, metadata.version, metadata.facts["elevated"])
    assert found == EXPECTED[folder]
    assert metadata.name == folder
    assert metadata.license is None


@pytest.mark.parametrize("folder", EXPECTED)
def test_what_is_odd_in_a_real_info_plist_is_told_with_its_line(folder):
    findings = read(folder).findings
    common = {"plex.elevated", "manifest.no_version"}
    told = [(f.code, f.line) for f in findings if f.code not in common]
    assert told == REMARKS.get(folder, [])
    assert all(f.severity is not Severity.ERROR for f in findings)
    assert ("manifest.no_version" in {f.code for f in findings}) == (EXPECTED[folder][2] is None)
