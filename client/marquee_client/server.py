"""Talking to a Marquee: every answer is JSON or a fault, and what breaks on the way is tried again.

A server that was never reached is told at once; one that was reached is given time to come back.
"""

import base64
import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

import httpx

from marquee_client import __version__
from marquee_client.faults import Refused, Unreachable
from marquee_client.logins import Login

TRIES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 60.0
#: Slow down, too slow, or a part of the server is on its way back.
PASSING = frozenset({408, 429, 502, 503, 504})
DOWN = frozenset({502, 503, 504})
Body = Callable[[], Iterable[bytes]]
Headers = Callable[[], Mapping[str, str]]
#: Bytes come as they are: their digest is of them.
BYTES = {"Accept": "*/*", "Accept-Encoding": "identity"}


class Server:
    """One Marquee. ``tries`` is how often a request that broke is sent again, each time later."""

    def __init__(self, url: str, token: str | None = None, *, tries: int = TRIES) -> None:
        self.url = url
        self._waits = [min(FIRST_WAIT_S * 2**n, LONGEST_WAIT_S) for n in range(tries)]
        self._reached = False
        signed = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(
            base_url=f"{url}/api/v1/",
            headers={"User-Agent": f"marquee-client/{__version__}", "Accept": "application/json", **signed},
            timeout=httpx.Timeout(60.0, connect=10.0),
        )

    @classmethod
    def of(cls, login: Login, *, tries: int = TRIES) -> Self:
        """Return the server of a login."""
        return cls(login.url, login.token, tries=tries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str) -> dict[str, Any]:
        """Ask for something. Raises Refused, Unreachable, as all of these do."""
        return self._ask("GET", path)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Begin or make something."""
        return self._ask("POST", path, json=dict(body or {}))

    def patch(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change something."""
        return self._ask("PATCH", path, json=dict(body))

    def put_json(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Say something that is safe to repeat."""
        return self._ask("PUT", path, json=dict(body))

    def delete(self, path: str) -> dict[str, Any]:
        """End something."""
        return self._ask("DELETE", path)

    def put(self, path: str, body: Body, size: int) -> dict[str, Any]:
        """Send ``size`` bytes; ``body`` gives them anew for each try."""
        return self._ask("PUT", path, body=body, headers={"Content-Length": str(size)})

    def _ask(self, method: str, path: str, *, body: Body | None = None, **more: Any) -> dict[str, Any]:
        return self._read(
            self._answered(lambda: self._http.request(method, path, content=body and body(), **more))
        )

    def fetch(self, path: str, take: Callable[[httpx.Response], object], *, headers: Headers = dict) -> None:
        """Ask for bytes, wherever they lie; ``take`` reads them from each answer, from the next try's too.

        An answer may also say that nothing lies behind the range that ``headers`` ask for (416).
        """

        def once() -> httpx.Response:
            asked = {**BYTES, **headers()}
            with self._http.stream("GET", path, headers=asked, follow_redirects=True) as response:
                take(response) if _gives(response) else response.read()
                return response

        response = self._answered(once)
        if not _gives(response):
            self._read(response)

    def text(self, path: str) -> bytes:
        """Ask for a text and return its bytes, proved by its digest where the answer says one."""
        got: list[bytes] = []
        digests: list[str] = []

        def take(response: httpx.Response) -> None:
            got.append(response.read())
            digests.append(response.headers.get("Content-Digest", ""))

        self.fetch(path, take)
        own = base64.b64encode(hashlib.sha256(got[-1]).digest()).decode()
        if digests[-1] not in {"", f"sha-256=:{own}:"}:
            raise Refused({"detail": f"{path} came with other bytes than its digest says. Try again."})
        return got[-1]

    def _answered(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Return the first answer that is no passing trouble."""
        for wait_s in (*self._waits, None):
            try:
                response = ask()
            except httpx.TransportError as error:
                if wait_s is None or not self._reached:
                    raise self._away(error) from error
                pause_s = wait_s
            else:
                self._reached = True
                if wait_s is None or response.status_code not in PASSING:
                    return response
                pause_s = _asked_wait(response, wait_s)
            time.sleep(pause_s)
        raise AssertionError  # without a wait, the loop has ended already

    def _away(self, error: httpx.TransportError) -> Unreachable:
        why = str(error) or type(error).__name__
        return Unreachable(f"{self.url} cannot be reached: {why}. Look at the address and the network.")

    def _read(self, response: httpx.Response) -> dict[str, Any]:
        if response.is_success and not response.content:
            return {}
        if response.is_redirect:
            raise Refused({"detail": f"{self.url} sends on to {response.headers.get('Location')}; use that."})
        try:
            value = response.json()
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise self._stranger(response)
        if response.is_success:
            return value
        if response.status_code in DOWN:
            raise Unreachable(str(value.get("detail") or self._stranger(response)))
        raise Refused(value, hint=self._hint(response.status_code))

    def _stranger(self, response: httpx.Response) -> Refused | Unreachable:
        told = f"{self.url} answers {response.status_code} {response.reason_phrase}, not as a Marquee does."
        if response.status_code in DOWN:
            return Unreachable(told)
        return Refused({"detail": f"{told} Look at the address.", "status": response.status_code})

    def _hint(self, status: int) -> str:
        return f"Log in again: marquee login {self.url}" if status == httpx.codes.UNAUTHORIZED else ""


def _gives(response: httpx.Response) -> bool:
    return response.is_success or response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE


def _asked_wait(response: httpx.Response, usual_s: float) -> float:
    """Return how long the server asks to be left alone, as far as that is reasonable."""
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), LONGEST_WAIT_S) if asked.isdigit() else usual_s
