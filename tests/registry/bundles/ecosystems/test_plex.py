"""Plex bundles: where they lie, what they are, what is refused."""

import json

import pytest

from registry.bundles.ecosystems.base import Kind
from registry.bundles.ecosystems.plex import PLEX
from registry.bundles.findings import BundleRejected, Severity
from tests.registry.bundles.ecosystems.plex_bundles import (
    CHANNEL_CODE,
    IDENTIFIER,
    files,
    plist,
)
from tests.registry.bundles.packing import bundle_of


def read(**bundle):
    return PLEX.read(bundle_of(files(**bundle)))


def codes(reading):
    return {finding.code for finding in reading.findings}


def refusal(act):
    with pytest.raises(BundleRejected) as caught:
        act()
    return caught.value.finding


class TestLayout:
    @pytest.mark.parametrize(
        ("top", "folder"),
        [
            ("Alpha.bundle", "Alpha.bundle"),
            ("Alpha.bundle-master", "Alpha.bundle"),
            ("Alpha.bundle-1.2", "Alpha.bundle"),
            ("plex-alpha-main", "plex-alpha.bundle"),
            ("Plex-Alpha-master/Alpha.bundle", "Alpha.bundle"),
        ],
    )
    def test_the_folder_in_plug_ins_is_told_from_a_zip_of_any_origin(self, top, folder):
        facts = read(top=top).metadata.facts
        assert facts["folder"] == folder
        assert facts["top"] == top

    def test_two_info_plists_are_ambiguous(self):
        both = files() | files("Beta.bundle")
        finding = refusal(lambda: PLEX.read(bundle_of(both)))
        assert finding.code == "manifest.ambiguous"
        assert finding.path == "Beta.bundle/Contents/Info.plist"
        assert "Alpha.bundle/Contents/Info.plist" in finding.message

    def test_contents_at_the_root_is_accepted_and_told(self):
        reading = read(top="")
        assert reading.metadata.identifier == IDENTIFIER
        assert "plex.no_folder" in codes(reading)

    def test_a_path_that_repeats_the_folder_name_is_told(self):
        twice = files("co") | {"co/Contents/Resources/coco.png": b""}
        assert "plex.folder_repeated" in codes(PLEX.read(bundle_of(twice)))

    def test_a_zip_without_info_plist_is_not_plex(self):
        assert not PLEX.recognises(bundle_of({"Info.plist": plist(), "My/Contents/info.plist": plist()}))
        assert PLEX.recognises(bundle_of(files()))


class TestKind:
    def test_class_agent_and_agents_in_the_identifier_make_an_agent(self):
        reading = read()
        assert reading.metadata.kind is Kind.AGENT
        assert "plex.kind_unclear" not in codes(reading)

    @pytest.mark.parametrize("said", [None, "Resource", "Content", "System"])
    def test_no_class_agent_and_plugins_in_the_identifier_make_a_channel(self, said):
        info = plist(PlexPluginClass=said, CFBundleIdentifier="com.example.plugins.alpha")
        assert read(info=info, code="").metadata.kind is Kind.CHANNEL

    @pytest.mark.parametrize(
        ("said", "identifier", "code", "kind"),
        [
            ("Agent", "com.example.plugins.alpha", CHANNEL_CODE, Kind.CHANNEL),
            ("Agent", "com.example.plugins.alpha", "", Kind.CHANNEL),
            ("agent", "com.example.alpha", "", Kind.AGENT),
            (None, "com.example.agents.alpha", "", Kind.AGENT),
            (None, "com.example.agents.alpha", CHANNEL_CODE, Kind.CHANNEL),
            ("Content", "com.example.agents.alpha", "", Kind.CHANNEL),
        ],
    )
    def test_where_class_and_identifier_disagree_the_code_decides_and_it_is_told(
        self, said, identifier, code, kind
    ):
        reading = read(info=plist(PlexPluginClass=said, CFBundleIdentifier=identifier), code=code)
        assert reading.metadata.kind is kind
        assert "plex.kind_unclear" in codes(reading)

    def test_code_that_is_agent_and_channel_is_an_agent(self):
        both = "class A(Agent.TV_Shows):\n  name = 'Both'\n" + CHANNEL_CODE
        info = plist(CFBundleIdentifier="com.example.plugins.both")
        assert read(info=info, code=both).metadata.kind is Kind.AGENT


class TestName:
    def test_an_agents_name_stands_in_its_class(self):
        assert read().metadata.name == "Alpha Films"

    def test_a_channels_title_is_looked_up_in_the_strings(self):
        info = plist(PlexPluginClass=None, CFBundleIdentifier="com.example.plugins.alpha")
        reading = read(info=info, code=CHANNEL_CODE, Strings__en_json="")
        assert reading.metadata.name == "Title"
        strings = files(info=info, code=CHANNEL_CODE) | {
            "Alpha.bundle/Contents/Strings/en.json": '{"Title": "Alpha TV",}'
        }
        reading = PLEX.read(bundle_of(strings))
        assert reading.metadata.name == "Alpha TV"
        assert "json.lenient" in codes(reading)
        assert reading.metadata.facts["areas"] == ["video"]

    def test_a_constant_is_followed_and_the_old_handler_form_is_known(self):
        code = (
            "TITLE = u'Old Radio'\nPREFIX = '/music/old'\n"
            "def Start():\n    Plugin.AddPrefixHandler(PREFIX, MainMenu, TITLE, ICON, ART)\n"
        )
        info = plist(PlexPluginClass=None, CFBundleIdentifier="com.example.plugins.old")
        metadata = read(info=info, code=code).metadata
        assert metadata.name == "Old Radio"
        assert metadata.facts["areas"] == ["music"]

    def test_the_folder_is_the_name_where_the_code_hides_it(self):
        hidden = "NAME = NAME\nclass A(Agent.Movies):\n    name = NAME\n"
        assert read(code=hidden).metadata.name == "Alpha"


class TestVersion:
    def test_a_templates_version_counts_as_none(self):
        reading = read(info=plist(CFBundleVersion="1.0", CFBundleShortVersionString="1.0"))
        assert reading.metadata.version is None
        assert {"plex.template_version", "manifest.no_version"} <= codes(reading)

    def test_the_longer_of_two_real_versions_is_the_bundles(self):
        info = plist(CFBundleVersion="2.6.5.3247", CFBundleShortVersionString="2.6.5")
        assert read(info=info).metadata.version == "2.6.5.3247"

    def test_a_real_short_version_beats_a_templates_long_one(self):
        info = plist(CFBundleVersion="1.0", CFBundleShortVersionString="2.1")
        assert read(info=info).metadata.version == "2.1"

    @pytest.mark.parametrize(
        ("text", "version"),
        [
            ("3.0.0", "3.0.0"),
            ("v1.2\n", "1.2"),
            ("version = 1.4.1\ncommit = abc\n", "1.4.1"),
            ("012164e (Thu Aug 30 23:41:04 UTC 2012)", None),
            ("next", None),
        ],
    )
    def test_a_version_file_is_read_where_it_holds_a_version(self, text, version):
        assert read(VERSION=text).metadata.version == version

    @pytest.mark.parametrize(
        "version",
        ["1.1\n", "1.0/../2.0", "9" * 10_000, "v٣.0", "1!2.0", "1.0+local", "1.1 beta", "1..2"],
    )
    def test_a_bad_version_is_refused(self, version):
        finding = refusal(lambda: read(info=plist(CFBundleVersion=version)))
        assert finding.code == "manifest.version"
        assert finding.path == "Alpha.bundle/Contents/Info.plist"
        assert finding.line == 7
        assert len(finding.message) < 200

    def test_a_version_that_is_a_number_is_refused_since_its_digits_are_lost(self):
        assert refusal(lambda: read(info=plist(CFBundleVersion=1.10))).code == "manifest.version"


class TestIdentifier:
    @pytest.mark.parametrize(
        "identifier",
        ["../../x", "a/b", "a%2eb", "com example", "com.é", "com.\u202ealpha", "a" * 101, "", "a..b"],
    )
    def test_a_bad_identifier_is_refused(self, identifier):
        finding = refusal(lambda: read(info=plist(CFBundleIdentifier=identifier)))
        assert finding.code == "manifest.id"
        assert finding.line == 5

    def test_a_missing_identifier_is_refused(self):
        assert refusal(lambda: read(info=plist(CFBundleIdentifier=None))).code == "manifest.id"


class TestFindings:
    def test_swapped_keys_are_told_with_their_line(self):
        reading = read(info=plist(**{"com.example.x": "CFBundleSignature"}))
        swapped = next(f for f in reading.findings if f.code == "plex.keys_swapped")
        assert swapped.line == 11
        assert "<key>CFBundleSignature</key>" in swapped.fix

    def test_an_elevated_policy_is_a_fact_and_told(self):
        reading = read(info=plist(PlexPluginCodePolicy="elevated"))
        assert reading.metadata.facts["elevated"] is True
        assert "plex.elevated" in codes(reading)

    def test_another_framework_version_is_told(self):
        assert "plex.framework" in codes(read(info=plist(PlexFrameworkVersion="1")))

    def test_a_bundle_without_code_is_told(self):
        assert "plex.no_code" in codes(PLEX.read(bundle_of({"A.bundle/Contents/Info.plist": plist()})))

    def test_open_secrets_in_the_preferences_are_named(self):
        prefs = [
            {"id": "api_key", "type": "text", "label": "Key", "default": ""},
            {"id": "password", "type": "text", "option": "hidden"},
            {"id": "language", "type": "enum"},
        ]
        bundle = files() | {"Alpha.bundle/Contents/DefaultPrefs.json": json.dumps(prefs, indent=0)}
        reading = PLEX.read(bundle_of(bundle))
        assert reading.metadata.facts["open_secrets"] == ["api_key"]
        assert next(f for f in reading.findings if f.code == "plex.open_secret").line == 3

    @pytest.mark.parametrize("prefs", ["{}", "[", "[1, 2, 3]", "\xff"])
    def test_broken_preferences_never_refuse_a_bundle(self, prefs):
        bundle = files() | {"Alpha.bundle/Contents/DefaultPrefs.json": prefs.encode("latin-1")}
        assert all(f.severity is not Severity.ERROR for f in PLEX.read(bundle_of(bundle)).findings)

    def test_services_and_pictures_are_found(self):
        services = b"<plist><dict><key>URL</key><dict><key>Alpha</key><dict/></dict></dict></plist>"
        bundle = files() | {
            "Alpha.bundle/Contents/Services/ServiceInfo.plist": services,
            "Alpha.bundle/Contents/Resources/icon-default.png": b"png",
            "Alpha.bundle/Contents/Resources/art-default.jpg": b"jpg",
        }
        metadata = PLEX.read(bundle_of(bundle)).metadata
        assert metadata.facts["services"] == ["Alpha"]
        assert metadata.pictures == {
            "icon": "Alpha.bundle/Contents/Resources/icon-default.png",
            "fanart": "Alpha.bundle/Contents/Resources/art-default.jpg",
        }

    def test_platforms_are_words_and_a_star_means_all(self):
        info = plist(PlexClientPlatforms="MacOSX, Windows,", PlexClientPlatformExclusions="Roku")
        metadata = read(info=info).metadata
        assert metadata.platforms == ("MacOSX", "Windows")
        assert metadata.facts["not_on"] == ["Roku"]
        assert read(info=plist(PlexClientPlatforms="*")).metadata.platforms == ()

    def test_facts_are_json(self):
        metadata = read(info=plist(PlexPluginRegions=["US", ""])).metadata
        assert json.loads(json.dumps(metadata.facts))["regions"] == ["US"]


class TestHostilePropertyLists:
    def test_an_entity_declaration_is_refused(self):
        bomb = b'<!DOCTYPE plist [<!ENTITY a "b">]><plist><dict><key>&a;</key><string/></dict></plist>'
        assert refusal(lambda: read(info=bomb)).code == "manifest.dtd"

    def test_apples_doctype_without_an_xml_declaration_is_accepted(self):
        kept = b'<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://127.0.0.1:1/x.dtd">\n'
        body = plist().split(b"\n", 2)[2]
        assert read(info=kept + body).metadata.identifier == IDENTIFIER

    def test_a_plist_that_is_none_is_refused(self):
        finding = refusal(lambda: read(info=b"<plist><dict><key>a</key></dict></plist>"))
        assert finding.code == "manifest.plist"
        assert finding.line == 1


class TestProviders:
    document = {
        "MediaProvider": {
            "identifier": "tv.plex.agents.custom.example.films",
            "title": "Films",
            "version": "1.2.0",
            "Types": [
                {"type": 1, "Scheme": [{"scheme": "tv.plex.agents.custom.example.films"}]},
            ],
            "Feature": [
                {"type": "metadata", "key": "/library/metadata"},
                {"type": "match", "key": "/library/metadata/matches"},
            ],
        }
    }

    def read(self, **over):
        provider = {k: v for k, v in (self.document["MediaProvider"] | over).items() if v is not None}
        content = json.dumps({"MediaProvider": provider}, indent=1).encode()
        assert PLEX.recognises_file("root.json", content)
        return PLEX.read_file("root.json", content)

    def test_a_root_document_is_an_agent(self):
        reading = self.read()
        metadata = reading.metadata
        assert metadata.kind is Kind.AGENT
        assert metadata.identifier == "tv.plex.agents.custom.example.films"
        assert (metadata.version, metadata.name) == ("1.2.0", "Films")
        assert metadata.facts == {
            "form": "provider",
            "types": ["movie"],
            "features": ["match", "metadata"],
        }
        assert reading.findings == ()

    def test_a_provider_without_version_is_asked_for_one(self):
        assert codes(self.read(version=None)) == {"manifest.no_version"}

    @pytest.mark.parametrize("identifier", ["com.example", "tv.plex.agents.custom.", 7])
    def test_the_identifier_has_plexs_own_beginning(self, identifier):
        finding = refusal(lambda: self.read(identifier=identifier))
        assert (finding.code, finding.line) == ("manifest.id", 3)

    @pytest.mark.parametrize("over", [{"Types": []}, {"Types": 1}, {"Feature": []}, {"Feature": None}])
    def test_types_and_features_are_needed(self, over):
        assert refusal(lambda: self.read(**over)).code == "plex.provider"

    def test_a_strange_type_or_scheme_is_told(self):
        reading = self.read(Types=[{"type": 99, "Scheme": [{"scheme": "other"}]}])
        assert codes(reading) == {"plex.provider_type", "plex.provider_scheme"}
