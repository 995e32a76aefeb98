"""A declaration is read strictly, and what contradicts it is told with both sides."""

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from registry.bundles.privacy import privacy_of
from registry.bundles.privacy.privacy_toml import read_privacy_toml
from tests.registry.bundles.packing import bundle_of

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).resolve().parents[4] / "docs/schemas/privacy.toml.schema.json").read_text())
)
ROW = '[[data]]\ncode = "library"\npurposes = ["match"]\nrecipients = ["named_service"]\n'
CALL = 'requests.get("https://api.mixpanel.com/track")'


def test_a_whole_declaration_is_read():
    text = (
        'policy_url = "https://a.org/p"\nhosts = ["api.a.org"]\nchildren = "safe"\n'
        + ROW
        + "retention_days = 30\n"
    )
    declared, findings = read_privacy_toml(text.encode())
    assert findings == ()
    assert (declared.hosts, declared.children, declared.data[0].retention_days) == (
        ("api.a.org",),
        "safe",
        30,
    )
    assert SCHEMA.is_valid(tomllib.loads(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("none = true\nx = 1\n", "privacy_toml.unknown_key"),
        (ROW + "x = 1\n", "privacy_toml.unknown_key"),
        (ROW.replace("library", "secrets"), "privacy_toml.unknown_code"),
        ("none = true\n" + ROW, "privacy_toml.contradicts_itself"),
        ('none = true\nhosts = ["a.org"]\n', "privacy_toml.contradicts_itself"),
        (ROW.replace("match", "fun"), "privacy_toml.value"),
        (ROW + "retention_days = -1\n", "privacy_toml.value"),
        (ROW + 'basis = "maybe"\n', "privacy_toml.value"),
        (ROW + 'deletion = "javascript:x"\n', "privacy_toml.value"),
        (ROW + 'precision = "city"\n', "privacy_toml.value"),
        (ROW.replace("library", "location") + 'precision = "street"\n', "privacy_toml.value"),
        ('hosts = ["https://a.org/x"]\n' + ROW, "privacy_toml.value"),
        ('children = "some"\nnone = true\n', "privacy_toml.value"),
        ("policy_url = 3\nnone = true\n", "privacy_toml.value"),
        ("none = 1\n" + ROW, "privacy_toml.value"),
        ("data = 3\n", "privacy_toml.value"),
    ],
)
def test_what_breaks_a_rule_is_a_finding_with_a_fix_and_breaks_the_schema_too(text, code):
    _, findings = read_privacy_toml(text.encode())
    assert code in [finding.code for finding in findings]
    assert all(finding.fix and finding.path == "privacy.toml" for finding in findings)
    assert not SCHEMA.is_valid(tomllib.loads(text))


@pytest.mark.parametrize("precision", ["city", "finer"])
def test_a_place_says_how_finely_it_is_told(precision):
    text = ROW.replace("library", "location") + f'precision = "{precision}"\n'
    declared, findings = read_privacy_toml(text.encode())
    assert findings == ()
    assert declared.data[0].precision == precision
    assert SCHEMA.is_valid(tomllib.loads(text))


def test_toml_that_cannot_be_read_declares_nothing():
    declared, (finding,) = read_privacy_toml(b"none = ")
    assert (declared, finding.code) == (None, "manifest.toml")


def test_none_and_a_call_to_a_tracker_contradict():
    found = privacy_of(bundle_of({"privacy.toml": "none = true", "main.py": CALL}))
    (each,) = found.contradictions
    assert (each.declared, each.evidence[0].path, each.evidence[0].line) == ("none", "main.py", 1)
    assert "api.mixpanel.com" in each.found


@pytest.mark.parametrize(
    ("hosts", "contradicted"),
    [
        ('["api.mixpanel.com"]', True),  # listed, but no row says that a tracker gets data
        ('["a.org"]', True),
        ("[]", True),
    ],
)
def test_a_tracker_needs_a_host_and_a_row(hosts, contradicted):
    found = privacy_of(bundle_of({"privacy.toml": f"hosts = {hosts}\n{ROW}", "main.py": CALL}))
    assert bool(found.contradictions) is contradicted


def test_what_is_declared_does_not_contradict():
    text = 'hosts = ["*.mixpanel.com"]\n' + ROW.replace("named_service", "ad_analytics")
    assert privacy_of(bundle_of({"x/privacy.toml": text, "x/main.py": CALL})).contradictions == ()


def test_a_string_alone_contradicts_nothing():
    files = {"privacy.toml": "none = true", "main.py": 'X = "https://api.mixpanel.com/track"'}
    assert privacy_of(bundle_of(files)).contradictions == ()


def test_without_a_declaration_nothing_contradicts():
    found = privacy_of(bundle_of({"main.py": CALL}))
    assert (found.declared, found.contradictions) == (None, ())
