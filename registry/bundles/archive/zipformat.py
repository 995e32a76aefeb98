"""The records of a zip as bytes: layouts, signatures and extra fields (PKWARE's APPNOTE 6.3)."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from registry.bundles.findings import BundleRejected, rejected

LOCAL = b"PK\x03\x04"
CENTRAL = b"PK\x01\x02"
END = b"PK\x05\x06"
END64 = b"PK\x06\x06"
LOCATOR64 = b"PK\x06\x07"
DESCRIPTOR = b"PK\x07\x08"

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
CENTRAL_HEADER = struct.Struct("<4sBB5H3L5H2L")
END_RECORD = struct.Struct("<4s4H2LH")
END64_RECORD = struct.Struct("<4sQ2H2L4Q")
LOCATOR64_RECORD = struct.Struct("<4sLQL")

STORED, DEFLATED = 0, 8
MAX16, MAX32 = 0xFFFF, 0xFFFFFFFF

ENCRYPTED_FLAGS = 1 << 0 | 1 << 6 | 1 << 13
UNSUPPORTED_FLAGS = 1 << 4 | 1 << 5
DESCRIPTOR_FLAG = 1 << 3
UTF8_FLAG = 1 << 11

ZIP64_EXTRA, UNICODE_PATH_EXTRA = 0x0001, 0x7075
PKWARE_UNIX_EXTRA, ASI_UNIX_EXTRA = 0x000D, 0x756E


@dataclass(slots=True)
class Record:
    """One entry as the central directory has it; ``name`` and the ranges are filled in later.

    Bytes from ``offset`` to ``end`` are header, data from ``data_offset``, and data descriptor.
    """

    raw_name: bytes
    flags: int
    method: int
    crc: int
    compressed_bytes: int
    size_bytes: int
    offset: int
    system: int
    attributes: int
    is_link: bool = False
    name: str = ""
    data_offset: int = 0
    end: int = 0

    @property
    def is_folder(self) -> bool:
        """Whether the name says folder."""
        return self.raw_name.endswith(b"/")

    @property
    def mode(self) -> int:
        """The Unix mode, 0 where the writer kept none."""
        return self.attributes >> 16

    @property
    def label(self) -> str:
        """The name for people, whatever its bytes are."""
        return self.name or shown(self.raw_name)


def shown(raw_name: bytes) -> str:
    """Return a name of any bytes as printable text of at most 240 characters."""
    text = raw_name.decode("utf-8", "backslashreplace")[:240]
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def extra_fields(extra: bytes, record: Record) -> list[tuple[int, bytes]]:
    """Return (id, data) of each extra field; up to three zero bytes at the end are padding."""
    fields = []
    at = 0
    while len(extra) - at >= 4:
        identifier, length = struct.unpack_from("<HH", extra, at)
        data = extra[at + 4 : at + 4 + length]
        if len(data) < length:
            raise _bad_extra(record.label)
        fields.append((identifier, data))
        at += 4 + length
    if extra[at:].strip(b"\0"):
        raise _bad_extra(record.label)
    return fields


def only(
    fields: list[tuple[int, bytes]], identifier: int, refuse: Callable[[], BundleRejected]
) -> bytes | None:
    """Return the data of the field with that id, None without one; two of them are refused."""
    found = [data for one, data in fields if one == identifier]
    if len(found) > 1:
        raise refuse()
    return found[0] if found else None


def zip64_values(data: bytes | None, values: tuple[int, ...], record: Record) -> tuple[int, ...]:
    """Return sizes and offset with those at 0xFFFFFFFF taken from a ZIP64 extra field.

    ``values`` are in the field's order. Raises BundleRejected (``archive.zip64_invalid``) when the
    field is missing, too short, or says something else than a number that is in its usual place.
    """
    if data is None:
        if MAX32 in values:
            label = record.label
            raise zip64_invalid(f"{label} needs a ZIP64 field and has none", label)
        return values
    numbers = [one[0] for one in struct.iter_unpack("<Q", data[: len(data) // 8 * 8])]
    needed = sum(value == MAX32 for value in values)
    if len(data) % 8 not in {0, 4} or len(numbers) < needed:
        what = f"the ZIP64 field of {record.label} has {len(data)} bytes"
        raise zip64_invalid(what, record.label)
    if len(numbers) > needed:
        return _redundant(numbers, values, record)
    return tuple(numbers.pop(0) if value == MAX32 else value for value in values)


def _redundant(numbers: list[int], values: tuple[int, ...], record: Record) -> tuple[int, ...]:
    """Accept a field with more numbers than needed only where they repeat the usual ones."""
    if len(numbers) <= len(values) and all(
        value in {MAX32, number} for number, value in zip(numbers, values, strict=False)
    ):
        return (*numbers, *values[len(numbers) :])
    what = f"the ZIP64 field of {record.label} contradicts its header"
    raise zip64_invalid(what, record.label)


def zip64_invalid(message: str, path: str | None = None) -> BundleRejected:
    """Make the refusal of numbers that 64-bit and 32-bit readers would take differently."""
    return rejected(
        "archive.zip64_invalid",
        message,
        "Pack the files again; a bundle this small needs no ZIP64.",
        path=path,
    )


def _bad_extra(label: str) -> BundleRejected:
    return rejected(
        "archive.extra_field",
        f"an extra field of {label} is cut off",
        "Pack the files again with a current zip program.",
        path=label,
    )
