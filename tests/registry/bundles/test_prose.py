"""Descriptions from strangers (BAD-INPUTS row 55)."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.prose import TAGS, render_markdown

ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}
PIECES = st.sampled_from(
    [
        *(
            "<script>",
            "</script>",
            "<img src=x onerror=y>",
            "javascript:alert(1)",
            "data:text/html,x",
        ),
        *(
            "[",
            "](",
            ")",
            "![",
            "<",
            ">",
            "\n",
            "\n\n",
            "> ",
            "- ",
            "1. ",
            "`",
            "```\n",
            "|",
            "-|-\n",
        ),
        *("&#106;avascript:", "&lt;", "\\", "https://e.example/", '"', "'", " onload=x ", "\x00"),
        *(
            "*",
            "_",
            "~~",
            "#",
            "<a href=//e>",
            "<svg/onload=x>",
            "word",
            "\t",
            "<!--",
            "]]>",
            "[a]: ",
        ),
    ]
)


class Outline(HTMLParser):
    """Collects every tag and attribute that a browser would see."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def assert_harmless(html):
    for tag, attributes in Outline(html).tags:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set())
        if "href" in attributes:
            assert attributes["href"].lower().startswith(("https://", "http://", "mailto:"))
            assert attributes["rel"] == "noopener noreferrer ugc nofollow"


@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=30).map("".join))
@settings(deadline=None, max_examples=300)
def test_no_text_yields_a_forbidden_tag_or_address(text):
    assert_harmless(render_markdown(text))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "//e.example", "/x"],
)
def test_only_absolute_web_and_mail_addresses_become_links(address):
    assert "href" not in render_markdown(f"[here]({address}) <{address}>")


def test_markdown_is_rendered():
    html = render_markdown("# Title\n\nSome *words* and a [link](https://e.example/?a=1&b=2).")
    assert "<h3>Title</h3>" in html
    assert "<em>words</em>" in html
    assert 'href="https://e.example/?a=1&amp;b=2"' in html


def test_raw_html_is_shown_as_text():
    assert render_markdown("<b>x</b>") == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"


def test_a_tracking_picture_is_a_link_and_never_loaded():
    html = render_markdown("![our logo](https://track.example/p.gif)")
    assert Outline(html).tags[1] == (
        "a",
        {"href": "https://track.example/p.gif", "rel": "noopener noreferrer ugc nofollow"},
    )
    assert "our logo</a>" in html
    assert "<img" not in html


def test_a_picture_inside_a_link_is_its_label():
    html = render_markdown("[![badge](https://b.example/b.svg)](https://ci.example/)")
    assert [t for t, _ in Outline(html).tags] == ["p", "a"]
    assert "badge</a>" in html


@pytest.mark.parametrize("piece", [">", "[", "> ", "![", "[]", "*a ", "`", "<", "|", "- ", "\\", "[a]("])
def test_a_million_of_anything_is_rendered_within_a_second_and_a_half(piece):
    started = time.process_time()
    assert_harmless(render_markdown(piece * 1_000_000))
    assert time.process_time() - started < 1.5


def test_what_takes_too_long_is_shown_as_it_is():
    assert render_markdown("a *b*\nc\n\n<d>", max_seconds=-1) == ("<p>a *b*<br>c</p>\n<p>&lt;d&gt;</p>\n")


def test_a_text_that_is_too_long_is_cut():
    assert render_markdown("word " * 10, max_characters=9) == "<p>word word…</p>\n"
