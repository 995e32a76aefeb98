"""``marquee check``: what the server would say, without a server."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import bundles
from tests.registry.bundles.packing import ADDON_XML

ROOT = Path(__file__).parents[2]


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.zip"
    path.write_bytes(bundles.kodi(name="Lantern"))
    return path


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.zip"
    path.write_bytes(bundles.zipped({"addon.xml": "<addon id='a.b' version='1.0'/>"}))
    return path


def test_a_sound_bundle_is_told_for_what_it_is(marquee, good):
    ran = marquee("check", good)
    assert ran.code == 0
    assert "kodi agent metadata.example.lantern 1.0.0 (Lantern)" in ran.out
    assert "would be accepted" in ran.out


def test_a_finding_names_the_file_the_rule_and_what_mends_it(marquee, bad):
    ran = marquee("check", bad)
    assert ran.code == 1
    finding, message, fix = ran.out.splitlines()[1:4]
    assert finding == "  error addon.xml [layout.kodi_folder]"
    assert "addon.xml lies at the root" in message
    assert fix.startswith("    Fix: Pack exactly one top-level folder")
    assert "would be refused; 1 error" in ran.out


def test_one_bad_file_among_good_ones_decides_the_exit_code(marquee, good, bad):
    assert marquee("check", good, bad, good).code == 1
    assert marquee("check", good, good).code == 0


def test_json_is_what_the_server_s_own_inspect_prints(marquee, good, bad, tmp_path):
    files = [str(good), str(bad), str(tmp_path / "missing.zip")]
    theirs = subprocess.run(
        [sys.executable, "-m", "registry", "inspect", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    ran = marquee("check", "--json", *files)
    assert (ran.code, ran.out) == (theirs.returncode, theirs.stdout)


def test_a_metadata_file_may_have_another_name(marquee, tmp_path):
    path = tmp_path / "tmp1234"
    path.write_text(ADDON_XML.replace("{assets}", ""))
    ran = marquee("check", "--metadata", "--as", "addon.xml", "--json", path)
    assert ran.lines[0]["ecosystem"] == "kodi"


@pytest.mark.parametrize("words", [["--as", "addon.xml", "x.zip"], ["--metadata", "--as", "a", "x", "y"], []])
def test_wrong_usage_ends_with_2(marquee, words):
    assert marquee("check", *words).code == 2


def test_a_name_made_to_move_the_cursor_does_not(marquee, tmp_path):
    path = tmp_path / "fine\x1b[2J\u202e.zip"
    path.write_bytes(b"no zip")
    ran = marquee("check", path)
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
    assert "fine\\x1b[2J\\u202e.zip" in ran.out


def test_colours_are_for_terminals_and_only_where_they_are_wanted(good):
    def seen(**environ):
        program = f"from marquee_client.cli import main; main(['check', {str(good)!r}])"
        passed = {"PYTHONPATH": f"{ROOT}:{ROOT / 'client'}", "TERM": "xterm-256color", **environ}
        return subprocess.run(
            [sys.executable, "-c", program], env=passed, capture_output=True, text=True, check=False
        ).stdout  # fmt: skip

    assert "\x1b[" not in seen()
    assert "\x1b[32m" in seen(FORCE_COLOR="1")
    assert "\x1b[32m" not in seen(FORCE_COLOR="1", NO_COLOR="1")


def test_every_line_of_json_is_one_object(marquee, good, bad):
    ran = marquee("check", "--json", good, bad)
    assert [json.loads(line)["ok"] for line in ran.out.splitlines()] == [True, False]
