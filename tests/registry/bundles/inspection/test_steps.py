"""An inspection takes named steps in order and tells what each finds."""

import hashlib
import io

import pytest

from registry.bundles.findings import Finding, Severity
from registry.bundles.inspection import Inspection, inspect, inspect_metadata
from registry.bundles.inspection.result import MOST_FINDINGS
from registry.bundles.inspection.steps import STEPS
from registry.bundles.limits import Limits
from tests.registry.bundles.drawing import one_bit_bomb, picture
from tests.registry.bundles.packing import ADDON_XML, kodi_zip, zip_of

ICON = "<icon>icon.png</icon>"
KEYS = [
    *("file", "ok", "ecosystem", "kind", "identifier", "version", "name", "requires"),
    *("sha256", "md5", "size", "files", "findings"),
]


def looked_at(content, filename="x.zip", **more):
    return inspect(io.BytesIO(content), filename, **more)


def codes(inspection):
    return [finding.code for finding in inspection.findings]


def test_the_printed_object_has_exactly_the_contracts_keys():
    content = kodi_zip()
    shown = looked_at(content).as_json()
    assert list(shown) == KEYS
    assert shown == {
        "file": "x.zip",
        "ok": True,
        "ecosystem": "kodi",
        "kind": "channel",
        "identifier": "plugin.video.example",
        "version": "1.2.3",
        "name": "Example",
        "requires": [{"identifier": "xbmc.python", "minimum": "3.0.0", "optional": False}],
        "sha256": hashlib.sha256(content).hexdigest(),
        "md5": hashlib.md5(content).hexdigest(),
        "size": len(content),
        "files": 2,
        "findings": [],
    }


def test_steps_are_taken_in_order_and_timed():
    told = []
    result = looked_at(kodi_zip(), on_step=told.append)
    names = ["stored", "opened", "identified", "read", "checked", "searched", "licensed", "pictured"]
    assert told == [step.name for step in result.steps] == [name for name, _ in STEPS] == names
    assert all(step.state == "done" and step.duration_s >= 0 for step in result.steps)


@pytest.mark.parametrize(
    ("content", "code", "last"),
    [
        (b"", "upload.empty", "stored"),
        (b"hello", "archive.not_zip", "opened"),
        (kodi_zip()[:-40], "archive.truncated", "opened"),
        (kodi_zip(addon_xml="<addon"), "manifest.xml", "read"),
        (kodi_zip({"icon.png": one_bit_bomb(30_000)}, assets=ICON), "image.pixels", "pictured"),
    ],
)
def test_what_refuses_a_bundle_is_one_error_and_the_last_step(content, code, last):
    result = looked_at(content)
    assert not result.ok
    assert [f.code for f in result.findings if f.severity is Severity.ERROR] == [code]
    assert (result.steps[-1].name, result.steps[-1].state) == (last, "failed")
    assert list(result.as_json()) == KEYS


def test_a_file_of_no_ecosystem_is_refused():
    result = looked_at(b"{}", "x.json")
    assert (codes(result), result.steps[-1].name) == (["ecosystem.unknown"], "identified")


def test_a_file_larger_than_allowed_is_refused_before_it_is_opened():
    result = looked_at(kodi_zip(), limits=Limits(upload_bytes=100))
    assert codes(result) == ["limit.upload"]


def test_pictures_are_made_and_a_bad_one_is_left_out():
    content = kodi_zip({"icon.png": picture(), "f.jpg": b"?"}, assets=ICON + "<fanart>f.jpg</fanart>")
    result = looked_at(content)
    assert [(p.role, p.width_px) for p in result.pictures] == [("icon", 64)]
    assert "image.broken" in codes(result)
    assert result.ok


def test_a_release_with_code_that_cannot_be_seen_waits_for_a_moderator():
    result = looked_at(kodi_zip({"lib.py": "a\u202eb = 1", "x.zip": zip_of({"a": "b"})}))
    assert result.ok
    assert result.holding_reasons == ["scan.invisible_code", "entry.nested"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"version": "1.2.4"}, "manifest.mismatch"),
        ({"identifier": "plugin.video.other"}, "manifest.mismatch"),
        ({"version": "1.2.3", "name": "Another wording", "license": "MIT"}, None),
        ({"version": None}, None),
    ],
)
def test_the_manifest_is_the_only_source(said, code):
    result = looked_at(kodi_zip(), said=said)
    assert codes(result) == ([code] if code else [])
    if code:
        (field,) = said
        assert said[field] in result.findings[0].message
        assert str(getattr(result.metadata, field)) in result.findings[0].message


def test_a_metadata_file_alone_is_read():
    content = ADDON_XML.replace("{assets}", "").encode()
    shown = inspect_metadata("addon.xml", content).as_json()
    assert list(shown) == KEYS
    assert (shown["identifier"], shown["files"], shown["ok"]) == ("plugin.video.example", 1, True)


def test_the_line_of_a_finding_is_said_in_its_sentence():
    result = Inspection("x", findings=[Finding("a.b", Severity.INFO, "Wrong.", "Mend.", line=12)])
    assert result.as_json()["findings"] == [
        {"code": "a.b", "severity": "info", "path": None, "message": "Line 12: Wrong.", "fix": "Mend."}
    ]


def test_of_too_many_findings_the_gravest_stay_and_no_code_is_lost():
    def make(code, severity):
        return Finding(code, severity, "m", "f")

    result = Inspection("x", findings=[make("many.infos", Severity.INFO)] * 500)
    result.findings += [make("many.warnings", Severity.WARNING)] * 500
    result.findings += [make("scan.invisible_code", Severity.WARNING), make("e.x", Severity.ERROR)]
    result.keep_the_gravest()
    assert len(result.findings) == MOST_FINDINGS + 1
    assert result.findings[0].code == "e.x"
    assert "802" in result.findings[-1].message
    assert result.holding_reasons == ["scan.invisible_code"]


def test_a_source_is_opened_and_checked_and_need_not_be_anything_that_a_server_installs():
    source = zip_of({"main.c": b"int main(void) { return 0; }\n"})
    said = {"source_for": "00000000-0000-0000-0000-000000000000"}
    found = looked_at(source, said=said)
    assert [step.name for step in found.steps] == ["stored", "opened", "checked"]
    assert (found.ok, found.metadata, [file.path for file in found.files]) == (True, None, ["main.c"])
    assert codes(looked_at(source)) != []
    assert codes(looked_at(b"no zip", said=said)) == ["archive.not_zip"]
