"""The served application and Chromium, once for each module of browser tests."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.browser.chromium import chromium, require_chromium
from tests.browser.serving import served
from tests.conftest import PUBLIC_URL

# A busy machine is slow, not wrong: an expectation waits as long as a person would.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def port(app: Flask) -> Iterator[int]:
    """Where the application listens."""
    with served(app) as at:
        yield at


@pytest.fixture(scope="module")
def browser(port: int) -> Iterator[Browser]:
    """Chromium, for which the public address is the served application."""
    with chromium(PUBLIC_URL, port, require_chromium()) as started:
        yield started
