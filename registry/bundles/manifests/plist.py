"""Property lists, XML and binary: repeated keys are told; no list is larger than it looks."""

import base64
import binascii
import math
import plistlib
import re
from datetime import datetime
from typing import Any, cast

from lxml import etree

from registry.bundles.findings import BundleRejected, Finding, rejected
from registry.bundles.limits import DEFAULT_LIMITS, Limits
from registry.bundles.manifests.parsed import KeyPath, Parsed, check_size, warning
from registry.bundles.manifests.xml import parse_xml

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z", re.ASCII)
_INTEGER = re.compile(r"[+-]?(?:[0-9]{1,20}|0[xX][0-9a-fA-F]{1,16})")
_REAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_KEEP = frozenset({"manifest.dtd", "manifest.encoding"})


def parse_plist(content: bytes, *, path: str, limits: Limits = DEFAULT_LIMITS) -> Parsed[dict[str, Any]]:
    """Return the top dictionary: str, int, float, bool, datetime, bytes, list and dict.

    The last of repeated keys wins, with a finding. Raises BundleRejected: ``manifest.plist``,
    ``manifest.dtd`` or ``manifest.encoding``, with the line where there is one.
    """
    if content.startswith(b"bplist"):
        return _parse_binary(content, path, limits)
    try:
        root = parse_xml(content, path=path, limits=limits).value
    except BundleRejected as refusal:
        raise _as_plist(refusal) from None
    return _XmlReader(path).read(root)


def _as_plist(refusal: BundleRejected) -> BundleRejected:
    finding = refusal.finding
    if finding.code in _KEEP or not finding.code.startswith("manifest."):
        return refusal
    return rejected("manifest.plist", finding.message, finding.fix, path=finding.path, line=finding.line)


class _XmlReader:
    """Turns the elements of one property list into values; depth and size are already bounded."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._findings: list[Finding] = []
        self._lines: dict[KeyPath, int] = {}

    def read(self, root: etree._Element) -> Parsed[dict[str, Any]]:
        top = root[0] if root.tag == "plist" and len(root) == 1 else root
        if top.tag != "dict":
            raise self._wrong(top, "a property list holds one <dict>")
        return Parsed(self._dict(top, ()), tuple(self._findings), self._lines)

    def _value(self, element: etree._Element, at: KeyPath) -> Any:
        match element.tag:
            case "dict":
                return self._dict(element, at)
            case "array":
                return [self._value(child, (*at, i)) for i, child in enumerate(element)]
            case "string":
                return self._leaf(element)
            case "true" | "false":
                return element.tag == "true"
        return self._converted(element, self._leaf(element).strip())

    def _converted(self, element: etree._Element, text: str) -> Any:
        match element.tag:
            case "integer" if _INTEGER.fullmatch(text):
                return int(text, 16 if "x" in text.lower() else 10)
            case "real" if _REAL.fullmatch(text) and math.isfinite(float(text)):
                return float(text)
            case "date" if _DATE.fullmatch(text):
                return self._date(element, text)
            case "data":
                return self._data(element, text)
        raise self._wrong(element, f"<{element.tag}> with {text[:40]!r} is no value")

    def _leaf(self, element: etree._Element) -> str:
        if len(element):
            raise self._wrong(element[0], f"<{element.tag}> may hold text only")
        return element.text or ""

    def _dict(self, element: etree._Element, at: KeyPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        children = list(element)
        if len(children) % 2:
            raise self._wrong(element, "a <dict> has a key without a value")
        for key, value in zip(children[::2], children[1::2], strict=True):
            if key.tag != "key":
                raise self._wrong(key, f"<{key.tag}> stands where a <key> is needed")
            name = self._leaf(key)
            line = _line(key)
            if name in result:
                self._findings.append(_repeated(self._path, name, line))
            self._lines[(*at, name)] = line
            result[name] = self._value(value, (*at, name))
        return result

    def _date(self, element: etree._Element, text: str) -> datetime:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise self._wrong(element, f"{text[:40]!r} is no date") from None

    def _data(self, element: etree._Element, text: str) -> bytes:
        try:
            return base64.b64decode("".join(text.split()), validate=True)
        except binascii.Error:
            raise self._wrong(element, "<data> is not base64") from None

    def _wrong(self, element: etree._Element, why: str) -> BundleRejected:
        return _refuse(self._path, why, _line(element))


def _line(element: etree._Element) -> int:
    return cast("int", element.sourceline)


def _parse_binary(content: bytes, path: str, limits: Limits) -> Parsed[dict[str, Any]]:
    check_size(content, path, limits)
    try:
        value = plistlib.loads(content, fmt=plistlib.FMT_BINARY)
    except (plistlib.InvalidFileException, ValueError, TypeError, RecursionError, MemoryError):
        raise _refuse(path, "the binary property list is damaged", None) from None
    _walk(value, path, limits)
    if not isinstance(value, dict):
        raise _refuse(path, "a property list holds one dictionary", None)
    found = warning(
        "plist.binary",
        f"{path} is a binary property list; older servers read XML only",
        "Convert it: plutil -convert xml1 Info.plist",
        path=path,
    )
    return Parsed(value, (found,))


def _walk(value: Any, path: str, limits: Limits) -> None:
    """Count the values as written out, so that shared and circular parts cannot explode."""
    left = limits.manifest_nodes
    stack = [(value, 1)]
    while stack:
        item, depth = stack.pop()
        left -= 1
        if left < 0:
            raise _refuse(path, f"it holds more than {limits.manifest_nodes:,} values", None)
        if depth > limits.manifest_depth:
            raise _refuse(path, f"it nests deeper than {limits.manifest_depth} levels", None)
        if isinstance(item, dict):
            if not all(isinstance(key, str) for key in item):
                raise _refuse(path, "a key is not text", None)
            stack.extend((child, depth + 1) for child in item.values())
        elif isinstance(item, list):
            stack.extend((child, depth + 1) for child in item)
        elif isinstance(item, plistlib.UID) or _is_odd(item):
            raise _refuse(path, f"{item!r} is no value of a manifest", None)


def _is_odd(item: Any) -> bool:
    return isinstance(item, float) and not math.isfinite(item)


def _repeated(path: str, name: str, line: int) -> Finding:
    return warning(
        "plist.repeated_key",
        f"{path} says {name[:80]!r} twice (line {line}); the last one counts",
        "Remove one of them.",
        path=path,
        line=line,
    )


def _refuse(path: str, why: str, line: int | None) -> BundleRejected:
    return rejected(
        "manifest.plist",
        f"{path}: {why}" + (f" (line {line})" if line else ""),
        "Write it again as an XML property list: plutil -convert xml1 Info.plist",
        path=path,
        line=line,
    )
