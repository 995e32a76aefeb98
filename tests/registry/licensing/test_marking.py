"""Marking evidence in a text: nothing of the text is lost, and altered words stand out on both sides."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licenses.detection.bundles import detect_files
from licenses.spdx import text_of
from registry.licensing.marking import base_of, marked, template_beside

MIT = text_of("MIT") or ""


def matches_of(text: str):
    [file] = detect_files([("LICENSE", text.encode())]).files
    return [
        {
            "expression": m.expression,
            "start": m.start,
            "end": m.end,
            "marks": [list(mark) for mark in m.marks],
        }
        for m in file.matches
    ]


def words_marked(pieces, kind):
    return [" ".join(piece.text.split()) for piece in pieces if piece.kind == kind]


@settings(deadline=None, max_examples=60)
@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=4),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=4),
)
def test_the_pieces_are_the_text_whatever_places_are_named(text, spans, marks):
    matches = [{"start": min(s), "end": max(s), "marks": [sorted(m) for m in marks]} for s in spans]
    assert "".join(piece.text for piece in marked(text, matches)) == text


def test_places_count_bytes_where_letters_take_several():
    text = "Größe © 2026\nMIT"
    start = len("Größe © 2026\n".encode())
    pieces = marked(text, [{"start": start, "end": start + 3}])
    assert [(piece.text, piece.kind) for piece in pieces] == [("Größe © 2026\n", "plain"), ("MIT", "match")]


def test_added_words_are_altered_and_left_out_words_leave_a_gap():
    text = MIT.replace("without restriction", "without restriction, for personal use only,")
    text = text.replace("sublicense, ", "")
    pieces = marked(text, matches_of(text))
    assert words_marked(pieces, "altered") == ["for personal use only"]
    assert [piece.text for piece in pieces if piece.kind == "gap"] == [""]


def test_the_template_shows_what_the_file_lacks():
    text = MIT.replace("sublicense, ", "")
    [match] = matches_of(text)
    pieces = template_beside(text, match["expression"])
    assert "".join(piece.text for piece in pieces) == MIT
    assert words_marked(pieces, "missing") == ["sublicense"]


def test_a_license_that_is_whole_or_has_a_name_of_its_own_has_no_template_beside_it():
    assert template_beside(MIT, "MIT") == []
    assert template_beside("All mine.", "LicenseRef-All-Mine") == []


@pytest.mark.parametrize(
    ("expression", "base"),
    [
        ("LicenseRef-MIT-changed-1a2b3c4d", "MIT"),
        ("LicenseRef-GPL-3.0-only-incomplete-00000000", "GPL-3.0-only"),
        ("LicenseRef-BSD-3-Clause-No-Nuclear-License-changed-1", "BSD-3-Clause-No-Nuclear-License"),
        ("LicenseRef-Mine", None),
        ("MIT", None),
    ],
)
def test_an_altered_text_tells_what_it_was_made_from(expression, base):
    assert base_of(expression) == base


def test_a_text_made_to_be_slow_is_not_compared():
    pieces = template_beside("the " * 200_000, "LicenseRef-GPL-3.0-only-changed-1")
    assert [piece.kind for piece in pieces] == ["plain"]
