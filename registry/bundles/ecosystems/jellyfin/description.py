"""What a meta.json and a build.yaml have in common: identity, texts, category, oldest server."""

from collections.abc import Iterator

from registry.bundles.ecosystems.base import Kind, Metadata
from registry.bundles.ecosystems.identity import shown
from registry.bundles.ecosystems.jellyfin.fields import Fields
from registry.bundles.ecosystems.jellyfin.identity import checked_guid, checked_name
from registry.bundles.ecosystems.jellyfin.series import KNOWN, series_name
from registry.bundles.ecosystems.jellyfin.versions import checked_version, padded, parse
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import Finding

NAME = "jellyfin"
_AGENTS = frozenset({"metadata", "books", "anime"})
_CHANNELS = frozenset({"channel", "channels", "livetv"})
_PROVIDER = "metadata provider"


def describe(fields: Fields, *, hyphenated: bool) -> Metadata:
    """Return the metadata; what is missing is None or empty.

    ``hyphenated`` is whether the GUID must have its hyphens. Raises BundleRejected:
    ``manifest.id``, ``.name``, ``.version``, ``.target_abi`` or ``.field``.
    """
    category, name = fields.text("category"), fields.text("name")
    values = fields.values
    return Metadata(
        ecosystem=NAME,
        kind=kind_of(category, name),
        identifier=checked_guid(values.get("guid"), fields.at("guid"), hyphenated=hyphenated),
        version=checked_version(values["version"], fields.at("version")) if "version" in values else None,
        name=checked_name(values["name"], fields.at("name")) if "name" in values else None,
        summary=fields.text("overview"),
        description=fields.text("description"),
        author=fields.text("owner"),
        changelog=fields.text("changelog"),
        facts={"target_abi": _target_abi(fields), "category": category or None},
    )


def kind_of(category: str, name: str) -> Kind:
    """Return the kind that a category, or a name that says so, stands for."""
    word = category.replace(" ", "").casefold()
    if word in _CHANNELS:
        return Kind.CHANNEL
    says = _PROVIDER in f"{category} {name}".casefold()
    return Kind.AGENT if word in _AGENTS or says else Kind.PLUGIN


def check_target_abi(metadata: Metadata, at: Place) -> Iterator[Finding]:
    """Yield what is odd about the oldest server that a plug-in names."""
    abi = metadata.facts.get("target_abi")
    if not abi:
        yield at.warning(
            "manifest.no_target_abi",
            "There is no targetAbi, so every server is offered the plug-in, however old.",
            "Add the oldest server version that it runs on, for example 10.11.0.0.",
        )
        return
    series = (parse(abi) or (0, 0))[:2]
    if KNOWN[0] <= series < KNOWN[-1] and series not in KNOWN:
        yield at.warning(
            "manifest.target_abi_series",
            f"No Jellyfin {series_name(series)} exists; servers from {abi} on are offered it.",
            f"The series are {', '.join(map(series_name, KNOWN))}.",
        )


def _target_abi(fields: Fields) -> str | None:
    written = fields.text("targetAbi")
    found = parse(written)
    if written and found is None:
        raise fields.at("targetAbi").rejection(
            "manifest.target_abi",
            f"targetAbi is {shown(written)}: every install of the plug-in would fail.",
            "Write a server's version with 2 to 4 numbers, for example 10.11.0.0.",
        )
    return padded(found) if found else None
