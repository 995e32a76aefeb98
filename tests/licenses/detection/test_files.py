"""One file: texts, tags, headers, notices, sections; and what must never be called an open license."""

import re
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licenses.detection import detect_file
from licenses.expressions import leaves, parse
from licenses.spdx import LISTED, texts

MIT_HEAD = "MIT License\n\nCopyright (c) 2021 Ada Example\n\n"
COMMON = ("MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "GPL-2.0-only", "GPL-3.0-only", "LGPL-2.1-only",
          "AGPL-3.0-only", "MPL-2.0", "ISC", "Unlicense", "0BSD", "CC0-1.0", "EPL-2.0", "Zlib", "BSL-1.0",
          "CC-BY-4.0", "CC-BY-SA-4.0")  # fmt: skip


def detect(text: str, name: str = "LICENSE"):
    return detect_file(name, text.encode())


def wrapped(text: str, width: int) -> str:
    return "\n\n".join(textwrap.fill(" ".join(one.split()), width) for one in re.split(r"\n\s*\n", text))


FORMS = {
    "as it is": lambda text: text,
    "narrow": lambda text: wrapped(text, 48),
    "one line a paragraph": lambda text: wrapped(text, 10_000),
    "commented": lambda text: "\n".join(f" * {line}".rstrip() for line in text.splitlines()),
    "windows": lambda text: text.replace("\n", "\r\n"),
    "mixed line ends": lambda text: text.replace("\n\n", "\r\n\r"),
    "curly quotes": lambda text: text.replace('"', "”").replace("'", "’"),
    "indented": lambda text: textwrap.indent(text, "      "),
    "html": lambda text: "<html><body><pre>" + text.replace('"', "&quot;") + "</pre></body></html>",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", COMMON)
def test_a_full_text_is_known_however_it_is_set(name: str, form: str, spdx_text) -> None:
    found = detect(FORMS[form](spdx_text(name)))
    assert found.expressions[0] == name
    assert not found.review
    assert [match.kind for match in found.matches] == ["text"]


def test_a_text_of_every_open_license_is_known_and_needs_no_review() -> None:
    wrong = []
    for name, listed in LISTED.items():
        if listed.osi and not listed.deprecated and not name.endswith("-or-later"):
            found = detect(texts()[name])
            if found.review or not found.expressions:
                wrong.append((name, found.reasons))
            elif found.expressions[0].split("-")[0] != name.split("-")[0]:
                wrong.append((name, found.expressions))
    assert wrong == []


def test_a_bare_gnu_text_is_the_lower_bound_and_says_so(spdx_text) -> None:
    found = detect(spdx_text("GPL-3.0-only"))
    assert found.expressions == ["GPL-3.0-only", "GPL-3.0-or-later"]
    assert any("lower bound" in reason for reason in found.reasons)
    assert not found.review


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("GFDL-1.3-only", "gnu.org/copyleft", "gnu.org/licenses"),
        ("LGPL-2.0-only", "an idea of what it does", "a brief idea of what it does"),
    ],
)
def test_the_words_in_which_a_makers_own_copies_differ_are_known(
    name: str, old: str, new: str, spdx_text
) -> None:
    assert old in spdx_text(name)
    found = detect(spdx_text(name).replace(old, new))
    assert (found.expressions[0], found.review) == (name, False)


def test_a_header_before_the_text_tells_which(spdx_text) -> None:
    header = (
        "This program is free software; you can redistribute it and/or modify it under the terms of the GNU "
        "General Public License as published by the Free Software Foundation; either version 2 of the License, "
        "or (at your option) any later version.\n\n"
    )
    assert detect(header + spdx_text("GPL-2.0-only")).expressions == ["GPL-2.0-or-later"]


def test_several_texts_in_one_file_are_all_found_in_order(spdx_text) -> None:
    found = detect("\n\n=====\n\n".join(spdx_text(name) for name in ("MIT", "Apache-2.0", "ISC")))
    assert found.expressions == ["MIT AND Apache-2.0 AND ISC"]
    assert [match.start for match in found.matches] == sorted(match.start for match in found.matches)


def test_a_choice_that_is_stated_beside_its_texts_is_a_choice(spdx_text) -> None:
    choice = "Licensed under either of Apache License, Version 2.0 or MIT license at your option.\n\n"
    found = detect(choice + spdx_text("MIT") + "\n\n" + spdx_text("Apache-2.0"))
    assert found.expressions == ["Apache-2.0 OR MIT"]


def test_a_choice_among_the_texts_that_follow_is_a_choice(spdx_text) -> None:
    offer = "At your option you may choose either of the following licenses:\n\n"
    found = detect(offer + spdx_text("MIT") + "\n\n" + spdx_text("Apache-2.0"))
    assert (found.expressions, found.review) == (["MIT OR Apache-2.0"], False)
    beside = detect(offer + spdx_text("MIT") + "\n\nNot for companies.\n\n" + spdx_text("Apache-2.0"))
    assert beside.review


def test_the_name_that_markdown_gives_a_heading_is_no_word(spdx_text) -> None:
    found = detect("## License {#no-commercial-use}\n\n" + spdx_text("MIT"), "LICENSE.md")
    assert (found.expressions, found.review) == (["MIT"], False)


def test_an_exception_joins_its_license(spdx_text) -> None:
    header = (
        "This program is free software; you can redistribute it and/or modify it under the terms of the GNU "
        "General Public License as published by the Free Software Foundation; either version 2 of the License, "
        "or (at your option) any later version.\n\n"
    )
    found = detect(header + texts()["Classpath-exception-2.0"], "x.py")
    assert found.expressions == ["GPL-2.0-or-later WITH Classpath-exception-2.0"]


def test_spans_count_bytes_of_utf_8(spdx_text) -> None:
    text = "Lizenz für Überläufer\n\n" + spdx_text("MIT")
    match = detect(text, "LICENSE.txt").matches[0]
    passage = text.encode()[match.start : match.end].decode()
    assert passage.startswith("MIT License")
    assert passage.endswith("DEALINGS IN THE SOFTWARE")


# Altered words.

ADDED = (
    "This software may not be used for commercial purposes.",
    "The Software shall be used for Good, not Evil.",
    "Any use for profit needs a paid license.",
    "Non-commercial use only.",
    "Companies with more than fifty employees must buy a license.",
    "You must send the author a postcard.",
    "Nur für nicht-kommerzielle Nutzung.",
    "仅限非商业用途。",
)


@pytest.mark.parametrize("sentence", ADDED)
@pytest.mark.parametrize("name", ["MIT", "BSD-3-Clause", "Apache-2.0", "GPL-2.0-only", "Zlib", "ISC"])
@pytest.mark.parametrize("place", ["before", "inside", "after"])
def test_an_added_condition_is_noticed_wherever_it_stands(
    name: str, sentence: str, place: str, spdx_text
) -> None:
    text = spdx_text(name)
    ends = [found.end() for found in re.finditer(r"(?<=[a-z])\.(?=\s)", text)] or [len(text)]
    at = {"before": 0, "inside": ends[len(ends) // 2], "after": len(text)}[place]
    found = detect(f"{text[:at]} {sentence}\n\n{text[at:]}")
    assert name not in found.expressions
    if found.expressions != ["JSON"]:  # MIT with this very sentence is a license of its own
        assert found.review
        assert all("LicenseRef-" in expression for expression in found.expressions)
        assert found.state == "changed"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("MIT", "free of charge", "for a fee"),
        ("MIT", "without restriction", "with restriction"),
        ("MIT", "to any person", "to any student"),
        ("MIT", "sublicense, and/or sell", "and/or sublicense"),
        ("BSD-3-Clause", "with or without modification", "without modification"),
        ("BSD-3-Clause", "Neither the name of", "The name of"),
        ("ISC", "any purpose", "any non-commercial purpose"),
        ("ISC", "with or without fee", "without fee"),
        ("Apache-2.0", "irrevocable", "revocable"),
        ("GPL-3.0-only", "royalty-free", "royalty-bearing"),
        ("Zlib", "including commercial applications", "excluding commercial applications"),
        ("CC-BY-4.0", "irrevocable", "revocable"),
    ],
)
def test_an_altered_word_is_noticed_and_shown(name: str, old: str, new: str, spdx_text) -> None:
    text = spdx_text(name)
    assert re.search(re.escape(old), text)
    found = detect(text.replace(old, new, 1))
    assert found.review
    assert name not in found.expressions
    assert found.matches[0].expression.startswith(f"LicenseRef-{name}-changed-")
    assert found.matches[0].marks


def test_a_clause_taken_out_is_noticed(spdx_text) -> None:
    paragraphs = re.split(r"\n\s*\n", spdx_text("Apache-2.0").strip())
    for at in range(4, len(paragraphs) - 6, 5):
        found = detect("\n\n".join(paragraphs[:at] + paragraphs[at + 1 :]))
        assert found.review, paragraphs[at]
        assert "Apache-2.0" not in found.expressions


@pytest.mark.parametrize("name", [name for name in COMMON if name not in {"0BSD", "ISC", "Zlib"}])
@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_a_text_cut_off_is_no_license(name: str, share: float, spdx_text) -> None:
    words = re.findall(r"\S+\s*", spdx_text(name))
    found = detect("".join(words[: int(len(words) * share)]))
    assert found.review
    assert found.expressions == []


def test_one_reference_names_one_text(spdx_text) -> None:
    one = detect(spdx_text("MIT") + " Only for friends of the author.").expressions[0]
    other = detect(spdx_text("MIT") + " Not for friends of the author.").expressions[0]
    assert one != other
    assert one == detect(wrapped(spdx_text("MIT") + " Only for friends of the author.", 40)).expressions[0]


# What is harmless.


@pytest.mark.parametrize(
    "beside",
    [
        "Copyright (c) 2009-2024 Grace Example <grace@example.org> and contributors. All rights reserved.",
        "End of terms and conditions",
        "The MIT License (MIT)",
        "https://example.org/license",
        "Portions copyright Ada Example, Inc. and its affiliates",
        "See the AUTHORS file for details.",
        "plugin.video.example",
    ],
)
def test_titles_names_and_links_beside_a_text_change_nothing(beside: str, spdx_text) -> None:
    for text in (f"{beside}\n\n{spdx_text('MIT')}", f"{spdx_text('MIT')}\n\n{beside}\n"):
        found = detect(text)
        assert found.expressions == ["MIT"], found.reasons
        assert not found.review


# Tags, headers, notices.


@pytest.mark.parametrize(
    ("text", "expression", "kind"),
    [
        ("# SPDX-License-Identifier: MIT\n", "MIT", "tag"),
        ("/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */", "GPL-2.0-only OR BSD-2-Clause", "tag"),
        ("<!-- SPDX-License-Identifier: CC-BY-4.0 -->", "CC-BY-4.0", "tag"),
        ("// SPDX-License-Identifier: GPL-2.0+ WITH Classpath-exception-2.0",
         "GPL-2.0-or-later WITH Classpath-exception-2.0", "tag"),
        ("__license__ = 'GPL-3.0-or-later'", "GPL-3.0-or-later", "tag"),
        (" * @license MIT\n */", "MIT", "tag"),
        ("# License: GPL v2 or later\n", "GPL-2.0-or-later", "notice"),
        ("# Released under the MIT license.\n", "MIT", "notice"),
        ("# Dual licensed under the MIT or GPL Version 2 licenses.\n", "MIT OR GPL-2.0-only", "notice"),
        ("# Distributed under the Boost Software License, Version 1.0.\n", "BSL-1.0", "notice"),
        ("# This file is free software under the GPLv3+.\n", "GPL-3.0-or-later", "notice"),
        ("# you can redistribute it and/or modify it under the terms of the GNU Lesser General Public License\n"
         "# as published by the Free Software Foundation; either\n# version 2.1 of the License, or (at your option)"
         " any later version.\n", "LGPL-2.1-or-later", "header"),
        ("# This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0.\n",
         "MPL-2.0", "header"),
    ],
)  # fmt: skip
def test_tags_headers_and_notices_are_read(text: str, expression: str, kind: str) -> None:
    found = detect(text, "code.py")
    assert found.expressions[0] == expression
    assert found.matches[0].kind == kind
    assert not found.review


HEADERS = [
    "Apache-2.0",
    "GPL-2.0-or-later",
    "GPL-3.0-only",
    "AGPL-3.0-or-later",
    "MPL-2.0",
    "EPL-2.0",
    "ECL-2.0",
]


@pytest.mark.parametrize("line", ["the GPL", "a BSD-style license", "the Apache license", "the GNU LGPL"])
def test_a_name_that_could_be_several_is_asked_about(line: str) -> None:
    found = detect(f"# This file is licensed under {line}.\n", "code.py")
    assert found.expressions == []
    assert found.review


@pytest.mark.parametrize(
    "text",
    [
        "# This file is not licensed under the MIT license.\n",
        "# It was previously licensed under the GPLv2.\n",
        "# The Apache License, Version 2.0 is compatible with this.\n",
        "license = choose(licenses)\n",
        "if license == 'MIT': print('under the sea')\n",
    ],
)
def test_other_sentences_about_licenses_are_left_alone(text: str) -> None:
    assert detect(text, "code.py").expressions == []


def test_a_tag_that_is_no_expression_is_asked_about() -> None:
    found = detect("# SPDX-License-Identifier: Foo\n", "code.py")
    assert found.expressions == []
    assert found.review


def test_a_condition_put_into_a_header_is_noticed() -> None:
    header = (
        'Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in '
        "compliance with the License. Commercial use is prohibited. You may obtain a copy of the License at\n"
        "http://www.apache.org/licenses/LICENSE-2.0\nUnless required by applicable law or agreed to in writing, "
        'software distributed under the License is distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR '
        "CONDITIONS OF ANY KIND, either express or implied. See the License for the specific language governing "
        "permissions and limitations under the License.\n"
    )
    found = detect("# Copyright 2020 Ada Example\n# " + header, "code.py")
    assert found.review
    assert "Apache-2.0" not in found.expressions


# What is never an open license.

README = "# Example\n\nShows things.\n\n## Install\n\nRun `pip install example`.\n\n## Usage\n\nCall it.\n"


def test_a_readme_says_it_only_in_its_license_section_or_of_itself() -> None:
    assert detect(README, "README.md").expressions == []
    assert not detect(README, "README.md").review
    section = README + "\n## License\n\n[MIT](LICENSE) © Ada Example\n"
    assert detect(section, "README.md").expressions == ["MIT"]
    own = README.replace("Shows things.", "This project is licensed under the Apache License 2.0.")
    assert detect(own, "README.md").expressions == ["Apache-2.0"]
    other = README.replace("Shows things.", "It works with foolib, which is licensed under the GPLv2.")
    assert detect(other, "README.md").expressions == []


AGREEMENT = (
    "END USER LICENSE AGREEMENT\n\nThis agreement is a legal agreement between you and Example Corp. By installing "
    "the software you agree to be bound by these terms. The software contains components licensed under the MIT "
    "License. You may install one copy. You may not redistribute it.\n"
)


@pytest.mark.parametrize("name", ["EULA.txt", "LICENSE.txt", "terms.md", "x.txt"])
def test_an_agreement_with_users_is_no_open_license(name: str) -> None:
    found = detect(AGREEMENT, name)
    assert found.expressions == []
    assert found.review


def test_a_changelog_is_no_license() -> None:
    text = "\n".join(f"{n}.0.0 (2020-01-0{n})\n- now licensed under the MIT license\n" for n in range(1, 9))
    for name in ("CHANGELOG.md", "x.txt"):
        assert detect(text, name).expressions == []


@pytest.mark.parametrize(
    "text", ["", "All rights reserved.", "Do not copy this.", "lorem ipsum dolor sit amet"]
)
def test_a_license_file_without_a_known_license_is_asked_about(text: str) -> None:
    found = detect(text)
    assert found.expressions == []
    assert found.review
    assert found.reasons


# Encodings.


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "latin-1", "utf-32"])
def test_a_text_is_read_in_any_encoding(encoding: str, spdx_text) -> None:
    text = spdx_text("MIT").replace("Ada Example", "Åda Exämple")
    assert detect_file("LICENSE", text.encode(encoding)).expressions == ["MIT"]


def test_nul_bytes_do_not_hide_a_license(spdx_text) -> None:
    assert detect(spdx_text("MIT").replace("\n\n", "\n\x00\n")).expressions == ["MIT"]


def test_a_picture_named_license_is_asked_about() -> None:
    assert detect_file("LICENSE", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 200).review


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=400), st.sampled_from(["LICENSE", "README.md", "a.py", "METADATA", "REUSE.toml", "x"])
)
def test_any_bytes_get_an_answer(data: bytes, name: str) -> None:
    for match in detect_file(name, data).matches:
        assert 0 <= match.start <= match.end
        assert list(leaves(parse(match.expression)))
