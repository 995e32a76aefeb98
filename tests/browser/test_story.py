"""The story in a browser, with a real worker: sign up, publish, decide; by mouse and by keyboard alone."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from registry.database import session
from registry.uploads.pages import STEPS
from registry.work import Job
from tests.browser import content
from tests.browser.people import SOON_MS, Keyboard, Mouse, confirm, link_in_outbox, publish, sign_up
from tests.conftest import PUBLIC_URL
from tests.workers.celeries import worker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
ADA = "ada@example.org"


@pytest.fixture(scope="module")
def working(environ, app, tmp_path_factory) -> Iterator[None]:
    with worker(environ, tmp_path_factory.mktemp("worker") / "log"):
        yield


@pytest.fixture
def people(browser, given, working):
    """A context for somebody new, one for a moderator, one for an admin; the worker is done at the end."""
    made: list[BrowserContext] = []

    def context(secret: str = "") -> BrowserContext:
        made.append(browser.new_context(base_url=PUBLIC_URL, reduced_motion="reduce"))
        if secret:
            made[-1].add_cookies([{"name": "marquee", "value": secret, "url": PUBLIC_URL}])
        return made[-1]

    yield context(), context(given.signed_in(given.moderator())), context(given.signed_in(given.admin()))
    for one in made:
        one.close()
    until = time.monotonic() + SOON_MS / 1000
    while given.run(lambda: session().query(Job).count()) and time.monotonic() < until:
        time.sleep(0.1)


@pytest.mark.parametrize("way", [Mouse, Keyboard])
def test_somebody_signs_up_publishes_and_is_approved(people, way, tmp_path):
    somebody, moderator, admin = people
    person = way(somebody.new_page())
    sign_up(person, ADA, "Ada Bell")
    confirm(person, link_in_outbox(admin, "confirm your address", ADA), ADA)

    filename, body = content.LANTERN.file()
    publish(person, filename, body, tmp_path)
    steps = person.page.locator(".steps li")
    assert [step.get_attribute("class") for step in steps.all()] == ["done"] * len(STEPS)

    judge = way(moderator.new_page())
    judge.page.goto("/review")
    expect(judge.page.locator(".queue-row")).to_have_count(1)
    judge.approve_first()
    expect(judge.page.get_by_text("Recorded: approve")).to_be_visible()

    def listed() -> bool:
        person.page.goto("/browse?q=lantern")
        return person.page.locator(".tile").count() == 1

    until = time.monotonic() + SOON_MS / 1000
    while not listed():
        assert time.monotonic() < until, "the listing did not appear"
        time.sleep(0.2)
    person.press("Lantern Subtitles" if way is Keyboard else _tile(person))
    expect(person.page.get_by_role("heading", level=1, name="Lantern Subtitles")).to_be_visible()


def _tile(person: Mouse) -> str:
    """The whole name of the one tile, as screen readers say it."""
    return " ".join(person.page.locator(".tile").inner_text().split())
