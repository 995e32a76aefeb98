"""Android's binary XML: elements with typed attributes, as ``AndroidManifest.xml`` holds them.

Attributes are known by their resource number where they have one, for some tools blank the names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry.bundles.ecosystems.android.chunks import (
    NOTHING,
    STRING,
    DamagedError,
    Strings,
    Value,
    chunk_at,
    chunks,
    numbers,
)
from registry.bundles.limits import DEFAULT_LIMITS

XML, RESOURCE_MAP, START, END = 0x0003, 0x0180, 0x0102, 0x0103
ATTRIBUTE_BYTES = 20

ATTRIBUTES = {
    0x01010001: "label",
    0x01010002: "icon",
    0x01010003: "name",
    0x0101000F: "debuggable",
    0x0101020C: "minSdkVersion",
    0x0101021B: "versionCode",
    0x0101021C: "versionName",
    0x01010270: "targetSdkVersion",
    0x0101028E: "required",
    0x010103F2: "banner",
    0x01010576: "versionCodeMajor",
}


@dataclass(frozen=True, slots=True)
class Element:
    """One element: the names from the root down to it, its line in the source, its attributes."""

    path: tuple[str, ...]
    line: int
    attributes: Mapping[str, str | Value]


def is_binary_xml(start: bytes) -> bool:
    """Say whether a file that starts so is binary XML."""
    return start[:4] == b"\x03\x00\x08\x00"


def elements(data: bytes) -> Iterator[Element]:
    """Yield the elements in document order. Raises DamagedError for unsound binary XML."""
    document = chunk_at(data, 0, len(data))
    if document.kind != XML:
        raise DamagedError(0, "it is not binary XML")
    strings: Strings | None = None
    names: tuple[int, ...] = ()
    trail: list[str] = []
    for count, chunk in enumerate(chunks(data, document.body, document.end)):
        if count > DEFAULT_LIMITS.manifest_nodes:
            raise DamagedError(chunk.start, f"it has more than {count - 1} nodes")
        if strings is None:
            strings = Strings(data, chunk)
        elif chunk.kind == RESOURCE_MAP:
            names = numbers(f"{(chunk.end - chunk.body) // 4}I", data, chunk.body)
        elif chunk.kind == START:
            element = _element(data, chunk.start, strings, names, tuple(trail))
            trail.append(element.path[-1])
            yield element
        elif chunk.kind == END:
            trail = trail[:-1]


def _element(
    data: bytes, start: int, strings: Strings, names: tuple[int, ...], above: tuple[str, ...]
) -> Element:
    if len(above) >= DEFAULT_LIMITS.manifest_depth:
        raise DamagedError(start, f"it is nested deeper than {len(above)} levels")
    line, _, _, name, offset, size, count = numbers("IIIIHHH", data, start + 8)
    if size < ATTRIBUTE_BYTES or count > DEFAULT_LIMITS.manifest_nodes:
        raise DamagedError(start, f"an element claims {count} attributes of {size} bytes")
    first = start + 16 + offset
    attributes = dict(_attribute(data, first + size * index, strings, names) for index in range(count))
    return Element((*above, strings[name]), line, attributes)


def _attribute(data: bytes, at: int, strings: Strings, names: tuple[int, ...]) -> tuple[str, str | Value]:
    _, name, raw, _, kind, value = numbers("IIIHxBI", data, at)
    number = names[name] if name < len(names) else 0
    key = ATTRIBUTES.get(number) or strings[name]
    if kind == STRING:
        return key, strings[value if value != NOTHING else raw]
    return key, Value(kind, value)
