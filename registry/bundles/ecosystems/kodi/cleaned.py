"""The ``<addon>`` of a bundle, made ready for the list: two halves around what the feed adds.

Kept is what the author wrote and Kodi reads; left out is what only a repository may say (size,
path) and what the feed says itself (license, disclaimers, pictures).
"""

from typing import Any

from registry.bundles.ecosystems.kodi.document import Element, children, words
from registry.bundles.ecosystems.kodi.markup import attribute_list, text
from registry.bundles.ecosystems.kodi.points import METADATA

DEFAULT_LANGUAGE = "en_GB"
_OWN_POINT = "xbmc.addon.metadata"
_SAID_BY_THE_FEED = frozenset({"size", "path", "license", "disclaimer", "assets"})


def metadata_extensions(addon: Element) -> list[Element]:
    """Return the add-on's metadata extensions; Kodi reads each, the last word counts."""
    return [part for part in children(addon, "extension") if part.get("point") in METADATA]


def halves(addon: Element) -> tuple[str, str]:
    """Return the text before and after the place where the feed adds to the last metadata."""
    extensions = metadata_extensions(addon)
    if not extensions:
        return f'{_open(addon)}{_inner(addon)}<extension point="{_OWN_POINT}">', ("</extension></addon>")
    last = extensions[-1]
    before, after = _split(addon, last)
    return f"{_open(addon)}{before}{_open(last)}{_inner(last)}", f"</extension>{after}</addon>"


def disclaimers(addon: Element) -> dict[str, str]:
    """Return the declared disclaimers by language; without one it is English."""
    return {
        element.get("lang") or DEFAULT_LANGUAGE: words(element)
        for extension in metadata_extensions(addon)
        for element in children(extension, "disclaimer")
        if words(element)
    }


def _split(parent: Element, child: Element) -> tuple[str, str]:
    parts = list(parent)
    at = parts.index(child)
    return "".join(map(_write, parts[:at])), "".join(map(_write, parts[at + 1 :]))


def _open(element: Element) -> str:
    attributes: Any = element.attrib
    return f"<{element.tag}{attribute_list(dict(attributes))}>"


def _write(element: Element) -> str:
    return f"{_open(element)}{_inner(element)}</{element.tag}>"


def _inner(element: Element) -> str:
    """Return an element's content; white space between elements says nothing and goes."""
    parts = [_meant(element.text, element)]
    for child in element:
        written = "" if _is_said_by_the_feed(child, element) else _write(child)
        parts += (written, _meant(child.tail, element))
    return "".join(parts)


def _is_said_by_the_feed(child: Element, parent: Element) -> bool:
    return child.tag in _SAID_BY_THE_FEED and parent.get("point") in METADATA


def _meant(content: str | None, parent: Element) -> str:
    return text(content) if content and (content.strip() or not len(parent)) else ""
