"""The command line, run as a program: JSON out, one sentence and exit 2 for wrong usage."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "licenses", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_detect_prints_a_line_a_file(tmp_path: Path, spdx_text) -> None:
    license_file, empty = tmp_path / "LICENSE", tmp_path / "empty.py"
    license_file.write_text(spdx_text("MIT"))
    empty.write_text("")
    done = run("detect", str(license_file), str(empty))
    first, second = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 0
    assert list(first) == ["file", "matches", "expressions", "review", "reasons"]
    assert first["file"] == str(license_file)
    assert first["expressions"] == ["MIT"]
    assert list(first["matches"][0]) == ["expression", "kind", "start", "end", "score"]
    assert first["matches"][0]["score"] == 1.0
    assert (second["expressions"], second["review"]) == ([], False)


def test_terms_prints_facets_and_conditions() -> None:
    done = run("terms", "gpl-2.0")
    assert json.loads(done.stdout) == {
        "expression": "GPL-2.0-only",
        "facets": {"use": "yes", "copy": "yes", "redistribute": "conditional", "modify": "conditional"},
        "conditions": [
            "include_copyright",
            "include_license",
            "state_changes",
            "disclose_source",
            "same_license",
        ],
    }


def test_compare_prints_the_class() -> None:
    assert json.loads(run("compare", "GPL-3.0-only", "MIT").stdout)["class"] == "wider"


def test_decide_has_its_defaults_and_always_exits_0() -> None:
    done = run("decide", "--expression", "NONE", "--recipient", "anonymous", "--action", "copy")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {
        "allowed": "no",
        "rule": "terms.no_permission",
        "conditions": [],
        "needs": ["license_or_grant"],
        "deliver": [],
    }
    options = ("--basis", "grant", "--form", "binary", "--source-available", "--acknowledged", "--state",
               "concluded", "--commercial-operator")  # fmt: skip
    done = run("decide", "--expression", "NONE", "--recipient", "server", "--action", "use", *options)
    assert json.loads(done.stdout)["allowed"] == "yes"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["detect"],
        ["detect", "/nowhere/at/all"],
        ["detect", "/"],
        ["terms", "nonsense"],
        ["terms", ""],
        ["terms", " AND ".join(f"LicenseRef-{n}" for n in range(1001))],
        ["terms", "(" * 65 + "MIT" + ")" * 65],
        ["compare", "MIT"],
        ["compare", "MIT", "GPL"],
        ["decide", "--expression", "MIT", "--recipient", "somebody", "--action", "copy"],
        ["decide", "--expression", "MIT", "--recipient", "member"],
        ["decide", "--expression", "MIT AND", "--recipient", "member", "--action", "copy"],
        ["unknown"],
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.strip().endswith(".")
