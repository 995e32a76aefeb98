"""Reads compiled files: readable strings of ELF, PE, dex and .pyc; tables and strings of .NET assemblies.

A string in a native program is E1. In a .NET assembly it is E2 where the assembly refers to a class that
asks over the network; nothing is run, and what the library stumbles over is read as plain strings.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import dnfile

from registry.bundles.privacy.evidence import Level, excerpt_of
from registry.bundles.privacy.names import is_top_level
from registry.bundles.privacy.sightings import Sighting, seen

LARGEST_ASSEMBLY = 16 * 1024 * 1024
MOST_ROWS = 200_000
MOST_STRINGS = 200_000
WINDOW = 4096
_ADDRESS = re.compile(rb"(?:https?|wss?|rtmp[a-z]?)://[\x21-\x7e]{4,300}")
#: The same in two bytes a character.
_WIDE = re.compile(rb"(?:h\0t\0t\0p\0(?:s\0)?|w\0s\0(?:s\0)?):\0/\0/\0(?:[\x21-\x7e]\0){4,300}")
_TRACES = re.compile(rb"android\.permission\.[A-Z_]{3,60}|L[a-z]{2,12}/[\w/$]{3,120};")
_NETWORK_TYPES = re.compile(
    r"^(?:HttpClient|IHttpClientFactory|HttpClientFactoryExtensions|WebRequest|HttpWebRequest|WebClient|HttpRequestMessage|"
    r"RestClient|IHttpClient|ClientWebSocket|TcpClient|UdpClient|Socket|IFlurlClient|HttpClientJsonExtensions|"
    r"HttpRequestOptions)$"
)


class Strings:
    """What stands readable in a compiled file: addresses, and names that signatures are looked for in."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.traces: set[str] = set()


def strings_of(pieces: Iterable[bytes]) -> Strings:
    """Search a stream in windows that overlap; text in two bytes a character is found as well."""
    found, kept = Strings(), b""
    known: set[bytes] = set()
    is_dex = False
    for piece in pieces:
        is_dex = is_dex or piece.startswith(b"dex\n")
        window = kept + piece
        if len(known) < MOST_STRINGS:
            known.update(_addresses_in(window))
        if is_dex or b"android.permission." in window:
            found.traces.update(match.decode("ascii") for match in _TRACES.findall(window)[:5000])
        kept = window[-WINDOW:] if len(piece) > WINDOW else b""
    found.addresses = sorted({each.decode("ascii") for each in known})
    return found


def _addresses_in(window: bytes) -> Iterator[bytes]:
    plain = _ADDRESS.findall(window) if b"://" in window else []
    wide = _WIDE.findall(window) if b":\0/\0/\0" in window else []
    for address in (*plain, *(each[::2] for each in wide)):
        if b"." in address:
            yield address


def sightings_of(path: str, strings: Strings) -> Iterator[Sighting]:
    """Yield the hosts of a compiled file's addresses."""
    for address in strings.addresses:
        for sighting in seen(address, path=path, line=None, level=Level.E1):
            # Strings of compiled code run into one another; what ends in no top level is a piece.
            if sighting.local or is_top_level(sighting.host.rpartition(".")[2]):
                yield sighting


class Assembly:
    """A .NET assembly's user strings and the ``Type.Member`` names that it refers to."""

    def __init__(self, strings: list[str], members: list[str], *, calls_network: bool) -> None:
        self.strings = strings
        self.members = members
        self.calls_network = calls_network

    def sightings(self, path: str) -> Iterator[Sighting]:
        """Yield the hosts of its strings."""
        level = Level.E2 if self.calls_network else Level.E1
        for text in self.strings:
            yield from seen(text, path=path, line=None, level=level, shown=excerpt_of(text))


def read_assembly(content: bytes) -> Assembly | None:
    """Return an assembly's strings and references; None for a file that is none or cannot be read."""
    try:
        read: Any = dnfile.dnPE
        net = read(data=content, clr_lazy_load=True).net
        types = _types(net)
        names = {name.rpartition(".")[2] for name in types}
        strings = list(_user_strings(net))
    except Exception:  # the bytes are a stranger's, and the library may stumble anywhere
        return None
    calls = any(_NETWORK_TYPES.match(name) for name in names)
    return Assembly(strings, [*types, *_members(net)], calls_network=calls)


def _types(net: Any) -> list[str]:
    rows = net.mdtables.TypeRef.rows[:MOST_ROWS] if net.mdtables.TypeRef else ()
    return [f"{row.TypeNamespace}.{row.TypeName}" for row in rows]


def _members(net: Any) -> Iterator[str]:
    try:
        rows = net.mdtables.MemberRef.rows[:MOST_ROWS] if net.mdtables.MemberRef else ()
        for row in rows:
            owner = getattr(getattr(row.Class, "row", None), "TypeName", "")
            yield f"{owner}.{row.Name}("
    except Exception:  # as above
        return


def _user_strings(net: Any) -> Iterator[str]:
    heap = net.user_strings
    if heap is None:
        return
    offset, size = 1, int(heap.sizeof())
    for _ in range(MOST_STRINGS):
        if offset >= size:
            return
        item = heap.get(offset)
        if item is None:
            return
        if item.value:
            yield str(item.value)
        offset += max(int(item.raw_size), 1)
