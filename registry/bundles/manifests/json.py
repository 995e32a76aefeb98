"""JSON manifests: one meaning for every reader, and the line of each key.

The grammar is RFC 8259 without its freedoms: no repeated names, no lone surrogates, finite numbers.
"""

import json
import math
import re
from typing import Any

from registry.bundles.findings import BundleRejected, Finding, rejected
from registry.bundles.limits import DEFAULT_LIMITS, Limits
from registry.bundles.manifests.parsed import KeyPath, Parsed, check_size, decode_utf8, warning

MAX_DIGITS = 64
_TOKEN = re.compile(
    r"""(?P<mark>[{}\[\],:])
    |"(?P<text>(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+)"
    |(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![0-9A-Za-z_.])
    |(?P<word>true|false|null)(?![0-9A-Za-z_])""",
    re.VERBOSE,
)
_SPACE = re.compile(r"[ \t\n\r]*+")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_LONE = re.compile("[\ud800-\udfff]")
_WORDS = {"true": True, "false": False, "null": None}


def parse_json(
    content: bytes, *, path: str, lenient: bool = False, limits: Limits = DEFAULT_LIMITS
) -> Parsed[Any]:
    """Return the value of a JSON file.

    ``lenient`` accepts trailing commas, comments and a byte order mark, each with a finding: real
    preference files have them. Raises BundleRejected (``manifest.json``) with the line.
    """
    return _Reader(content, path, limits, lenient=lenient).read()


class _Reader:
    """Reads one document by recursive descent; the depth limit bounds the recursion."""

    def __init__(self, content: bytes, path: str, limits: Limits, *, lenient: bool) -> None:
        self._content = content
        self._path = path
        self._limits = limits
        self._lenient = lenient
        self._text = decode_utf8(content, "manifest.json", path)
        self._at = 0
        self._line = 1
        self._left = limits.manifest_nodes
        self._findings: dict[str, Finding] = {}
        self._lines: dict[KeyPath, int] = {}

    def read(self) -> Parsed[Any]:
        if self._text.startswith("\ufeff"):
            self._tolerate("a byte order mark before the first character")
            self._at = 1
        value = self._value((), 1)
        self._skip()
        if self._at < len(self._text):
            raise self._wrong("there is more after the end of the value")
        check_size(self._content, self._path, self._limits)
        return Parsed(value, tuple(self._findings.values()), self._lines)

    def _value(self, where: KeyPath, depth: int) -> Any:
        token = self._next()
        self._lines.setdefault(where, self._line)
        self._left -= 1
        if self._left < 0:
            raise self._wrong(f"it holds more than {self._limits.manifest_nodes:,} values")
        if depth > self._limits.manifest_depth:
            raise self._wrong(f"it nests deeper than {self._limits.manifest_depth} levels")
        match token.lastgroup:
            case "text":
                return self._string(token)
            case "number":
                return self._number(token[0])
            case "word":
                return _WORDS[token[0]]
        if token[0] == "{":
            return self._object(where, depth)
        if token[0] == "[":
            return self._array(where, depth)
        raise self._wrong(f"{token[0]!r} stands where a value is needed")

    def _object(self, where: KeyPath, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not self._closes("}", first=not result):
            token = self._next()
            if token.lastgroup != "text":
                raise self._wrong(f"{token[0][:20]!r} stands where a name in quotes is needed")
            name = self._string(token)
            if name in result:
                raise self._wrong(f"the name {name[:80]!r} is there twice")
            self._lines[(*where, name)] = self._line
            if self._next()[0] != ":":
                raise self._wrong(f"a colon is missing after {name[:80]!r}")
            result[name] = self._value((*where, name), depth + 1)
        return result

    def _array(self, where: KeyPath, depth: int) -> list[Any]:
        result: list[Any] = []
        while not self._closes("]", first=not result):
            result.append(self._value((*where, len(result)), depth + 1))
        return result

    def _closes(self, end: str, *, first: bool) -> bool:
        """Take the end and say so, or take the comma before every item but the first."""
        if not first and self._peek() == ",":
            self._at += 1
            if self._peek() == end:
                self._tolerate(f"a comma before {end!r}")
        elif not first and self._peek() != end:
            raise self._wrong(f"a comma or {end!r} is needed")
        if self._peek() != end:
            return False
        self._at += 1
        return True

    def _next(self) -> re.Match[str]:
        self._skip()
        token = _TOKEN.match(self._text, self._at)
        if token is None:
            raise self._wrong(self._what_is_wrong())
        self._at = token.end()
        return token

    def _peek(self) -> str:
        self._skip()
        return self._text[self._at : self._at + 1]

    def _skip(self) -> None:
        while True:
            self._advance(_SPACE.match(self._text, self._at))
            comment = _COMMENT.match(self._text, self._at)
            if comment is None:
                return
            self._tolerate("a comment")
            self._advance(comment)

    def _advance(self, match: re.Match[str] | None) -> None:
        if match:
            self._line += match[0].count("\n")
            self._at = match.end()

    def _string(self, token: re.Match[str]) -> str:
        text = token["text"]
        value = str(json.loads(token[0])) if "\\" in text else text
        if _LONE.search(value):
            raise self._wrong("a \\u escape is half of a surrogate pair")
        return value

    def _number(self, text: str) -> int | float:
        if len(text) > MAX_DIGITS:
            raise self._wrong(f"a number has {len(text):,} characters")
        if text.lstrip("-").isdigit():
            return int(text)
        value = float(text)
        if not math.isfinite(value):
            raise self._wrong(f"the number {text} is too large")
        return value

    def _what_is_wrong(self) -> str:
        rest = self._text[self._at : self._at + 20]
        if not rest:
            return "it ends in the middle"
        if rest.startswith(("NaN", "Infinity", "-Infinity")):
            return f"{rest.split(',')[0].strip()!r} is not JSON"
        return f"{rest!r} cannot be read"

    def _tolerate(self, what: str) -> None:
        if not self._lenient:
            raise self._wrong(f"it has {what}")
        self._findings.setdefault(
            what,
            warning(
                "json.lenient",
                f"{self._path} has {what} (line {self._line}); strict readers refuse it",
                "Remove it.",
                path=self._path,
                line=self._line,
            ),
        )

    def _wrong(self, why: str) -> BundleRejected:
        return rejected(
            "manifest.json",
            f"{self._path} is not JSON that every reader understands: {why} (line {self._line})",
            "Mend the line; `python -m json.tool FILE` shows the place.",
            path=self._path,
            line=self._line,
        )
