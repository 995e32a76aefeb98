"""``privacy FILE…`` prints a JSON line a file and says by its exit code whether all is sound."""

import json
import subprocess
import sys

from registry.bundles.privacy.command import privacy_command
from tests.registry.bundles.packing import kodi_zip


def written(folder, name, files):
    path = folder / name
    path.write_bytes(kodi_zip(files))
    return str(path)


def test_each_file_is_one_line_with_the_names_of_the_contract(tmp_path, capsys):
    name = written(tmp_path, "a.zip", {"lib.py": 'requests.get("https://api.trakt.tv/x")'})
    assert privacy_command([name]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert {"file", "hosts", "data", "capabilities", "declared", "contradictions"} <= said.keys()
    (host,) = said["hosts"]
    assert (host["host"], host["level"], host["company"], host["role"]) == (
        "api.trakt.tv",
        "E2",
        "Trakt",
        "scrobbling",
    )
    assert host["evidence"] == [
        {
            "path": "plugin.video.example/lib.py",
            "line": 1,
            "excerpt": 'requests.get("https://api.trakt.tv/x")',
        }
    ]


def test_a_contradiction_and_an_unreadable_file_are_exit_1_and_both_are_told(tmp_path, capsys):
    files = {"privacy.toml": "none = true", "lib.py": 'requests.get("https://api.trakt.tv/x")'}
    assert privacy_command([written(tmp_path, "a.zip", files), str(tmp_path / "none.zip")]) == 1
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["contradictions"][0]["declared"] == "none"
    assert second["findings"][0]["code"] == "file.unreadable"


def test_no_file_is_wrong_usage(capsys):
    assert privacy_command([]) == 2
    assert capsys.readouterr().err


def test_the_operators_command_needs_no_setting(tmp_path):
    name = written(tmp_path, "a.zip", {})
    command = [sys.executable, "-m", "registry", "privacy", name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["hosts"] == []
