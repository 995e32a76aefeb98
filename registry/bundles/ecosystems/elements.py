"""What readers ask of an lxml element: the line it stands in, and its words without mark-up."""

from typing import cast

from lxml import etree

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def line_of(element: etree._Element) -> int | None:
    """Return the element's line, from 1 (the stubs know no type for it)."""
    return cast("int | None", element.sourceline)


def words_of(element: etree._Element | None) -> str:
    """Return all text in an element with single spaces; nothing gives an empty text."""
    if element is None:
        return ""
    return " ".join("".join(str(part) for part in element.itertext()).split())


def for_everybody(found: list[etree._Element]) -> etree._Element | None:
    """Return the first element without a language, or else the first one."""
    found.sort(key=lambda element: element.get(LANGUAGE) is not None)
    return found[0] if found else None
