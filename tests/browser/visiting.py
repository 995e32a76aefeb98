"""Looking at pages as somebody: a browser context for a person, a size and a colour scheme."""

from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.world import World

Scheme = Literal["light", "dark"]
SIZES = {"phone": (360, 780), "desktop": (1440, 900)}


def context_for(
    browser: Browser, world: World, public_url: str, *, who: str = "", size: str = "desktop", scheme: Scheme = "light"
) -> BrowserContext:
    """A context in which this person is signed in; at phone size it is one that can be touched."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, base_url=public_url,
        has_touch=size == "phone", reduced_motion="reduce",
    )  # fmt: skip
    if who:
        secret = world.given.signed_in(getattr(world, who), "Chrome on Linux")
        context.add_cookies([{"name": "marquee", "value": secret, "url": public_url}])
    return context


def settled(page: Page) -> None:
    """Wait until fonts and pictures are there."""
    page.evaluate(
        """async () => {
            await document.fonts.ready;
            document.querySelectorAll('img[loading=lazy]').forEach((img) => { img.loading = 'eager'; });
            await Promise.all([...document.images].map((img) => img.decode().catch(() => {})));
        }"""
    )
