"""A release's content as its row keeps it: the bundle's own metadata, complete without the bundle. Pure."""

from typing import Any

from registry.bundles.ecosystems.base import Metadata
from registry.bundles.inspection import Inspection
from registry.ingest.reconcile import Reconciled


def content_of(metadata: Metadata, agreed: Reconciled) -> dict[str, Any]:
    """Return the JSON that pages, feeds and the API read."""
    return {
        "kind": agreed.kind.value,
        "name": agreed.name,
        "summary": metadata.summary,
        "description": metadata.description,
        "author": metadata.author,
        "license": metadata.license,
        "homepage": metadata.homepage,
        "source": metadata.source,
        "changelog": metadata.changelog,
        "requires": [need.as_json() for need in metadata.requires],
        "platforms": list(metadata.platforms),
        "facts": dict(metadata.facts),
    }


def files_of(inspection: Inspection) -> list[dict[str, Any]]:
    """Return the list of the bundle's files: path, size in bytes, sha256."""
    return [file.as_json() for file in inspection.files]


def steps_of(inspection: Inspection) -> list[dict[str, Any]]:
    """Return the steps that the reader took."""
    return [step.as_json() for step in inspection.steps]
