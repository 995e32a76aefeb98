"""Every page as people get it: no error, no foreign request, no shift, light enough, open to everybody.

The pages are looked at once, in ``visits``; each test then reads one thing out of what was seen.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.browser.pages import Seen, pages_of
from tests.browser.visiting import SIZES, looking
from tests.browser.world import World, grown_old
from tests.conftest import PUBLIC_URL
from tests.given import Given

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
FIRST_VIEW_BYTES = 100_000
WATCHING = """
window.seen = {shift: 0, violations: []};
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (!entry.hadRecentInput) window.seen.shift += entry.value;
})).observe({type: 'layout-shift', buffered: true});
document.addEventListener('securitypolicyviolation', (event) =>
  window.seen.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
SERIOUS = """(rules) => axe.run(document, {
  resultTypes: ['violations'], ...(rules ? {runOnly: {type: 'rule', values: rules}} : {}),
}).then((found) => found.violations
  .filter((one) => ['serious', 'critical'].includes(one.impact))
  .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`))"""
OVER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Visit:
    """What was seen on one page at one size."""

    name: str
    size: str
    errors: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    shift: float = 0.0
    overflow: int = 0
    first_view_bytes: int = 0
    inaccessible: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def visits(app: Flask, browser: Browser) -> list[Visit]:
    """Each page of a registry in use, looked at on a phone and on a desktop."""
    world = World(Given(app)).build()
    grown_old(app.extensions["marquee_settings"].database_url)
    made: list[Visit] = []
    for size in SIZES:
        watch = Watch(size)
        with looking(browser, world, PUBLIC_URL, size=size, scheme="light", prepare=watch.prepare) as look:
            for seen in pages_of(world):
                watch.begin(seen)
                made.append(watch.end(look(seen)))
    return made


class Watch:
    """Listens to a page while it is opened, then looks at what is there."""

    def __init__(self, size: str) -> None:
        self.size = size
        self.visit = Visit("", size)
        self.requests: list[Request] = []
        self.expects_error = False

    def prepare(self, page: Page) -> None:
        page.add_init_script(WATCHING)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.visit.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108 - it sets attributes
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})

    def begin(self, seen: Seen) -> None:
        self.visit, self.expects_error = Visit(seen.name, self.size), seen.status >= 400
        self.requests.clear()

    def end(self, page: Page) -> Visit:
        said: dict[str, Any] = page.evaluate("() => window.seen")
        self.visit.shift, self.visit.violations = said["shift"], said["violations"]
        self.visit.overflow = page.evaluate(OVER)
        self.visit.foreign = [r.url for r in self.requests if not r.url.startswith(f"{PUBLIC_URL}/")]
        self.visit.first_view_bytes = sum(map(_bytes_of, self.requests))
        self._look_with_axe(page)
        return self.visit

    def _heard(self, message: ConsoleMessage) -> None:
        expected = self.expects_error and "Failed to load resource" in message.text
        if message.type in {"error", "warning"} and not expected:
            self.visit.errors.append(message.text)

    def _look_with_axe(self, page: Page) -> None:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        self.visit.inaccessible["light"] = page.evaluate(SERIOUS, None)
        if self.size != "desktop":
            return  # colors are the same at every width
        page.emulate_media(color_scheme="dark")
        self.visit.inaccessible["dark"] = page.evaluate(SERIOUS, ["color-contrast", "link-in-text-block"])
        page.emulate_media(color_scheme="light")


def _bytes_of(request: Request) -> int:
    """The bytes on the wire; artwork is not counted, nor what polls after the first view."""
    if urlsplit(request.url).path.startswith("/pictures/") or "part=" in request.url:
        return 0
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def test_every_page_was_looked_at_on_a_phone_and_on_a_desktop(visits):
    assert len(visits) >= 2 * 45
    assert {visit.size for visit in visits} == set(SIZES)


def test_no_page_writes_an_error_or_a_warning_to_the_console(visits):
    assert {visit.name: visit.errors for visit in visits if visit.errors} == {}


def test_no_page_does_what_its_content_security_policy_forbids(visits):
    assert {visit.name: visit.violations for visit in visits if visit.violations} == {}


def test_no_request_leaves_the_origin(visits):
    assert {visit.name: visit.foreign for visit in visits if visit.foreign} == {}


def test_no_page_scrolls_sideways(visits):
    assert {(visit.name, visit.size): visit.overflow for visit in visits if visit.overflow > 0} == {}


def test_nothing_moves_once_it_is_shown(visits):
    assert {(visit.name, visit.size): visit.shift for visit in visits if visit.shift > 0.01} == {}


def test_the_first_view_of_each_page_is_light(visits):
    heavy = {v.name: v.first_view_bytes for v in visits if v.first_view_bytes > FIRST_VIEW_BYTES}
    assert heavy == {}


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desktop", "light"), ("desktop", "dark")])
def test_axe_finds_nothing_serious(visits, size, scheme):
    found = {v.name: v.inaccessible[scheme] for v in visits if v.size == size and v.inaccessible[scheme]}
    assert found == {}
