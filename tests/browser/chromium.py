"""Chromium as Debian packages it, driven by Playwright, with nothing of it calling home."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

PATHS = (Path("/usr/bin/chromium"), Path("/usr/bin/chromium-browser"), Path("/usr/bin/google-chrome"))
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--hide-scrollbars",
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
)  # fmt: skip


def find_chromium() -> Path | None:
    """The browser of this machine, if there is one."""
    return next((path for path in PATHS if path.exists()), None)


def require_chromium() -> Path:
    """The browser, or a visible skip; a failure where everything is required."""
    found = find_chromium()
    if found is not None:
        return found
    if os.environ.get("MARQUEE_REQUIRE_ALL"):
        pytest.fail("Chromium is not installed (apt-get install chromium), and MARQUEE_REQUIRE_ALL is set")
    pytest.skip("Chromium is not installed (apt-get install chromium)")


@contextmanager
def chromium(public_url: str, port: int, path: Path) -> Iterator[Browser]:
    """A browser for which the public address is the server on this port."""
    host = urlsplit(public_url).hostname
    rules = f"--host-resolver-rules=MAP {host}:80 127.0.0.1:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, rules])
        try:
            yield browser
        finally:
            browser.close()
