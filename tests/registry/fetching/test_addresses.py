"""Which addresses are public and which URLs may be asked (BAD-INPUTS row 66): nothing is resolved here."""

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.fetching.addresses import is_public, read_url
from registry.fetching.errors import Forbidden

NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1
224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1
2002:7f00:1:: 2002:808:808:: fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1
""".split()  # noqa: SIM905 - as it is read best
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001::1"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_of_the_public_internet_is_refused(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address):
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
@settings(deadline=None, max_examples=300)
def test_no_ipv6_form_makes_an_ipv4_address_public(address: IPv4Address):
    value = int(address)
    for carrier in (0xFFFF << 32, 0x64FF9B << 96, 0x2002 << 112, 0):
        shifted = value << 80 if carrier == 0x2002 << 112 else value
        assert not is_public(IPv6Address(carrier | shifted))


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://x.example/", "ftp://x.example/", "javascript:alert(1)", "//x.example/", "x",
        "", "http://", "http://0x7f.1/", "http://0x7f000001/", "http://2130706433/", "http://017700000001/",
        "http://127.1/", "http://1.2.3/", "http://a.example.0x1/", "http://localhost/", "http://localhost./",
        "http://LOCALHOST/", "http://a.localhost/", "http://router.lan/", "http://x.internal/", "http://x.local/",
        "http://intranet/", "http://user@x.example/", "http://user:secret@x.example/", "http://@x.example/",
        "http://x.example:22/", "http://x.example:0/", "http://x.example:99999/", "http://x.example:x/",
        "http://x.example\\@127.0.0.1/", "http://x.exa mple/", "http://x.example/\r\nHost: y", "http://x\t.example/",
        "http://[::1", "http://[fe80::1%25eth0]/", "https://раураl.com/", "https://xn--80ak6aa92e.com/",
        "https://аррӏе.com/", "https://pаypal.com/", "https://" + "a" * 64 + ".example/", "http://x.example/" + "a" * 2000,
        "http://..example/", "http://-a.example/", "http://x_y.example:80:80/",
    ],
)  # fmt: skip
def test_an_address_that_must_not_be_asked_is_refused_before_anything_is_resolved(url):
    with pytest.raises(Forbidden) as refused:
        read_url(url)
    assert refused.value.code == "url.forbidden"
    assert refused.value.message
    assert refused.value.fix


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://Policy.Example/a b".replace(" ", "%20"), "https://policy.example/a%20b"),
        ("http://policy.example:80?x=1#y", "http://policy.example/?x=1"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://москва.example/", "https://xn--80adxhks.example/"),
        ("https://日本.example/", "https://xn--wgv71a.example/"),
        ("https://policy.example./", "https://policy.example/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
    ],
)
def test_honest_addresses_are_asked_in_one_form(url, asked):
    assert read_url(url).url == asked


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=500)
def test_any_text_is_an_address_or_is_refused(text):
    for url in (text, f"http://{text}/", f"https://x.example/{text}"):
        with suppress(Forbidden):
            assert read_url(url).url.startswith(("http://", "https://"))
