"""Which addresses are public, and which URLs lead to one. Pure: nothing is resolved here.

A number in any disguise (``0x7f.1``, ``2130706433``) is refused rather than understood; an IPv6 address that
carries an IPv4 one is refused with it.
"""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urlsplit

import idna

from registry.bundles.names import skeleton
from registry.fetching.errors import Forbidden

Address = IPv4Address | IPv6Address
LONGEST_URL = 2000
PORTS = {"http": 80, "https": 443}
#: Names that are never on the public internet (RFC 6761, 6762, 8375, 9476).
LOCAL_NAMES = (
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
    "corp",
    "home",
    "alt",
    "onion",
)
#: Public by their form, but each is answered by the machine's own surroundings or holds another address.
NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "168.63.129.16/32",  # Azure's own services, seen from inside
        "192.88.99.0/24",  # 6to4 relays
        "64:ff9b::/96", "64:ff9b:1::/48",  # NAT64
        "2002::/16", "2001::/32",  # 6to4, Teredo
        "::/96", "fec0::/10", "100::/64", "5f00::/16",
    )
)  # fmt: skip
UNWANTED = re.compile(r"[\x00-\x20\x7f\\]")
LAST_LABEL_IS_A_NUMBER = re.compile(r"(?:^|\.)(?:\d+|0[xX][0-9a-fA-F]*)$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a URL leads: ``host`` in ASCII, without a trailing dot; ``target`` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """Return the address as it is asked for."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{shown}{port}{self.target}"


def is_public(address: Address) -> bool:
    """Say whether an address is one of the public internet."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None or address.is_multicast or not address.is_global:
        return False
    return not any(address in network for network in NOT_PUBLIC if network.version == address.version)


def read_url(url: str, *, ports: frozenset[int] | None = None) -> Place:
    """Return where a URL leads; ``ports`` are those that may be asked (default: the web's two).

    Raises Forbidden for another scheme, a user, a port, a number in disguise, a name that is not public or
    looks like another.
    """
    parts, port = _split(url)
    if parts.scheme not in PORTS:
        raise Forbidden(f"{url[:100]!r} is no address of the web; it must begin with https:// or http://.")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise Forbidden("The address holds a user name or a password.")
    port = PORTS[parts.scheme] if port is None else port
    if port not in (ports or frozenset(PORTS.values())):
        raise Forbidden(f"The address names port {port}; pages for everybody are at 80 and 443.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, read_host(parts.hostname or ""), port, _escaped(target))


def read_host(host: str) -> str:
    """Return a host in ASCII. Raises Forbidden for one that cannot be, or must not be, asked."""
    host = host.rstrip(".")
    if "%" in host:
        raise Forbidden(f"{host!r} names an interface of a machine.")
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    if LAST_LABEL_IS_A_NUMBER.search(host):
        raise Forbidden(f"{host!r} is a number that stands for an address.")
    name = _in_ascii(host)
    if "." not in name or any(name == local or name.endswith(f".{local}") for local in LOCAL_NAMES):
        raise Forbidden(f"{host!r} is a name of a local network.")
    return name


def literal(host: str) -> Address | None:
    """Return the address that a host is itself, or None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _split(url: str) -> tuple[SplitResult, int | None]:
    if len(url) > LONGEST_URL or UNWANTED.search(url):
        raise Forbidden(f"{url[:100]!r} has characters that no address has, or over {LONGEST_URL} of them.")
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError as error:
        raise Forbidden(f"{url[:100]!r} is no address: {error}.") from error


def _escaped(target: str) -> str:
    return quote(target, safe="/?#[]@!$&'()*+,;=:%-._~")


def _in_ascii(host: str) -> str:
    try:
        shown = idna.decode(host) if "xn--" in host.lower() else host
        name = idna.encode(shown, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise Forbidden(f"{host[:100]!r} is no name of a host.") from error
    for label in idna.decode(name).split("."):
        _check_look(label)
    return name


def _check_look(label: str) -> None:
    """Refuse a label in foreign letters that people would read as a Latin one."""
    if label.isascii():
        return
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in label if letter.isalpha()}
    mixed = "LATIN" in scripts and len(scripts) > 1
    if mixed or (scripts != {"LATIN"} and skeleton(label).isascii()):
        raise Forbidden(f"{label!r} looks like another name.")
