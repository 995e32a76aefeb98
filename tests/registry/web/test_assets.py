"""Static files: an address changes with the bytes and is kept for a year; the texts come gzipped."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from flask import url_for


@pytest.fixture
def address(app):
    with app.test_request_context():
        return url_for("static", filename="css/base.css")


def test_an_address_carries_the_digest_of_the_bytes(address, app):
    body = (Path(app.root_path) / "static/css/base.css").read_bytes()
    assert address == f"/static/css/base.css?v={hashlib.sha256(body).hexdigest()[:12]}"


def test_what_is_named_by_its_digest_is_kept_for_a_year(client, address):
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type == "text/css; charset=utf-8"
    for other in ("/static/css/base.css", "/static/css/base.css?v=0123456789ab"):
        assert client.get(other).headers["Cache-Control"] == "no-cache", other


def test_a_font_carries_its_version_in_its_name(client, app):
    sheet = client.get("/static/css/fonts.css").text
    fonts = re.findall(r'url\("\.\./(vendor/[^"]+)"\)', sheet)
    assert fonts
    for font in fonts:
        assert re.search(r"-\d+\.\d+\.\d+-", font)
        answer = client.get(f"/static/{font}", headers={"Accept-Encoding": "gzip"})
        assert answer.content_type == "font/woff2"
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Content-Encoding" not in answer.headers, "it is compressed by itself"
        with app.test_request_context():
            assert url_for("static", filename=font) == f"/static/{font}"


def test_texts_come_gzipped_to_those_who_take_it(client, address):
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in plain.headers


def test_what_has_not_changed_is_not_sent_again(client, address):
    etag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_no_cookie_goes_with_a_file(client, address):
    assert "Set-Cookie" not in client.get(address).headers


@pytest.mark.parametrize(
    "path", ["css/none.css", "vendor/README.md", "../app.py", "..%2fapp.py", "css", "vendor/icons.LICENSE"]
)
def test_nothing_else_is_served(client, path):
    assert client.get(f"/static/{path}").status_code == 404
