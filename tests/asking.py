"""The client of the tests: each request in a context of its own, signed by a token where one is given."""

import contextvars
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Asking(FlaskClient):
    """A client that follows our own absolute addresses and carries a token."""

    token: str | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request. No context of the test is seen by it: it has its own session and its own g."""
        if self.token is not None:
            headers = dict(kwargs.pop("headers", None) or {})
            kwargs["headers"] = {"Authorization": f"Bearer {self.token}", **headers}
        kwargs.setdefault("base_url", self.application.extensions["marquee_settings"].public_url)
        return contextvars.Context().run(super().open, *args, **kwargs)

    def bearing(self, token: str) -> "Asking":
        """Return another client that carries a token."""
        other = self.application.test_client(use_cookies=False)
        assert isinstance(other, Asking)
        other.token = token
        return other


def code_of(response: TestResponse) -> str:
    """Return the code of a problem, having looked that it is one."""
    assert response.content_type == "application/problem+json", response.text
    assert response.json is not None
    assert response.json["status"] == response.status_code
    assert response.json["detail"]
    return str(response.json["type"]).rsplit("/", 1)[-1]
