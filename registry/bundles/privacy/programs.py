"""Reads the readable strings of compiled files: ELF, PE, dex, .pyc. What stands there is E1."""

import re
from collections.abc import Iterable, Iterator

from registry.bundles.privacy.evidence import Level
from registry.bundles.privacy.names import is_top_level
from registry.bundles.privacy.sightings import Sighting, seen

LARGEST_ASSEMBLY = 16 * 1024 * 1024
MOST_STRINGS = 200_000
WINDOW = 4096
_ADDRESS = re.compile(
    rb"(<a\s[^<>\0\n]{0,80}|(?:[Ss]ee|[Vv]isit|[Aa]t):? )?((?:https?|wss?|rtmp[a-z]?)://[\x21-\x7e]{4,300})"
)
#: The same in two bytes a character.
_WIDE = re.compile(rb"(?:h\0t\0t\0p\0(?:s\0)?|w\0s\0(?:s\0)?):\0/\0/\0(?:[\x21-\x7e]\0){4,300}")
_TRACES = re.compile(rb"android\.permission\.[A-Z_]{3,60}|L[a-z]{2,12}/[\w/$]{3,120};")


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
    plain = [at[2] for at in _ADDRESS.finditer(window) if not at[1]] if b"://" in window else []
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
