"""What an add-on imports, and whether any Kodi can give it that."""

from collections.abc import Iterator
from typing import NamedTuple

from registry.bundles.ecosystems.identity import shown
from registry.bundles.ecosystems.kodi.document import Document, Element, children
from registry.bundles.ecosystems.kodi.identifiers import is_identifier
from registry.bundles.ecosystems.kodi.points import REPOSITORY
from registry.bundles.ecosystems.kodi.series import PLACING_PARTS, SERIES, Part, series_of
from registry.bundles.findings import Finding

_SYSTEM = ("xbmc.", "kodi.")


class Import(NamedTuple):
    """One ``<import>``: met by a version from ``minversion`` (else ``version``) on."""

    identifier: str
    minversion: str
    version: str
    optional: bool
    element: Element

    @property
    def minimum(self) -> str | None:
        """The lowest version that will do, as written."""
        return self.minversion or self.version or None


def imports_of(addon: Element) -> list[Import]:
    """Return the add-on's usable imports in their order."""
    return [one for one in _written(addon) if is_identifier(one.identifier)]


def parts_of(addon: Element) -> list[Part]:
    """Return what decides where the add-on runs: its imports of Kodi's own parts."""
    return sorted((one.identifier, one.minversion, one.version) for one in _placing(addon))


def check_imports(document: Document, addon: Element) -> Iterator[Finding]:
    """Yield what keeps an import from ever being met."""
    is_repository = any(part.get("point") == REPOSITORY for part in children(addon, "extension"))
    for one in _written(addon):
        at = document.at(one.element, "addon")
        if not is_identifier(one.identifier):
            yield at.warning(
                "manifest.requirement",
                f"An import names {shown(one.identifier)}, which is no add-on.",
                "Give <import> the id of an add-on.",
            )
        elif one.identifier.startswith("repository."):
            yield at.warning(
                "manifest.requires_repository",
                f"{one.identifier} is a repository, on which nothing may depend.",
                "Remove the import.",
            )
        elif is_repository and not one.identifier.startswith(_SYSTEM):
            yield at.warning(
                "manifest.requires_repository",
                f"A repository may depend only on Kodi's own parts, not on {one.identifier}.",
                "Remove the import.",
            )
    yield from _check_series(document, addon)


def _check_series(document: Document, addon: Element) -> Iterator[Finding]:
    placing = _placing(addon)
    series = series_of(tuple(parts_of(addon)))
    if not placing or series[-1:] == (SERIES[-1].name,):
        return
    told = ", ".join(f"{one.identifier} {one.minimum}" for one in placing)
    runs = f"only on {', '.join(series)}" if series else "on no Kodi from 18 to 21"
    yield document.at(placing[0].element, "addon").warning(
        "manifest.series",
        f"With {told} the add-on runs {runs}; elsewhere Kodi refuses it without a word.",
        "For Kodi 19 and newer import xbmc.python 3.0.0.",
    )


def _placing(addon: Element) -> list[Import]:
    return [one for one in imports_of(addon) if one.identifier in PLACING_PARTS and not one.optional]


def _written(addon: Element) -> list[Import]:
    return [
        Import(
            element.get("addon") or "",
            element.get("minversion") or "",
            element.get("version") or "",
            (element.get("optional") or "").lower() == "true",
            element,
        )
        for requires in children(addon, "requires")
        for element in children(requires, "import")
    ]
