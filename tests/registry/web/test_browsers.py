"""Which browser a session is of: as coarse as a person needs to know it again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.web.browsers import BROWSERS, SYSTEMS, browser_in_words

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{MOZILLA} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/156.0.0.0 Safari/537.36",
            "Chrome on Windows",
        ),
        (f"{MOZILLA} (X11; Linux x86_64) {WEBKIT} HeadlessChrome/156.0.0.0 Safari/537.36", "Chrome on Linux"),
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/156.0 Safari/537.36 Edg/156.0",
            "Edge on Windows",
        ),
        (
            f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15",
            "Safari on macOS",
        ),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 19_0 like Mac OS X) FxiOS/140.0 Safari/605.1.15",
            "Firefox on iPhone",
        ),
        (
            f"{MOZILLA} (Linux; Android 16; SM-S931B) {WEBKIT} SamsungBrowser/29.0 Chrome/136.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        (f"{MOZILLA} (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/156.0 Safari/537.36", "Chrome on ChromeOS"),
        ("curl/8.14.1", "curl"),
        ("python-httpx/0.28.1", "Python"),
        ("", "An unknown program"),
        ("nonsense", "An unknown program"),
    ],
)
def test_known_ones_are_named(user_agent, words):
    assert browser_in_words(user_agent) == words


@given(st.text(max_size=300))
def test_nothing_that_identifies_gets_through(user_agent):
    names = {name for name, _ in BROWSERS} | {"An unknown program"}
    systems = {name for name, _ in SYSTEMS}
    browser, _, system = browser_in_words(user_agent).partition(" on ")
    assert browser in names
    assert system in systems | {""}
