"""An add-on's pictures: which role each file plays."""

from collections.abc import Iterable, Iterator

from registry.bundles.ecosystems.kodi.document import Document, Element, children, words
from registry.bundles.findings import Finding

ROLES = ("icon", "fanart", "banner", "clearlogo", "thumb", "screenshot")
# Without <assets> Kodi looks for these.
_UNNAMED = {"icon": "icon.png", "fanart": "fanart.jpg"}


def pictures_of(assets: Iterable[Element], files: frozenset[str], folder: str) -> dict[str, str]:
    """Return the entry of each picture that is there; screenshots count from 1."""
    named = [(role, path) for role, path, _ in _named(assets)]
    present = [(role, path) for role, path in named or _UNNAMED.items() if path in files]
    return {
        f"{role}-{number}" if role == "screenshot" else role: f"{folder}/{path}"
        for number, (role, path) in _numbered(present)
    }


def check_pictures(document: Document, assets: Iterable[Element], files: frozenset[str]) -> Iterator[Finding]:
    """Yield the pictures that addon.xml names and the zip lacks."""
    for role, path, element in _named(assets):
        if path not in files:
            yield document.at(element).warning(
                "manifest.asset_missing",
                f"addon.xml names {path} as {role}, but the zip does not hold it.",
                "Add the file or remove the element; names are case-sensitive.",
            )


def _named(assets: Iterable[Element]) -> list[tuple[str, str, Element]]:
    return [
        (str(element.tag), words(element).removeprefix("./"), element)
        for group in assets
        for element in children(group, *ROLES)
        if words(element)
    ]


def _numbered(
    pictures: Iterable[tuple[str, str]],
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield each picture with its number among those of its role."""
    seen: dict[str, int] = {}
    for role, path in pictures:
        seen[role] = seen.get(role, 0) + 1
        yield seen[role], (role, path)
