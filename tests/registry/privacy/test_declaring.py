"""A declaration by form, API or command is read as strictly as one in a bundle."""

import pytest

from registry.errors import Invalid
from registry.privacy.declaring import declaration_of, read_said, row_as_json, row_of
from tests.registry.privacy.known import SAID, TRACKER, row


def test_what_is_said_reads_as_privacy_toml_does():
    declared = read_said(SAID)
    assert declared.hosts == (TRACKER,)
    assert declared.data[0].recipients == ("ad_analytics",)
    assert not declared.none


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"none": True, "data": SAID["data"]}, "none = true"),
        ({"data": [{**SAID["data"][0], "code": "shoe_size"}]}, "shoe_size"),
        (
            {"data": [{"code": "library", "purposes": ["world_domination"], "recipients": ["public"]}]},
            "purposes",
        ),
        ({"data": [{"code": "library", "purposes": [], "recipients": ["public"]}]}, "purposes"),
        ({**SAID, "hosts": ["https://api.example.org/path"]}, "host name"),
        ({**SAID, "policy_url": "javascript:alert(1)"}, "policy_url"),
        ({**SAID, "children": "maybe"}, "children"),
        ({**SAID, "mood": "good"}, "mood"),
        ({}, "which data leaves"),
        ({"data": "everything"}, "data"),
        ({"data": [{**SAID["data"][0], "retention_days": -1}]}, "retention_days"),
        ({"data": [{**SAID["data"][0], "precision": "city"}]}, "precision"),
    ],
)
def test_what_means_nothing_is_refused_at_once_and_named(said, word):
    with pytest.raises(Invalid) as refused:
        read_said(said, at="said/privacy")
    assert refused.value.code == "privacy.declaration"
    assert word in " ".join(fault.detail for fault in refused.value.faults)
    assert {fault.pointer for fault in refused.value.faults} == {"/said/privacy"}


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/p",
        "http://[::1]/",
        "https://169.254.169.254/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://localhost./",
        "https://user:word@example.org/",
        "http://10.0.0.1/",
        "https://[broken/",
        "https://x.org:99999/",
    ],
)
def test_a_policy_that_nobody_outside_can_read_is_refused_at_once(address):
    with pytest.raises(Invalid) as refused:
        read_said({**SAID, "policy_url": address})
    assert refused.value.code in {"url.forbidden", "privacy.declaration"}
    assert "policy_url" in refused.value.faults[0].detail


def test_a_stored_declaration_reads_back_as_it_was():
    for said in (SAID, {"none": True}, {**SAID, "hosts": None, "children": "safe"}):
        declared = read_said(said)
        assert declaration_of(declared.as_json()) == declared
        assert read_said(declared.as_json()) == declared


def test_a_row_survives_json():
    assert row_of(row_as_json(row())) == row()
