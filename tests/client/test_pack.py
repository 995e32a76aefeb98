"""``marquee pack``: a folder becomes the zip that its media server wants."""

import json
import os
import zipfile
from pathlib import Path

import pytest

from tests import bundles
from tests.bundles import INFO_PLIST
from tests.registry.bundles.packing import ADDON_XML

ADDON = ADDON_XML.replace("{assets}", "")
PLIST = INFO_PLIST.format(identifier="com.plexapp.agents.lantern")
META = {
    "guid": "4a5b6c7d-1111-4222-8333-944455556666", "name": "Lamplight", "version": "1.2.0.0",
    "targetAbi": "10.10.0.0", "category": "Metadata", "overview": "Finds films", "description": "Finds films.",
    "owner": "Lantern Works", "changelog": "First.", "timestamp": "2026-01-02T03:04:05Z",
}  # fmt: skip
PLUGIN = "name: Lantern tags\nversion: 1.0\nexec:\n  - python\n  - '{pluginDir}/run.py'\ninterface: raw\n"
SCRAPER = (
    "name: Lantern\nsceneByURL:\n  - action: script\n    url: [lantern.example]\n    script: [python, a.py]\n"
)
ROKU = "title=Lantern\nmajor_version=1\nminor_version=2\nbuild_version=3\nmm_icon_focus_hd=pkg:/i.png\n"
FOLDERS = {
    "kodi": ("checkout", {"addon.xml": ADDON, "main.py": "print(1)\n", "resources/icon.png": bundles.png()}),
    "jellyfin": ("publish", {"meta.json": json.dumps(META), "Lamplight.dll": b"MZ" + bytes(300)}),
    "plex": ("Lantern.bundle", {"Contents/Info.plist": PLIST, "Contents/Code/__init__.py": "N = 'L'\n"}),
    "stash": ("lanternTags", {"lanternTags.yml": PLUGIN, "run.py": "#!/usr/bin/env python\nprint(1)\n"}),
    "scraper": ("Lantern", {"Lantern.yml": SCRAPER, "a.py": "print(1)\n"}),
    "roku": ("channel", {"manifest": ROKU, "source/main.brs": "sub main()\nend sub\n"}),
    "plain": ("desk", {"marquee.toml": 'id = "desk"\nversion = "2.0"\nkind = "client"\n', "desk.js": "1\n"}),
}
SAID = {
    "kodi": ("plugin.video.example", "1.2.3", "channel"),
    "jellyfin": ("4a5b6c7d-1111-4222-8333-944455556666", "1.2.0.0", "agent"),
    "plex": ("com.plexapp.agents.lantern", None, "agent"),
    "stash": ("lanternTags", "1.0", "plugin"),
    "scraper": ("Lantern", None, "agent"),
    "roku": (None, "1.2.3", "client"),
    "plain": ("desk", "2.0", "client"),
}
NAMES = {
    "kodi": "plugin.video.example-1.2.3.zip",
    "jellyfin": "4a5b6c7d-1111-4222-8333-944455556666_1.2.0.0.zip",
    "plex": "Lantern.bundle.zip",
    "stash": "lanternTags-1.0.zip",
    "scraper": "Lantern.zip",
    "roku": "channel.zip",
    "plain": "desk-2.0.zip",
}
TOPS = {"kodi": {"plugin.video.example"}, "plex": {"Lantern.bundle"}}


def laid(folder: Path, files) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def folder_of(tmp_path, what, **more):
    name, files = FOLDERS[what]
    return laid(tmp_path / name, files | more)


def names_in(path):
    return zipfile.ZipFile(path).namelist()


@pytest.fixture
def out(tmp_path):
    made = tmp_path / "out"
    made.mkdir()
    return made


@pytest.mark.parametrize("what", FOLDERS)
def test_every_ecosystem_gets_its_own_layout_and_accepts_it(marquee, tmp_path, out, what):
    ran = marquee("pack", folder_of(tmp_path, what), "-o", out, "--json")
    assert ran.code == 0, ran.out
    (line,) = ran.lines
    assert line["ok"]
    assert line["ecosystem"] == {"scraper": "stash"}.get(what, what)
    assert (line["identifier"], line["version"], line["kind"]) == SAID[what]
    assert Path(line["file"]) == out / NAMES[what]
    if what in TOPS:
        assert {name.partition("/")[0] for name in names_in(line["file"])} == TOPS[what]
    assert not [finding for finding in line["findings"] if finding["code"].startswith("layout.")]


@pytest.mark.parametrize("what", FOLDERS)
def test_the_same_files_give_the_same_bytes_whatever_their_times_modes_and_order(
    marquee, tmp_path, out, what
):
    name, files = FOLDERS[what]
    one = laid(tmp_path / "one" / name, files)
    two = laid(tmp_path / "two" / name, dict(reversed(files.items())))
    for path in two.rglob("*"):
        if path.is_file():
            os.utime(path, (1_000_000_000, 1_100_000_000))
            path.chmod(0o777)
    made = [
        marquee("pack", folder, "-o", out / f"{n}.zip", "--json").lines[0]
        for n, folder in enumerate((one, two))
    ]
    assert Path(made[0]["file"]).read_bytes() == Path(made[1]["file"]).read_bytes()
    assert made[0]["sha256"] == made[1]["sha256"]


def test_what_no_media_server_needs_is_left_out_and_told(marquee, tmp_path, out):
    folder = folder_of(
        tmp_path, "kodi",
        **{
            ".git/config": "x", ".gitignore": "x", ".github/workflows/ci.yml": "x", ".idea/a.xml": "x",
            "__pycache__/main.cpython-311.pyc": "x", "main.pyc": "x", ".DS_Store": "x", "main.py~": "x",
            ".main.py.swp": "x", "resources/Thumbs.db": "x",
        },
    )  # fmt: skip
    ran = marquee("pack", folder, "-o", out)
    assert ran.code == 0
    assert sorted(names_in(out / NAMES["kodi"])) == [
        f"plugin.video.example/{name}" for name in ("addon.xml", "main.py", "resources/icon.png")
    ]
    left_out = {line.split()[2] for line in ran.out.splitlines() if line.startswith("left out")}
    assert left_out == {
        ".git/", ".gitignore", ".github/", ".idea/", "__pycache__/", "main.pyc", ".DS_Store", "main.py~",
        ".main.py.swp", "resources/Thumbs.db",
    }  # fmt: skip


def test_compiled_code_without_its_source_is_the_plug_in_s_own(marquee, tmp_path, out):
    folder = folder_of(tmp_path, "plex", **{"Contents/Libraries/Shared/old.pyc": b"\x03\xf3\r\n"})
    marquee("pack", folder, "-o", out)
    assert "Lantern.bundle/Contents/Libraries/Shared/old.pyc" in names_in(out / NAMES["plex"])


@pytest.mark.parametrize(
    ("name", "top"),
    [
        ("Lantern.bundle-master", "Lantern.bundle"),
        ("Lantern-main", "Lantern.bundle"),
        ("Lantern", "Lantern.bundle"),
    ],
)
def test_a_plex_folder_is_named_as_plex_wants_it(marquee, tmp_path, out, name, top):
    folder = laid(tmp_path / name, FOLDERS["plex"][1])
    ran = marquee("pack", folder, "-o", out, "--json")
    assert Path(ran.lines[0]["file"]).name == f"{top}.zip"
    assert f"{top}/Contents/Info.plist" in names_in(ran.lines[0]["file"])


def test_stash_may_start_its_scripts_and_kodi_may_not(marquee, tmp_path, out):
    script = "#!/usr/bin/env python3\nprint(1)\n"
    marquee("pack", folder_of(tmp_path, "stash"), "-o", out / "stash.zip")
    marquee("pack", folder_of(tmp_path, "kodi", **{"main.py": script}), "-o", out / "kodi.zip")
    modes = {
        info.filename: info.external_attr >> 16
        for name in ("stash", "kodi")
        for info in zipfile.ZipFile(out / f"{name}.zip").infolist()
    }
    assert modes["run.py"] == 0o100755
    assert modes["lanternTags.yml"] == 0o100644
    assert modes["plugin.video.example/main.py"] == 0o100644


def test_the_one_time_in_it_can_be_chosen(marquee, tmp_path, out):
    marquee.environ["SOURCE_DATE_EPOCH"] = "1767323045"
    marquee("pack", folder_of(tmp_path, "stash"), "-o", out / "a.zip")
    assert {info.date_time for info in zipfile.ZipFile(out / "a.zip").infolist()} == {(2026, 1, 2, 3, 4, 4)}
    marquee.environ["SOURCE_DATE_EPOCH"] = "0"
    assert marquee("pack", tmp_path / "lanternTags", "-o", out / "a.zip").code == 0


def test_what_the_check_finds_ends_with_1_and_names_the_file(marquee, tmp_path, out):
    folder = folder_of(tmp_path, "stash", **{"lanternTags.yml": "name: x\nunknown: 1\nexec: [a]\n"})
    ran = marquee("pack", folder, "-o", out / "a.zip")
    assert ran.code == 1
    assert "error lanternTags.yml line 2 [stash.shape]" in ran.out


def test_a_manifest_that_cannot_be_read_is_told_with_its_line(marquee, tmp_path, out):
    ran = marquee("pack", folder_of(tmp_path, "kodi", **{"addon.xml": "<addon id='a'\n  <oops/>"}), "-o", out)
    assert ran.code == 1
    assert "addon.xml line 2" in ran.err
    assert list(out.iterdir()) == []


def test_a_link_is_refused_since_its_target_may_lie_anywhere(marquee, tmp_path, out):
    folder = folder_of(tmp_path, "stash")
    (folder / "key").symlink_to("/etc/passwd")
    ran = marquee("pack", folder, "-o", out)
    assert ran.code == 1
    assert "key is a link" in ran.err


def test_a_zip_never_holds_the_zip_before(marquee, tmp_path, monkeypatch):
    folder = folder_of(tmp_path, "stash")
    ran = marquee("pack", folder, "-o", folder / "a.zip")
    assert ran.code == 2
    assert "next zip would hold this one" in ran.err
    monkeypatch.chdir(folder)
    assert marquee("pack", ".").code == 0
    assert (tmp_path / NAMES["stash"]).exists()
    assert sorted(path.name for path in folder.iterdir()) == ["lanternTags.yml", "run.py"]


def test_without_a_place_it_goes_to_the_working_folder(marquee, tmp_path, out, monkeypatch):
    monkeypatch.chdir(out)
    assert marquee("pack", folder_of(tmp_path, "kodi")).code == 0
    assert [path.name for path in out.iterdir()] == [NAMES["kodi"]]


@pytest.mark.parametrize("words", [["missing"], ["{empty}"], ["{empty}", "-o", "{empty}/no/such/a.zip"]])
def test_a_folder_that_is_not_there_or_empty_is_told(marquee, tmp_path, words):
    (tmp_path / "empty").mkdir()
    ran = marquee("pack", *[word.replace("{empty}", str(tmp_path / "empty")) for word in words])
    assert ran.code in {1, 2}
    assert ran.err


def test_a_large_file_has_its_sizes_in_front_of_it(marquee, tmp_path, out):
    folder = folder_of(tmp_path, "stash", **{"data.bin": os.urandom(3 * 1024 * 1024)})
    marquee("pack", folder, "-o", out / "a.zip")
    with zipfile.ZipFile(out / "a.zip") as archive:
        assert archive.testzip() is None
        assert archive.getinfo("data.bin").flag_bits & 0x08 == 0
        assert archive.getinfo("data.bin").file_size == 3 * 1024 * 1024
