"""What a file is for, by its name and by how it is written: whose words count as a license."""

import re
from enum import StrEnum
from pathlib import PurePosixPath

from licenses.vocabulary import vocabulary


class Role(StrEnum):
    """What a file is for. Only a license file must be accounted for from its first word to its last."""

    LICENSE = "license"
    NOTICE = "notice"
    README = "readme"
    CODE = "code"
    METADATA = "metadata"
    CHANGELOG = "changelog"
    AGREEMENT = "agreement"
    PROSE = "prose"


_LICENSE_NAME = re.compile(
    r"""(?ix)^(?:
      (?:[\w.+-]{0,40}[-_.])?(?:licen[cs]es?|unlicen[cs]e|copying|copyright|copyleft)
      (?:[-_.][\w.+-]{0,60})?
    | (?:a?gpl|lgpl|mit|bsd|apache|mpl|ofl|isc|wtfpl|cc0|epl|eupl)[-_]?(?:v?[0-9][0-9.]{0,4})?
      (?:\.(?:txt|md))?
    | legal | patents | (?:copying|copyright|licen[cs]e)s?
    )$"""
)
_NOTICE_NAME = re.compile(
    r"(?i)^(?:[\w.+-]{0,40}[-_.])?(?:notices?|third[-_. ]?party[\w. -]{0,40}|attributions?|credits)"
    r"(?:\.\w{1,8})?$"
)
_README_NAME = re.compile(r"(?i)^(?:read[-_. ]?me|about|description|index)[\w.-]{0,20}$")
_CHANGES_NAME = re.compile(
    r"(?i)^(?:change[-_. ]?(?:log|s)?|changes|history|news|release[-_. ]?notes|releases|whats[-_. ]?new|todo|"
    r"upgrad(?:e|ing)|security|contributing|code[-_]of[-_]conduct|authors|contributors|install)[\w.-]{0,20}$"
)
_AGREEMENT_NAME = re.compile(
    r"(?i)^(?:.*[-_. ])?(?:eula|tos|terms(?:[-_ ]of[-_ ](?:use|service))?|agreement|privacy)[\w.-]{0,20}$"
)
_TEXT_ENDINGS = frozenset(
    ("", ".txt", ".md", ".markdown", ".rst", ".html", ".htm", ".adoc", ".text", ".rtf", ".org")
)
_CODE_ENDINGS = vocabulary("code_endings")
_METADATA_NAMES = frozenset(
    (
        "metadata",
        "pkg-info",
        "package.json",
        "pom.xml",
        "bower.json",
        "composer.json",
        "cargo.toml",
        "pyproject.toml",
        "setup.cfg",
        "reuse.toml",
        "dep5",
    )
)

_AGREEMENT_WORDS = re.compile(
    r"""(?ix)\bend[-\s]+user\s+(?:software\s+)?licen[cs]e\s+agreement|\beula\b|\bterms\s+of\s+(?:use|service)\b|
      \byou\s+(?:hereby\s+)?agree\s+to\s+be\s+bound|\bby\s+(?:installing|downloading|using|accessing|clicking)[^.]{0,80}
      you\s+(?:agree|accept|acknowledge|consent)|\bthis\s+(?:legal\s+)?agreement\s+is\s+(?:a\s+)?(?:legal|entered|made)|
      \blegal\s+agreement\s+between\s+you"""
)
_CHANGE_ENTRY = re.compile(
    r"(?m)^\W{0,6}(?:version\s+|release\s+|v)?[0-9]+\.[0-9]+(?:\.[0-9]+)*\b[^\n]{0,40}$|^\W{0,4}[12][0-9]{3}-[01][0-9]-[0-3][0-9]\b|^\#{1,3}\s+\[?(?:unreleased|v?[0-9]+\.[0-9])",
    re.IGNORECASE,
)


def role_of(path: str) -> Role | None:
    """Return a file's role by its path, or None where the name says nothing."""
    name = PurePosixPath(path.replace("\\", "/")).name
    folder = PurePosixPath(path.replace("\\", "/")).parent.name
    if name.lower() in _METADATA_NAMES:
        return Role.METADATA
    ending = PurePosixPath(name).suffix.lower()
    stem = name if ending not in _TEXT_ENDINGS or not ending else name[: -len(ending)]
    if ending in _CODE_ENDINGS:
        return Role.CODE
    for pattern, role in _BY_NAME:
        if pattern.match(stem) or pattern.match(name):
            return role
    return Role.LICENSE if folder.lower() in {"licenses", "licences"} else None


_BY_NAME = (
    (_AGREEMENT_NAME, Role.AGREEMENT),
    (_LICENSE_NAME, Role.LICENSE),
    (_NOTICE_NAME, Role.NOTICE),
    (_README_NAME, Role.README),
    (_CHANGES_NAME, Role.CHANGELOG),
)


def reads_like_agreement(text: str) -> bool:
    """Say whether a text binds its reader by use or by a click, as a EULA or terms of service do."""
    return len(_AGREEMENT_WORDS.findall(text[:200_000])) >= 2 or bool(_AGREEMENT_WORDS.search(text[:600]))


def reads_like_changes(text: str) -> bool:
    """Say whether a text is a list of versions and dates."""
    return len(_CHANGE_ENTRY.findall(text[:100_000])) >= 3
