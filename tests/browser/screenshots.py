"""``python -m tests.browser.screenshots DIR [NAME…]``: pictures of the pages, phone and desktop, light and dark.

The pages are real: a registry is filled through its services on the real database and store, and
Chromium looks at it. With ``--readme`` the three pictures of the README are made instead.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from registry.app import create_app
from registry.migrations import migrate
from registry.settings import read_settings
from tests.browser.chromium import chromium, find_chromium
from tests.browser.pages import Seen, pages_of
from tests.browser.serving import served
from tests.browser.visiting import SIZES, context_for, settled
from tests.browser.world import World, grown_old
from tests.given import Given
from tests.services import start_services

PUBLIC_URL = "http://marquee.example"
README = {"home": "home", "listing": "listing", "decision": "decision"}


@contextmanager
def registry() -> Iterator[Flask]:
    """A registry of its own, gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="marquee-pictures-") as folder,
        start_services(Path(folder) / "services") as services,
    ):
        environ = {**services.environ, "MARQUEE_HOME": f"{folder}/home", "PUBLIC_URL": PUBLIC_URL}
        settings = read_settings(environ)
        migrate(settings.database_url)
        app = create_app(settings)
        yield app


def take_all(folder: Path, names: list[str]) -> None:
    """Take the pictures of all pages, or of those named."""
    with _world() as (browser, world):
        wanted = [seen for seen in pages_of(world) if not names or seen.name in names]
        for size in SIZES:
            for scheme in ("light", "dark"):
                _take(browser, world, wanted, size, scheme, folder)


def _take(browser: Browser, world: World, wanted: list[Seen], size: str, scheme: str, folder: Path) -> None:
    contexts: dict[str, BrowserContext] = {}
    for seen in wanted:
        if seen.who not in contexts:
            contexts[seen.who] = context_for(
                browser, world, PUBLIC_URL, who=seen.who, size=size, scheme=scheme  # type: ignore[arg-type]
            )
        page = contexts[seen.who].new_page()
        page.goto(seen.path)
        settled(page)
        page.screenshot(path=folder / f"{seen.name}-{size}-{scheme}.png", full_page=True)
        page.close()
    for context in contexts.values():
        context.close()


@contextmanager
def _world() -> Iterator[tuple[Browser, World]]:
    path = find_chromium()
    if path is None:
        raise SystemExit("Chromium is not installed: apt-get install chromium")
    with registry() as app, served(app) as port, chromium(PUBLIC_URL, port, path) as browser:
        world = World(Given(app)).build()
        grown_old(app.extensions["marquee_settings"].database_url)
        yield browser, world


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    take_all(target, sys.argv[2:])
