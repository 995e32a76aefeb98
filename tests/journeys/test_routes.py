"""Every route at the real web server: HEAD beside GET, 405 with Allow, and JSON of every wrong type."""

import itertools
import json
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.routing import Rule

from registry.app import create_app
from registry.cli import NOWHERE
from registry.settings import read_settings
from tests import bundles
from tests.journeys.running import Person, Running
from tests.journeys.sending import head, send

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running"), pytest.mark.timeout(300)]
BUNDLE = bundles.kodi("metadata.routes.lantern", icon=bundles.png(256))
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Streams until the upload ends; asked for by itself in tests of uploads.
ENDLESS = {"uploads.events"}
JSON = {"Content-Type": "application/json", "Accept": "application/json"}
WRONG: tuple[Any, ...] = (
    None, True, 7, -1, 1e400, 10**40, "text", "", [], [[]], {}, {"a": {"b": []}}, "x" * 10_000, "\ud800", "\0",
)  # fmt: skip


ROUTES = create_app(read_settings({**NOWHERE, "MARQUEE_HOME": "/nonexistent"})).url_map.bind("marquee")
RULES = sorted(ROUTES.map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ())))


@pytest.fixture(scope="module")
def routes(running: Running) -> Person:
    person = running.person("routes@example.org", "admin")
    person.publisher("routes")
    return person


@pytest.fixture(scope="module", autouse=True)
def nothing_crashes(running: Running):
    log = running.home / "logs" / "web.log"
    before = log.stat().st_size
    yield
    with log.open("rb") as file:
        file.seek(before)
        assert b"request_failed" not in file.read()


@pytest.fixture(scope="module")
def known(running: Running, routes: Person, moderator: Person) -> dict[str, Any]:
    """What the variables of addresses stand for: things that are there."""
    upload = routes.ended(routes.upload("routes", BUNDLE)["id"])
    moderator.approve(upload["release"])
    release = routes.published(upload["release"])
    artifact = release["artifacts"][0]["sha256"]
    copy = routes.http.post(f"/api/v1/artifacts/{artifact}/copies").json()["id"]
    return {
        "slug": "routes", "upload_id": upload["id"], "release_id": upload["release"], "sha256": artifact,
        "ecosystem": "kodi", "identifier": "metadata.routes.lantern", "copy_id": copy, "version": "1.0.0",
    }  # fmt: skip


def filled(rule: Rule, known: dict[str, Any]) -> str:
    """An address of this rule; a variable that nothing is known for gets one that names nothing."""
    nothing = {"UUIDConverter": str(uuid4()), "IntegerConverter": "1"}
    values = {
        name: known.get(name) or nothing.get(type(rule._converters[name]).__name__, "nothing")
        for name in rule.arguments
    }
    found = rule.build(values, append_unknown=False)
    assert found is not None
    return found[1]


def test_head_is_answered_wherever_get_is_and_the_same_way(routes, known):
    for rule in RULES:
        if "GET" not in (rule.methods or ()) or rule.endpoint in ENDLESS:
            continue
        path = filled(rule, known)
        got, headed = (routes.http.request(method, path) for method in ("GET", "HEAD"))
        assert headed.status_code == got.status_code < 500, rule
        assert headed.content == b"", rule
        assert headed.headers["Content-Type"] == got.headers["Content-Type"], rule


def test_a_method_that_is_not_there_is_405_and_the_others_are_named(routes, known):
    paths = {filled(rule, known) for rule in RULES if rule.endpoint != "static"}
    for path in sorted(paths):
        there = set(ROUTES.allowed_methods(path))
        wrong = next((method for method in METHODS if method not in there), None)
        if wrong is not None:
            answer = routes.http.request(wrong, path)
            assert answer.status_code == 405, (wrong, path, answer.text)
            assert {name.strip() for name in answer.headers["Allow"].split(",")} == there, path


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW", "PROPFIND"])
def test_methods_that_nobody_knows_are_refused(running, method):
    path = "127.0.0.1:1" if method == "CONNECT" else "/api/v1/listings"
    reply = send(running.url, head(method, path, Connection="close"))
    assert reply.refused or reply.status in {404, 405}


BODIES = [
    ("/api/v1/accounts", {"email": "a@example.org", "password": "x", "name": "A"}),
    ("/api/v1/sessions", {"email": "a@example.org", "password": "x"}),
    ("/api/v1/tokens", {"name": "a", "scopes": ["read"], "days": 1}),
    ("/api/v1/publishers", {"slug": "a", "name": "A"}),
    ("/api/v1/publishers/routes/members", {"email": "a@example.org", "role": "uploader"}),
    ("/api/v1/uploads", {"publisher": "routes", "filename": "a.zip", "size": 1, "sha256": "0" * 64, "said": {}}),
    ("/publish/open", {"publisher": "routes", "filename": "a.zip", "size": 1}),
    ("/api/v1/releases/{release_id}/decisions", {"decision": "approve", "reason": "other", "note": ""}),
    ("/api/v1/releases/{release_id}/yank", {"reason": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "right"), BODIES, ids=[path for path, _ in BODIES])
def test_json_of_every_wrong_type_is_told_or_taken(routes, known, path, right):
    documents = list(WRONG)
    documents += [{**right, key: value} for key, value in itertools.product(right, WRONG)]
    documents += [{key: value for key, value in right.items() if key != left} for left in right]
    for number, document in enumerate(documents):
        answer = routes.http.post(
            path.format(**known), content=json.dumps(document).encode("utf-8", "surrogatepass"),
            headers={**JSON, "X-Forwarded-For": f"10.8.{number // 9}.{number % 9 + 1}"},
        )  # fmt: skip
        assert 200 <= answer.status_code < 500, (document, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json", document


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"nul", b"[" * 100_000, b'{"a":' * 5000, b"{}{}", b"\xef\xbb\xbf{}"]
)
@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/uploads", "/publish/open"])
def test_what_is_no_json_is_told(routes, path, content):
    answer = routes.http.post(path, content=content, headers=JSON)
    assert 400 <= answer.status_code < 500
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", "", "json"])
def test_a_body_of_another_type_is_told(routes, kind):
    answer = routes.http.post("/api/v1/uploads", content=b"{}", headers={"Content-Type": kind})
    assert 400 <= answer.status_code < 500
