"""``marquee.toml``: what a bundle's own format cannot say, said by the publisher inside the bundle.

The bundle's own metadata wins. Where both speak they must agree: a contradiction is refused
(``manifest.mismatch``), for nobody could tell which of the two was reviewed.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from registry.bundles.archive.base import Bundle
from registry.bundles.ecosystems.base import Kind, Metadata, Reading
from registry.bundles.ecosystems.identity import (
    checked_identifier,
    checked_version,
    shown,
)
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding
from registry.bundles.manifests.parsed import Parsed, read_manifest
from registry.bundles.manifests.toml import parse_toml

NAME = "marquee.toml"
LONGEST_TEXT = 1000
LONGEST_NAME = 200
WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f]{1,1000}")
FIELDS = {
    "id": "identifier",
    "version": "version",
    "name": "name",
    "kind": "kind",
    "platforms": "platforms",
    "license": "license",
    "source": "source",
}


def completed(
    bundle: Bundle | None,
    reading: Reading,
    *,
    kind: Kind | None = None,
    platforms: tuple[str, ...] = (),
) -> Reading:
    """Return the reading with what ``marquee.toml`` adds, then with the defaults.

    Names become one line; addresses that are not of the web, which a page might link, are dropped.
    What nobody says becomes a warning. Doing it twice changes nothing. Raises BundleRejected:
    ``manifest.mismatch``, ``manifest.id``, ``manifest.version`` or ``manifest.marquee_toml``.
    """
    path = None if bundle is None else _path(bundle)
    if bundle is not None and path is not None:
        reading = merged(path, read_manifest(bundle, path), reading)
    own = reading.metadata
    metadata = replace(
        own,
        kind=own.kind or kind,
        platforms=own.platforms or platforms,
        name=own.name and " ".join(own.name.split())[:LONGEST_NAME],
        homepage=own.homepage if _is_web_address(own.homepage) else None,
        source=own.source if _is_web_address(own.source) else None,
    )
    return _with(metadata, reading, _unsaid(metadata))


def merged(path: str, content: bytes, reading: Reading) -> Reading:
    """Return the reading with what a ``marquee.toml`` adds. Raises BundleRejected as above."""
    parsed = parse_toml(content, path=path)
    metadata = replace(reading.metadata, **dict(_additions(parsed, path, reading.metadata)))
    return _with(metadata, reading, _unknown_keys(parsed, path))


def _with(metadata: Metadata, reading: Reading, more: Iterable[Finding]) -> Reading:
    known = reading.findings
    return Reading(metadata, (*known, *(finding for finding in more if finding not in known)))


def _path(bundle: Bundle) -> str | None:
    """Return where the file is: at the root, or in the one folder that holds everything."""
    tops = {entry.name.partition("/")[0] for entry in bundle.entries}
    return next((p for p in (NAME, *(f"{top}/{NAME}" for top in tops)) if _at(bundle, p, tops)), None)


def _at(bundle: Bundle, path: str, tops: set[str]) -> bool:
    return path in bundle and (path == NAME or len(tops) == 1)


def _unknown_keys(parsed: Parsed[dict[str, Any]], path: str) -> Iterator[Finding]:
    for key in parsed.value.keys() - FIELDS.keys():
        yield Place(path, parsed.line(key)).warning(
            "marquee_toml.unknown_key",
            f"{path} has the key {shown(key)}, which means nothing.",
            f"Use only {', '.join(FIELDS)}.",
        )


def _additions(parsed: Parsed[dict[str, Any]], path: str, metadata: Metadata) -> Iterator[tuple[str, Any]]:
    """Yield the fields of the metadata that are empty and are said here."""
    for key, field in FIELDS.items():
        if key not in parsed.value:
            continue
        place = Place(path, parsed.line(key))
        said = READERS[key](parsed.value[key], place)
        own = getattr(metadata, field)
        if not own:
            yield field, said
        elif _comparable(own) != _comparable(said):
            raise place.rejection(
                "manifest.mismatch",
                f"{path} says {key} = {shown(_plain(said))}, the bundle's own metadata says "
                f"{shown(_plain(own))}.",
                f"Remove {key} from {NAME}, or make both say the same.",
            )


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Kind) else value


def _comparable(value: Any) -> Any:
    return frozenset(value) if isinstance(value, tuple) else value


def _unsaid(metadata: Metadata) -> Iterator[Finding]:
    for key in ("id", "version", "kind"):
        if getattr(metadata, FIELDS[key]) is None:
            yield Place().warning(
                f"manifest.no_{key}",
                f"The bundle does not say its {FIELDS[key]}.",
                f"Say it when you upload, or put {key} = … into a file {NAME} at the root.",
            )


def _text(value: Any, place: Place) -> str:
    if isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and value.isprintable():
        return value
    raise _wrong(place, value, f"one line of text, at most {LONGEST_TEXT} characters")


def _kind(value: Any, place: Place) -> Kind:
    if value in tuple(Kind):
        return Kind(value)
    raise _wrong(place, value, f"one of {', '.join(Kind)}")


def _platforms(value: Any, place: Place) -> tuple[str, ...]:
    if isinstance(value, list) and len(value) <= 50:
        return tuple(checked_identifier(each, "A platform", place) for each in value)
    raise _wrong(place, value, 'a list of words: platforms = ["linux", "windows"]')


def _is_web_address(value: str | None) -> bool:
    return bool(value) and WEB_ADDRESS.fullmatch(str(value)) is not None


def _address(value: Any, place: Place) -> str:
    if _is_web_address(_text(value, place)):
        return str(value)
    raise _wrong(place, value, "an address that begins with https://")


def _wrong(place: Place, value: Any, wanted: str) -> Exception:
    return place.rejection(
        "manifest.marquee_toml",
        f"{place.path} line {place.line} says {shown(value)}; it must be {wanted}.",
        "docs/schemas/marquee.toml.schema.json has every key.",
    )


READERS: dict[str, Callable[[Any, Place], Any]] = {
    "id": lambda value, place: checked_identifier(value, "id", place),
    "version": lambda value, place: checked_version(value, "version", place),
    "name": _text,
    "kind": _kind,
    "platforms": _platforms,
    "license": _text,
    "source": _address,
}
