"""The page that says how to point a server here."""

import re
import xml.etree.ElementTree as ET

import pytest

from registry.bundles.ecosystems import ECOSYSTEMS
from registry.conveyance.connecting import STEPS
from tests import bundles
from tests.story import Story


def test_each_client_with_a_feed_has_its_card(visit):
    page = visit().get("/connect").text
    titles = [e.title for e in ECOSYSTEMS if e.name in STEPS]
    assert len(titles) >= 5
    for title in titles:
        assert f"<h2>{title}</h2>" in page
    assert "http://marquee.test/feeds/jellyfin/manifest.json" in page
    assert "http://marquee.test/feeds/index.json" in page
    assert "Repository zip" in page


def test_the_server_that_was_asked_for_stands_out(visit):
    page = visit().get("/connect?ecosystem=kodi").text
    assert re.search(r'class="[^"]*chosen[^"]*" id="kodi"', page)
    assert page.count("chosen") == 1


def test_a_card_says_how_much_its_feed_holds(visit, given):
    Story(given).published(bundles.kodi())
    assert "1 release, built just now" in visit().see("/connect")


def test_every_address_on_the_page_answers(visit, given):
    story = Story(given)
    for bundle in (bundles.kodi(), bundles.jellyfin(), bundles.stash()):
        story.published(bundle)
    page = visit().get("/connect").text
    for ecosystem in ("kodi", "jellyfin", "stash"):
        tested = re.search(rf'href="(/feeds/[^"]+)" data-test-feed="{ecosystem}"', page)
        visit().get(tested[1])


@pytest.mark.parametrize("name", sorted(STEPS))
def test_a_code_to_scan_is_a_picture_of_lines(visit, name):
    answer = visit().get(f"/connect/{name}.svg")
    assert answer.mimetype == "image/svg+xml"
    assert ET.fromstring(answer.data).tag == "{http://www.w3.org/2000/svg}svg"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_there_is_no_code_for_an_unknown_client(visit):
    visit().get("/connect/toaster.svg", status=404)
