"""An APK: a zip whose manifest is binary XML. It is not signed: the demonstration has no key."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from registry.demo.bundling.archives import zip_of
from registry.demo.catalogue import Listing, Version
from registry.demo.pictures import icon

NAMESPACE = "http://schemas.android.com/apk/res/android"
#: The numbers by which Android knows attributes (android.R.attr).
ATTRIBUTES = {
    "label": 0x01010001,
    "icon": 0x01010002,
    "name": 0x01010003,
    "minSdkVersion": 0x0101020C,
    "versionCode": 0x0101021B,
    "versionName": 0x0101021C,
    "targetSdkVersion": 0x01010270,
    "required": 0x0101028E,
}
XML, STRINGS, NUMBERS, START, END = 0x0003, 0x0001, 0x0180, 0x0102, 0x0103
UTF8, NOTHING = 0x100, 0xFFFFFFFF
TEXT, NUMBER, TRUTH = 0x03, 0x10, 0x12
ICON = "res/drawable/icon.png"

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the manifest."""

    tag: str
    attributes: Mapping[str, Value]
    children: Sequence["Element"] = ()


def make(listing: Listing, version: Version) -> bytes:
    """Make the APK of a version."""
    return zip_of(
        {
            "AndroidManifest.xml": binary_xml(_manifest(listing, version)),
            ICON: icon(listing.look, listing.identifier),
            "assets/about.txt": f"{listing.name} {version.number}: {listing.summary}.\n",
        }
    )


def _manifest(listing: Listing, version: Version) -> Element:
    major, minor, patch = map(int, version.number.split("."))
    code = major * 10_000 + minor * 100 + patch
    leanback: dict[str, Value] = {"name": "android.software.leanback", "required": True}
    return Element(
        "manifest",
        {"package": listing.identifier, "versionCode": code, "versionName": version.number},
        (
            Element("uses-sdk", {"minSdkVersion": 23, "targetSdkVersion": 34}),
            Element("uses-permission", {"name": "android.permission.INTERNET"}),
            Element("uses-feature", leanback),
            Element("application", {"label": listing.name, "icon": ICON}),
        ),
    )


def binary_xml(root: Element) -> bytes:
    """Return an element as Android's build tools write it: strings, numbers of attributes, elements."""
    writer = _Writer()
    body = writer.element(root)
    numbers = _chunk(NUMBERS, b"", struct.pack(f"<{len(ATTRIBUTES)}I", *ATTRIBUTES.values()))
    return _chunk(XML, b"", writer.pool() + numbers + body)


@dataclass(slots=True)
class _Writer:
    """Collects the strings while it writes; those of attributes stand first, as their numbers do."""

    strings: list[str] = field(default_factory=lambda: [*ATTRIBUTES])

    def element(self, element: Element) -> bytes:
        attributes = b"".join(self._attribute(*pair) for pair in element.attributes.items())
        name, head = self._index(element.tag), struct.pack("<II", 1, NOTHING)
        counts = struct.pack("<HHHHHH", 20, 20, len(element.attributes), 0, 0, 0)
        start = _chunk(START, head, struct.pack("<II", NOTHING, name) + counts + attributes)
        inside = b"".join(map(self.element, element.children))
        return start + inside + _chunk(END, head, struct.pack("<II", NOTHING, name))

    def pool(self) -> bytes:
        offsets, data = [], bytearray()
        for text in self.strings:
            offsets.append(len(data))
            body = text.encode()
            data += bytes([len(text), len(body)]) + body + b"\0"
        data += bytes(-len(data) % 4)
        head = struct.pack("<IIIII", len(offsets), 0, UTF8, 28 + 4 * len(offsets), 0)
        return _chunk(STRINGS, head, struct.pack(f"<{len(offsets)}I", *offsets) + bytes(data))

    def _attribute(self, name: str, value: Value) -> bytes:
        space = self._index(NAMESPACE) if name in ATTRIBUTES else NOTHING
        raw, kind, data = NOTHING, NUMBER, value
        if isinstance(value, str):
            raw = data = self._index(value)
            kind = TEXT
        elif value is True:
            kind, data = TRUTH, NOTHING
        return struct.pack("<IIIHBBI", space, self._index(name), raw, 8, 0, kind, data)

    def _index(self, text: str) -> int:
        if text not in self.strings:
            self.strings.append(text)
        return self.strings.index(text)


def _chunk(kind: int, head: bytes, body: bytes) -> bytes:
    return struct.pack("<HHI", kind, 8 + len(head), 8 + len(head) + len(body)) + head + body
