"""build.yaml: from what jprm, Jellyfin's packer, makes a plug-in's zip and its meta.json."""

from collections.abc import Iterator

from registry.bundles.ecosystems.base import Reading
from registry.bundles.ecosystems.jellyfin.description import check_target_abi, describe
from registry.bundles.ecosystems.jellyfin.fields import Fields
from registry.bundles.findings import Finding
from registry.bundles.manifests.yaml import parse_yaml

REQUIRED = ("name", "version", "overview", "description", "category", "owner", "artifacts", "changelog")


def read_build(content: bytes, path: str) -> Reading:
    """Read a build.yaml. Raises BundleRejected for what jprm or a server cannot use."""
    fields = Fields(parse_yaml(content, path=path), path)
    metadata = describe(fields, hyphenated=False)
    fields.texts("artifacts")
    return Reading(metadata, (*check_target_abi(metadata, fields.at("targetAbi")), *_missing(fields)))


def _missing(fields: Fields) -> Iterator[Finding]:
    for key in REQUIRED:
        if key not in fields.values:
            yield fields.at().warning(
                "manifest.field_missing",
                f"There is no {key}, without which jprm builds nothing.",
                f"Add {key}.",
            )
