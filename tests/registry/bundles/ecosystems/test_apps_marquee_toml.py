"""marquee.toml: what it adds, what it may not contradict, and its schema."""

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from registry.bundles.ecosystems.base import Kind, Metadata, Reading
from registry.bundles.ecosystems.marquee_toml import completed
from registry.bundles.ecosystems.plex import PLEX
from registry.bundles.findings import BundleRejected
from tests.registry.bundles.ecosystems.plex_bundles import files
from tests.registry.bundles.packing import bundle_of

OWN = Metadata(
    "plain", Kind.PLUGIN, "org.example.one", "1.2", "One", license="MIT", platforms=("linux", "mac")
)
SILENT = Metadata("plain")
SCHEMA = json.loads(
    (Path(__file__).resolve().parents[4] / "docs/schemas/marquee.toml.schema.json").read_text()
)

GOOD = [
    "",
    'id = "org.example.one"',
    'version = "2.0-beta.1"',
    'name = "Größe"',
    'kind = "agent"',
    'platforms = ["linux", "armv7l"]',
    'license = "GPL-3.0-or-later"',
    'source = "https://example.org/x.git"',
]
BAD = [
    'id = "../../x"',
    'id = "a b"',
    'id = "a%2e"',
    'id = "é"',
    'id = "a..b"',
    'id = "a."',
    f'id = "{"a" * 101}"',
    "id = 7",
    'version = "1.0\\n"',
    'version = "1.0/../2.0"',
    'version = "v٣.0"',
    'version = "1!2.0"',
    'version = "1.0+local"',
    f'version = "{"9" * 10_000}"',
    "version = 1.10",
    'name = ""',
    'name = "a\\nb"',
    'name = "a\\n"',
    "name = 1",
    'kind = "theme"',
    'kind = "Plugin"',
    "kind = []",
    'platforms = "linux"',
    'platforms = ["a/b"]',
    "platforms = [1]",
    'source = "ftp://example.org"',
    "license = true",
    'colour = "red"',
]


def read(toml, own=SILENT, path="marquee.toml", **more):
    return completed(bundle_of({path: toml, "app/a.txt": "", **more}), Reading(own))


def refusal(act):
    with pytest.raises(BundleRejected) as caught:
        act()
    return caught.value.finding


def accepted(toml):
    try:
        reading = read(toml)
    except BundleRejected:
        return False
    return not any(f.code == "marquee_toml.unknown_key" for f in reading.findings)


class TestAdding:
    def test_what_the_bundle_cannot_say_is_taken_from_it(self):
        metadata = read("\n".join(GOOD)).metadata
        assert metadata.identifier == "org.example.one"
        assert (metadata.version, metadata.kind) == ("2.0-beta.1", Kind.AGENT)
        assert metadata.platforms == ("linux", "armv7l")
        assert metadata.source == "https://example.org/x.git"

    def test_defaults_come_last_and_what_nobody_says_is_a_warning(self):
        reading = completed(bundle_of({"a": ""}), Reading(SILENT), kind=Kind.CLIENT, platforms=("tv",))
        assert (reading.metadata.kind, reading.metadata.platforms) == (Kind.CLIENT, ("tv",))
        assert [f.code for f in reading.findings] == ["manifest.no_id", "manifest.no_version"]

    def test_it_may_lie_in_the_one_folder_that_holds_everything(self):
        assert read('version = "3"', path="app/marquee.toml").metadata.version == "3"
        elsewhere = read('version = "3"', path="app/marquee.toml", **{"other.txt": ""})
        assert elsewhere.metadata.version is None

    def test_doing_it_twice_changes_nothing(self):
        bundle = bundle_of({"marquee.toml": 'version = "3"\nx = 1\n'})
        once = completed(bundle, Reading(SILENT))
        assert completed(bundle, once) == once

    def test_a_plex_bundle_gets_its_version_from_it(self):
        bundle = files(top="Alpha.bundle-master") | {"Alpha.bundle-master/marquee.toml": 'version = "1.5"'}
        assert PLEX.read(bundle_of(bundle)).metadata.version == "1.5"


class TestTidying:
    def test_a_name_becomes_one_line(self):
        own = Metadata("plain", Kind.CLIENT, "a", "1", f"  A\n\tname {'x' * 300}")
        name = completed(None, Reading(own)).metadata.name
        assert name.startswith("A name xxx")
        assert len(name) == 200

    @pytest.mark.parametrize(
        "address", ["javascript:alert(1)", "//x", "https://a b", "data:text/html,x", "https://"]
    )
    def test_an_address_that_is_not_of_the_web_is_dropped(self, address):
        own = Metadata("plain", Kind.CLIENT, "a", "1", homepage=address, source="https://example.org")
        metadata = completed(None, Reading(own)).metadata
        assert (metadata.homepage, metadata.source) == (None, "https://example.org")


class TestContradictions:
    @pytest.mark.parametrize(
        "line",
        [
            'id = "org.example.two"',
            'version = "1.20"',
            'name = "Two"',
            'kind = "agent"',
            'platforms = ["linux"]',
            'license = "GPL-2.0-only"',
        ],
    )
    def test_the_bundles_own_word_stands_and_a_contradiction_is_refused(self, line):
        finding = refusal(lambda: read(f"# said by hand\n\n{line}\n", OWN))
        assert (finding.code, finding.path, finding.line) == ("manifest.mismatch", "marquee.toml", 3)

    def test_saying_the_same_is_fine(self):
        same = 'id = "org.example.one"\nversion = "1.2"\nkind = "plugin"\nplatforms = ["mac", "linux"]\n'
        assert read(same, OWN) == Reading(OWN)


class TestForm:
    def test_an_unknown_key_is_a_finding_with_its_line(self):
        reading = read('name = "A"\nversoin = "1"\n', OWN.__class__("plain", Kind.CLIENT, "a", "1"))
        assert [(f.code, f.line) for f in reading.findings] == [("marquee_toml.unknown_key", 2)]
        assert "versoin" in reading.findings[0].message

    def test_broken_toml_is_refused_with_its_line(self):
        finding = refusal(lambda: read('id = "a"\nid = "b"\n'))
        assert (finding.code, finding.path) == ("manifest.toml", "marquee.toml")

    @pytest.mark.parametrize(
        ("toml", "code"),
        [
            (BAD[0], "manifest.id"),
            ("version = 1.10", "manifest.version"),
            ('kind = "theme"', "manifest.marquee_toml"),
        ],
    )
    def test_a_wrong_value_is_refused_with_its_line(self, toml, code):
        finding = refusal(lambda: read(f'name = "A"\n{toml}\n'))
        assert (finding.code, finding.line) == (code, 2)


class TestSchema:
    def test_the_schema_is_one(self):
        Draft202012Validator.check_schema(SCHEMA)

    @pytest.mark.parametrize("toml", GOOD)
    def test_schema_and_reader_accept_the_same(self, toml):
        assert Draft202012Validator(SCHEMA).is_valid(tomllib.loads(toml))
        assert accepted(toml)

    @pytest.mark.parametrize("toml", BAD)
    def test_schema_and_reader_refuse_the_same(self, toml):
        assert not Draft202012Validator(SCHEMA).is_valid(tomllib.loads(toml))
        assert not accepted(toml)
