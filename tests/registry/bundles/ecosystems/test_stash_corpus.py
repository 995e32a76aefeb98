"""Every Stash file of the corpus: what it says, read by hand once and written down here."""

import pytest

from registry.bundles.ecosystems.stash import STASH
from registry.bundles.findings import BundleRejected, Severity
from tests.registry.bundles.ecosystems.offering import shared

UI = "CommunityScriptsUILibrary"

# file in the corpus: original name, kind, identifier, version, name, requirements
EXPECTED = {
    "plugin-AudioPlayer.yml": ("plugin", "AudioPlayer", "0.3", "AudioPlayer", []),
    f"plugin-{UI}.yml": ("plugin", UI, "1.0.0", UI, []),
    "plugin-GroupDetails.yml": ("plugin", "GroupDetails", "0.2.3", "Group Details", []),
    "plugin-PlexSync.yml": ("plugin", "PlexSync", "0.1", "Plex Sync", []),
    "plugin-PythonDepManager.yml": ("plugin", "PythonDepManager", "0.1.0", "PythonDepManager", []),
    "plugin-TPDBMarkers.yml": ("plugin", "TPDBMarkers", "0.4.4", "The Porn DB Markers", []),
    "plugin-Theme-Plex.yml": ("plugin", "Theme-Plex", "1.0.5", "Theme - Plex", []),
    "plugin-VideoScrollWheel.yml": ("plugin", "VideoScrollWheel", "0.4", "VideoScrollWheel", [UI]),
    "plugin-comicInfoExtractor.yml": ("plugin", "comicInfoExtractor", "0.1", "Comic Info Extractor", []),
    "plugin-date_parser.yml": (
        "plugin",
        "date_parser",
        "1.2.0",
        "Gallery Date Parser",
        ["PythonDepManager"],
    ),
    "plugin-defaultDataForPath.yml": (
        "plugin",
        "defaultDataForPath",
        "1.1",
        "Default Data For Path",
        [],
    ),
    "plugin-extractSubtitles.yml": (
        "plugin",
        "extractSubtitles",
        "0.1.0",
        "Extract Embedded Subtitles",
        [],
    ),
    "plugin-filemonitor.yml": ("plugin", "filemonitor", "1.0.5", "FileMonitor", []),
    "plugin-nfoSceneParser.yml": ("plugin", "nfoSceneParser", "1.5.0", "nfoSceneParser", []),
    "plugin-renamefile.yml": ("plugin", "renamefile", "1.0.0", "RenameFile", []),
    "plugin-sceneCoverCropper.yml": ("plugin", "sceneCoverCropper", "1.0", "Scene Cover Cropper", [UI]),
    "plugin-stats.yml": ("plugin", "stats", "1.1", "Extended Stats", [UI]),
    "plugin-tagCopyPaste.yml": ("plugin", "tagCopyPaste", "0.5", "tagCopyPaste", [UI]),
    "scraper-AniDB.yml": ("agent", "AniDB", None, "AniDB", []),
    "scraper-AnimeCharactersDatabase.yml": (
        "agent",
        "AnimeCharactersDatabase",
        None,
        "AnimeCharactersDatabase",
        ["py_common"],
    ),
    "scraper-ComicInfoXML.yml": ("agent", "ComicInfoXML", None, "ComicInfo XML", ["py_common"]),
    "scraper-CopyFromScene.yml": ("agent", "CopyFromScene", None, "Copy from Scene", ["py_common"]),
    "scraper-DeviantArt.yml": ("agent", "DeviantArt", None, "DeviantArt", []),
    "scraper-EmbeddedMetadata.yml": ("agent", "EmbeddedMetadata", None, "EmbeddedMetadata", ["py_common"]),
    "scraper-FileMetadata.yml": ("agent", "FileMetadata", None, "File Metadata (ffprobe)", ["py_common"]),
    "scraper-IMDB.yml": ("agent", "IMDB", None, "IMDB", []),
    "scraper-Reddit.yml": ("agent", "Reddit", None, "Reddit", []),
    "scraper-ScrapeWithURL.yml": ("agent", "ScrapeWithURL", None, "Scrape with URL", ["py_common"]),
    "scraper-TMDB-json.yml": ("agent", "TMDB-json", None, "TheMovieDB JSON", []),
    "scraper-TMDB.yml": ("agent", "TMDB", None, "TheMovieDB", []),
    "scraper-WikiData.yml": ("agent", "WikiData", None, "Wikidata", []),
    "scraper-YouTube.yml": ("agent", "YouTube", None, "YouTube API", []),
    "scraper-fandom-wiki.yml": ("agent", "fandom-wiki", None, "fandom-wiki", []),
    "scraper-moebooru.yml": ("agent", "moebooru", None, "moebooru", []),
    "scraper-package-AyloAPI.package": ("agent", "AyloAPI", None, "AyloAPI", []),
    "scraper-package-py_common.package": ("agent", "py_common", None, "py_common", []),
}
REMARKS = {
    "plugin-AudioPlayer.yml": [("stash.ui_requires", 6)],
    "plugin-sceneCoverCropper.yml": [("stash.remote_code", 12), ("stash.remote_code", 10)],
}
REFUSED = {
    "plugin-comicInfoExtractor-config.yml": ("stash.ignored", 1),
    "index-communityscripts-stable.yml": ("stash.index", 1),
}


def original_name(file):
    for prefix in ("plugin-", "scraper-package-", "scraper-"):
        if file.startswith(prefix):
            name = file.removeprefix(prefix)
            folder, dot, ending = name.rpartition(".")
            return f"{folder}/package" if dot and ending == "package" else name
    return file


def read(file):
    return STASH.read_file(original_name(file), shared("corpus", "stash", file).read_bytes())


def test_the_tables_name_every_file_of_the_corpus():
    files = {path.name for path in shared("corpus", "stash").iterdir() if path.suffix != ".md"}
    assert files == EXPECTED.keys() | REFUSED.keys()


@pytest.mark.parametrize("file", EXPECTED)
def test_a_real_file_says_kind_identifier_version_and_requirements(file):
    metadata = read(file).metadata
    kind, identifier, version, name, requires = EXPECTED[file]
    assert (metadata.kind, metadata.identifier, metadata.version) == (kind, identifier, version)
    assert metadata.name == name
    assert [requirement.identifier for requirement in metadata.requires] == requires
    assert metadata.summary


@pytest.mark.parametrize("file", EXPECTED)
def test_what_is_odd_in_a_real_file_is_told_with_its_line(file):
    findings = [f for f in read(file).findings if f.code != "manifest.no_version"]
    assert [(f.code, f.line) for f in findings] == REMARKS.get(file, [])
    assert all(f.severity is not Severity.ERROR for f in findings)


@pytest.mark.parametrize("file", REFUSED)
def test_what_is_no_package_is_refused_with_its_line(file):
    with pytest.raises(BundleRejected) as caught:
        read(file)
    finding = caught.value.finding
    assert (finding.code, finding.line) == REFUSED[file]


def test_the_file_that_is_ignored_is_told_what_stash_would_not_read():
    with pytest.raises(BundleRejected, match="line 7, ImportList: the key 'ImportList' is unknown"):
        read("plugin-comicInfoExtractor-config.yml")
