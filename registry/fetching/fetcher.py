"""One GET of a stranger's address: resolved once, checked, connected to the very address that was checked.

A redirect is checked like the first address. No cookies, no credentials, nothing of the environment; every
bound is one of the whole fetch.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, Queue
from urllib.parse import urljoin

import httpcore

from registry.fetching.addresses import Address, Place, is_public, literal, read_url
from registry.fetching.errors import FetchFailed, Forbidden
from registry.fetching.wire import Deadline, Pinned

AGENT = "Marquee (reads policy pages for its users)"
MOST_ADDRESSES = 3
#: Too many requests, and what a server says that fails itself.
PASSING = frozenset({429, *range(500, 600)})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
TRY_LATER = "Look whether it opens without signing in; it is asked for again tomorrow."

Resolver = Callable[[str, int], list[Address]]


def resolve(host: str, port: int) -> list[Address]:
    """Return the addresses of a host by the system's resolver. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [address for item in found if (address := literal(str(item[4][0]).partition("%")[0]))]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a fetch may do; the defaults are the product's, only tests give others.

    ``allows`` says which addresses may be connected to, ``types`` which content types are read.
    """

    allows: Callable[[Address], bool] = is_public
    resolve: Resolver = resolve
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    ports: frozenset[int] = frozenset({80, 443})
    most_bytes: int = 1024 * 1024
    seconds: float = 5.0
    redirects: int = 3
    types: frozenset[str] = frozenset({"text/html", "application/xhtml+xml", "text/plain"})


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found: ``url`` after all redirects, ``content_type`` in lower case, with its charset."""

    url: str
    content_type: str
    body: bytes


@dataclass(slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes = field(default=b"")


def fetch(url: str, rules: Rules = Rules()) -> Fetched:
    """Return what is at a public address. Raises FetchFailed, and Forbidden for one that is not public."""
    deadline, place = Deadline.after(rules.seconds), read_url(url, ports=rules.ports)
    for _ in range(rules.redirects + 1):
        answer = _ask(place, rules, deadline)
        if answer.status not in REDIRECTS:
            return _fetched(place, answer)
        place = _next(place, answer, rules)
    raise FetchFailed(
        "url.redirects", f"The address leads on more than {rules.redirects} times.", "Give the last address."
    )


def _next(place: Place, answer: _Answer, rules: Rules) -> Place:
    location = answer.headers.get("location")
    if not location:
        raise FetchFailed("url.status", f"The server answered {answer.status} and led nowhere.", TRY_LATER)
    try:
        joined = urljoin(place.url, location)
    except ValueError as error:
        raise Forbidden(f"The address leads on to {location[:100]!r}, which is none.") from error
    there = read_url(joined, ports=rules.ports)
    if place.scheme == "https" and there.scheme == "http":
        raise Forbidden("The address leads from https:// back to http://.")
    return there


def _ask(place: Place, rules: Rules, deadline: Deadline) -> _Answer:
    addresses = _checked_addresses(place, rules, deadline)
    try:
        return _get(place, [str(address) for address in addresses], rules, deadline)
    except httpcore.TimeoutException as error:
        raise FetchFailed(
            "url.slow", f"The page took longer than {rules.seconds:g} seconds.", TRY_LATER, may_pass=True
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
        told = str(error)[:200] or type(error).__name__
        message = f"{place.host} did not answer: {told}."
        raise FetchFailed("url.unreachable", message, TRY_LATER, may_pass=True) from error


def _checked_addresses(place: Place, rules: Rules, deadline: Deadline) -> list[Address]:
    """Return the first addresses of the host. All must be public, or one could stand in another's place."""
    own = literal(place.host)
    found = [own] if own else _resolved(place, rules, deadline)
    for address in found:
        if not rules.allows(address):
            raise Forbidden(f"{place.host} is at an address that is not public.")
    return found[:MOST_ADDRESSES]


def _resolved(place: Place, rules: Rules, deadline: Deadline) -> list[Address]:
    """Resolve in a thread: the system's resolver has no time limit of ours."""
    answers: Queue[list[Address] | OSError] = Queue()

    def look() -> None:
        try:
            answers.put(rules.resolve(place.host, place.port))
        except (OSError, UnicodeError) as error:
            answers.put(OSError(str(error)))

    threading.Thread(target=look, daemon=True).start()
    try:
        found = answers.get(timeout=max(0.01, deadline.left()))
    except (Empty, httpcore.ReadTimeout):
        found = OSError("no answer in time")
    if isinstance(found, OSError) or not found:
        message = f"No address is known for {place.host}."
        raise FetchFailed("url.unreachable", message, TRY_LATER, may_pass=True)
    return found


def _get(place: Place, addresses: Sequence[str], rules: Rules, deadline: Deadline) -> _Answer:
    headers: dict[bytes | str, bytes | str] = {
        "Host": place.url.split("/")[2], "User-Agent": AGENT, "Accept": ", ".join(sorted(rules.types)),
        "Accept-Encoding": "identity", "Connection": "close",
    }  # fmt: skip
    pool = httpcore.ConnectionPool(
        ssl_context=rules.trust(), network_backend=Pinned(addresses, deadline), max_connections=1, retries=0
    )
    with pool, pool.stream("GET", place.url, headers=headers) as response:
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        answer = _Answer(response.status, told)
        if response.status not in REDIRECTS:
            _check(answer, rules)
            answer.body = _body(response, rules)
        return answer


def _check(answer: _Answer, rules: Rules) -> None:
    """Look at the head before a byte of the body is read."""
    if answer.status in (401, 403, 407):
        raise FetchFailed(
            "url.closed", "The page asks for a sign-in.", "Publish it where anybody can read it."
        )
    if answer.status != 200:
        message = f"The server answered {answer.status}."
        raise FetchFailed("url.status", message, TRY_LATER, may_pass=answer.status in PASSING)
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in rules.types:
        raise FetchFailed(
            "url.type", f"The page is {kind or 'of no stated type'}, and only HTML and plain text are read.",
            "Publish the policy as a web page; a PDF may be beside it.",
        )  # fmt: skip
    if answer.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise FetchFailed("url.type", "The page is packed although that was not asked for.", TRY_LATER)
    if int(answer.headers.get("content-length") or 0) > rules.most_bytes:
        raise _too_large(rules)


def _body(response: httpcore.Response, rules: Rules) -> bytes:
    held = bytearray()
    for chunk in response.iter_stream():
        held += chunk
        if len(held) > rules.most_bytes:
            raise _too_large(rules)
    return bytes(held)


def _too_large(rules: Rules) -> FetchFailed:
    return FetchFailed(
        "url.too_large", f"The page has more than {rules.most_bytes // 1024} KiB.",
        "Give the address of the policy's text alone.",
    )  # fmt: skip


def _fetched(place: Place, answer: _Answer) -> Fetched:
    return Fetched(place.url, answer.headers.get("content-type", "").lower(), answer.body)
