import pytest

from registry.bundles.ecosystems.base import Kind, Reading
from registry.bundles.ecosystems.kodi import KODI
from tests.registry.bundles.ecosystems.kodi_addons import ADDON, found, refused, said, with_point

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
