"""Looking at pages as somebody: a browser context for a person, a size and a colour scheme."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Literal, get_args

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.pages import Seen
from tests.browser.world import World

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
SIZES = {"phone": (360, 780), "desktop": (1440, 900)}
Look = Callable[[Seen], Page]


@contextmanager
def context_for(
    browser: Browser,
    world: World,
    public_url: str,
    *,
    who: str = "",
    size: str = "desktop",
    scheme: Scheme = "light",
) -> Iterator[BrowserContext]:
    """A context in which this person is signed in; at phone size it is one that can be touched."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, base_url=public_url,
        has_touch=size == "phone", reduced_motion="reduce",
    )  # fmt: skip
    if who:
        secret = world.given.signed_in(getattr(world, who), "Chrome on Linux")
        context.add_cookies([{"name": "marquee", "value": secret, "url": public_url}])
    try:
        yield context
    finally:
        context.close()


@contextmanager
def looking(
    browser: Browser,
    world: World,
    public_url: str,
    *,
    size: str,
    scheme: Scheme,
    prepare: Callable[[Page], None] | None = None,
) -> Iterator[Look]:
    """A function that opens a page as the one who looks at it; the page before is closed.

    ``prepare`` is given each browser page before it is used.
    """
    with ExitStack() as stack:
        pages: dict[str, Page] = {}

        def look(seen: Seen) -> Page:
            if seen.who not in pages:
                opened = context_for(browser, world, public_url, who=seen.who, size=size, scheme=scheme)
                pages[seen.who] = stack.enter_context(opened).new_page()
                if prepare is not None:
                    prepare(pages[seen.who])
            page = pages[seen.who]
            answer = page.goto(seen.path)
            assert answer is not None
            assert answer.status == seen.status, (seen.name, answer.status)
            settled(page)
            return page

        yield look


def settled(page: Page) -> None:
    """Wait until fonts and pictures are there."""
    page.evaluate(
        """async () => {
            await document.fonts.ready;
            document.querySelectorAll('img[loading=lazy]').forEach((img) => { img.loading = 'eager'; });
            await Promise.all([...document.images].map((img) => img.decode().catch(() => {})));
        }"""
    )
