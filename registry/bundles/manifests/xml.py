"""XML manifests: well-formed, one encoding, no entities, no network, bounded while it is parsed.

expat looks first and refuses; only then lxml builds a tree, so no hostile file ever becomes one.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat

from lxml import etree

from registry.bundles.findings import BundleRejected, rejected
from registry.bundles.limits import DEFAULT_LIMITS, Limits
from registry.bundles.manifests.parsed import Parsed, check_size, not_utf8

MAX_TOKEN_BYTES = 65_536
MAX_ATTRIBUTES = 1_000
_SLICE_BYTES = 16_384
_XINCLUDE = frozenset({"http://www.w3.org/2001/XInclude", "http://www.w3.org/2003/XInclude"})
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"']*)["']""")
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "windows-1252": "cp1252",
}
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"+ADw-", b"+/v")


def parse_xml(content: bytes, *, path: str, limits: Limits = DEFAULT_LIMITS) -> Parsed[etree._Element]:
    """Return the root element; comments and instructions are left out, ``sourceline`` is kept.

    A document type with a public or system identifier is accepted and never fetched. Raises
    BundleRejected: ``manifest.dtd`` for entities, an internal subset, XInclude or a style sheet,
    ``manifest.depth`` above the limits, ``manifest.encoding``, and ``manifest.xml`` with the line.
    """
    text = _decode(content, path)
    _Guard(path, limits).check(text)
    check_size(content, path, limits)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return Parsed(etree.fromstring(text, parser))
    except etree.XMLSyntaxError as error:
        raise _malformed(path, error.lineno or 1, str(error.msg)) from None


def _decode(content: bytes, path: str) -> bytes:
    """Return the document as UTF-8 bytes without a byte order mark."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.startswith(_WIDE_MARKS) or b"\0" in content[:MAX_TOKEN_BYTES]:
        raise _encoding(path, "it is written in UTF-16, UTF-32 or UTF-7")
    declared = _DECLARED.match(content.lstrip()[:400])
    name = declared[1].decode("latin-1").lower() if declared else "utf-8"
    codec = _CODECS.get(name)
    if codec is None:
        raise _encoding(path, f"it declares the encoding {name[:40]!r}")
    try:
        return content.decode(codec).encode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise not_utf8("manifest.encoding", path, line, content[error.start]) from None


class _Guard:
    """Walks the document once with expat and keeps nothing."""

    def __init__(self, path: str, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._depth = 0
        self._nodes = 0
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped
        parser.ProcessingInstructionHandler = self._instruction
        self._parser = parser

    def check(self, text: bytes) -> None:
        """Feed the document in slices; raise at the first thing refused."""
        try:
            for at in range(0, len(text), _SLICE_BYTES):
                self._parser.Parse(text[at : at + _SLICE_BYTES])
                if at + _SLICE_BYTES - self._parser.CurrentByteIndex > MAX_TOKEN_BYTES:
                    raise self._too_deep(f"has a tag longer than {MAX_TOKEN_BYTES:,} bytes")
            self._parser.Parse(b"", True)  # noqa: FBT003  # expat takes no keywords
        except expat.ExpatError as error:
            raise _malformed(self._path, error.lineno, expat.ErrorString(error.code)) from None

    def _start(self, _name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._nodes += 1 + len(attributes)
        if self._depth > self._limits.manifest_depth:
            raise self._too_deep(f"nests deeper than {self._limits.manifest_depth} levels")
        if len(attributes) > MAX_ATTRIBUTES or self._nodes > self._limits.manifest_nodes:
            raise self._too_deep(f"has more than {self._limits.manifest_nodes:,} nodes")
        if any(value in _XINCLUDE for value in attributes.values()):
            raise self._dtd("uses XInclude")

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _doctype(self, _name: str, _system: str | None, _public: str | None, internal: int) -> None:
        if internal:
            raise self._dtd("has a document type with a part of its own between [ and ]")

    def _entity(self, *_details: object) -> None:
        raise self._dtd("declares an entity")

    def _skipped(self, name: str, _is_parameter: int) -> None:
        raise self._dtd(f"uses the entity &{name[:40]}; which XML itself does not know")

    def _instruction(self, target: str, _text: str) -> None:
        if target.lower() == "xml-stylesheet":
            raise self._dtd("names a style sheet")

    def _dtd(self, what: str) -> BundleRejected:
        line = self._parser.CurrentLineNumber
        return rejected(
            "manifest.dtd",
            f"{self._path} {what} (line {line}); a manifest stands alone",
            "Remove it and write the text out. A <!DOCTYPE …> with a public identifier may stay.",
            path=self._path,
            line=line,
        )

    def _too_deep(self, what: str) -> BundleRejected:
        line = self._parser.CurrentLineNumber
        return rejected(
            "manifest.depth",
            f"{self._path} {what} (line {line})",
            "Make the manifest simpler.",
            path=self._path,
            line=line,
        )


def _malformed(path: str, line: int, reason: str) -> BundleRejected:
    return rejected(
        "manifest.xml",
        f"{path} is not well-formed XML: {reason} (line {line})",
        "Open the file in an XML editor and mend the line.",
        path=path,
        line=line,
    )


def _encoding(path: str, why: str) -> BundleRejected:
    return rejected(
        "manifest.encoding",
        f"{path} cannot be read: {why}",
        'Save the file as UTF-8 and declare encoding="UTF-8".',
        path=path,
        line=1,
    )
