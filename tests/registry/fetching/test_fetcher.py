"""One fetch of a stranger's page, against real servers (BAD-INPUTS row 66)."""

import time
from contextlib import ExitStack
from ipaddress import ip_address

import pytest

from registry.fetching.errors import FetchFailed
from registry.fetching.fetcher import Rules, fetch
from tests.registry.fetching.servers import HOME, at_home, certificate, leading, page, stranger

PAGE = b"<p>We keep nothing.</p>"


def code_of(url: str, rules: Rules) -> str:
    with pytest.raises(FetchFailed) as refused:
        fetch(url, rules)
    assert refused.value.message
    assert refused.value.fix
    return refused.value.code


def test_a_page_is_fetched_with_no_credentials_and_from_no_proxy(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("NETRC", "/dev/null")
    with stranger(page(PAGE, "Text/HTML; charset=utf-8", "200 OK", "Set-Cookie: a=b")) as there:
        found = fetch(f"http://policy.example:{there.port}/privacy?x=1", at_home())
    assert found.body == PAGE
    assert found.content_type == "text/html; charset=utf-8"
    head = there.asked[0].decode()
    assert head.startswith("GET /privacy?x=1 HTTP/1.1\r\n")
    assert f"Host: policy.example:{there.port}" in head
    assert not [name for name in ("cookie:", "authorization:", "referer:", "from:") if name in head.lower()]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://localhost:{port}/",
     "http://0x7f.1:{port}/", "http://2130706433:{port}/", "http://127.0.0.1:{port}", "http://0.0.0.0:{port}/",
     "http://[::1]:{port}/", "http://me.example:{port}/"],
)  # fmt: skip
def test_the_product_connects_to_nothing_that_is_not_public(url):
    """``me.example`` resolves to loopback; a listener counts what comes: nothing."""
    resolve = lambda _host, _port: [HOME]  # noqa: E731
    rules = Rules(ports=frozenset(range(65536)), resolve=resolve)
    with stranger(page(PAGE)) as there:
        assert code_of(url.format(port=there.port), rules) == "url.forbidden"
        time.sleep(0.05)
        assert there.connections == 0


def test_by_default_only_the_webs_ports_are_asked():
    assert code_of("http://policy.example:8096/", Rules()) == "url.forbidden"


def test_one_address_that_is_not_public_among_several_refuses_all():
    resolve = lambda _host, _port: [ip_address("93.184.216.34"), HOME]  # noqa: E731
    assert code_of("http://policy.example/", Rules(resolve=resolve)) == "url.forbidden"


def test_where_the_first_address_does_not_answer_the_next_one_is_asked():
    both = [ip_address("127.0.0.9"), HOME]
    rules = Rules(allows=both.__contains__, ports=frozenset(range(65536)), resolve=lambda _host, _port: both)
    with stranger(page(PAGE)) as there:
        assert fetch(f"http://policy.example:{there.port}/", rules).body == PAGE


def test_a_name_that_resolves_to_another_address_the_second_time_is_resolved_once():
    answers = [HOME, ip_address("169.254.169.254")]
    asked = []

    def resolve(host: str, _port: int) -> list:
        asked.append(host)
        return [answers[len(asked) - 1]]

    with stranger(page(PAGE)) as there:
        rules = at_home()
        rules = Rules(allows=rules.allows, ports=rules.ports, resolve=resolve)
        assert fetch(f"http://policy.example:{there.port}/", rules).body == PAGE
    assert asked == ["policy.example"]


@pytest.mark.parametrize(
    "to",
    ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "file:///etc/passwd", "http://localhost/",
     "gopher://x.example/", "//192.168.0.1/", "http://user@policy.example/", "http://["],
)  # fmt: skip
def test_a_redirect_is_checked_like_the_first_address(to):
    with stranger(leading(to)) as there:
        assert code_of(f"http://policy.example:{there.port}/", at_home()) == "url.forbidden"
    assert there.connections == 1


def test_redirects_are_followed_three_times_and_no_more():
    with ExitStack() as open_servers:
        there = open_servers.enter_context(stranger(page(PAGE)))
        last = f"http://policy.example:{there.port}/"
        for _ in range(3):
            to = f"http://policy.example:{there.port}/"
            there = open_servers.enter_context(stranger(leading(to)))
        found = fetch(f"http://policy.example:{there.port}/", at_home())
        assert (found.body, found.url) == (PAGE, last)
        once_more = open_servers.enter_context(stranger(leading(f"http://policy.example:{there.port}/")))
        assert code_of(f"http://policy.example:{once_more.port}/", at_home()) == "url.redirects"


def test_a_redirect_to_itself_ends():
    with stranger(page(b"", "text/html", "301 Moved", "Location: /")) as there:
        assert code_of(f"http://policy.example:{there.port}/", at_home()) == "url.redirects"
    assert there.connections == 4


@pytest.mark.parametrize(
    ("talk", "code"),
    [
        (page(b"%PDF-1.7", "application/pdf"), "url.type"),
        (page(b"x", ""), "url.type"),
        (page(b"x" * 2000, "text/html"), "url.too_large"),
        (page(b"x", "text/html", "200 OK", "Content-Encoding: gzip"), "url.type"),
        (page(b"x", "text/html", "404 Not Found"), "url.status"),
        (page(b"x", "text/html", "500 Oh"), "url.status"),
        (page(b"x", "text/html", "401 No", 'WWW-Authenticate: Basic realm="x"'), "url.closed"),
        (page(b"x", "text/html", "403 No"), "url.closed"),
        (page(b"", "text/html", "302 Found"), "url.status"),
    ],
)  # fmt: skip
def test_what_is_no_page_is_said_in_words(talk, code):
    with stranger(talk) as there:
        assert code_of(f"http://policy.example:{there.port}/", at_home(most_bytes=1000)) == code


def test_a_body_of_forty_megabytes_is_not_read():
    sent = []

    def talk(connection, _head):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(640):
            connection.sendall(b"x" * 65536)
            sent.append(65536)

    with stranger(talk) as there:
        assert code_of(f"http://policy.example:{there.port}/", at_home()) == "url.too_large"
    assert sum(sent) < 8_000_000


def dripping(what: bytes, *, every_s: float = 0.05):
    """Send a beginning, then a byte now and then, for ever."""

    def talk(connection, _head):
        connection.sendall(what)
        for _ in range(1000):
            time.sleep(every_s)
            connection.sendall(b"x")

    return talk


@pytest.mark.parametrize(
    "beginning",
    [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n"],
)  # fmt: skip
def test_a_page_that_never_ends_ends(beginning):
    began = time.monotonic()
    with stranger(dripping(beginning)) as there:
        assert code_of(f"http://policy.example:{there.port}/", at_home(seconds=0.5)) in {
            "url.slow",
            "url.unreachable",
        }
    assert time.monotonic() - began < 2


def test_a_resolver_that_does_not_answer_ends():
    rules = Rules(resolve=lambda _host, _port: time.sleep(3) or [HOME], seconds=0.3)
    began = time.monotonic()
    assert code_of("http://policy.example/", rules) == "url.unreachable"
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    "said", [b"", b"what?\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000, b"\x16\x03\x01"]
)
def test_what_is_no_http_is_unreachable(said):
    with stranger(lambda connection, _head: connection.sendall(said)) as there:
        assert code_of(f"http://policy.example:{there.port}/", at_home()) == "url.unreachable"


def test_nobody_there():
    with stranger(page(PAGE)) as there:
        port = there.port
    assert code_of(f"http://policy.example:{port}/", at_home()) == "url.unreachable"
    assert code_of("http://nowhere.example/", at_home()) == "url.unreachable"


def test_over_tls_the_certificate_must_be_for_the_name(tmp_path):
    server, trusting = certificate(tmp_path, "policy.example")
    with stranger(page(PAGE), server) as there:
        rules = at_home(hosts=("policy.example", "other.example"), trust=trusting)
        assert fetch(f"https://policy.example:{there.port}/", rules).body == PAGE
        assert code_of(f"https://other.example:{there.port}/", rules) == "url.unreachable"
        assert code_of(f"https://policy.example:{there.port}/", at_home()) == "url.unreachable"


def test_from_https_nothing_leads_back_to_http(tmp_path):
    server, trusting = certificate(tmp_path, "policy.example")
    with stranger(page(PAGE)) as plain:
        with stranger(leading(f"http://policy.example:{plain.port}/"), server) as there:
            assert (
                code_of(f"https://policy.example:{there.port}/", at_home(trust=trusting)) == "url.forbidden"
            )
        assert plain.connections == 0


def test_a_handshake_that_never_ends_ends():
    def silent(connection, _head):
        time.sleep(3)

    began = time.monotonic()
    with stranger(silent) as there:
        assert code_of(f"https://policy.example:{there.port}/", at_home(seconds=0.4)) == "url.slow"
    assert time.monotonic() - began < 1.5
