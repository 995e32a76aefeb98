import pytest

from registry.bundles.ecosystems import recognise
from registry.bundles.ecosystems.base import Kind, Metadata, Reading
from registry.bundles.ecosystems.kodi import KODI
from registry.bundles.findings import BundleRejected, Finding
from tests.registry.bundles.packing import bundle_of

ADDON = """<?xml version="1.0" encoding="UTF-8"?>
<addon
    id="plugin.video.example"
    version="1.2.0"
    name="Example"
    provider-name="Ada">
  <requires>
    <import addon="xbmc.python" version="3.0.0"/>
  </requires>
  <extension point="xbmc.python.pluginsource" library="main.py">
    <provides>video</provides>
  </extension>
  <extension point="xbmc.addon.metadata">
    <summary lang="de_DE">Zeigt Beispiele</summary>
    <summary lang="en_GB">Shows examples</summary>
    <license>MIT</license>
    <assets>
      <icon>resources/icon.png</icon>
      <screenshot>resources/one.jpg</screenshot>
      <screenshot>resources/two.jpg</screenshot>
    </assets>
  </extension>
</addon>
"""
FILES = {
    "plugin.video.example/addon.xml": ADDON,
    "plugin.video.example/main.py": "",
    "plugin.video.example/resources/icon.png": "",
    "plugin.video.example/resources/one.jpg": "",
    "plugin.video.example/resources/two.jpg": "",
}


def read(addon: str = ADDON, **more: str) -> Reading:
    return KODI.read(bundle_of(FILES | {"plugin.video.example/addon.xml": addon} | more))


def said(addon: str) -> Metadata:
    return KODI.read_file("addon.xml", addon.encode()).metadata


def refused(addon: str) -> Finding:
    with pytest.raises(BundleRejected) as refusal:
        KODI.read_file("addon.xml", addon.encode())
    return refusal.value.finding


def found(reading: Reading) -> dict[str, Finding]:
    return {finding.code: finding for finding in reading.findings}


def with_point(extension: str) -> str:
    """Return an add-on whose only extension is this one."""
    start, _, rest = ADDON.partition('<extension point="xbmc.python')
    return start + extension + rest.partition("</extension>")[2]


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


# --- identity ---


@pytest.mark.parametrize(
    "identifier",
    [
        "", "../../x", "a/b", "a%2eb", "a b", "plugin.\N{PILE OF POO}", "plugin.\u202evideo",
        "x" * 101, ".hidden", "-rf",
        "plugin..video", "plugin.", "plugin.vidéo", "a\\b", "a:b", "a+b",
    ],
)  # fmt: skip
def test_what_is_no_id_is_refused_with_its_line(identifier: str) -> None:
    finding = refused(ADDON.replace("plugin.video.example", identifier))
    assert (finding.code, finding.line) == ("manifest.id", 3)


@pytest.mark.parametrize("version", ["", "0.0.0", "1.0/../2.0", "1:2", "v٣.0", "1." * 5000])
def test_what_is_no_version_is_refused_with_its_line(version: str) -> None:
    finding = refused(ADDON.replace("1.2.0", version))
    assert (finding.code, finding.line) == ("manifest.version", 4)


def test_a_missing_id_is_told_at_the_tag() -> None:
    finding = refused(ADDON.replace('id="plugin.video.example"', ""))
    assert (finding.code, finding.line) == ("manifest.id", 2)


@pytest.mark.parametrize(
    "identifier",
    [
        "xbmc.python",
        "kodi.resource",
        "skin.estuary",
        "repository.xbmc.org",
        "script.module.pil",
        "repository.marquee.example.org",
    ],
)
def test_ids_that_kodi_keeps_for_itself_get_a_finding(identifier: str) -> None:
    reading = KODI.read_file("addon.xml", ADDON.replace("plugin.video.example", identifier).encode())
    assert found(reading)["manifest.id_reserved"].line == 3


def test_capital_letters_in_an_id_are_told() -> None:
    reading = KODI.read_file("addon.xml", ADDON.replace("plugin.video", "Plugin.Video").encode())
    assert found(reading)["manifest.id_case"].line == 3


# --- kinds ---


@pytest.mark.parametrize(
    ("point", "provides", "kind"),
    [
        ("xbmc.metadata.scraper.movies", "", Kind.AGENT),
        ("xbmc.metadata.scraper.library", "", Kind.AGENT),
        ("xbmc.python.pluginsource", "video", Kind.CHANNEL),
        ("xbmc.python.pluginsource", "executable audio", Kind.CHANNEL),
        ("xbmc.python.pluginsource", "image", Kind.CHANNEL),
        ("xbmc.python.pluginsource", "executable game", Kind.PLUGIN),
        ("xbmc.python.pluginsource", "", Kind.PLUGIN),
        ("xbmc.webinterface", "", Kind.CLIENT),
        ("xbmc.python.script", "video", Kind.PLUGIN),
        ("xbmc.service", "", Kind.PLUGIN),
        ("xbmc.subtitle.module", "", Kind.PLUGIN),
        ("kodi.resource.images", "", Kind.PLUGIN),
        ("kodi.game.controller", "", Kind.PLUGIN),
        ("xbmc.gui.skin", "", Kind.PLUGIN),
        ("xbmc.addon.repository", "", Kind.PLUGIN),
        ("no.such.point", "", None),
    ],
)
def test_the_point_decides_the_kind(point: str, provides: str, kind: Kind | None) -> None:
    extension = f'<extension point="{point}"><provides>{provides}</provides></extension>'
    assert said(with_point(extension)).kind == kind


@pytest.mark.parametrize("point", ["kodi.pvrclient", "xbmc.pvrclient"])
def test_a_tv_client_is_a_channel_and_needs_its_library(point: str) -> None:
    bare = KODI.read_file("addon.xml", with_point(f'<extension point="{point}"/>').encode())
    assert bare.metadata.kind == Kind.CHANNEL
    assert (found(bare)["manifest.library"].severity, found(bare)["manifest.library"].line) == (
        "error", 10,
    )  # fmt: skip
    named = with_point(f'<extension point="{point}" library_linux="a.so" library_osx="b.dylib"/>')
    whole = KODI.read_file("addon.xml", named.encode())
    assert "manifest.library" not in found(whole)
    assert whole.metadata.platforms == ("linux", "osx")


def test_of_several_points_agents_come_before_channels_before_clients() -> None:
    points = '<extension point="xbmc.service"/><extension point="xbmc.webinterface"/>'
    assert said(with_point(points)).kind == Kind.CLIENT
    points += '<extension point="kodi.pvrclient" library="a"/>'
    assert said(with_point(points)).kind == Kind.CHANNEL
    points += '<extension point="xbmc.metadata.scraper.albums"/>'
    assert said(with_point(points)).kind == Kind.AGENT


def test_a_point_that_kodi_does_not_know_is_told_with_its_line() -> None:
    addon = with_point('<extension point="xbmc.python.scirpt"/>')
    assert found(KODI.read_file("addon.xml", addon.encode()))["manifest.extension_point"].line == 10


def test_a_repository_without_dir_is_told() -> None:
    addon = with_point('<extension point="xbmc.addon.repository"><info>x</info></extension>')
    assert "manifest.repository_dir" in found(KODI.read_file("addon.xml", addon.encode()))


# --- requirements ---


def importing(*imports: str, addon: str = ADDON) -> Reading:
    written = "".join(f"<import {attributes}/>" for attributes in imports)
    changed = addon.replace('<import addon="xbmc.python" version="3.0.0"/>', written)
    return KODI.read_file("addon.xml", changed.encode())


def test_minversion_is_what_is_needed_and_version_stands_in_for_it() -> None:
    requires = importing(
        'addon="a.b" version="2.0.2" minversion="2.0.0"',
        'addon="c.d" version="1.5"',
        'addon="e.f" minversion="0.1" optional="true"',
        'addon="g.h"',
    ).metadata.requires
    assert [(one.identifier, one.minimum, one.optional) for one in requires] == [
        ("a.b", "2.0.0", False),
        ("c.d", "1.5", False),
        ("e.f", "0.1", True),
        ("g.h", None, False),
    ]


def test_an_import_of_nothing_is_told_and_left_out() -> None:
    reading = importing('version="1.0"', 'addon="a b"')
    assert reading.metadata.requires == ()
    assert [one.code for one in reading.findings] == ["manifest.requirement"] * 2


def test_nothing_may_depend_on_a_repository() -> None:
    assert "manifest.requires_repository" in found(importing('addon="repository.x" version="1"'))


def test_a_repository_may_depend_on_kodis_parts_only() -> None:
    repository = with_point('<extension point="xbmc.addon.repository"><dir/></extension>')
    assert "manifest.requires_repository" in found(importing('addon="script.module.x"', addon=repository))
    assert "manifest.requires_repository" not in found(
        importing('addon="xbmc.addon" version="12.0.0"', addon=repository)
    )


def test_an_addon_for_old_kodi_only_is_told_so() -> None:
    finding = found(importing('addon="xbmc.python" version="2.25.0"'))["manifest.series"]
    assert "only on leia" in finding.message
    assert finding.line == 8
    assert "on no Kodi" in found(importing('addon="xbmc.python" version="1.0"'))["manifest.series"].message


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
