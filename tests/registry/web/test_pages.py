"""The reference of the API, the problems, and the pages that say what went wrong."""

import dataclasses
import io
import re
from contextlib import redirect_stdout
from html import unescape

import pytest

from registry.app import create_app
from registry.web.meanings import MEANINGS
from tests import bundles
from tests.asking import Asking
from tests.browser.serving import served
from tests.story import Story
from tests.visiting import words_of


def test_the_reference_names_every_operation_of_the_document(visit, client):
    page = visit().get("/api").text
    shown = set(re.findall(r'<code class="method">(\w+)</code><code class="wrap">([^<]+)</code>', page))
    document = client.get("/openapi.json").json
    told = {
        (method.upper(), path)
        for path, methods in document["paths"].items()
        for method in methods
        if method in {"get", "put", "post", "patch", "delete"}
    }
    assert shown == told


def test_an_operation_says_its_fields_and_how_curl_calls_it(visit):
    page = unescape(visit().get("/api").text)
    line = """curl -X POST -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' """
    assert (
        f"""{line}-d '{{"publisher": "…", "filename": "…", "size": 1}}' http://marquee.test/api/v1/uploads"""
        in page
    )
    assert "curl 'http://marquee.test/api/v1/listings/{ecosystem}/{identifier}'" in page


def test_the_example_in_python_runs(visit, given, app):
    Story(given).published(bundles.kodi(name="Lantern"))
    page = visit().get("/api").text
    example = re.search(r'id="example-python"><code>(.*?)</code>', page, re.DOTALL)
    with served(app) as port, redirect_stdout(io.StringIO()) as printed:
        code = unescape(example[1]).replace("http://marquee.test", f"http://127.0.0.1:{port}")
        exec(code, {})
    assert printed.getvalue() == "Lantern 1.0.0 GPL-2.0-or-later\n"


def test_every_problem_has_a_page_and_one_page_lists_them(visit):
    seen = visit().get("/problems").text
    for code in MEANINGS:
        assert f'href="/problems/{code}"' in seen
        assert code in visit().see(f"/problems/{code}")
    assert "There is no problem of that code." in visit().see("/problems/not.one", status=404)


def test_an_unknown_address_is_told_in_words_to_people_and_as_a_problem_to_programs(visit, client):
    seen = visit().see("/nothing/here", status=404)
    assert "Nothing is here" in seen
    assert "There is nothing at this address." in seen
    answer = client.get("/nothing/here", headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json"


def test_a_part_of_a_page_stays_as_it_was_when_something_is_wrong(visit):
    answer = visit().get("/nothing/here", status=404, HX_Request="true")
    assert answer.headers["HX-Reswap"] == "none"


def test_a_wrong_method_names_the_right_ones(visit):
    answer = visit().send_plain("/browse", status=405)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "/problems/request.method" in answer.text


@pytest.fixture
def without_database(settings):
    """The application while its database is away."""
    away = "postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1"
    made = create_app(dataclasses.replace(settings, database_url=away))
    made.test_client_class = Asking
    return made


def test_a_database_that_is_away_is_told_plainly_even_to_somebody_signed_in(without_database):
    client = without_database.test_client()
    client.set_cookie("marquee", "mq_s_" + "a" * 36, domain="marquee.test")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "The database does not answer. Nothing was lost" in words_of(answer)
    assert answer.headers["Retry-After"]


def test_the_status_page_says_which_part_is_away(without_database):
    seen = words_of(without_database.test_client().get("/status"))
    assert "Not everything works: database" in seen
