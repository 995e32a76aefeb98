"""Links out lead over a page that names the host; only addresses that we showed lead on (SEED row 26)."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from registry.web.leaving import way_out
from tests import bundles
from tests.story import Story

ELSEWHERE = "https://lantern.example/a?b=1&c=é"


def way(app, address: str) -> str:
    with app.test_request_context():
        return way_out(address)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//x.example", "x", "ftp://x/y", "http://[", "", None],
)
def test_only_addresses_of_the_web_lead_out(app, address):
    assert way(app, address) == ""


def test_the_page_between_names_the_host_and_says_nothing_of_where_one_came_from(app, visit):
    response = visit().get(way(app, ELSEWHERE))
    assert "This leads to lantern.example" in response.text
    [link] = re.findall(r'<a [^>]*href="https://lantern[^>]*>', response.text)
    assert f'href="{html.escape(ELSEWHERE)}"' in link
    assert 'rel="noopener noreferrer ugc nofollow"' in link
    assert 'referrerpolicy="no-referrer"' in link
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_an_address_that_we_did_not_show_leads_nowhere(app, visit):
    seal = parse_qs(urlsplit(way(app, ELSEWHERE)).query)["seal"][0]
    for address in (f"/out?to=https://evil.example/&seal={seal}", "/out?to=https://evil.example/", "/out"):
        assert "was not made here" in visit().see(address, status=404)


def test_a_changed_seal_is_no_seal(app, visit):
    visit().get(way(app, ELSEWHERE)[:-1] + "é", status=404)


def test_links_in_a_description_lead_over_that_page_too(given, visit):
    words = "See [my page](https://lantern.example/x?a=1&b=2) or [write](mailto:ada@lantern.example)."
    text = f'Films</summary><description>{html.escape(words)}</description><summary lang="de_DE">Filme'
    Story(given).published(bundles.kodi("metadata.example.lantern", summary=text))
    page = visit().get("/listings/kodi/metadata.example.lantern").text
    assert 'href="https://lantern.example' not in page
    assert 'href="mailto:ada@lantern.example"' in page
    [link] = re.findall(r'href="(/out\?to=[^"]*lantern[^"]*)" rel="noopener noreferrer ugc nofollow"', page)
    assert "https://lantern.example/x?a=1&b=2" in visit().see(html.unescape(link))


def test_a_listings_links_lead_over_that_page(given, visit):
    site = 'Films</summary><website>https://lantern.example/home</website><summary lang="de_DE">Filme'
    release = Story(given).published(bundles.kodi("metadata.example.lantern", summary=site))
    assert release.content["homepage"] == "https://lantern.example/home"
    page = visit().get("/listings/kodi/metadata.example.lantern").text
    assert 'href="https://lantern.example' not in page
    [link] = re.findall(r'href="(/out\?to=[^"]*lantern[^"]*)"', page)
    assert "This leads to lantern.example" in visit().see(html.unescape(link))
