"""Numbers, times and strangers' addresses as pages say them."""

from datetime import timedelta

import pytest

from registry.clock import now
from registry.web.templating import (
    ago,
    count_in_words,
    exact,
    hostname,
    hue,
    kind_in_words,
    short_digest,
    size_in_words,
    state_in_words,
    title_of,
)


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (1_800_000, "1.8 MB"), (536_870_912, "537 MB"),
     (2_500_000_000, "2.5 GB"), (7_000_000_000_000, "7000 GB")],
)  # fmt: skip
def test_sizes_are_decimal(size, words):
    assert size_in_words(size) == words


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "just now"), (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"), (timedelta(days=3), "3 days ago"),
        (timedelta(days=70), "2 months ago"), (timedelta(days=800), "2 years ago"),
        (-timedelta(days=89, hours=1), "in 2 months"),
    ],
)  # fmt: skip
def test_times_are_relative(before, words):
    assert ago(now() - before) == words


def test_no_time_is_never():
    assert (ago(None), exact(None)) == ("never", "")


def test_counts_have_their_plural_and_separators():
    assert count_in_words(1, "release") == "1 release"
    assert count_in_words(1204, "release") == "1,204 releases"
    assert count_in_words(2, "copy", "copies") == "2 copies"


def test_a_link_shows_where_it_leads():
    assert hostname("https://x.example/a?b") == "x.example"


def test_words_for_people():
    assert (kind_in_words("agent"), state_in_words("waiting")) == ("metadata agent", "waiting for review")
    assert (state_in_words("published"), title_of("webos"), title_of("index")) == (
        "published",
        "LG webOS",
        "index",
    )
    assert short_digest("9f2c" + "0" * 56 + "41ab") == "9f2c…41ab"
    assert hue("Lantern") == hue("Lantern")
    assert 0 <= hue("Aria") < 8
