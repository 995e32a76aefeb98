"""An addon.xml or addons.xml as Kodi reads it, and the line of everything in it.

Kodi knows no namespaces: what carries a prefix has no meaning to it, so it is not there.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from registry.bundles.ecosystems.place import Place
from registry.bundles.manifests.xml import parse_xml

Element = etree._Element  # lxml has no public name for it


class Document:
    """A parsed file; ``root`` is its element, ``path`` its name in findings."""

    def __init__(self, content: bytes, path: str) -> None:
        self.path = path
        self.root = parse_xml(content, path=path).value
        self._lines = content.split(b"\n")
        _forget_namespaces(self.root)

    def at(self, element: Element, attribute: str = "") -> Place:
        """Return where an element, or an attribute of it, stands."""
        return Place(self.path, self._line(element, attribute))

    def _line(self, element: Element, attribute: str) -> int:
        """Look from the tag's end, the only line that the parser keeps, back to its beginning."""
        known: Any = element.sourceline
        end = min(int(known or 1), len(self._lines))
        wanted = re.compile(rf"(?<![\w:.-]){re.escape(attribute)}\s*=".encode())
        opening = re.compile(rf"<{re.escape(element.tag)}(?![\w:.-])".encode())
        for line in range(end, 0, -1):
            text = self._lines[line - 1]
            if (attribute and wanted.search(text)) or opening.search(text):
                return line
        return end


def words(element: Element) -> str:
    """Return an element's text without the white space around it."""
    return (element.text or "").strip()


def children(element: Element, *tags: str) -> Iterator[Element]:
    """Yield an element's direct children of these names, in their order."""
    return element.iterchildren(*tags)


def child_words(element: Element, tag: str) -> str:
    """Return the text of the first child of that name, empty without one."""
    child = element.find(tag)
    return "" if child is None else words(child)


def _forget_namespaces(root: Element) -> None:
    for element in list(root.iter()):
        parent = element.getparent()
        if element.prefix and parent is not None:
            parent.remove(element)
            continue
        element.tag = etree.QName(element).localname
        for name in [name for name in element.attrib if str(name).startswith("{")]:
            del element.attrib[name]
