import json

import pytest

from registry.bundles.ecosystems.jellyfin import JELLYFIN
from tests.registry.bundles.ecosystems.assemblies import GUID
from tests.registry.bundles.ecosystems.jellyfin_plugins import (
    BUILD,
    line_of,
    meta,
)

# --- files alone ---


@pytest.mark.parametrize(
    ("name", "content", "is_jellyfins"),
    [
        ("build.yaml", BUILD, True),
        ("jprm.yml", BUILD, True),
        ("index.yml", "- id: x\n  version: 1\n", False),
        ("meta.json", meta(), True),
        ("plugin.zip.meta.json", meta(), True),
        ("appinfo.json", '{"id": "x"}', False),
        ("manifest.json", "[]\n", True),
        ("other.json", "[]\n", False),
        ("feed.json", '[{"guid": "a", "versions": []}]', True),
        ("list.json", '[{"id": 1}]', False),
        ("meta.txt", meta(), False),
    ],
)
def test_metadata_files_are_known_by_what_they_hold(name: str, content: str, *, is_jellyfins: bool) -> None:
    assert JELLYFIN.recognises_file(name, content.encode()) is is_jellyfins


VERSION = {
    "version": "1.0.0.0",
    "targetAbi": "10.11.0.0",
    "sourceUrl": "https://example.org/a.zip",
    "checksum": "a" * 32,
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": "v1"}, "manifest.version"),
        ({"targetAbi": "x"}, "manifest.target_abi"),
        ({"sourceUrl": "a.zip"}, "manifest.source_url"),
        ({"sourceUrl": "https://example.org/a.zip?t=1"}, "manifest.source_url"),
        ({"checksum": "sha256:" + "a" * 64}, "manifest.checksum"),
    ],
)
def test_what_breaks_in_a_repositorys_list_is_told_with_its_line(change: dict[str, str], code: str) -> None:
    package = {"guid": GUID, "name": "Example", "versions": [VERSION | change]}
    document = json.dumps([package], indent=1)
    index, finding = JELLYFIN.read_file("manifest.json", document.encode()).findings
    assert index.code == "manifest.index"
    assert (finding.code, finding.severity) == (code, "warning")
    assert finding.line == line_of(document, f'"{next(iter(change))}"')


@pytest.mark.parametrize(
    "package",
    [
        None,
        5,
        {"guid": "x", "name": "Example", "versions": []},
        {"guid": GUID, "name": "..", "versions": []},
        {"guid": GUID, "name": "Example", "versions": [None]},
        {"guid": GUID, "name": "Example", "versions": [{}]},
        {"guid": GUID, "name": "Example", "versions": 5},
    ],
)
def test_a_package_that_breaks_servers_is_told_and_not_listed(package: object) -> None:
    sound = {"guid": GUID, "name": "Sound", "versions": [VERSION]}
    document = json.dumps([package, sound]).encode()
    reading = JELLYFIN.read_file("manifest.json", document)
    assert reading.metadata.facts["listed"] == [[GUID, "Sound", ["1.0.0.0"]]]
    assert len(reading.findings) == 2
