"""What is a change of words: not markup, white space, menus, nor a date of the page's own."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.fetching.errors import FetchFailed
from registry.policies.wording import difference, digest_of, words_of
from tests.registry.policies.writing import OTHERS, SENTENCES, dressed, plain, signing_in

HTML = "text/html; charset=utf-8"


def words(body: bytes, kind: str = HTML) -> str:
    return words_of(body, kind).sha256


def code_of(body: bytes, kind: str = HTML) -> str:
    """Why a page has no words; nothing where it has some."""
    try:
        return "" if words_of(body, kind).sha256 else "no digest"
    except FetchFailed as refused:
        return refused.code


def test_the_same_words_in_other_markup_are_the_same():
    assert words(plain()) == words(dressed())
    assert words(dressed(updated="1 May 2026")) == words(dressed(updated="30 November 2027"))


def test_other_words_are_others():
    assert words(plain()) != words(plain(OTHERS))
    assert words(dressed()) != words(dressed(OTHERS))


def test_the_text_is_what_people_read_and_nothing_around_it():
    text = words_of(dressed(), HTML).text
    for sentence in SENTENCES:
        assert sentence in text
    for around in ("Shop", "cookies", "sell everything", "Search", "Call us", "Series", "Accept"):
        assert around not in text


@pytest.mark.parametrize(
    "line",
    ["Last updated: 1 May 2026", "Updated on May 1, 2026", "2026-05-01", "Effective date: 01.05.2026",
     "© 2026 Lantern Ltd. All rights reserved.", "Copyright 2024-2026 Lantern", "Stand: 1. Mai 2026", "May 2026"],
)  # fmt: skip
def test_a_line_that_tells_only_a_date_is_no_words(line):
    text = "\n".join(SENTENCES)
    assert digest_of(f"{text}\n{line}") == digest_of(text)


@pytest.mark.parametrize(
    "line",
    ["30", "365 days", "Effective immediately we sell your data.", "Updated terms let us sell what you watch.",
     "From 1 May 2026 we sell your data.", "Copyright holders are told what you watch.", "2026"],
)  # fmt: skip
def test_a_line_that_tells_more_than_a_date_is_words(line):
    text = "\n".join(SENTENCES)
    assert digest_of(f"{text}\n{line}") != digest_of(text)


def test_a_number_in_a_table_is_words():
    def table(days: int) -> bytes:
        return plain([*SENTENCES, f"<table><tr><td>Kept for days</td><td>{days}</td></tr></table>"])

    assert words(table(30)) != words(table(365))


def test_a_page_all_of_which_is_in_a_form_has_its_words():
    body = plain().replace(b"<body>", b"<body><form>").replace(b"</body>", b"</form></body>")
    long = plain([*SENTENCES, " ".join(["More is said of it here."] * 10)])
    in_form = long.replace(b"<body>", b"<body><form>").replace(b"</body>", b"</form></body>")
    assert words(long) == words(in_form)
    with pytest.raises(FetchFailed):
        words_of(body, HTML)


def test_plain_text_is_read_as_it_is():
    text = "\r\n\r\n".join(["Privacy of Lantern", *SENTENCES])
    assert words(text.encode(), "text/plain") == words(plain())


@pytest.mark.parametrize(
    ("kind", "encoding"),
    [(HTML, "utf-8"), ("text/html; charset=iso-8859-1", "iso-8859-1"), ("text/html", "utf-8"),
     ("text/html; charset=nonsense", "utf-8")],
)  # fmt: skip
def test_letters_of_other_languages_are_kept(kind, encoding):
    sentence = "Wir übermitteln die Titel Ihrer Filme an unseren Server, um Bilder für sie zu finden und zu zeigen, Größe inbegriffen, jeden Tag."
    body = f"<html><body><p>{sentence}</p></body></html>".encode(encoding)
    assert sentence in words_of(body, kind).text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "policy.empty"), (b"<html></html>", "policy.empty"), (b"\x00\x01\x02", "policy.empty"),
        (b"<div id=app></div><script src=a.js></script>", "policy.empty"), (signing_in(), "url.closed"),
        (b"<a>" * 100_000, "policy.empty"), (b"<", "policy.empty"),
    ],
)  # fmt: skip
def test_a_page_without_words_is_said_in_words(body, code):
    with pytest.raises(FetchFailed) as refused:
        words_of(body, HTML)
    assert refused.value.code == code
    assert refused.value.fix


@pytest.mark.parametrize(
    "body",
    [b"<div>" * 150_000 + b"word " * 50, b"<ul><li><a>x</a>" * 50_000, b"a " * 500_000, b"<p>word" * 140_000,
     b"<table>" * 140_000 + b"word " * 30],
    ids=["deep", "lists", "long", "paragraphs", "tables"],
)  # fmt: skip
def test_a_page_of_a_mebibyte_of_anything_is_read_in_seconds(body):
    began = time.monotonic()
    assert code_of(body[: 1024 * 1024]) in {"", "policy.empty"}
    assert time.monotonic() - began < 8


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=200)
def test_any_bytes_have_words_or_are_refused(body):
    assert code_of(body, "text/html") in {"", "policy.empty", "url.closed"}


def test_the_difference_shows_what_is_gone_and_what_is_new():
    parts = difference("\n".join(SENTENCES), "\n".join(OTHERS))
    assert ("gone", "30 ") in parts
    assert ("new", "365 ") in parts
    assert "".join(text for kind, text in parts if kind != "new") == "\n".join(SENTENCES)
    assert "".join(text for kind, text in parts if kind != "gone") == "\n".join(OTHERS)


@pytest.mark.parametrize(
    ("before", "after"),
    [("a b " * 60_000, "b a c " * 40_000), ("a\nb\n" * 60_000, "b\na\nc\n" * 40_000),
     ("a " * 900 + "x", "y" + " a" * 1100), ("a b c d " * 250, "d c b a " * 250), ("", "a " * 100_000)],
    ids=["long", "lines", "alike", "turned", "nothing"],
)  # fmt: skip
def test_the_difference_of_anything_takes_seconds_and_loses_nothing(before, after):
    began = time.monotonic()
    parts = difference(before, after, most_parts=10**9)
    assert time.monotonic() - began < 5
    assert "".join(text for kind, text in parts if kind != "new") == before
    assert "".join(text for kind, text in parts if kind != "gone") == after


@given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
@settings(deadline=None, max_examples=200)
def test_a_difference_is_both_texts(before, after):
    before, after = before.strip(), after.strip()
    parts = difference(before, after)
    assert "".join(text for kind, text in parts if kind != "new") == before
    assert "".join(text for kind, text in parts if kind != "gone") == after
