"""Metadata providers: a web service that Plex asks. What is uploaded is its root document.

The address is not in it and is not asked for: some addresses carry a user's key.
"""

import re
from collections.abc import Iterator
from typing import Any

from registry.bundles.ecosystems.base import Kind, Metadata, Reading
from registry.bundles.ecosystems.identity import checked_identifier, checked_version, shown
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding
from registry.bundles.manifests.json import parse_json
from registry.bundles.manifests.parsed import Parsed

ROOT = "MediaProvider"
IDENTIFIER = re.compile(r"tv\.plex\.agents\.custom(?:\.[A-Za-z0-9]+)+")
TYPES = {1: "movie", 2: "show", 3: "season", 4: "episode", 18: "collection"}
FEATURES = {"metadata", "match", "collection"}
NEEDED = ("metadata", "match")


def is_provider(content: bytes) -> bool:
    """Say whether a file may be a provider's root document."""
    return content.lstrip()[:1] == b"{" and f'"{ROOT}"'.encode() in content[:100_000]


def read_provider(filename: str, content: bytes) -> Reading:
    """Read the document. Raises BundleRejected (``manifest.id``, ``plex.provider`` …)."""
    parsed = parse_json(content, path=filename)
    provider = parsed.value.get(ROOT)
    if not isinstance(provider, dict):
        raise _wrong(parsed, filename, (ROOT,), f"{ROOT} is not an object")
    place = Place(filename, parsed.line(ROOT, "identifier"))
    identifier = checked_identifier(provider.get("identifier"), "identifier", place, IDENTIFIER)
    version = provider.get("version")
    metadata = Metadata(
        ecosystem="plex",
        kind=Kind.AGENT,
        identifier=identifier,
        version=None if version is None else _version(version, parsed, filename),
        name=_title(provider),
        facts={
            "form": "provider",
            "types": [TYPES.get(number, str(number)) for number in _types(parsed, filename)],
            "features": _features(parsed, filename),
        },
    )
    return Reading(metadata, tuple(_remarks(parsed, filename, identifier)))


def _version(version: Any, parsed: Parsed[Any], path: str) -> str:
    return checked_version(version, "version", Place(path, parsed.line(ROOT, "version")))


def _title(provider: dict[str, Any]) -> str | None:
    title = provider.get("title")
    return title if isinstance(title, str) and title.strip() else None


def _types(parsed: Parsed[Any], path: str) -> list[int]:
    types = _list(parsed, path, "Types")
    numbers = [each["type"] for each in types if type(each.get("type")) is int]
    if not numbers or len(numbers) < len(types):
        raise _wrong(parsed, path, (ROOT, "Types"), "each of Types needs a number as its type")
    return numbers


def _features(parsed: Parsed[Any], path: str) -> list[str]:
    """Return the names of the features; each needs the key under which Plex asks for it."""
    features = {str(each.get("type")): each.get("key") for each in _list(parsed, path, "Feature")}
    lacking = next((name for name in NEEDED if not isinstance(features.get(name), str)), None)
    if lacking:
        raise _wrong(parsed, path, (ROOT, "Feature"), f"the feature {lacking} is missing or has no key")
    return sorted(features)


def _list(parsed: Parsed[Any], path: str, key: str) -> list[dict[str, Any]]:
    value = parsed.value[ROOT].get(key)
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return value
    raise _wrong(parsed, path, (ROOT, key), f"{key} is not a list of objects")


def _remarks(parsed: Parsed[Any], path: str, identifier: str) -> Iterator[Finding]:
    for index, each in enumerate(_list(parsed, path, "Types")):
        place = Place(path, parsed.line(ROOT, "Types", index))
        if each["type"] not in TYPES:
            yield place.warning(
                "plex.provider_type",
                f"Plex knows no type {each['type']}.",
                f"Use {', '.join(f'{number} ({name})' for number, name in TYPES.items())}.",
            )
        schemes = each.get("Scheme") or []
        if any(not isinstance(s, dict) or s.get("scheme") != identifier for s in schemes):
            yield place.warning(
                "plex.provider_scheme",
                f"A scheme of type {each['type']} is not the identifier {identifier}.",
                "Plex wants them to be the same.",
            )


def _wrong(parsed: Parsed[Any], path: str, keys: tuple[str, ...], what: str) -> Exception:
    line = parsed.line(*keys) or parsed.line()
    return Place(path, line).rejection(
        "plex.provider",
        f"{path} line {line}: {shown(what)[1:-1]}.",
        "It needs identifier, Types (type, Scheme) and Feature (metadata and match, with keys).",
    )
