"""What a compiled .NET assembly says of itself, read from its tables; nothing of it runs."""

import re
from typing import Any, NamedTuple

import dnfile

LARGEST_BYTES = 8 * 1024 * 1024
# The part of the server that every plug-in's main assembly is compiled against.
SERVER = "MediaBrowser.Common"
_HEX = rb"[0-9a-fA-F]\0"
_GUID = re.compile(rb"(?:%b){8}-\0(?:%b){4}-\0(?:%b){4}-\0(?:%b){4}-\0(?:%b){12}" % ((_HEX,) * 5), re.DOTALL)

Numbers = tuple[int, int, int, int]


class Assembly(NamedTuple):
    """Name and version, the versions of what it is compiled against, and the GUIDs in its texts."""

    name: str
    version: Numbers
    references: dict[str, Numbers]
    guids: frozenset[str]


def read_assembly(content: bytes) -> Assembly | None:
    """Return what a DLL says, or None when it is no .NET assembly that can be read."""
    try:
        read: Any = dnfile.dnPE
        tables = read(data=content, clr_lazy_load=True).net.mdtables
        (own,) = tables.Assembly.rows
        references = tables.AssemblyRef.rows if tables.AssemblyRef else ()
        return Assembly(
            str(own.Name),
            _numbers(own),
            {str(row.Name): _numbers(row) for row in references},
            frozenset(found.decode("utf-16-le").lower() for found in _GUID.findall(content)),
        )
    except Exception:  # the bytes are a stranger's, and the library may stumble anywhere
        return None


def _numbers(row: object) -> Numbers:
    first, second, third, fourth = (
        int(getattr(row, part)) for part in ("MajorVersion", "MinorVersion", "BuildNumber", "RevisionNumber")
    )
    return first, second, third, fourth
