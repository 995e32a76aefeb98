"""``inspect FILE…`` on the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from registry.bundles.inspection.command import NOT_OK, OK, WRONG_USAGE, inspect_command
from tests.registry.bundles.packing import ADDON_XML, kodi_zip

ROOT = Path(__file__).parents[4]


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.zip"
    path.write_bytes(kodi_zip())
    return str(path)


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.zip"
    path.write_bytes(b"not a zip")
    return str(path)


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_file_gets_a_line_under_the_name_that_was_given(good, bad, capsys):
    assert inspect_command([good, bad]) == NOT_OK
    first, second = lines(capsys)
    assert (first["file"], first["ok"]) == (good, True)
    assert (second["file"], second["ok"]) == (bad, False)


def test_sound_files_end_with_success(good, capsys):
    assert inspect_command([good, good]) == OK
    assert len(lines(capsys)) == 2


def test_a_missing_file_is_said_clearly_and_the_others_are_looked_at(good, tmp_path, capsys):
    missing = str(tmp_path / "missing.zip")
    assert inspect_command([missing, good, str(tmp_path)]) == NOT_OK
    first, second, third = lines(capsys)
    assert first["findings"][0]["code"] == "file.unreadable"
    assert "no such file" in first["findings"][0]["message"]
    assert second["ok"]
    assert "is a directory" in third["findings"][0]["message"]


def test_a_metadata_file_may_have_another_name(tmp_path, capsys):
    path = tmp_path / "tmp1234"
    path.write_text(ADDON_XML.replace("{assets}", ""))
    assert inspect_command([str(path)], metadata=True, as_name="addon.xml") == OK
    (shown,) = lines(capsys)
    assert (shown["file"], shown["ecosystem"]) == (str(path), "kodi")


def test_a_metadata_file_without_end_is_not_read(tmp_path, capsys):
    path = tmp_path / "addon.xml"
    with path.open("wb") as file:
        file.truncate(10**12)
    assert inspect_command([str(path)], metadata=True) == NOT_OK
    assert "too large" in lines(capsys)[0]["findings"][0]["message"]


@pytest.mark.parametrize(
    ("files", "metadata", "as_name"),
    [([], False, None), (["a"], False, "x"), (["a", "b"], True, "x")],
)
def test_wrong_usage_is_told_in_a_sentence(files, metadata, as_name, capsys):
    assert inspect_command(files, metadata=metadata, as_name=as_name) == WRONG_USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["inspect"], 2), (["inspect", "/no"], 1)])
def test_it_runs_as_a_program(arguments, code):
    ran = subprocess.run(
        [sys.executable, "-m", "registry.bundles", *arguments], check=False, cwd=ROOT, capture_output=True
    )
    assert ran.returncode == code
