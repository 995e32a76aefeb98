"""The keys of a meta.json, build.yaml or package, each with the line it stands in."""

from collections.abc import Mapping
from typing import Any

from registry.bundles.ecosystems.identity import shown
from registry.bundles.ecosystems.place import Place
from registry.bundles.manifests.parsed import Parsed


class Fields:
    """One object of a parsed file; ``where`` leads to it from the file's root."""

    def __init__(self, parsed: Parsed[Any], path: str, where: tuple[str | int, ...] = ()) -> None:
        self._parsed = parsed
        self._path = path
        self._where = where
        value = parsed.value
        for key in where:
            value = value[key]
        if not isinstance(value, dict):
            raise self.at().rejection(
                "manifest.field", f"{shown(value)} stands where an object is needed.", "Use { … }."
            )
        self.values: Mapping[str, Any] = value

    def at(self, *keys: str | int) -> Place:
        """Return where a key stands, else where the object begins."""
        line = self._parsed.line(*self._where, *keys) or self._parsed.line(*self._where)
        return Place(self._path, line or 1)

    def text(self, key: str) -> str:
        """Return a text, empty when it is missing or null; numbers as they print.

        Raises BundleRejected (``manifest.field``) for a list, an object or a truth value.
        """
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        raise self.wrong(key, "a text")

    def texts(self, key: str) -> list[str]:
        """Return a list of texts, empty when it is missing. Raises BundleRejected."""
        value = self.values.get(key) or []
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return value
        raise self.wrong(key, "a list of texts")

    def objects(self, key: str) -> list["Fields"]:
        """Return a list of objects, empty when it is missing. Raises BundleRejected."""
        value = self.values.get(key) or []
        if isinstance(value, list):
            where = (*self._where, key)
            return [Fields(self._parsed, self._path, (*where, at)) for at in range(len(value))]
        raise self.wrong(key, "a list of objects")

    def wrong(self, key: str, wanted: str) -> Exception:
        """Return the refusal of a key whose value is of another kind than servers read."""
        return self.at(key).rejection(
            "manifest.field",
            f"{key} is {shown(self.values[key])}; Jellyfin reads {wanted} there.",
            f"Write {wanted}.",
        )
