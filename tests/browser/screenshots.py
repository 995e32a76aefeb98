"""Pictures of the pages: ``python -m tests.browser.screenshots DIR [NAME…]``.

The pages are real: a registry is filled through its services on the real database and store, and
Chromium looks at it, phone and desktop, light and dark. With ``--readme`` as the name only the three
pictures of the README are made, as small WebP files.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser

from registry.app import create_app
from registry.migrations import migrate
from registry.settings import read_settings
from tests.browser.chromium import chromium, find_chromium
from tests.browser.pages import pages_of
from tests.browser.serving import served
from tests.browser.visiting import SCHEMES, SIZES, looking
from tests.browser.world import World, grown_old
from tests.given import Given
from tests.services import start_services

PUBLIC_URL = "http://marquee.example"
README = ("home", "listing", "decision")


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
        yield create_app(settings)


def take_all(folder: Path, names: list[str]) -> None:
    """Take the pictures of all pages, or of those named."""
    with _visited(odd=True) as (browser, world):
        wanted = [seen for seen in pages_of(world) if not names or seen.name in names]
        for size in SIZES:
            for scheme in SCHEMES:
                with looking(browser, world, PUBLIC_URL, size=size, scheme=scheme) as look:
                    for seen in wanted:
                        look(seen).screenshot(
                            path=folder / f"{seen.name}-{size}-{scheme}.png", full_page=True
                        )


def take_for_readme(folder: Path) -> None:
    """Take the three pictures of the README: what one sees first, on a desktop, in light."""
    with (
        _visited(odd=False) as (browser, world),
        looking(browser, world, PUBLIC_URL, size="desktop", scheme="light") as look,
    ):
        for seen in pages_of(world, odd=False):
            if seen.name in README:
                shot = Image.open(io.BytesIO(look(seen).screenshot()))
                shot.save(folder / f"{seen.name}.webp", quality=86, method=6)


@contextmanager
def _visited(*, odd: bool) -> Iterator[tuple[Browser, World]]:
    path = find_chromium()
    if path is None:
        raise SystemExit("Chromium is not installed: apt-get install chromium")
    with registry() as app, served(app) as port, chromium(PUBLIC_URL, port, path) as browser:
        world = World(Given(app)).build(odd=odd)
        grown_old(app.extensions["marquee_settings"].database_url)
        yield browser, world


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    if sys.argv[2:] == ["--readme"]:
        take_for_readme(target)
    else:
        take_all(target, sys.argv[2:])
