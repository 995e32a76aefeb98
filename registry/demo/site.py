"""The public API as the demonstration uses it: somebody signs in, asks, and waits when told to."""

import time
from collections.abc import Mapping
from typing import Any, Self

import httpx

from registry.demo.bundling import Made
from registry.demo.catalogue import Listing

PATIENCE = 3
LONGEST_WAIT_S = 70.0


class DemoFailed(Exception):
    """The demonstration cannot go on; the message says what to do."""


class Refusal(DemoFailed):
    """The server said no: ``code`` is the problem's."""

    def __init__(self, response: httpx.Response) -> None:
        try:
            problem = response.json()
        except ValueError:
            problem = {}
        self.status = response.status_code
        self.code = str(problem.get("type", "")).rpartition("/")[2]
        asked = f"{response.request.method} {response.request.url.path}"
        super().__init__(f"{asked}: {problem.get('detail') or response.reason_phrase} ({self.status})")


class Site:
    """One Marquee, asked by nobody in particular or by somebody with a token."""

    def __init__(self, url: str, token: str | None = None, *, by_session: bool = False) -> None:
        self.url, self._by_session = url.rstrip("/"), by_session
        signed = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=f"{self.url}/api/v1/", headers=signed, timeout=60.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        """Ask and return the answer's object. Raises Refusal, DemoFailed when nobody is there."""
        for _ in range(PATIENCE):
            try:
                response = self._http.request(method, path, json=body and dict(body), **more)
            except httpx.TransportError as error:
                told = (
                    f"No Marquee answers at {self.url} ({error}). Start one with `make run`, then come again."
                )
                raise DemoFailed(told) from error
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            time.sleep(min(float(response.headers.get("Retry-After", "5")), LONGEST_WAIT_S))
        if not response.is_success:
            raise Refusal(response)
        return dict(response.json()) if response.content else {}

    def find(self, path: str) -> dict[str, Any] | None:
        """Ask for something that may not be there."""
        try:
            return self.ask("GET", path)
        except Refusal as refusal:
            if refusal.status != httpx.codes.NOT_FOUND:
                raise
            return None

    def signed_in(self, email: str, password: str) -> "Site":
        """Return the same site as somebody sees it who signs in here. Raises Refusal."""
        opened = self.ask("POST", "sessions", {"email": email, "password": password})
        return Site(self.url, opened["token"], by_session=True)

    def sign_out(self) -> None:
        """End the session; a token that was given stays."""
        if self._by_session:
            self.ask("DELETE", "sessions/current")
        self._http.close()

    def find_release(self, listing: Listing, number: str) -> dict[str, Any] | None:
        """Return a version of a listing, as far as the caller may know of it."""
        return self.find(f"listings/{listing.ecosystem}/{listing.identifier}/{number}")

    def upload(self, publisher: str, made: Made, sha256: str) -> str:
        """Send a bundle in one request; return the upload's id."""
        asked = {
            "publisher": publisher, "filename": made.filename, "sha256": sha256, "maturity": "everyone",
            **made.said,
        }  # fmt: skip
        return str(self.ask("PUT", "uploads", params=asked, content=made.body)["id"])
