"""Tizen, Roku, AppImage, Flatpak and plain archives: what they say of themselves."""

import io
import json

import pytest

from registry.bundles.archive.opening import open_bundle
from registry.bundles.ecosystems import ECOSYSTEMS, recognise
from registry.bundles.ecosystems.appimage import APPIMAGE
from registry.bundles.ecosystems.base import Kind, Site
from registry.bundles.ecosystems.flatpak import FLATPAK
from registry.bundles.ecosystems.plain import PLAIN
from registry.bundles.ecosystems.roku import ROKU
from registry.bundles.ecosystems.tizen import TIZEN
from registry.bundles.findings import BundleRejected, Severity
from tests.installers import appimage_of
from tests.registry.bundles.ecosystems.offering import entry
from tests.registry.bundles.packing import bundle_of


def read(home, files):
    bundle = bundle_of(files)
    assert recognise(bundle) is home
    return home.read(bundle)


def codes(reading):
    return [finding.code for finding in reading.findings]


def refusal(act):
    with pytest.raises(BundleRejected) as caught:
        act()
    return caught.value.finding


BAD_VERSIONS = ["1.0\n", "1.0/../2.0", "9" * 200, "v٣.0", "1!2.0"]


class TestTizen:
    signatures = {"author-signature.xml": "<a/>", "signature1.xml": "<a/>"}

    def widget(self, **over):
        values = {"id": "AbCdEf1234.Player", "package": "AbCdEf1234", "version": "1.4.2"} | over
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<widget xmlns="http://www.w3.org/ns/widgets" xmlns:tizen="http://tizen.org/ns/widgets"
        id="http://example.org/player" version="{values["version"]}">
  <tizen:application id="{values["id"]}" package="{values["package"]}" required_version="2.4"/>
  <name xml:lang="de">Spieler</name>
  <name>Player</name>
  <author href="https://example.org">Ada</author>
  <license href="https://example.org/license">MIT</license>
  <icon src="icon.png"/>
  <tizen:privilege name="http://tizen.org/privilege/internet"/>
  <tizen:profile name="tv-samsung"/>
  <access origin="*" subdomains="true"/>
</widget>
"""

    def test_the_key_is_the_applications_id_and_not_the_widgets(self):
        reading = read(TIZEN, {"config.xml": self.widget(), "icon.png": b"p"} | self.signatures)
        metadata = reading.metadata
        assert (metadata.kind, metadata.identifier) == (Kind.CLIENT, "AbCdEf1234.Player")
        assert (metadata.version, metadata.name) == ("1.4.2", "Player")
        assert (metadata.license, metadata.author) == ("MIT", "Ada")
        assert metadata.pictures == {"icon": "icon.png"}
        assert metadata.facts["privileges"] == ["http://tizen.org/privilege/internet"]
        assert metadata.facts["access"] == ["*"]
        assert reading.findings == ()

    def test_a_widget_without_tizens_part_has_no_id(self):
        plain = '<widget xmlns="http://www.w3.org/ns/widgets" id="x" version="1.0.0"><name>P</name></widget>'
        reading = read(TIZEN, {"config.xml": plain} | self.signatures)
        assert reading.metadata.identifier is None
        assert codes(reading) == ["manifest.no_id"]

    def test_missing_signatures_are_told(self):
        assert codes(read(TIZEN, {"config.xml": self.widget()})) == ["tizen.unsigned"]

    @pytest.mark.parametrize("version", ["256.0.1", "1.0", "1.0.65536", "1.0.0-beta"])
    def test_a_version_out_of_samsungs_bounds_is_told(self, version):
        reading = read(TIZEN, {"config.xml": self.widget(version=version)} | self.signatures)
        assert codes(reading) == ["tizen.version_range"]

    def test_an_id_of_another_package_is_told(self):
        reading = TIZEN.read_file("config.xml", self.widget(package="Other12345").encode())
        assert [(f.code, f.line) for f in reading.findings] == [("tizen.package", 4)]

    @pytest.mark.parametrize("identifier", ["../../x", "Player", "AbCdEf1234.", "AbCdEf123é.P", ""])
    def test_a_bad_id_is_refused_with_its_line(self, identifier):
        finding = refusal(lambda: TIZEN.read_file("config.xml", self.widget(id=identifier).encode()))
        assert (finding.code, finding.line) == ("manifest.id", 4)

    @pytest.mark.parametrize("version", BAD_VERSIONS[1:])
    def test_a_bad_version_is_refused(self, version):
        finding = refusal(lambda: TIZEN.read_file("config.xml", self.widget(version=version).encode()))
        assert finding.code == "manifest.version"

    def test_a_native_app(self):
        native = (
            '<manifest xmlns="http://tizen.org/ns/packages" package="org.example.p" version="1.0.0">'
            '<ui-application appid="org.example.p"><label>Player</label></ui-application>'
            "<privileges><privilege>http://tizen.org/privilege/internet</privilege></privileges></manifest>"
        )
        metadata = read(TIZEN, {"tizen-manifest.xml": native} | self.signatures).metadata
        assert (metadata.identifier, metadata.version, metadata.name) == ("org.example.p", "1.0.0", "Player")
        assert metadata.facts["privileges"] == ["http://tizen.org/privilege/internet"]

    def test_entities_are_refused(self):
        bomb = '<!DOCTYPE w [<!ENTITY a "b">]>' + self.widget().partition("?>")[2]
        assert refusal(lambda: read(TIZEN, {"config.xml": bomb})).code == "manifest.dtd"

    def test_another_config_xml_is_left_to_others(self):
        assert recognise(bundle_of({"config.xml": "<settings/>"})) is PLAIN


class TestRoku:
    manifest = (
        "# made by hand\ntitle=Player = TV\nmajor_version=1\nminor_version=4\nbuild_version=00002\n"
        "mm_icon_focus_hd=pkg:/images/icon.png\nsplash_screen_hd=pkg:/images/splash.jpg\nui_resolutions=hd\n"
    )
    pictures = {"images/icon.png": b"p", "images/splash.jpg": b"j"}

    def test_a_manifest_has_a_version_and_no_identifier(self):
        reading = read(ROKU, {"manifest": self.manifest, "source/main.brs": ""} | self.pictures)
        metadata = reading.metadata
        assert (metadata.kind, metadata.identifier) == (Kind.CLIENT, None)
        assert (metadata.version, metadata.name) == ("1.4.00002", "Player = TV")
        assert metadata.pictures == {"icon": "images/icon.png", "fanart": "images/splash.jpg"}
        assert codes(reading) == ["manifest.no_id"]
        assert all(f.severity is Severity.WARNING for f in reading.findings)

    def test_marquee_toml_names_it(self):
        reading = read(
            ROKU, {"manifest": self.manifest, "marquee.toml": 'id = "org.example.player"\n'} | self.pictures
        )
        assert reading.metadata.identifier == "org.example.player"
        assert reading.findings == ()

    def test_the_last_line_needs_its_newline(self):
        reading = read(ROKU, {"manifest": self.manifest.rstrip()} | self.pictures)
        assert "keyvalue.no_newline" in codes(reading)

    def test_keys_are_case_sensitive(self):
        reading = read(ROKU, {"manifest": self.manifest.replace("title", "Title")} | self.pictures)
        missing = [(f.code, f.line) for f in reading.findings if f.code == "roku.missing_key"]
        assert missing == [("roku.missing_key", 2)]

    @pytest.mark.parametrize("number", ["x", "-1", "1.5", "٣", "9" * 10, ""])
    def test_a_version_that_is_no_number_is_refused_with_its_line(self, number):
        manifest = self.manifest.replace("minor_version=4", f"minor_version={number}")
        finding = refusal(lambda: read(ROKU, {"manifest": manifest}))
        assert (finding.code, finding.line) == ("manifest.version", 4)

    def test_a_manifest_without_minor_version_is_refused(self):
        finding = refusal(lambda: read(ROKU, {"manifest": "title=A\nmajor_version=1\n"}))
        assert finding.code == "manifest.version"

    def test_another_file_called_manifest_is_left_to_others(self):
        assert recognise(bundle_of({"manifest": "x: y\n"})) is PLAIN


METAINFO = """<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>org.example.Player</id>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>GPL-3.0-or-later</project_license>
  <name xml:lang="de">Spieler</name>
  <name>Player</name>
  <summary>Plays films</summary>
  <developer id="org.example"><name>Ada</name></developer>
  <description><p>It <em>plays</em>.</p><ul><li>Well</li></ul></description>
  <url type="homepage">https://example.org</url>
  <url type="vcs-browser">https://example.org/src</url>
  <launchable type="desktop-id">org.example.Player.desktop</launchable>
  <releases>
    <release version="1.9" date="2025-01-01"/>
    <release version="1.10" date="2026-02-01"><description><p>Faster.</p></description></release>
  </releases>
</component>
"""


class TestFlatpak:
    def read(self, text=METAINFO, name="org.example.Player.metainfo.xml"):
        bundle = open_bundle(io.BytesIO(text.encode()), name)
        assert recognise(bundle) is FLATPAK
        return FLATPAK.read(bundle)

    def test_the_license_is_the_projects_and_not_the_descriptions(self):
        reading = self.read()
        metadata = reading.metadata
        assert (metadata.kind, metadata.identifier) == (Kind.CLIENT, "org.example.Player")
        assert metadata.license == "GPL-3.0-or-later"
        assert metadata.facts["metadata_license"] == "CC0-1.0"
        assert (metadata.name, metadata.author) == ("Player", "Ada")
        assert (metadata.summary, metadata.description) == ("Plays films", "It plays.\n\nWell")
        assert (metadata.homepage, metadata.source) == ("https://example.org", "https://example.org/src")
        assert reading.findings == ()

    def test_the_newest_release_by_date_is_the_version(self):
        metadata = self.read().metadata
        assert (metadata.version, metadata.changelog) == ("1.10", "Faster.")

    def test_without_releases_the_version_is_asked_for(self):
        text = METAINFO.replace("<release ", "<old ").replace("</release>", "</old>")
        assert codes(self.read(text)) == ["manifest.no_version"]

    def test_without_a_project_license_there_is_none(self):
        reading = self.read(METAINFO.replace("project_license", "project_group"))
        assert reading.metadata.license is None
        assert codes(reading) == ["metainfo.no_license"]

    def test_the_old_forms_are_read_and_told(self):
        old = METAINFO.replace("org.example.Player</id>", "org.example.Player.desktop</id>").replace(
            '<developer id="org.example"><name>Ada</name></developer>', "<developer_name>Ada</developer_name>"
        )
        reading = self.read(old, "org.example.Player.appdata.xml")
        assert (reading.metadata.identifier, reading.metadata.author) == ("org.example.Player", "Ada")
        assert [(f.code, f.line) for f in reading.findings] == [
            ("metainfo.old_developer", 9),
            ("metainfo.old_id", 3),
            ("metainfo.old_file_name", None),
        ]

    @pytest.mark.parametrize("identifier", ["../x", "org example", "", "org.éxample.P"])
    def test_a_bad_id_is_refused_with_its_line(self, identifier):
        text = METAINFO.replace("org.example.Player</id>", f"{identifier}</id>")
        finding = refusal(lambda: self.read(text))
        assert (finding.code, finding.line) == ("manifest.id", 3)

    def test_a_bad_version_is_refused_with_its_line(self):
        finding = refusal(lambda: self.read(METAINFO.replace('"1.10"', '"1.10/.."')))
        assert (finding.code, finding.line) == ("manifest.version", 16)


class TestAppImage:
    desktop = (
        b"[Desktop Entry]\nType=Application\nName=Player\nComment=Plays films\nIcon=player\n"
        b"X-AppImage-Version=1.10\nX-AppImage-Arch=x86_64\n"
    )

    def read(self, tree):
        bundle = open_bundle(io.BytesIO(appimage_of(tree)), "Player.AppImage")
        assert recognise(bundle) is APPIMAGE
        return APPIMAGE.read(bundle)

    def described(self, metainfo=METAINFO):
        folder = {"metainfo": {"org.example.Player.metainfo.xml": metainfo.encode()}}
        return {
            "org.example.Player.desktop": self.desktop,
            "player.png": b"png",
            "usr": {"share": folder},
        }

    def test_the_desktop_file_says_name_version_and_architecture(self):
        metadata = self.read({"player.desktop": self.desktop, "player.png": b"png"}).metadata
        assert (metadata.kind, metadata.identifier) == (Kind.CLIENT, "player")
        assert (metadata.version, metadata.name) == ("1.10", "Player")
        assert metadata.facts["architecture"] == "x86_64"
        assert metadata.facts["update_information"] == "zsync|https://example.org/x.zsync"
        assert metadata.pictures == {"icon": "player.png"}
        assert metadata.license is None

    def test_the_metainfo_adds_identifier_license_and_description(self):
        reading = self.read(self.described())
        metadata = reading.metadata
        assert (metadata.identifier, metadata.version) == ("org.example.Player", "1.10")
        assert metadata.license == "GPL-3.0-or-later"
        assert metadata.description == "It plays.\n\nWell"
        assert metadata.pictures == {"icon": "player.png"}
        assert reading.findings == ()

    def test_the_images_own_version_counts_and_a_difference_is_told(self):
        reading = self.read(self.described(METAINFO.replace('"1.10"', '"1.11"')))
        assert reading.metadata.version == "1.10"
        assert codes(reading) == ["appimage.version_differs"]

    def test_a_name_with_spaces_is_no_identifier(self):
        reading = self.read({"My Player.desktop": self.desktop})
        assert reading.metadata.identifier is None
        assert codes(reading) == ["manifest.no_id"]

    def test_one_desktop_file_is_needed(self):
        both = {"a.desktop": self.desktop, "b.desktop": self.desktop}
        assert refusal(lambda: self.read(both)).code == "manifest.ambiguous"
        assert refusal(lambda: self.read({"AppRun": b"x"})).code == "appimage.no_desktop"

    def test_a_bad_version_is_refused_with_its_line(self):
        bad = {"a.desktop": self.desktop.replace(b"1.10", b"1.10 beta")}
        finding = refusal(lambda: self.read(bad))
        assert (finding.code, finding.line) == ("manifest.version", 6)

    def test_a_desktop_file_alone_is_metadata_too(self):
        assert APPIMAGE.recognises_file("player.desktop", self.desktop)
        assert APPIMAGE.read_file("player.desktop", self.desktop).metadata.version == "1.10"


class TestPlain:
    def test_an_archive_that_says_nothing_is_a_client_that_is_asked_for_everything(self):
        reading = read(PLAIN, {"player.exe": b"MZ", "readme.txt": ""})
        metadata = reading.metadata
        assert (metadata.kind, metadata.identifier, metadata.version) == (Kind.CLIENT, None, None)
        assert codes(reading) == ["manifest.no_id", "manifest.no_version"]

    def test_marquee_toml_says_what_it_is(self):
        said = (
            'id = "org.example.tool"\nversion = "1.2"\nname = "Tool"\nkind = "plugin"\n'
            'platforms = ["linux"]\nlicense = "MIT"\nsource = "https://example.org"\n'
        )
        reading = read(PLAIN, {"marquee.toml": said, "tool.sh": ""})
        metadata = reading.metadata
        assert (metadata.kind, metadata.identifier) == (Kind.PLUGIN, "org.example.tool")
        assert (metadata.version, metadata.name, metadata.license) == ("1.2", "Tool", "MIT")
        assert (metadata.platforms, metadata.source) == (("linux",), "https://example.org")
        assert reading.findings == ()
        assert PLAIN.read_file("marquee.toml", said.encode()).metadata == metadata


class TestAllOfThem:
    apps = [
        e
        for e in ECOSYSTEMS
        if e.name in ("android", "webos", "tizen", "roku", "appimage", "flatpak", "plain")
    ]

    def test_each_is_in_the_table_and_plain_is_last(self):
        assert len(self.apps) == 7
        assert ECOSYSTEMS[-1] is PLAIN

    @pytest.mark.parametrize("home", apps, ids=lambda e: e.name)
    def test_a_file_is_named_by_identifier_and_version(self, home):
        name = home.filename("org.example.player", "1.4.2")
        assert "org.example.player" in name
        assert "1.4.2" in name
        assert "/" not in name

    @pytest.mark.parametrize("home", [e for e in apps if e.name != "webos"], ids=lambda e: e.name)
    def test_it_has_no_feed_of_its_own(self, home):
        assert list(home.feed([entry()], Site("https://x", "x"))) == []

    @pytest.mark.parametrize("home", apps, ids=lambda e: e.name)
    def test_versions_are_ordered_naturally(self, home):
        assert home.version_key("1.9") < home.version_key("1.10-beta") < home.version_key("1.10")


def test_facts_of_all_are_json():
    readings = [
        TIZEN.read_file("config.xml", TestTizen().widget().encode()),
        ROKU.read_file("manifest", TestRoku.manifest.encode()),
        FLATPAK.read_file("a.metainfo.xml", METAINFO.encode()),
        APPIMAGE.read_file("a.desktop", TestAppImage.desktop),
    ]
    for reading in readings:
        assert json.loads(json.dumps(reading.metadata.facts)) == reading.metadata.facts
