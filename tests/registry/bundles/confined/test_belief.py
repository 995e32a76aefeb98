"""The parent believes nothing that the child writes."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.checks import FileRecord
from registry.bundles.confined.belief import UnbelievableError, read_record
from registry.bundles.confined.record import write_record
from registry.bundles.ecosystems.base import Kind, Metadata, Requirement
from registry.bundles.findings import Finding, Severity
from registry.bundles.inspection.result import MOST_FINDINGS, Inspection, Step
from registry.bundles.limits import DEFAULT_LIMITS
from registry.bundles.pictures import Picture
from registry.bundles.privacy.declaration import DataRow, Declaration
from registry.bundles.privacy.evidence import (
    Contradiction,
    Evidence,
    HostFound,
    Level,
    PrivacyEvidence,
    Trace,
)
from tests.registry.bundles.drawing import picture

PNG = picture(size=(10, 20))
PLACE = Evidence("main.py", 3, "get(x)")
EVIDENCE = PrivacyEvidence(
    hosts=(
        HostFound("a.org", Level.E2, "A", "ad_analytics", (PLACE,)),
        HostFound("*.b.org", Level.E1, None, None, (PLACE,)),
    ),
    vendored=(HostFound("c.org", Level.E3, None, None, (Evidence("c.dll", None, "c"),)),),
    local=(HostFound("127.0.0.1", Level.E1, None, None, (PLACE,)),),
    user_set=(Trace("address", (PLACE,)),),
    data=(Trace("library", (PLACE,)),),
    capabilities=(Trace("android.permission.READ_CONTACTS", (PLACE,)),),
    declared=Declaration(
        "https://a.org/p",
        ("a.org",),
        "safe",
        False,
        (DataRow("library", ("match",), ("public",), retention_days="unknown"),),
    ).as_json(),
    contradictions=(Contradiction("hosts = [a.org]", "*.b.org", (PLACE,)),),
    findings=(Finding("privacy.a", Severity.WARNING, "m", "f", "p", 3),),
)
ICON = Picture("icon", "icon.png", "image/png", 10, 20, PNG)


def full_inspection():
    metadata = Metadata(
        "kodi",
        Kind.AGENT,
        "metadata.example",
        "1.0",
        "Example",
        requires=(Requirement("xbmc.python", "3.0.0"),),
        platforms=("all",),
        pictures={"icon": "icon.png"},
        facts={"points": [{"a": 1, "b": None}], "x": 1.5},
    )
    return Inspection(
        "x.zip",
        container="zip",
        file_count=1,
        metadata=metadata,
        files=[FileRecord("icon.png", 3, "a" * 64)],
        findings=[Finding("a.b", Severity.INFO, "m", "f", "p", 3, {"trace": "t"})],
        pictures=[ICON],
        privacy=EVIDENCE,
        steps=[Step("read", "done", 0.5)],
    )


def crossed(record, bodies=(PNG,)):
    measured = Inspection("x.zip", sha256="f" * 64)
    return read_record(json.dumps(record).encode(), bodies, measured, DEFAULT_LIMITS)


@pytest.fixture
def record():
    return json.loads(write_record(full_inspection()))


def test_an_honest_record_comes_across_whole(record):
    crossing, sent = crossed(record), full_inspection()
    sent.sha256 = "f" * 64
    assert crossing == sent


def test_digests_are_the_parents_own(record):
    with pytest.raises(UnbelievableError):
        crossed({**record, "sha256": "0" * 64})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["container"], 5),
        (["container"], "ZIP\n"),
        (["file_count"], -1),
        (["metadata", "kind"], "virus"),
        (["metadata", "ecosystem"], "../../x"),
        (["metadata", "identifier"], "x" * 201),
        (["metadata", "name"], "nul \x00"),
        (["metadata", "description"], "half \ud800"),
        (["metadata", "description"], "x" * 600_000),
        (["metadata", "facts"], [1]),
        (["metadata", "facts"], {"x": float("nan")}),
        (["metadata", "facts"], {"\x01": 1}),
        (["metadata", "requires"], [{"identifier": "x"}]),
        (["metadata", "extra"], 1),
        (["files", 0, "sha256"], "A" * 64),
        (["files", 0, "size_bytes"], 1.5),
        (["findings", 0, "code"], "Not A Code"),
        (["findings", 0, "code"], "<script>"),
        (["findings", 0, "severity"], "fine"),
        (["findings", 0, "line"], "3; drop"),
        (["findings", 0, "private"], {"__class__": "x"}),
        (["findings"], [{}] * (MOST_FINDINGS + 2)),
        (["pictures", 0, "content_type"], "text/html"),
        (["pictures", 0, "content_type"], "image/jpeg"),
        (["pictures", 0, "width_px"], 100_000),
        (["pictures", 0, "role"], "../icon"),
        (["pictures"], []),
        (["privacy", "hosts", 0, "level"], "E9"),
        (["privacy", "hosts", 0, "host"], "x" * 300),
        (["privacy", "hosts", 0, "role"], "<b>"),
        (["privacy", "hosts", 0, "evidence"], []),
        (["privacy", "hosts", 0, "evidence", 0, "excerpt"], "x" * 500),
        (["privacy", "hosts", 0, "evidence", 0, "line"], -1),
        (["privacy", "hosts", 0, "more"], 1),
        (["privacy", "data", 0, "code"], "a b"),
        (["privacy", "declared", "none"], "perhaps"),
        (["privacy", "declared", "hosts"], ["a"] * 2000),
        (["privacy", "declared", "data", 0, "retention_days"], -3),
        (["privacy", "contradictions", 0, "found"], None),
        (["privacy", "findings", 0, "severity"], "grave"),
        (["privacy", "hosts"], "none"),
        (["steps", 0, "state"], "magic"),
        (["steps", 0, "duration_s"], -1),
        (["steps"], None),
    ],
)
def test_what_is_no_inspection_is_refused(record, path, value):
    *way, last = path
    at = record
    for key in way:
        at = at[key]
    at[last] = value
    with pytest.raises(UnbelievableError):
        crossed(record)


@pytest.mark.parametrize(
    "document",
    [b"", b"{", b"[]", b"null", b'{"a":1}', b"[" * 100_000, b'{"x":' + b"9" * 10_000 + b"}", b"\xff"],
)
def test_what_is_no_record_at_all_is_refused(document):
    with pytest.raises(UnbelievableError):
        read_record(document, [], Inspection("x"), DEFAULT_LIMITS)


def test_facts_nested_without_end_are_refused(record):
    deep = {}
    for _ in range(100):
        deep = {"x": deep}
    record["metadata"]["facts"] = deep
    with pytest.raises(UnbelievableError):
        crossed(record)


def test_a_picture_that_is_no_picture_is_refused(record):
    with pytest.raises(UnbelievableError):
        crossed(record, [b"<html>"])


def test_a_picture_too_many_is_refused(record):
    with pytest.raises(UnbelievableError):
        crossed(record, [PNG, PNG])


def test_characters_that_nothing_can_store_are_replaced_by_the_child():
    sent = full_inspection()
    sent.findings = [Finding("a.b", Severity.INFO, "a\0b\ud800c\x1b", "f", "p\x07")]
    crossing = crossed(json.loads(write_record(sent)))
    assert crossing.findings[0].message == "a\ufffdb\ufffdc\ufffd"
    assert crossing.findings[0].path == "p\ufffd"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_no_change_to_a_record_escapes_as_another_error(data):
    record = json.loads(write_record(full_inspection()))
    at, keys = record, list(record)
    while True:
        key = data.draw(st.sampled_from(keys))
        inner = at[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        at, keys = inner, list(inner) if isinstance(inner, dict) else list(range(len(inner)))
    at[key] = data.draw(JSON_VALUES)
    try:
        crossing = crossed(record)
    except UnbelievableError:
        return
    assert isinstance(crossing, Inspection)
    write_record(crossing)
