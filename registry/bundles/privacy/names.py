"""Finds host names in one string, with or without a scheme, plain or behind base64 and hex.

A part of a name that the code puts in at run time is ``UNKNOWN``; a host that begins with one is told
as ``*.rest``.
"""

import base64
import binascii
import codecs
import ipaddress
import re
import socket
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

UNKNOWN = "\0"
LONGEST_TEXT = 1_048_576
LONGEST_UNPACKED = 4096
MOST_HOSTS_A_TEXT = 200
#: Endings of names without a scheme. Those that are file endings as well (py, sh, pl, md) are missing.
ENDINGS = frozenset(
    re.findall(
        r"\S+",
        "com org net io tv edu gov info me co uk de fr nl se no fi dk eu it es pt ru ua cz sk hu at ch be "
        "jp cn tw "
        "kr in au nz ca us br mx ar xyz dev app cloud media online site top club live moe gg fm am im "
        "to cc ws "
        "technology tech video stream pw ro bg gr tr il ie vn th id my sg hk wiki news radio movie film "
        "audio",
    )
)
_SCHEMED = re.compile(
    r"(?:(?:https?|wss?|ftps?|rtmp[est]?|rtsp|mms|tcp|udp)\\?:)?(?:\\?/\\?/)(?:[^\s/@\"'<>\\]{0,200}@)?"
    r"(\[[0-9a-f:.]{2,45}\]|[\w\0.\u3002\uff0e\uff61-]{1,253})(?::\d{1,5})?(?=[/?#:\"'\s\\,;)}\]<>|&$%{`*]|$)",
    re.IGNORECASE,
)
#: What nobody sees and what resolvers of names leave out.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
#: Addresses as one number, or in eights and sixteens, as the C library reads them.
_NUMBERS = re.compile(
    r"0x[0-9a-f]{1,8}|[0-9]{8,10}|(?:0x[0-9a-f]{1,8}|[0-9]{1,10})(?:\.(?:0x[0-9a-f]{1,8}|[0-9]{1,10})){1,3}"
)
#: Places in a text that are filled later, before a dot or the end of a host.
_HOLES = re.compile(r"(?<=[/.@:])(?:\$?\{[\w.]{0,40}\}|\$[A-Za-z_]\w{0,40}|%\([\w.]{1,40}\)s|%s)(?=[.:@/]|$)")
_BARE = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,6}[a-z]{2,12}(?::\d{2,5})?(?=$|[/?#])", re.IGNORECASE
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,20000}={0,2}")
_TURNED = re.compile(r"//:s?(?:ptth|w|ptr)", re.IGNORECASE)
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,10000}")
#: How names begin that have dots and are no hosts: add-on and package identifiers.
_IDENTIFIERS = re.compile(
    r"(plugin|script|metadata|service|resource|repository|xbmc|kodi|skin|weather|pvr|context|inputstream|"
    r"com|org|net|tv|io|de|android|java|javax|system|microsoft|google|self|this|window|document)\.",
    re.IGNORECASE,
)
_CONVINCING = re.compile(
    r"(www\d?|api\d?|cdn|m|static|img|images?|feeds?|data|search|auth|login)\.", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Named:
    """A host in a text at ``at``; ``bare`` names stood there without a scheme."""

    host: str
    at: int
    bare: bool = False
    local: bool = False
    rest: str = ""


def hosts_in(text: str) -> list[Named]:
    """Return the hosts that a string names. Time grows with its length, of which a part is read."""
    text = text[:LONGEST_TEXT]
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    if "//" in text and ("{" in text or "%" in text or "$" in text):
        text = _HOLES.sub(UNKNOWN, text)
    found = list(islice(_schemed(text), MOST_HOSTS_A_TEXT))
    if not found and text.isascii():
        found = _bare(text) or [named for plain in _decoded(text) for named in _plain_hosts(plain)]
    return found


def _plain_hosts(text: str) -> list[Named]:
    return list(_schemed(text)) or _bare(text)


def _schemed(text: str) -> Iterator[Named]:
    if "//" not in text and "/\\/" not in text:
        return
    for match in _SCHEMED.finditer(text):
        slashes_only = match[0].startswith(("/", "\\"))
        if slashes_only and match.start() and text[match.start() - 1] not in "\"'(=, \0":
            continue
        host = _checked(match[1])
        if host and not (slashes_only and host[0].rpartition(".")[2] not in ENDINGS):
            yield Named(host[0], match.start(), local=host[1], rest=text[match.end() : match.end() + 60])


def _bare(text: str) -> list[Named]:
    match = _BARE.match(text.strip())
    if not match or _IDENTIFIERS.match(match[0]):
        return []
    host = match[0].partition(":")[0].lower()
    if host.rpartition(".")[2] not in ENDINGS or " " in text.strip():
        return []
    return [Named(host, 0, bare=True, rest=text.strip()[match.end() :][:60])]


def is_top_level(ending: str) -> bool:
    """Say whether a name can end so: two letters are a country's, more are known."""
    return len(ending) == 2 or ending in ENDINGS or ending.startswith("xn--")


def is_convincing(named: Named) -> bool:
    """Say whether a name without a scheme looks like a host even where no call is near."""
    return not named.bare or bool(_CONVINCING.match(named.host)) or named.rest.startswith("/")


def _checked(host: str) -> tuple[str, bool] | None:
    """Return the host in its usual form and whether it is local; None where it is none."""
    host = _plain_host(host.lower().rstrip(".-"))
    if host in ("localhost", "localhost.localdomain"):
        return host, True
    address = _address(host.strip("[]"))
    if address:
        return str(address), not address.is_global
    if UNKNOWN in host:
        host = _known_beginning(host) or _known_end(host)
    labels = host.removeprefix("*.").split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    ending = labels[-1]
    if not ending.isalpha() or not 2 <= len(ending) <= 18:
        return None
    return host, ending in ("local", "lan", "home", "localdomain", "internal", "intranet")


def _plain_host(host: str) -> str:
    """Return a host in ASCII: letters of other scripts as resolvers are asked, numbers as an address."""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    if _NUMBERS.fullmatch(host):
        try:
            return str(ipaddress.IPv4Address(socket.inet_aton(host)))
        except OSError:
            return ""
    return host


def _known_beginning(host: str) -> str:
    """Return a host that a path put in at run time follows: ``https://a.org`` + path."""
    whole = host.rstrip(UNKNOWN)
    known = UNKNOWN not in whole and whole.count(".") >= 1 and is_top_level(whole.rpartition(".")[2])
    return whole if known else ""


def _known_end(host: str) -> str:
    """Turn an unknown beginning into ``*.``; nothing remains where less than two labels are known."""
    end = host.rpartition(UNKNOWN)[2]
    known = end.partition(".")[2]
    return f"*.{known}" if known.count(".") >= 1 else ""


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text) if text[:1].isdigit() or ":" in text else None
    except ValueError:
        return None


def _decoded(text: str) -> Iterator[str]:
    """Yield what a text means that is base64 or hex as a whole, where that is readable; or turned round."""
    text = text.strip()
    if "//:" in text and _TURNED.search(text):
        yield text[::-1]
    if "://" in text and text.lower().startswith(("uggc", "jff://", "jf://")):  # ROT13 of http, wss, ws
        yield codecs.decode(text, "rot13")
    if _HEX.fullmatch(text):
        yield from _readable(bytes.fromhex(text))
    elif _BASE64.fullmatch(text):
        try:
            plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_" if "_" in text else None)
        except (binascii.Error, ValueError):
            return
        yield from _readable(_unpacked(plain))


def _unpacked(plain: bytes) -> bytes:
    """Return what was packed by zlib, as far as it may hold a host; anything else as it is."""
    if not plain.startswith(b"x"):
        return plain
    try:
        return zlib.decompressobj().decompress(plain, LONGEST_UNPACKED) or plain
    except zlib.error:
        return plain


def _readable(plain: bytes) -> Iterator[str]:
    if plain.isascii() and b"." in plain:
        text = plain.decode("ascii")
        if text.strip().isprintable():
            yield text
