"""webOS apps: what appinfo.json says, what must agree with it, and the Homebrew Channel's list."""

import io
import json

import pytest

from registry.bundles.archive.opening import open_bundle
from registry.bundles.ecosystems import recognise
from registry.bundles.ecosystems.base import Kind, Site
from registry.bundles.ecosystems.webos import WEBOS
from registry.bundles.findings import BundleRejected
from tests.installers import ipk_of
from tests.registry.bundles.ecosystems.offering import NOON, entry

ID = "org.example.player"
FOLDER = f"usr/palm/applications/{ID}"
SITE = Site("https://marquee.example", "marquee.example")


def appinfo(**over):
    values = {
        "id": ID,
        "version": "1.4.2",
        "type": "web",
        "main": "index.html",
        "title": "Player",
        "vendor": "Ada",
        "icon": "icon.png",
        "largeIcon": "large.png",
        "requiredPermissions": ["time.query"],
    } | over
    return json.dumps({key: value for key, value in values.items() if value is not None}, indent=1).encode()


def read(info=None, *, control=None, folder=FOLDER, more=None):
    files = {f"{folder}/appinfo.json": info or appinfo(), f"{folder}/icon.png": b"png"} | (more or {})
    says = control or f"Package: {ID}\nVersion: 1.4.2\nArchitecture: all\n"
    content = ipk_of(files, control={"./control": says.encode()})
    bundle = open_bundle(io.BytesIO(content), "app.ipk")
    assert recognise(bundle) is WEBOS
    return WEBOS.read(bundle)


def codes(reading):
    return {finding.code for finding in reading.findings}


def refusal(act):
    with pytest.raises(BundleRejected) as caught:
        act()
    return caught.value.finding


def test_an_ipk_says_id_version_name_vendor_and_permissions():
    reading = read()
    metadata = reading.metadata
    assert (metadata.kind, metadata.identifier, metadata.version) == (Kind.CLIENT, ID, "1.4.2")
    assert (metadata.name, metadata.author) == ("Player", "Ada")
    assert metadata.platforms == ("webos",)
    assert metadata.pictures == {"icon": f"{FOLDER}/icon.png"}
    assert metadata.facts == {"type": "web", "main": "index.html", "permissions": ["time.query"]}
    assert reading.findings == ()


def test_the_large_icon_is_taken_where_there_is_one():
    assert read(more={f"{FOLDER}/large.png": b"png"}).metadata.pictures == {"icon": f"{FOLDER}/large.png"}


def test_comments_are_forbidden_yet_occur_and_are_told():
    reading = read(b"// made by hand\n" + appinfo())
    assert reading.metadata.identifier == ID
    assert "json.lenient" in codes(reading)


LGS = ["com.palm.app", "com.webos.app", "com.lge.x", "com.palmdts.x", "com.lge"]


@pytest.mark.parametrize("identifier", [*LGS, "Org.Example", "a", "a b", "../x", 7, None])
def test_an_id_of_lg_or_with_other_characters_is_refused(identifier):
    finding = refusal(lambda: read(appinfo(id=identifier)))
    assert finding.code == "manifest.id"
    assert finding.line == (1 if identifier is None else 2)


def test_an_id_that_only_begins_like_lgs_is_fine():
    other = "com.lgexample.app"
    folder = f"usr/palm/applications/{other}"
    says = f"Package: {other}\nVersion: 1.4.2\n"
    assert read(appinfo(id=other), folder=folder, control=says).metadata.identifier == other


@pytest.mark.parametrize("version", ["1.0\n", "1.0/../2.0", "v٣.0", "1!2.0", None, 1.0])
def test_a_bad_version_is_refused(version):
    assert refusal(lambda: read(appinfo(version=version))).code == "manifest.version"


def test_a_version_that_televisions_cannot_compare_is_told():
    reading = read(appinfo(version="1.4-beta"), control=f"Package: {ID}\nVersion: 1.4-beta\n")
    assert "webos.version_form" in codes(reading)


@pytest.mark.parametrize("control", [f"Package: {ID}\nVersion: 1.4.3\n", "Package: other\nVersion: 1.4.2\n"])
def test_the_control_file_must_agree(control):
    assert refusal(lambda: read(control=control)).code == "manifest.mismatch"


def test_the_folder_must_be_named_by_the_id():
    finding = refusal(lambda: read(folder="usr/palm/applications/other"))
    assert finding.code == "manifest.mismatch"


def test_one_app_is_needed():
    second = {"usr/palm/applications/b/appinfo.json": appinfo(id="b.c")}
    assert refusal(lambda: read(more=second)).code == "manifest.ambiguous"
    none = ipk_of({"usr/palm/services/x/services.json": b"{}"})
    bundle = open_bundle(io.BytesIO(none), "app.ipk")
    assert refusal(lambda: WEBOS.read(bundle)).code == "webos.no_appinfo"


def test_appinfo_alone_is_metadata_too():
    assert WEBOS.recognises_file("appinfo.json", appinfo())
    assert WEBOS.read_file("appinfo.json", appinfo()).metadata.identifier == ID
    assert refusal(lambda: WEBOS.read_file("appinfo.json", b"[{}]")).code == "webos.appinfo"


class TestHomebrewList:
    def render(self, *entries):
        return {file.path: json.loads(file.body) for file in WEBOS.feed(entries, SITE)}

    def release(self, version="1.4.2", **over):
        return entry(ID, version, name="Player", filename=WEBOS.filename(ID, version), **over)

    def test_the_list_leads_to_a_manifest_with_address_digest_and_size(self):
        files = self.render(self.release(facts={"type": "native"}, pictures={"icon": "https://x/i.png"}))
        [package] = files["webos/apps.json"]["packages"]
        assert (package["id"], package["title"], package["iconUri"]) == (ID, "Player", "https://x/i.png")
        assert package["manifestUrl"] == f"https://marquee.example/feeds/webos/{ID}/manifest.json"
        manifest = files[f"webos/{ID}/manifest.json"]
        assert manifest == package["manifest"]
        release = self.release()
        assert manifest["ipkUrl"] == (f"https://marquee.example/feeds/webos/{ID}/1.4.2/{ID}_1.4.2_all.ipk")
        assert manifest["ipkHash"] == {"sha256": release.sha256}
        assert manifest["ipkSize"] == release.size_bytes
        assert manifest["type"] == "native"

    def test_the_newest_release_is_listed_and_counted(self):
        files = self.render(self.release("1.9.0"), self.release("1.10.0"), entry("b.c", "1"))
        document = files["webos/apps.json"]
        assert [p["manifest"]["version"] for p in document["packages"]] == ["1", "1.10.0"]
        assert document["paging"] == {"page": 1, "count": 2, "maxPage": 1, "itemsTotal": 2}
        assert len(files) == 3

    def test_an_empty_list_is_a_list(self):
        assert self.render() == {
            "webos/apps.json": {
                "paging": {"page": 1, "count": 0, "maxPage": 1, "itemsTotal": 0},
                "packages": [],
            }
        }

    def test_versions_compare_as_numbers(self):
        assert WEBOS.version_key("1.10.0") > WEBOS.version_key("1.9.9")
        assert self.release().changed_at == NOON
