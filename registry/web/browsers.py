"""Which browser a session is of, as coarse as a person needs to recognise it: ``Firefox on Linux``. Pure."""

import re

# The more particular names first: every browser also claims to be those it descends from.
BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\b(?:OPR|Opera)/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Vivaldi", r"\bVivaldi/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Headless)?Chrom(?:e|ium)/|\bCriOS/"),
    ("Safari", r"\bSafari/"),
    ("curl", r"^curl/"),
    ("The command line", r"^marquee(?:-client)?/"),
    ("Python", r"^python-(?:requests|httpx|urllib3?)/|^Python-urllib/"),
)
SYSTEMS = (
    ("Android", r"\bAndroid\b"),
    ("iPad", r"\biPad\b"),
    ("iPhone", r"\biPhone\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac(?:intosh| OS X)\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)


def browser_in_words(user_agent: str) -> str:
    """Return ``Firefox on Linux`` of a User-Agent header; nothing of it is kept beyond that."""
    browser = _first(BROWSERS, user_agent) or "An unknown program"
    system = _first(SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first(table: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for name, pattern in table if re.search(pattern, text)), None)
