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


def test_every_conclusion_of_the_corpus_is_what_declaration_and_file_agree_on(shared: Path) -> None:
    for name, expression in LICENSED.items():
        folder = shared / "corpus" / name
        said = declared(folder)
        found = record(declare(said) if said else None, detect_files(evidence(folder)))
        if found.state == "concluded":
            family = expression.removesuffix("-only").removesuffix("-or-later")
            assert found.concluded is not None
            assert family in found.concluded, (name, said, found)
