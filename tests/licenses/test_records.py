"""Declared and detected: what concludes by itself, and what a person must decide."""

import pytest

from licenses.detection import detect_files
from licenses.records import collisions, declare, record


def detected(**files: str):
    return detect_files((path, text.encode()) for path, text in files.items())


def decided(said: str | None, **files: str):
    return record(declare(said) if said is not None else None, detected(**files))


def test_equal_statements_conclude(spdx_text) -> None:
    found = decided("MIT", LICENSE=spdx_text("MIT"))
    assert (found.state, found.concluded) == ("concluded", "MIT")


def test_what_a_bare_text_leaves_open_the_declaration_tells(spdx_text) -> None:
    found = decided("GPL-3.0-or-later", LICENSE=spdx_text("GPL-3.0-only"))
    assert (found.state, found.concluded) == ("concluded", "GPL-3.0-or-later")


def test_what_a_vague_declaration_leaves_open_a_header_tells() -> None:
    header = "# License: GPL v2 or later\n"
    found = decided("GPLv2", **{"x.py": header})
    assert (found.state, found.concluded) == ("concluded", "GPL-2.0-or-later")


def test_a_choice_is_proven_by_its_texts(spdx_text) -> None:
    files = {"LICENSE-MIT": spdx_text("MIT"), "LICENSE-APACHE": spdx_text("Apache-2.0")}
    assert decided("MIT OR Apache-2.0", **files).concluded == "MIT OR Apache-2.0"
    assert decided("MIT OR ISC", **files).state == "contradiction"


def test_vendored_parts_come_on_top(spdx_text) -> None:
    files = {"a/LICENSE": spdx_text("MIT"), "a/lib/x/LICENSE": spdx_text("GPL-2.0-only"), "a/x.py": "x"}
    found = decided("MIT", **files)
    assert (found.state, found.concluded) == ("concluded", "MIT AND GPL-2.0-only")


def test_a_contradiction_is_told_and_not_concluded(spdx_text) -> None:
    found = decided("MIT", LICENSE=spdx_text("GPL-3.0-only"))
    assert (found.state, found.concluded) == ("contradiction", None)
    assert found.reasons[0] == "declared is MIT, but the files say GPL-3.0-only"


def test_an_altered_text_is_changed_whatever_is_declared(spdx_text) -> None:
    found = decided("MIT", LICENSE=spdx_text("MIT") + " Non-commercial use only.")
    assert (found.state, found.concluded) == ("changed", None)


@pytest.mark.parametrize(
    ("said", "files", "code", "suggested"),
    [
        (None, {}, "license.missing", None),
        ("", {"x.py": "x = 1"}, "license.missing", None),
        ("MIT", {"x.py": "x = 1"}, "license.unproven", "MIT"),
        (None, {"x.py": "# SPDX-License-Identifier: ISC\n"}, "license.undeclared", "ISC"),
        ("GPL", {"x.py": "# SPDX-License-Identifier: ISC\n"}, "license.unclear", "ISC"),
        ("my own words", {}, "license.unclear", None),
        ("<script>alert(1)</script>", {}, "license.unclear", None),
        ("<p>MIT</p>", {}, "license.unclear", None),
    ],
)
def test_what_evidence_leaves_open_waits_with_a_suggestion(said, files, code, suggested) -> None:
    found = decided(said, **files)
    assert (found.state, found.concluded, found.code, found.suggested) == ("undecided", None, code, suggested)
    assert found.reasons


def test_a_reference_that_stands_for_two_texts_collides() -> None:
    same = {"LicenseRef-A": "one  text", "LicenseRef-B": "b"}
    assert collisions({"": same, "x": {"LicenseRef-A": "one text"}}) == []
    assert collisions({"": same, "x": {"LicenseRef-A": "another"}}) == ["LicenseRef-A"]
