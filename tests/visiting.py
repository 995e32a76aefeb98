"""Somebody at a browser without scripts: cookies, forms with their tokens, and what a page says."""

import html
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.asking import Asking

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
TAGS = re.compile(r"<(script|style|title)\b.*?</\1>|<[^>]+>", re.DOTALL)
POLICY_NONCE = re.compile(r"'nonce-([^']+)'")


class Visitor:
    """One person; ``secret`` is that of a session, none for somebody who is not signed in."""

    def __init__(self, app: Flask, secret: str | None = None) -> None:
        made = app.test_client()
        assert isinstance(made, Asking)
        self.client = made
        if secret is not None:
            host = app.extensions["marquee_settings"].public_host
            self.client.set_cookie("marquee", secret, domain=host)

    def see(self, path: str, *, status: int = 200, **headers: str) -> str:
        """Return the words of a page; entities are read as a browser reads them."""
        return words_of(self.get(path, status=status, **headers))

    def get(self, path: str, *, status: int = 200, **headers: str) -> TestResponse:
        """Return a page."""
        response = self.client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        assert response.status_code == status, (response.status_code, words_of(response))
        return response

    def send(self, path: str, *, at: str | None = None, status: int = 302, **fields: Any) -> TestResponse:
        """Send a form with the token of the page ``at`` (default: the same address)."""
        return self.send_plain(path, status=status, csrf_token=self.token(at or path), **fields)

    def send_plain(self, path: str, *, status: int = 302, **fields: Any) -> TestResponse:
        """Send exactly these fields."""
        response = self.client.post(path, data=fields)
        assert response.status_code == status, (response.status_code, words_of(response))
        return response

    def token(self, at: str = "/accounts/sign-up") -> str:
        """Return a form's token."""
        found = TOKEN.search(self.client.get(at).text)
        assert found is not None, f"no form at {at}"
        return html.unescape(found[1])

    def after(self, response: TestResponse) -> str:
        """Return the words of the page that an answer leads to."""
        return self.see(response.location)


def words_of(response: TestResponse) -> str:
    """Return what a page says."""
    return " ".join(html.unescape(TAGS.sub(" ", response.text)).split())


def fault_beside(response: TestResponse, field: str) -> str:
    """Return the sentence beside a field, having looked that the field points to it."""
    marked = re.search(rf'<(?:input|textarea|select)[^>]*id="{field}"[^>]*>', response.text)
    assert marked is not None, f"no field {field}"
    assert f"{field}-error" in marked[0] or "<select" in marked[0], marked[0]
    said = re.search(rf'id="{field}-error".*?<span>(.*?)</span>', response.text, re.DOTALL)
    assert said is not None, f"nothing is said beside {field}"
    return html.unescape(said[1])


def value_of(response: TestResponse, field: str) -> str:
    """Return what a field holds."""
    found = re.search(rf'id="{field}"[^>]*? value="([^"]*)"', response.text)
    area = re.search(rf'<textarea id="{field}"[^>]*>(.*?)</textarea>', response.text, re.DOTALL)
    assert found or area, f"no field {field}"
    return html.unescape((found or area)[1])  # type: ignore[index]
