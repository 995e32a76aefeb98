"""Every file of the Jellyfin corpus against what its reader, a person, found in it."""

import pytest

from registry.bundles.ecosystems.jellyfin import JELLYFIN
from tests.registry.bundles.ecosystems.corpus import SHARED, corpus_file, needs_shared

pytestmark = needs_shared

# build-….yaml: kind, GUID, version, oldest server, name
BUILDS = {
    "anidb": "agent a2b2a7ed-aa28-4521-a64a-63d86901f246 11.0.0.0 10.11.0.0 AniDB",
    "anilist": "agent 1bd22884-44be-40f3-ad95-fc4a7834ba2c 13.0.0.0 10.11.8.0 AniList",
    "bookshelf": "agent 9c4e63f1-031b-4f25-988b-4f7d78a8b53e 13.0.0.0 10.11.0.0 Bookshelf",
    "coverartarchive": "plugin 8119f3c6-cfc2-4d9c-a0ba-028f1d93e526 9.0.0.0 10.11.0.0 Cover Art Archive",
    "dlna": "plugin 33eba9cd-7da1-4720-967f-dd7dae7b74a1 10.0.0.0 10.11.0.0 DLNA",
    "fanart": "plugin 170a157f-ac6c-437a-abdd-ca9c25cebd39 14.0.0.0 10.11.5.0 Fanart",
    "kodisyncqueue": "plugin 771e19d6-5385-4caf-b35c-28a0e865cf63 15.0.0.0 10.11.0.0 Kodi Sync Queue",
    "lastfm": "plugin 5e7fe7f0-b048-429e-a431-b1a7e69c930d 10.11.0.10 10.11.9.0 Last.fm",
    "ldapauth": "plugin 958aad66-3784-4d2a-b89a-a7b6fab6e25c 22.0.0.0 10.11.2.0 LDAP Authentication",
    "listenbrainz": "plugin 59b20823-aafe-454c-a393-17427f518631 6.2.1.2 10.11.0.0 ListenBrainz",
    "meilisearch": "plugin 974395db-b31d-46a2-bc86-ef9aa5ac04dd 0.0.0.0 12.0.0.0 Meilisearch",
    "mindthegaps": "plugin 8c2a93cc-6cc5-493a-880a-2e67ae50e454 10.11.6.0 10.11.0.0 Mind the Gaps",
    "nextpvr": "channel 9574ac10-bf23-49bc-949f-924f23cfa48f 13.0.0.0 10.11.1.0 NextPVR",
    "opensubtitles": "plugin 4b9ed42f-5185-48b5-9803-6ff2989014c4 24.0.0.0 10.11.8.0 Open Subtitles",
    "playbackreporting": "plugin 5c534381-91a3-43cb-907a-35aa02eb9d2c 17.0.0.0 10.11.0.0 Playback Reporting",
    "reports": "plugin d4312cd9-5c90-4f38-82e8-51da566790e8 18.0.0.0 10.11.0.0 Reports",
    "segment-recognition": "agent b1c2d3e4-f5a6-7b8c-9d0e-1f2a3b4c5d6e 1.0.0.0 10.12.0.0 Segment Recognition",
    "spotify-import": "agent f03d0adb-289f-4986-bd6f-2468025249b3 1.17.3.0 10.11.10.0 Spotify Import",
    "tmdbboxsets": "plugin bc4aad2e-d3d0-4725-a5e2-fd07949e5b42 12.0.0.0 10.11.0.0 TMDb Box Sets",
    "trakt": "plugin 4fe3201e-d6ae-4f2e-8917-e12bda571281 30.0.0.0 10.11.9.0 Trakt",
    "tvdb": "plugin a677c0da-fac5-4cde-941a-7134223f14c8 20.0.0.0 10.11.0.0 TheTVDB",
    "tvheadend": "channel 3fd018e5-5e78-4e58-b280-a0c068febee0 13.0.0.0 10.11.0.0 TVHeadend",
    "webhook": "plugin 71552a5a-5c5c-4350-a2ae-ebe451a30173 21.0.0.0 10.11.8.0 Webhook",
    "xtream": "channel 5d774c35-8567-46d3-a950-9bb8227a0c5d 0.8.1.0 10.11.0.0 Jellyfin Xtream",
}
RELEASES = {f"build-{name}.yaml": said for name, said in BUILDS.items()} | {
    "meta-upscaler.json": "plugin f87f700e-679d-43e6-9c7c-b3a410dc3f22 1.8.3.30 10.11.8.0 AI Upscaler Plugin"
}

# What is odd about a file, and the line that says so.
ODD = {"build-segment-recognition.yaml": {("manifest.target_abi_series", 4)}}

# file: plug-ins, their versions in all, name of the first, its newest version
LISTS = {
    "manifest-danieladov.json": (3, 30, "Merge Versions", "10.11.0.1"),
    "manifest-introskipper-10.8.json": (1, 1, "Intro Skipper", "0.10.8.1"),
    "manifest-jellyfin-test.json": (25, 54, "Anime", "10.0.0.0"),
    "manifest-n00bcodr-12.json": (3, 7, "Jellyfin Enhanced", "12.4.0.0"),
    "manifest-shemanaev.json": (3, 51, "MyShows", "5.1.0.0"),
    "manifest-streamyfin.json": (1, 62, "Streamyfin", "0.68.1.0"),
    "repository-kevinjil.json": (1, 18, "Jellyfin Xtream", "0.8.1.0"),
}


def test_the_tables_name_every_file_of_the_corpus() -> None:
    present = {path.name for path in (SHARED / "corpus/jellyfin").iterdir()}
    assert present == {*RELEASES, *LISTS, "PROVENANCE.md"}


@pytest.mark.parametrize("file", RELEASES)
def test_a_release_is_read_as_a_person_reads_it(file: str) -> None:
    content = corpus_file(f"jellyfin/{file}")
    assert JELLYFIN.recognises_file(file, content)
    reading = JELLYFIN.read_file(file, content)
    said = reading.metadata
    kind, guid, version, abi, name = RELEASES[file].split(maxsplit=4)
    assert (said.kind, said.identifier, said.version, said.name) == (kind, guid, version, name)
    assert said.facts["target_abi"] == abi
    assert said.requires == ()
    assert said.summary
    assert said.author
    assert said.license is None
    assert {(one.code, one.line) for one in reading.findings} == ODD.get(file, set())


@pytest.mark.parametrize("file", LISTS)
def test_a_repositorys_list_is_told_to_be_no_release(file: str) -> None:
    content = corpus_file(f"jellyfin/{file}")
    assert JELLYFIN.recognises_file(file, content)
    reading = JELLYFIN.read_file(file, content)
    (finding,) = reading.findings
    assert (finding.code, finding.severity, finding.line) == ("manifest.index", "warning", 1)
    said = reading.metadata
    assert (said.ecosystem, said.kind, said.identifier, said.version) == ("jellyfin", None, None, None)
    listed = said.facts["listed"]
    versions = sum(len(numbers) for _, _, numbers in listed)
    assert (len(listed), versions, listed[0][1], listed[0][2][0]) == LISTS[file]
