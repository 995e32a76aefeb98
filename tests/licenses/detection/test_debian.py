"""Debian's machine-readable copyright files: fields are read, what stands below them is accounted for."""

import pytest

from licenses.detection import detect_file
from licenses.detection.debian import expression_of

HEAD = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Lantern for people who share
Upstream-Contact: Ada Example <ada@example.org>
Source: https://example.org/you/may/not/distribute

Files: *
Copyright: 2019-2024, Ada Example
           2021, Example Companies
License: {name}
"""
GPL_2_OR_LATER = """ This package is free software; you can redistribute it and/or modify
 it under the terms of the GNU General Public License as published by
 the Free Software Foundation; either version 2 of the License, or
 (at your option) any later version.
 .
 This package is distributed in the hope that it will be useful,
 but WITHOUT ANY WARRANTY; without even the implied warranty of
 MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
 GNU General Public License for more details.
 .
 On Debian systems, the complete text of the GNU General
 Public License version 2 can be found in "/usr/share/common-licenses/GPL-2".
"""


def stanza(text: str) -> str:
    return "".join(f" {line}\n" if line.strip() else " .\n" for line in text.splitlines())


def detect(text: str):
    return detect_file("debian/copyright", text.encode())


@pytest.mark.parametrize(
    ("synopsis", "expression"),
    [
        ("GPL-2", "GPL-2.0-only"),
        ("LGPL-2.1+", "LGPL-2.1-or-later"),
        ("Expat", "MIT"),
        ("GPL-1+ or Artistic", "GPL-1.0-or-later OR Artistic-1.0-Perl"),
        ("GPL-2+ or Artistic-2.0, and BSD-3-clause", "(GPL-2.0-or-later OR Artistic-2.0) AND BSD-3-Clause"),
        ("GPL-2+ with Font exception", "GPL-2.0-or-later WITH Font-exception-2.0"),
        ("Apache-2.0 and Expat or ISC", "Apache-2.0 AND MIT OR ISC"),
        ("MIT or Lantern", None),
        ("GPL", None),
        ("", None),
    ],
)
def test_short_names_are_read_as_the_format_means_them(synopsis: str, expression: str | None) -> None:
    assert expression_of(synopsis) == expression


def test_names_addresses_and_years_carry_no_condition() -> None:
    found = detect(HEAD.format(name="GPL-2+") + "\nLicense: GPL-2+\n" + GPL_2_OR_LATER)
    assert (found.expressions, found.review) == (["GPL-2.0-or-later"], False)


def test_every_stanza_counts(spdx_text) -> None:
    text = HEAD.format(name="Expat") + stanza(spdx_text("MIT"))
    found = detect(
        f"{text}\nFiles: debian/*\nCopyright: 2020, Grace Example\nLicense: GPL-2+\n{GPL_2_OR_LATER}"
    )
    assert (found.expressions, found.review) == (["MIT AND GPL-2.0-or-later"], False)


def test_a_text_that_is_not_what_its_name_says_is_noticed(spdx_text) -> None:
    altered = spdx_text("MIT").replace("free of charge", "for a fee")
    found = detect(HEAD.format(name="Expat") + stanza(altered))
    assert found.state == "changed"
    assert found.review


def test_a_name_of_its_own_is_known_by_its_text_and_else_asked_about(spdx_text) -> None:
    known = detect(HEAD.format(name="Lantern") + "\nLicense: Lantern\n" + stanza(spdx_text("ISC")))
    assert (known.expressions, known.review) == (["ISC"], False)
    assert detect(HEAD.format(name="Lantern")).review


def test_a_comment_may_carry_a_condition(spdx_text) -> None:
    text = HEAD.format(name="Expat") + stanza(spdx_text("MIT"))
    assert detect(f"{text}\nComment: Companies must buy a license.\n").review


@pytest.mark.parametrize(
    "field",
    [
        "Restriction: Companies must buy a license.",
        "Copyright: 2020 Ada Example, not for commercial use",
        "Source: https://example.org, for private use only",
    ],
)
def test_a_condition_in_another_field_is_noticed(field: str, spdx_text) -> None:
    text = HEAD.format(name="Expat") + stanza(spdx_text("MIT"))
    assert not detect(text).review
    assert detect(f"{text}\nFiles: x/*\n{field}\nLicense: Expat\n").review
