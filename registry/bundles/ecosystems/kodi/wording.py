"""Texts in many languages, of which a catalog in English needs one."""

from collections.abc import Iterable

from registry.bundles.ecosystems.kodi.cleaned import DEFAULT_LANGUAGE
from registry.bundles.ecosystems.kodi.document import Element, words


def best(elements: Iterable[Element]) -> str:
    """Return the British, else another English, else the first text; empty without any."""
    texts = [
        (_rank(element.get("lang") or DEFAULT_LANGUAGE), words(element))
        for element in elements
        if words(element)
    ]
    return min(texts, key=lambda ranked: ranked[0])[1] if texts else ""


def _rank(language: str) -> int:
    code = language.replace("-", "_").lower()
    return 0 if code == DEFAULT_LANGUAGE.lower() else 1 if code.split("_")[0] == "en" else 2
