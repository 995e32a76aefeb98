"""A plug-in as authors pack them, and what its reader makes of it."""

import json
from typing import Any

import pytest

from registry.bundles.ecosystems.base import Reading
from registry.bundles.ecosystems.jellyfin import JELLYFIN
from registry.bundles.findings import BundleRejected, Finding
from tests.registry.bundles.ecosystems.assemblies import EXAMPLE_DLL, GUID
from tests.registry.bundles.packing import bundle_of

DLL = "Jellyfin.Plugin.Example.dll"
META = {
    "guid": GUID,
    "name": "Example",
    "version": "2.3.4.5",
    "targetAbi": "10.11.0.0",
    "category": "Metadata",
    "overview": "Finds examples",
    "description": "Finds examples of everything.",
    "owner": "Ada",
    "changelog": "First",
    "timestamp": "2026-03-04T12:00:00.0000000Z",
    "status": "Active",
    "autoUpdate": True,
    "assemblies": [DLL],
}
BUILD = f"""---
name: "Example"
guid: "{GUID}"
version: 11
targetAbi: "10.11.0.0"
overview: "Finds examples"
description: >
  Finds examples of everything.
category: "LiveTV"
owner: "Ada"
artifacts:
- "{DLL}"
changelog: |
  First
"""


def meta(**changes: Any) -> str:
    """Return a meta.json, a key a line; None leaves a key out."""
    fields = {key: value for key, value in (META | changes).items() if value is not None}
    return json.dumps(fields, indent=2)


def read(meta_json: str | None = None, dll: bytes = EXAMPLE_DLL, **more: str | bytes) -> Reading:
    files: dict[str, str | bytes] = {DLL: dll}
    if meta_json is not None:
        files["meta.json"] = meta_json
    return JELLYFIN.read(bundle_of(files | more))


def refused(meta_json: str) -> Finding:
    with pytest.raises(BundleRejected) as refusal:
        JELLYFIN.read_file("meta.json", meta_json.encode())
    return refusal.value.finding


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def line_of(document: str, word: str) -> int:
    return next(n for n, line in enumerate(document.splitlines(), 1) if word in line)
