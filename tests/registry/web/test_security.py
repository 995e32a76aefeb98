"""The headers of pages: what a browser is allowed to do with them."""

import re

import pytest

from tests.visiting import POLICY_NONCE

PAGES = (
    "/",
    "/browse",
    "/connect",
    "/accounts/sign-in",
    "/accounts/sign-up",
    "/status",
    "/api",
    "/problems",
    "/no",
)


def policy_of(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value.strip() for name, _, value in parts}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_may_load_only_what_is_ours(client, path):
    answer = client.get(path)
    nonce = POLICY_NONCE.search(answer.headers["Content-Security-Policy"])[1]
    assert policy_of(answer) == {
        "default-src": "'none'", "script-src": f"'nonce-{nonce}' 'strict-dynamic'",
        "style-src": f"'nonce-{nonce}'", "img-src": "'self'", "font-src": "'self'", "connect-src": "'self'",
        "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'", "manifest-src": "'self'",
        "require-trusted-types-for": "'script'", "trusted-types": "default",
    }  # fmt: skip
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_inline_script_style_or_handler(client, path):
    text = client.get(path).text
    assert not re.search(r"\son[a-z]+\s*=", text)
    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "javascript:" not in text


def test_each_answer_has_a_nonce_of_its_own(client):
    nonces = {POLICY_NONCE.search(client.get("/").headers["Content-Security-Policy"])[1] for _ in range(5)}
    assert len(nonces) == 5


def test_every_script_and_sheet_carries_the_nonce(client):
    answer = client.get("/")
    nonce = POLICY_NONCE.search(answer.headers["Content-Security-Policy"])[1]
    tags = re.findall(r'<script[^>]*>|<link rel="stylesheet"[^>]*>', answer.text)
    assert len(tags) == 7
    assert all(f'nonce="{nonce}"' in tag for tag in tags)


def test_a_page_made_for_somebody_is_kept_nowhere(visit, given):
    assert visit(given.account()).get("/").headers["Cache-Control"] == "no-store"
    assert visit().get("/").headers["Cache-Control"] == "no-cache"


def test_isolation_is_asked_for_where_browsers_grant_it(app, client):
    assert "Cross-Origin-Opener-Policy" not in client.get("/").headers, "plain http: browsers only complain"


def test_other_answers_can_run_nothing(client):
    assert client.get("/openapi.json").headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
