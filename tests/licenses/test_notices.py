"""What goes with a copy, as one text."""

from licenses.detection import detect_files
from licenses.notices import collect


def test_everything_is_in_one_text(spdx_text) -> None:
    files = {
        "a/LICENSE": spdx_text("MIT"),
        "a/NOTICE": "Example plug-in\r\nCopyright 2020 Ada Example\r\n",
        "a/x.py": "# Copyright (c) 2019 Grace Example\n# SPDX-License-Identifier: GPL-2.0-or-later\n",
    }
    detected = detect_files((path, text.encode()) for path, text in files.items())
    expression = "MIT AND GPL-2.0-or-later WITH Classpath-exception-2.0"
    notices = collect(
        "Example 1.0", expression, detected, changes="Renamed.", source="https://example.org/src"
    )
    text = notices.as_text()
    for part in ("Example 1.0", "Copyright (c) 2019 Grace Example", "Example plug-in", "Renamed.",
                 "https://example.org/src", "Permission is hereby granted", "GNU GENERAL PUBLIC LICENSE",
                 "Linking this library statically or dynamically"):  # fmt: skip
        assert part in text
    assert "\r" not in text
    assert notices.missing == ()


def test_the_bundles_own_text_goes_before_the_generic_one(spdx_text) -> None:
    own = spdx_text("MIT").replace("Ada Example", "Grace Hopper")
    notices = collect("x", "MIT", detect_files([("LICENSE", own.encode())]))
    assert [(one.id, one.source) for one in notices.texts] == [("MIT", "LICENSE")]
    assert "Grace Hopper" in notices.as_text()


def test_the_same_text_twice_goes_once(spdx_text) -> None:
    mit = spdx_text("MIT").encode()
    notices = collect("x", "MIT", detect_files([("LICENSE", mit), ("lib/LICENSE", mit)]))
    assert len(notices.texts) == 1


def test_a_text_that_nobody_has_is_missing() -> None:
    assert collect("x", "LicenseRef-Mine AND MIT", detect_files([])).missing == ("LicenseRef-Mine",)
