"""What no honest client sends is refused before any view meets it."""

import json

import pytest


def code(answer):
    return answer.json["type"].rsplit("/", 1)[-1]


@pytest.mark.parametrize(
    "path",
    ["/api/v1/listings/kodi/a%00b", "/api/v1/artifacts/%00", "/api/v1/listings?q=%00", "/feeds/%00/a/b.zip"],
)
def test_null_characters_in_an_address(client, path):
    answer = client.get(path)
    assert (answer.status_code, code(answer)) == (400, "request.malformed")


@pytest.mark.parametrize("name", ["a\0b", "half \ud83d", "\\\0", {"deep": ["\0"]}])
def test_characters_that_are_none_in_json(client, given, name):
    answer = client.bearing(given.token(given.account())).post(
        "/api/v1/publishers",
        data=json.dumps({"slug": "lantern", "name": name}),
        content_type="application/json",
    )
    assert (answer.status_code, code(answer)) == (422, "request.invalid")


@pytest.mark.parametrize("name", ["a whole pair 😀", "the six characters \\u0000", "\\\\u0000"])
def test_characters_that_only_look_like_it(client, given, name):
    answer = client.bearing(given.token(given.account())).post(
        "/api/v1/publishers",
        data=json.dumps({"slug": "lantern", "name": name}),
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.text
    assert answer.json["name"] == name


def test_ten_thousand_fields(client):
    answer = client.post(
        "/api/v1/sessions", data="&".join(f"a{n}=1" for n in range(10_000)),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert (answer.status_code, code(answer)) == (413, "request.too_large")


def test_a_body_of_unknown_length_is_read_nowhere(client):
    answer = client.post(
        "/api/v1/sessions", data=b"{}", content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
    )  # fmt: skip
    assert (answer.status_code, code(answer)) == (411, "upload.length")


def test_a_null_character_in_a_form_is_no_crash(client):
    answer = client.post("/sign-in", data={"email": "a\0@example.org", "password": "x"})
    assert answer.status_code < 500


@pytest.mark.parametrize("content", ["[" * 100_000, '{"a":' * 5000])
def test_json_nested_beyond_all_measure(client, content):
    answer = client.post("/api/v1/sessions", data=content, content_type="application/json")
    assert (answer.status_code, code(answer)) == (400, "request.malformed")
