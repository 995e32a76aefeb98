import pytest

from registry.bundles.ecosystems import recognise
from registry.bundles.ecosystems.base import Kind
from registry.bundles.ecosystems.kodi import KODI
from registry.bundles.findings import BundleRejected
from tests.registry.bundles.ecosystems.kodi_addons import ADDON, FILES, found, read, refused, said
from tests.registry.bundles.packing import bundle_of

# --- the whole ---


def test_a_sound_addon_is_read_whole_and_without_a_finding() -> None:
    reading = read()
    assert reading.findings == ()
    metadata = reading.metadata
    assert (metadata.kind, metadata.identifier, metadata.version, metadata.name) == (
        Kind.CHANNEL, "plugin.video.example", "1.2.0", "Example",
    )  # fmt: skip
    assert (metadata.summary, metadata.author, metadata.license) == ("Shows examples", "Ada", "MIT")
    assert metadata.pictures == {
        "icon": "plugin.video.example/resources/icon.png",
        "screenshot-1": "plugin.video.example/resources/one.jpg",
        "screenshot-2": "plugin.video.example/resources/two.jpg",
    }
    assert metadata.facts["parts"] == [["xbmc.python", "", "3.0.0"]]


def test_a_zip_with_an_addon_xml_is_kodis() -> None:
    assert recognise(bundle_of(FILES)) is KODI
    assert recognise(bundle_of({"addon.xml": ADDON})) is KODI
    assert not KODI.recognises(bundle_of({"x/y/addon.xml": ADDON, "x/main.py": ""}))
    assert not KODI.recognises(bundle_of({"x/main.py": ""}))


@pytest.mark.parametrize(
    ("name", "content", "is_kodis"),
    [
        ("addon.xml", b"", True),
        ("any.xml", b'<?xml version="1.0"?>\n<!-- <addons> -->\n<addon id="x"/>', True),
        ("any.xml", b"<addons/>", True),
        ("settings.xml", b"<settings/>", True),
        ("other.xml", b"<settings/>", False),
        ("config.xml", b"<widget/>", False),
        ("addon.json", b"<addon/>", False),
    ],
)
def test_metadata_files_are_known_by_name_or_root(name: str, content: bytes, *, is_kodis: bool) -> None:
    assert KODI.recognises_file(name, content) is is_kodis


# --- layout ---


@pytest.mark.parametrize(
    "files",
    [
        {"addon.xml": ADDON, "main.py": ""},
        FILES | {"README.md": "beside the folder"},
        FILES | {"docs/index.html": ""},
    ],
)
def test_a_zip_without_exactly_one_folder_is_refused_with_the_way_to_pack(
    files: dict[str, str],
) -> None:
    with pytest.raises(BundleRejected) as refusal:
        KODI.read(bundle_of(files))
    assert refusal.value.finding.code == "layout.kodi_folder"
    assert "zip -r" in refusal.value.finding.fix


def test_two_addons_in_one_zip_are_ambiguous() -> None:
    other = {"plugin.video.other/addon.xml": ADDON}
    with pytest.raises(BundleRejected) as refusal:
        KODI.read(bundle_of(FILES | other))
    assert refusal.value.finding.code == "manifest.ambiguous"


def test_what_macos_adds_is_no_second_folder() -> None:
    assert read(**{"__MACOSX/plugin.video.example/._addon.xml": ""}).findings == ()


def test_githubs_folder_name_is_accepted_and_told() -> None:
    files = {name.replace("plugin.video.example", "repo-main", 1): text for name, text in FILES.items()}
    reading = KODI.read(bundle_of(files))
    assert [finding.code for finding in reading.findings] == ["layout.kodi_folder_name"]
    assert reading.metadata.identifier == "plugin.video.example"
    assert reading.metadata.pictures["icon"] == "repo-main/resources/icon.png"


def test_a_further_addon_xml_deeper_down_is_told_and_not_read() -> None:
    (finding,) = read(**{"plugin.video.example/tests/data/addon.xml": "<no/>"}).findings
    assert (finding.code, finding.severity) == ("manifest.nested", "info")


def test_files_that_are_named_but_missing_are_told_with_their_line() -> None:
    files = {name: text for name, text in FILES.items() if name.endswith("addon.xml")}
    assert [(one.code, one.line) for one in KODI.read(bundle_of(files)).findings] == [
        ("manifest.asset_missing", 18),
        ("manifest.asset_missing", 19),
        ("manifest.asset_missing", 20),
        ("manifest.library_missing", 10),
    ]


def test_without_assets_the_two_usual_names_count() -> None:
    addon = ADDON.replace("<assets>", "<!--").replace("</assets>", "-->")
    pictures = read(
        addon, **{"plugin.video.example/icon.png": "", "plugin.video.example/fanart.jpg": ""}
    ).metadata.pictures
    assert pictures == {
        "icon": "plugin.video.example/icon.png",
        "fanart": "plugin.video.example/fanart.jpg",
    }


def test_a_changelog_file_stands_in_for_news() -> None:
    assert read(**{"plugin.video.example/changelog.txt": "1.2.0: mends\n"}).metadata.changelog == (
        "1.2.0: mends"
    )


def test_an_addon_xml_that_is_a_list_is_refused() -> None:
    with pytest.raises(BundleRejected) as refusal:
        read("<addons/>")
    assert (refusal.value.finding.code, refusal.value.finding.line) == ("manifest.xml", 1)


# --- metadata ---


def test_an_undeclared_license_and_a_missing_name_are_told() -> None:
    addon = ADDON.replace("<license>MIT</license>", "").replace('name="Example"', "")
    reading = KODI.read_file("addon.xml", addon.encode())
    assert {"manifest.no_license", "manifest.no_name"} <= set(found(reading))
    assert (reading.metadata.license, reading.metadata.name) == (None, None)


@pytest.mark.parametrize(
    ("written", "platforms", "odd"),
    [
        ("", (), set()),
        ("all", (), set()),
        ("linux osx64", ("linux", "osx64"), set()),
        ("windows-x86_64 linux-aarch64", ("windows-x86_64", "linux-aarch64"), set()),
        ("linux amiga", ("linux", "amiga"), {"manifest.platform"}),
    ],
)
def test_platforms_are_words_and_none_means_all(
    written: str, platforms: tuple[str, ...], odd: set[str]
) -> None:
    addon = ADDON.replace("<license>", f"<platform>{written}</platform><license>")
    reading = KODI.read_file("addon.xml", addon.encode())
    assert reading.metadata.platforms == platforms
    assert set(found(reading)) == odd


@pytest.mark.parametrize(
    ("element", "told"),
    [
        ('<lifecyclestate type="broken">gone</lifecyclestate>', True),
        ('<lifecyclestate type="deprecated">old</lifecyclestate>', True),
        ('<lifecyclestate type="normal">fine</lifecyclestate>', False),
        ('<lifecyclestate type="broken"></lifecyclestate>', False),
        ("<broken>gone</broken>", True),
    ],
)
def test_an_addon_that_calls_itself_broken_is_told(element: str, *, told: bool) -> None:
    addon = ADDON.replace("<license>", f"{element}<license>")
    assert ("manifest.lifecycle" in found(KODI.read_file("addon.xml", addon.encode()))) is told


def test_the_british_text_comes_before_other_english_before_the_first() -> None:
    three = '<summary lang="fr_FR">c</summary><summary lang="en_US">b</summary><summary>a</summary>'
    summaries = ADDON.replace('<summary lang="en_GB">Shows examples</summary>', three)
    assert said(summaries).summary == "a"
    assert said(summaries.replace("<summary>a</summary>", "")).summary == "b"
    without = three.partition('<summary lang="en')[0]
    assert said(summaries.replace(three, without)).summary == "Zeigt Beispiele"


def test_both_forms_of_the_metadata_point_count() -> None:
    assert said(ADDON.replace("xbmc.addon.metadata", "kodi.addon.metadata")).license == "MIT"


# --- hostile files ---


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ('<!DOCTYPE addon [<!ENTITY a "b">]>', "manifest.dtd"),
        ('<!DOCTYPE addon [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]>', "manifest.dtd"),
        ('<!DOCTYPE addon SYSTEM "http://127.0.0.1:9/addon.dtd">', None),
        ('<?xml-stylesheet href="http://127.0.0.1:9/x"?>', "manifest.dtd"),
    ],
)
def test_xml_that_reaches_outside_is_refused(head: str, code: str | None) -> None:
    addon = ADDON.replace("<addon\n", f"{head}<addon\n", 1)
    if code is None:
        assert said(addon).identifier == "plugin.video.example"
    else:
        assert refused(addon).code == code


def test_deep_xml_is_refused() -> None:
    deep = "<x>" * 200_000 + "</x>" * 200_000
    assert refused(ADDON.replace("</addon>", f"{deep}</addon>")).code == "manifest.depth"


def test_utf_16_is_refused() -> None:
    with pytest.raises(BundleRejected) as refusal:
        KODI.read_file("addon.xml", ADDON.encode("utf-16"))
    assert refusal.value.finding.code == "manifest.encoding"


def test_what_carries_a_foreign_prefix_is_not_there() -> None:
    addon = ADDON.replace("<addon\n", '<addon xmlns:x="urn:x" x:id="../../x"\n').replace(
        "<license>", "<x:license>GPL</x:license><license>"
    )
    assert said(addon).license == "MIT"
    assert "urn:x" not in said(addon).facts["head"]
    assert "GPL" not in said(addon).facts["head"]
