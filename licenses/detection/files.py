"""Detection in one file: every word of a license file accounted for, clear statements from any other."""

import re

from licenses.detection.copyrights import copyright_lines
from licenses.detection.decoding import decode, is_binary
from licenses.detection.evidence import in_bytes, report, settle, short
from licenses.detection.look import HEADER_CHARACTERS, look_at
from licenses.detection.metadata import declared_in
from licenses.detection.parameters import ASKS as PARAMETERS
from licenses.detection.report import FileDetection, Match
from licenses.detection.roles import Role, role_of
from licenses.detection.tags import spdx_tags

_WORTH_READING = re.compile(r"licen[sc]|copyright|spdx|gpl|permission|redistribut|warrant|public domain")


MAX_CHARACTERS = 600_000
"""How much of one text is compared with templates; no license is nearly so long."""

_PARAGRAPH_END = re.compile(
    r"\n[ \t\r]*\n|\n(?:import|from|def|class|package|using|var|const|let|function|#include)\b"
)


def detect_file(path: str, data: bytes) -> FileDetection:
    """Say what one file tells about its license; ``path`` is only looked at for its name."""
    role = role_of(path)
    if is_binary(data):
        result = FileDetection(path, (role or Role.PROSE).value)
        if role is Role.LICENSE:
            result.ask("the file is named like a license but is no text")
        return result
    return detect_text(path, decode(data), role)


def heading(data: bytes) -> str:
    """Return the beginning of a code file as far as it could tell of a license; often that is nothing.

    It ends with the paragraph of the last word that could matter, so that files with one header have
    the same heading.
    """
    start = data[:HEADER_CHARACTERS]
    if is_binary(start):
        return ""
    text = decode(start)
    last = max((found.end() for found in _WORTH_READING.finditer(text.lower())), default=0)
    if not last:
        return ""
    end = _PARAGRAPH_END.search(text, last)
    return text[: end.start() if end else len(text)]


def detect_text(path: str, text: str, role: Role | None = None) -> FileDetection:
    """Say what a text tells about its license, read in the given role or in the one that fits it."""
    if role is Role.METADATA:
        return _of_metadata(path, text)
    if role in {Role.CODE, Role.PROSE} and not _WORTH_READING.search(text[:MAX_CHARACTERS].lower()):
        return FileDetection(path, role.value)
    look = look_at(text[:MAX_CHARACTERS], role)
    result = FileDetection(path, look.role.value, copyrights=_copyrights(look.role, look.text))
    if len(text) > MAX_CHARACTERS and look.role is not Role.CODE:
        result.ask(f"the file is longer than {MAX_CHARACTERS:,} characters; only these were looked at")
    if not look.complete:
        result.ask("there is too much text in it to compare all of it with the licenses that SPDX lists")
    if look.role is Role.CHANGELOG:
        look.said, look.found = [], []
    elif look.role is Role.AGREEMENT:
        look.said, look.found = [], []
        result.ask("it reads like an agreement with users, which no open license is")
    if look.filled_in:
        result.ask(PARAMETERS)
    report(result, look)
    return result


def _copyrights(role: Role, text: str) -> list[str]:
    if role in {Role.LICENSE, Role.NOTICE}:
        return copyright_lines(text)
    return copyright_lines(text[:HEADER_CHARACTERS]) if role is Role.CODE else []


def _of_metadata(path: str, text: str) -> FileDetection:
    result = FileDetection(path, Role.METADATA.value)
    for tag in [*spdx_tags(text), *declared_in(path, text)]:
        if tag.expression is None:
            result.ask(f"“{short(tag.value)}” names no single license")
        else:
            result.matches.append(
                Match(tag.expression, tag.kind, tag.start, tag.end, 1.0, lower_bound=tag.lower_bound)
            )
    in_bytes(result, text)
    settle(result, [])
    return result
