"""APKs: what the binary manifest says, references into resources, signers, and what is refused."""

import io
import json
import struct
from contextlib import suppress
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.archive.opening import open_bundle
from registry.bundles.ecosystems import recognise
from registry.bundles.ecosystems.android import ANDROID
from registry.bundles.ecosystems.base import Kind
from registry.bundles.findings import BundleRejected
from tests.registry.bundles.ecosystems.android_files import (
    Reference,
    apk,
    binary_xml,
    certificate,
    feature,
    manifest,
    permission,
    pkcs7,
    resources,
    scheme,
    signing_block,
)
from tests.registry.bundles.packing import bundle_of

V2, V3, V31 = 0x7109871A, 0xF05368C0, 0x1B93AD61
ANN, BEN = certificate("ann"), certificate("ben")
SIGNED = signing_block({V2: scheme(ANN)})
TEXT = 0x7F010003


def opened(content):
    return open_bundle(io.BytesIO(content), "app.apk")


def read(manifest_bytes=None, more=None, *, block=SIGNED):
    bundle = opened(apk(manifest_bytes or manifest(), more, block=block))
    assert recognise(bundle) is ANDROID
    return ANDROID.read(bundle)


def codes(reading):
    return {finding.code for finding in reading.findings}


def refusal(act):
    with pytest.raises(BundleRejected) as caught:
        act()
    return caught.value.finding


def digest(certificate_bytes):
    return sha256(certificate_bytes).hexdigest()


class TestManifest:
    @pytest.mark.parametrize("utf8", [False, True])
    def test_package_version_and_name(self, utf8):
        reading = read(manifest(utf8=utf8))
        metadata = reading.metadata
        assert (metadata.kind, metadata.ecosystem) == (Kind.CLIENT, "android")
        assert (metadata.identifier, metadata.version) == ("com.example.player", "1.4.2")
        assert metadata.name == "Player"
        assert metadata.facts["version_code"] == 42
        assert reading.findings == ()

    def test_sdk_permissions_features_and_abis(self):
        content = manifest(
            ("uses-sdk", {"minSdkVersion": 21, "targetSdkVersion": 34}, []),
            permission("android.permission.INTERNET"),
            ("uses-permission-sdk-23", {"name": "android.permission.CAMERA"}, []),
            feature("android.software.leanback", required=False),
            feature("android.hardware.touchscreen", required=False),
        )
        libraries = {"lib/x86_64/liba.so": b"\x7fELF", "lib/arm64-v8a/liba.so": b"\x7fELF"}
        metadata = read(content, libraries).metadata
        facts = metadata.facts
        assert (facts["min_sdk"], facts["target_sdk"]) == (21, 34)
        assert facts["permissions"] == ["android.permission.CAMERA", "android.permission.INTERNET"]
        assert facts["abis"] == ["arm64-v8a", "x86_64"]
        assert (facts["leanback"], facts["needs_touch"]) == (True, False)
        assert metadata.platforms == ("android", "android-tv")

    def test_touch_is_needed_unless_said_otherwise(self):
        assert read().metadata.facts["needs_touch"] is True
        assert read().metadata.platforms == ("android",)

    def test_a_debuggable_app_is_told(self):
        reading = read(manifest(application={"debuggable": True}))
        assert reading.metadata.facts["debuggable"] is True
        assert "android.debuggable" in codes(reading)

    def test_the_version_code_stands_in_where_there_is_no_name(self):
        assert read(manifest(name=None)).metadata.version == "42"
        assert read(manifest(name=None, code=None)).metadata.version is None

    def test_facts_are_json(self):
        facts = read().metadata.facts
        assert json.loads(json.dumps(facts)) == facts

    def test_the_manifest_alone_is_metadata_too(self):
        content = manifest()
        assert ANDROID.recognises_file("AndroidManifest.xml", content)
        assert ANDROID.read_file("AndroidManifest.xml", content).metadata.version == "1.4.2"


class TestReferences:
    def table(self, *values, **more):
        return {"resources.arsc": resources(values, **more)}

    @pytest.mark.parametrize("form", ["plain", "sparse", "narrow", "compact"])
    def test_a_label_in_resources_is_found_however_the_table_is_written(self, form):
        content = manifest(application={"label": Reference(TEXT)})
        more = self.table((TEXT, "de", 0, "Spieler"), (TEXT, "", 0, "Player"), form=form)
        assert read(content, more).metadata.name == "Player"

    def test_a_version_in_resources_is_found_through_another_reference(self):
        other = Reference(0x7F020000)
        more = self.table((TEXT, "", 0, other), (0x7F020000, "", 0, "2.0.1"))
        assert read(manifest(name=Reference(TEXT)), more).metadata.version == "2.0.1"

    @pytest.mark.parametrize("more", [{}, {"resources.arsc": b"\0" * 40}])
    def test_a_version_that_cannot_be_found_is_asked_for(self, more):
        reading = read(manifest(name=Reference(TEXT)), more)
        assert reading.metadata.version is None
        assert {"android.version_reference", "manifest.no_version"} <= codes(reading)

    def test_references_in_a_circle_come_to_an_end(self):
        one, two = Reference(0x7F010000), Reference(0x7F020000)
        more = self.table((one, "", 0, two), (two, "", 0, one))
        assert read(manifest(name=one), more).metadata.version is None

    def test_the_sharpest_bitmap_is_the_icon(self):
        icon = Reference(0x7F030000)
        more = self.table(
            (icon, "", 160, "res/m.png"), (icon, "", 640, "res/x.png"), (icon, "", 65534, "res/any.xml")
        ) | {"res/m.png": b"m", "res/x.png": b"x", "res/any.xml": b"<a/>"}
        assert read(manifest(application={"icon": icon}), more).metadata.pictures == {"icon": "res/x.png"}


class TestSigners:
    def test_the_signer_of_scheme_2_is_the_digest_of_its_certificate(self):
        facts = read().metadata.facts
        assert (facts["schemes"], facts["signers"]) == (["v2"], [digest(ANN)])

    def test_the_newest_scheme_names_the_signer(self):
        block = signing_block({V2: scheme(ANN), V3: scheme(BEN), 0x42726577: b"padding"})
        facts = read(block=block).metadata.facts
        assert (facts["schemes"], facts["signers"]) == (["v2", "v3"], [digest(BEN)])
        rotated = signing_block({V3: scheme(ANN), V31: scheme(BEN)})
        assert read(block=rotated).metadata.facts["schemes"] == ["v3", "v3.1"]

    def test_several_signers_are_all_named(self):
        both = read(block=signing_block({V2: scheme(ANN, BEN)})).metadata.facts["signers"]
        assert both == sorted([digest(ANN), digest(BEN)])

    def test_the_old_signature_alone_is_told_since_a_newer_one_may_have_been_stripped(self):
        reading = read(more={"META-INF/CERT.RSA": pkcs7(ANN)}, block=b"")
        facts = reading.metadata.facts
        assert (facts["schemes"], facts["signers"]) == (["v1"], [digest(ANN)])
        assert "android.v1_only" in codes(reading)
        both = read(more={"META-INF/CERT.RSA": pkcs7(ANN)})
        assert both.metadata.facts["schemes"] == ["v1", "v2"]
        assert "android.v1_only" not in codes(both)

    def test_a_block_directly_after_the_entries_is_read_too(self):
        assert ANDROID.read(opened(apk(manifest(), block=SIGNED, padding=b""))).metadata.facts["signers"]

    @pytest.mark.parametrize("padding", [b"\0", b"x", b"\0" * 9000])
    def test_other_bytes_before_the_block_are_refused(self, padding):
        assert refusal(lambda: opened(apk(manifest(), block=SIGNED, padding=padding))).code.startswith(
            "archive."
        )

    def test_an_unsigned_apk_is_told(self):
        assert "android.unsigned" in codes(read(block=b""))

    @pytest.mark.parametrize("broken", [b"", b"\x30", b"\x30\x85", b"\x30\x82\xff\xff" + b"a" * 9, b"a" * 99])
    def test_a_damaged_old_signature_is_told(self, broken):
        reading = read(more={"META-INF/CERT.RSA": broken}, block=b"")
        assert "android.signature_damaged" in codes(reading)

    @pytest.mark.parametrize("value", [b"\xff" * 8, struct.pack("<II", 400, 3), scheme(*[ANN] * 11)])
    def test_a_damaged_scheme_is_told(self, value):
        assert "android.signature_damaged" in codes(read(block=signing_block({V2: value})))


class TestRefusals:
    @pytest.mark.parametrize("package", ["player", "../../x", "com.example/x", "com.é.x", "a." * 60, None])
    def test_a_bad_package_is_refused(self, package):
        assert refusal(lambda: read(manifest(package=package))).code == "manifest.id"

    @pytest.mark.parametrize("version", ["1.0\n", "1.0/../2.0", "9" * 200, "v٣.0", "1!2", "1.0 beta"])
    def test_a_bad_version_is_refused(self, version):
        assert refusal(lambda: read(manifest(name=version))).code == "manifest.version"

    def test_a_part_of_a_split_app_is_refused(self):
        finding = refusal(lambda: read(manifest(split="config.de")))
        assert finding.code == "android.not_one_apk"
        assert "config.de" in finding.message

    @pytest.mark.parametrize(
        ("files", "word"),
        [
            ({"base/manifest/AndroidManifest.xml": "x", "BundleConfig.pb": "x"}, ".aab"),
            ({"toc.pb": "x", "splits/base-master.apk": "x"}, ".apks"),
            ({"manifest.json": "{}", "com.example.apk": "x", "config.de.apk": "x"}, ".xapk"),
        ],
    )
    def test_what_is_not_one_apk_is_refused_with_a_sentence(self, files, word):
        bundle = bundle_of(files)
        assert recognise(bundle) is ANDROID
        finding = refusal(lambda: ANDROID.read(bundle))
        assert finding.code == "android.not_one_apk"
        assert word in finding.message
        assert "universal" in finding.fix


class TestHostileManifests:
    def test_deep_nesting_is_refused(self):
        node = ("a", {}, [])
        for _ in range(40):
            node = ("a", {}, [node])
        finding = refusal(lambda: read(binary_xml(node)))
        assert finding.code == "manifest.android"
        assert "nested" in finding.message

    def test_a_claim_of_very_many_attributes_is_refused(self):
        content = bytearray(manifest())
        at = content.rindex(struct.pack("<HHHHHH", 20, 20, 1, 0, 0, 0))
        content[at + 4 : at + 6] = b"\xff\xff"
        assert refusal(lambda: read(bytes(content))).code == "manifest.android"

    @given(st.data())
    @settings(deadline=None, max_examples=300)
    def test_no_damage_does_more_than_refuse_it(self, data):
        content = bytearray(manifest(permission("a.b"), application={"label": Reference(TEXT)}))
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(8, len(content) - 1))
            content[at] = data.draw(st.integers(0, 255))
        content = content[: data.draw(st.integers(8, len(content)))]
        with suppress(BundleRejected):
            ANDROID.read_file("AndroidManifest.xml", bytes(content))

    @given(st.data())
    @settings(deadline=None, max_examples=200)
    def test_a_damaged_resource_table_leaves_the_rest_readable(self, data):
        table = bytearray(resources([(TEXT, "", 0, "Player"), (TEXT, "de", 0, Reference(TEXT))]))
        for _ in range(data.draw(st.integers(1, 4))):
            table[data.draw(st.integers(0, len(table) - 1))] = data.draw(st.integers(0, 255))
        content = manifest(application={"label": Reference(TEXT)})
        reading = read(content, {"resources.arsc": bytes(table)})
        assert reading.metadata.identifier == "com.example.player"
