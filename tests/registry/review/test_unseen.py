"""Characters that nobody sees are told by number and name; all others stay what they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.review.unseen import pieces_of


def test_a_plain_line_is_one_piece():
    assert pieces_of("\tif a:  # two  spaces") == [("\tif a:  # two  spaces", "")]
    assert pieces_of("") == [("", "")]


def test_an_unseen_character_stands_as_its_number_with_its_name():
    assert pieces_of("if role != 'user\u202e': # ") == [
        ("if role != 'user", ""), ("U+202E", "RIGHT-TO-LEFT OVERRIDE"), ("': # ", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u2066", "LEFT-TO-RIGHT ISOLATE"), ("\u200b", "ZERO WIDTH SPACE"), ("\u200d", "ZERO WIDTH JOINER"),
        ("\u3164", "HANGUL FILLER"), ("\ufe0f", "VARIATION SELECTOR-16"), ("\U000e0101", "VARIATION SELECTOR-18"),
        ("\U000e0041", "TAG LATIN CAPITAL LETTER A"), ("\xa0", "NO-BREAK SPACE"), ("\u2800", "BRAILLE PATTERN BLANK"),
        ("\u2028", "LINE SEPARATOR"), ("\ufeff", "ZERO WIDTH NO-BREAK SPACE"), ("\xad", "SOFT HYPHEN"),
        ("\ue000", "PRIVATE USE"), ("\0", "NULL"), ("\x1b", "ESCAPE"), ("\r", "CARRIAGE RETURN"),
        ("\x85", "CONTROL"), ("\u0378", "NO CHARACTER"), ("\u034f", "COMBINING GRAPHEME JOINER"),
    ],
)  # fmt: skip
def test_every_sort_of_them_has_a_name(character, name):
    assert pieces_of(f"a{character}b") == [("a", ""), (f"U+{ord(character):04X}", name), ("b", "")]


@pytest.mark.parametrize("text", ["Grüße, 你好, مرحبا, שלום", "naïve e\u0301 ✓ → �", "💡🎬"])
def test_letters_and_signs_of_every_script_are_seen(text):
    assert pieces_of(text) == [(text, "")]


@settings(deadline=None, max_examples=200)
@given(st.text())
def test_nothing_is_lost_and_no_unseen_character_is_left(text):
    pieces = pieces_of(text)
    back = "".join(chr(int(f"0x{piece[2:]}", 0)) if name else piece for piece, name in pieces)
    assert back == text
    assert not {"\u202e", "\u200b", "\x00", "\x1b"} & set("".join(piece for piece, _ in pieces))
