"""Every add-on and bundle of the corpus that carries evidence: concluded rightly, or asked.

The table was written by reading the files.
"""

import re
from pathlib import Path

import pytest

from licenses.detection import detect_files
from licenses.records import declare, record


def evidence(folder: Path) -> list[tuple[str, bytes]]:
    return [(f"{folder.name}/{path.relative_to(folder)}", path.read_bytes())
            for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in {"tree.txt", "hosts.txt"}]  # fmt: skip


def declared(folder: Path) -> str | None:
    addon = folder / "addon.xml"
    if not addon.exists():
        return None
    found = re.search(r"<license>(.*?)</license>", addon.read_text("utf-8", "replace"), re.DOTALL)
    return found[1] if found else None


LICENSED = {
    "kodi/metadata.filmweb.pl": "GPL-3.0-only",
    "kodi/metadata.generic.albums": "GPL-2.0-only",
    "kodi/metadata.movies.thetvdb.com.v4.python": "GPL-3.0-only",
    "kodi/metadata.themoviedb.org.python": "GPL-2.0-or-later",
    "kodi/plugin.video.composite_for_plex": "GPL-2.0-only",
    "kodi/plugin.video.crunchyroll": "AGPL-3.0-only",
    "kodi/plugin.video.emby-next-gen": "GPL-3.0-only",
    "kodi/plugin.video.jellyfin": "GPL-3.0-only",
    "kodi/plugin.video.mediathekview": "MIT",
    "kodi/plugin.video.plexkodiconnect": "GPL-2.0-only",
    "kodi/plugin.video.pseudotv.live": "GPL-3.0-only",
    "kodi/plugin.video.sendtokodi": "MIT",
    "kodi/plugin.video.vrt.nu": "GPL-3.0-only",
    "kodi/repository.sendtokodi": "GPL-2.0-only",
    "kodi/script.artwork.downloader": "GPL-2.0-only",
    "kodi/script.module.inputstreamhelper": "MIT",
    "kodi/script.module.web-pdb": "MIT",
    "kodi/script.timers": "MIT",
    "kodi/script.xbmcbackup": "MIT",
    "kodi/service.subtitles.a4ksubtitles": "MIT",
    "kodi/weather.gismeteo": "GPL-3.0-only",
    "plex/Audnexus.bundle": "GPL-3.0-only",
    "plex/Dropbox.bundle": "GPL-2.0-only",
    "plex/ExportTools.bundle": "Unlicense",
    "plex/Hama.bundle": "GPL-3.0-only",
    "plex/IPTV.bundle": "GPL-3.0-only",
    "plex/Sub-Zero.bundle": "MIT",
    "plex/WebTools.bundle": "MPL-2.0",
    "plex/channel9.bundle": "MIT",
}
"""What the license file of each says, bare texts of the GPL at their lower bound."""


@pytest.mark.parametrize(("name", "expression"), LICENSED.items())
def test_a_license_file_of_the_corpus_says(name: str, expression: str, shared: Path) -> None:
    folder = shared / "corpus" / name
    files = [pair for pair in evidence(folder) if "LICEN" in pair[0].upper()]
    found = detect_files(files)
    assert found.expression == expression
    assert not found.review


def test_every_folder_with_a_license_file_is_in_the_table(shared: Path) -> None:
    found = {
        f"{path.parent.parent.name}/{path.parent.name}" for path in (shared / "corpus").rglob("LICENSE*")
    }
    assert found - set(LICENSED) == {"plex/Trakttv.bundle"}


def test_a_license_for_some_folders_only_is_asked_about(shared: Path) -> None:
    found = detect_files(evidence(shared / "corpus" / "plex" / "Trakttv.bundle"))
    assert found.review
    assert found.state == "changed"


CONCLUDED = {
    "kodi/metadata.filmweb.pl": "GPL-3.0-only",
    "kodi/metadata.generic.albums": "GPL-2.0-only",
    "kodi/metadata.movies.thetvdb.com.v4.python": "GPL-3.0-or-later",
    "kodi/metadata.themoviedb.org.python": "GPL-2.0-or-later",
    "kodi/plugin.video.composite_for_plex": "GPL-2.0-or-later",
    "kodi/plugin.video.crunchyroll": "AGPL-3.0-only",
    "kodi/plugin.video.jellyfin": "GPL-3.0-only",
    "kodi/plugin.video.mediathekview": "MIT",
    "kodi/plugin.video.plexkodiconnect": "GPL-2.0-only",
    "kodi/plugin.video.pseudotv.live": "GPL-3.0-or-later",
    "kodi/plugin.video.sendtokodi": "MIT",
    "kodi/plugin.video.vrt.nu": "GPL-3.0-only",
    "kodi/script.module.inputstreamhelper": "MIT",
    "kodi/script.module.web-pdb": "MIT",
    "kodi/script.timers": "MIT",
    "kodi/script.xbmcbackup": "MIT",
    "kodi/service.subtitles.a4ksubtitles": "MIT",
    "kodi/weather.gismeteo": "GPL-3.0-only",
}
"""Where maker and files agree: what follows. *Or later* where only the maker says it of a bare text."""

ASKED = {
    "kodi/plugin.video.emby-next-gen": "license.contradiction",  # says version 2, brings the text of 3
    "kodi/repository.jurialmunkey": "license.undeclared",  # only its README
    "kodi/repository.sendtokodi": "license.undeclared",
    "kodi/script.artwork.downloader": "license.undeclared",
    "kodi/skin.estouchy": "license.unclear",  # a jurisdiction that SPDX has no id for
    "plex/SRT2UTF-8.bundle": "license.undeclared",  # only its README
    "plex/Trakttv.bundle": "license.changed",  # a license for some folders
    **{name: "license.undeclared" for name in LICENSED if name.startswith("plex/")},
}
"""Where a person is asked, and for what."""

NOTHING_SHOWN = {"license.missing", "license.unproven"}


def test_every_add_on_and_bundle_of_the_corpus_is_concluded_rightly_or_asked_about(shared: Path) -> None:
    """As in a registry: what a media server's manifest says is declared, and no second witness."""
    wrong = {}
    for folder in sorted([*(shared / "corpus/kodi").iterdir(), *(shared / "corpus/plex").iterdir()]):
        if not folder.is_dir():
            continue
        name, said = f"{folder.parent.name}/{folder.name}", declared(folder)
        files = [pair for pair in evidence(folder) if not pair[0].endswith(("addon.xml", "Info.plist"))]
        found = record(declare(said) if said else None, detect_files(files))
        if name in CONCLUDED:
            right = found.concluded == CONCLUDED[name]
        else:
            right = found.code == ASKED[name] if name in ASKED else found.code in NOTHING_SHOWN
        if not right:
            wrong[name] = (said, found)
    assert wrong == {}
