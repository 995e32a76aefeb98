"""Manifests that contradict one another (BAD-INPUTS row 48)."""

import io
import json

from registry.bundles.findings import Severity
from registry.bundles.inspection import inspect
from tests.registry.bundles.packing import ADDON_XML, kodi_zip, zip_of

MANIFEST = ADDON_XML.replace("{assets}", "")
ROKU = "title=Example\nmajor_version=1\nminor_version=2\nbuild_version=3\n"
TIZEN = """<?xml version="1.0"?>
<widget xmlns="http://www.w3.org/ns/widgets" xmlns:tizen="http://tizen.org/ns/widgets"
        id="http://example.org/x" version="{version}">
  <tizen:application id="abcdefghij.Example" package="abcdefghij" required_version="2.3"/>
  <name>Example</name>
</widget>
"""


def looked_at(files):
    return inspect(io.BytesIO(zip_of(files)), "x.zip")


def found(result):
    return {(f.code, f.severity) for f in result.findings}


def test_two_manifests_at_the_root_that_disagree_are_refused():
    result = looked_at({"config.xml": TIZEN.format(version="1.0.0"), "manifest": ROKU})
    assert ("manifest.ambiguous", Severity.ERROR) in found(result)
    assert "1.2.3" in result.findings[-1].message
    assert "1.0.0" in result.findings[-1].message


def test_two_manifests_at_the_root_that_agree_are_a_remark():
    result = looked_at({"config.xml": TIZEN.format(version="1.2.3"), "manifest": ROKU})
    assert ("manifest.ambiguous", Severity.ERROR) not in found(result)


def test_two_add_ons_in_one_zip_are_refused():
    result = looked_at({"a/addon.xml": MANIFEST, "b/addon.xml": MANIFEST})
    assert found(result) == {("manifest.ambiguous", Severity.ERROR)}


def test_a_marquee_toml_that_names_another_version_is_refused():
    result = looked_at(
        {
            "plugin.video.example/addon.xml": MANIFEST,
            "plugin.video.example/main.py": "x = 1",
            "plugin.video.example/marquee.toml": 'version = "2.0.0"\n',
        }
    )
    assert not result.ok
    assert result.findings[-1].code in {"manifest.ambiguous", "manifest.mismatch"}


def test_a_marquee_toml_that_says_the_same_is_no_second_manifest():
    content = kodi_zip({"marquee.toml": 'id = "plugin.video.example"\nversion = "1.2.3"\n'})
    assert inspect(io.BytesIO(content), "x.zip").findings == []


def test_a_further_manifest_deeper_down_is_a_remark():
    fixture = MANIFEST.replace("plugin.video.example", "plugin.video.fixture")
    result = inspect(io.BytesIO(kodi_zip({"tests/fixture/addon.xml": fixture})), "x.zip")
    assert result.ok
    assert [f.severity for f in result.findings] == [Severity.INFO]
    assert result.metadata.identifier == "plugin.video.example"


def test_a_manifest_for_another_server_deeper_down_changes_nothing():
    meta = json.dumps({"guid": "x", "version": "9"})
    result = inspect(io.BytesIO(kodi_zip({"tests/meta.json": meta, "web/manifest": ROKU})), "x.zip")
    assert result.ok
    assert result.metadata.identifier == "plugin.video.example"
