import base64
import gzip
import hashlib
import io
import re
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from registry.bundles.ecosystems.base import FeedEntry, FeedFile, Site
from registry.bundles.ecosystems.kodi import KODI
from registry.bundles.ecosystems.kodi.identifiers import is_identifier
from registry.bundles.ecosystems.kodi.repository_addon import (
    LAYOUT,
    repository_element,
    repository_id,
    repository_version,
    repository_zip,
)
from registry.bundles.ecosystems.kodi.series import SERIES
from registry.bundles.ecosystems.kodi.versions import version_key
from tests.registry.bundles.ecosystems.corpus import SHARED, needs_shared
from tests.registry.bundles.ecosystems.offered import SITE, offer_of

REPOSITORY = "repository.marquee.127.0.0.1-8000"
BASE = "http://127.0.0.1:8000/feeds/kodi/"
LISTS = ["kodi", "kodi/leia", "kodi/matrix", "kodi/nexus", "kodi/omega"]


def addon_xml(
    metadata: str = "", *, identifier: str = "script.example", version: str = "1.0.0",
    python: str = "3.0.0", ending: str = "",
) -> bytes:  # fmt: skip
    return (
        f'<addon id="{identifier}" name="Example" version="{version}" provider-name="Ada">'
        f'<requires><import addon="xbmc.python" version="{python}"/></requires>'
        '<extension point="xbmc.python.script" library="main.py"/>'
        f'<extension point="xbmc.addon.metadata">{metadata}</extension>{ending}</addon>'
    ).encode()


def entry(content: bytes, **changes: object) -> FeedEntry:
    return offer_of(KODI.read_file("addon.xml", content), **changes)


def files(*entries: FeedEntry, site: Site = SITE) -> dict[str, FeedFile]:
    return {file.path: file for file in KODI.feed(entries, site)}


def listed(served: dict[str, FeedFile], folder: str = "kodi") -> list[etree._Element]:
    return list(etree.fromstring(served[f"{folder}/addons.xml"].body))


def addon(*entries: FeedEntry, folder: str = "kodi") -> etree._Element:
    """Return the only add-on in a list besides the repository's own."""
    (element,) = (one for one in listed(files(*entries), folder) if one.get("id") != REPOSITORY)
    return element


def texts(element: etree._Element, tag: str) -> list[str]:
    return [found.text or "" for found in element.iterfind(f"extension/{tag}")]


# --- the lists ---


def test_an_empty_feed_lists_the_repository_alone_in_every_series() -> None:
    served = files()
    for folder in LISTS:
        assert [one.get("id") for one in listed(served, folder)] == [REPOSITORY]


def test_every_list_comes_plain_and_packed_each_with_its_checksum() -> None:
    served = files(entry(addon_xml()))
    for folder in LISTS:
        plain, packed = served[f"{folder}/addons.xml"], served[f"{folder}/addons.xml.gz"]
        assert gzip.decompress(packed.body) == plain.body
        for file in (plain, packed):
            checksum = served[f"{file.path}.sha256"]
            # The first word counts, and a leading newline would mean that nothing is ever listed.
            first = re.match(rb"[0-9a-f]{64}", checksum.body)
            assert first is not None
            assert first[0].decode() == hashlib.sha256(file.body).hexdigest()
            assert checksum.headers["X-Kodi-Recheck-After"] == "3600"


@pytest.mark.parametrize(
    ("python", "series"),
    [
        ("2.1.0", {"leia"}),
        ("2.26.0", {"leia"}),
        ("3.0.0", {"matrix", "nexus", "omega"}),
        ("3.0.1", {"nexus", "omega"}),
        ("2.27.0", set()),
        ("1.0", set()),
    ],
)
def test_a_release_is_listed_where_its_python_runs(python: str, series: set[str]) -> None:
    served = files(entry(addon_xml(python=python)))
    assert series == {
        one.name
        for one in SERIES
        if "script.example" in [each.get("id") for each in listed(served, f"kodi/{one.name}")]
    }
    assert "script.example" in [each.get("id") for each in listed(served)]


@pytest.mark.parametrize(
    ("part", "series"),
    [
        ('addon="xbmc.gui" version="5.16.0"', ["nexus"]),
        ('addon="xbmc.gui" version="5.17.0"', ["omega"]),
        ('addon="xbmc.gui" version="5.15.0"', ["matrix", "nexus"]),
        ('addon="xbmc.addon" version="20.9.0"', ["nexus", "omega"]),
        ('addon="xbmc.addon" version="20.90.1"', ["omega"]),
        ('addon="xbmc.addon" version="19.90.2"', ["nexus", "omega"]),
        ('addon="xbmc.addon" version="12.0.0"', ["leia", "matrix", "nexus", "omega"]),
        ('addon="xbmc.json" version="12.4.0"', ["matrix", "nexus", "omega"]),
        ('addon="xbmc.python" version="3.0.1" minversion="3.0.0"', ["matrix", "nexus", "omega"]),
        ('addon="script.module.six" version="9.9"', ["leia", "matrix", "nexus", "omega"]),
    ],
)
def test_the_other_parts_of_kodi_place_a_release_too(part: str, series: list[str]) -> None:
    content = addon_xml().replace(b'addon="xbmc.python" version="3.0.0"', part.encode())
    served = files(entry(content))
    assert series == [one.name for one in SERIES if len(listed(served, f"kodi/{one.name}")) == 2]


def test_several_releases_of_one_addon_are_all_listed() -> None:
    both = [entry(addon_xml(version=version)) for version in ("1.0.0", "1.1.0")]
    assert [one.get("version") for one in listed(files(*both)) if one.get("id") != REPOSITORY] == [
        "1.0.0", "1.1.0",
    ]  # fmt: skip


def test_the_same_releases_in_any_order_give_the_same_bytes() -> None:
    entries = [
        entry(addon_xml(identifier=identifier, version=version))
        for identifier in ("script.b", "script.a")
        for version in ("1.1.0", "1.0.0")
    ]
    assert files(*entries) == files(*reversed(entries))


# --- one add-on in a list ---


def test_size_and_path_are_the_registrys_whatever_the_bundle_says() -> None:
    element = addon(entry(addon_xml("<size>1</size><path>../../evil.zip</path>"), size_bytes=4711))
    assert texts(element, "size") == ["4711"]
    assert texts(element, "path") == ["script.example/script.example-1.0.0.zip"]


def test_the_zips_address_has_the_version_in_lower_case_and_raw() -> None:
    element = addon(entry(addon_xml(version="1.0.0RC1+matrix.1~b")))
    assert element.get("version") == "1.0.0RC1+matrix.1~b"
    assert texts(element, "path") == ["script.example/script.example-1.0.0rc1+matrix.1~b.zip"]
    assert KODI.filename("script.example", "1.0.0RC1") == "script.example-1.0.0rc1.zip"


def test_the_concluded_license_stands_in_the_list() -> None:
    element = addon(entry(addon_xml("<license>GPL v2.0</license>"), license="GPL-2.0-only"))
    assert texts(element, "license") == ["GPL-2.0-only"]


def test_a_third_partys_addon_says_so_in_every_language_it_speaks() -> None:
    declared = '<disclaimer lang="de_DE">Ohne Gewähr</disclaimer><disclaimer>As is</disclaimer>'
    element = addon(entry(addon_xml(declared), first_party=False, publisher="Example Works"))
    found = {one.get("lang"): one.text or "" for one in element.iterfind("extension/disclaimer")}
    assert set(found) == {"en_GB", "de_DE"}
    assert found["de_DE"].startswith("Ohne Gewähr\n\n")
    assert found["en_GB"].startswith("As is\n\n")
    for text in found.values():
        assert "a third party, Example Works: its own privacy practices apply" in text
        assert "http://127.0.0.1:8000/listings/kodi/plugin.video.example" in text


def test_a_third_partys_addon_without_a_disclaimer_gets_one() -> None:
    (text,) = texts(addon(entry(addon_xml(), first_party=False)), "disclaimer")
    assert "its own privacy practices apply" in text


def test_the_operators_own_addon_keeps_its_words() -> None:
    element = addon(entry(addon_xml("<disclaimer>As is</disclaimer>"), first_party=True))
    assert texts(element, "disclaimer") == ["As is"]


def test_pictures_are_those_that_the_registry_serves_below_the_addons_folder() -> None:
    declared = "<assets><icon>icon.png</icon><banner>gone.jpg</banner></assets>"
    pictures = {
        "icon": "https://media.example/a1.webp",
        "screenshot-1": "https://media.example/b2.jpg?x",
        "screenshot-2": "https://media.example/c3",
    }
    (assets,) = addon(entry(addon_xml(declared), pictures=pictures)).iterfind("extension/assets")
    assert [(one.tag, one.text) for one in assets] == [
        ("icon", "1.0.0/icon.webp"),
        ("screenshot", "1.0.0/screenshot-1.jpg"),
        ("screenshot", "1.0.0/screenshot-2.png"),
    ]


def test_an_addon_without_metadata_gets_some() -> None:
    bare = b'<addon id="script.example" version="1.0.0"><extension point="xbmc.service"/></addon>'
    element = addon(entry(bare, license=None))
    assert [one.get("point") for one in element] == ["xbmc.service", "xbmc.addon.metadata"]
    assert texts(element, "size") == ["4711"]


def test_what_the_author_wrote_is_kept_character_by_character() -> None:
    words = "a &amp; b &lt;c&gt;\n  [B]d[/B] \u00e9 \U0001f3ac"
    written = addon_xml(
        f'<summary lang="en_GB">{words}</summary>\n<!-- gone -->',
        ending='<extension point="kodi.context.item"><menu id="&quot;m&#10;&quot;"/></extension>',
    )
    element = addon(entry(written))
    assert texts(element, "summary") == ["a & b <c>\n  [B]d[/B] \u00e9 \U0001f3ac"]
    (menu,) = element.iterfind("extension/menu")
    assert menu.get("id") == '"m\n"'


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_of_a_publisher_breaks_the_list(publisher: str, license_: str) -> None:
    element = addon(entry(addon_xml(), first_party=False, publisher=publisher, license=license_))
    assert len(texts(element, "disclaimer")) == 1


@needs_shared
def test_every_addon_of_the_corpus_is_listed_as_its_author_wrote_it() -> None:
    said_by_the_feed = {"size", "path", "license", "disclaimer", "assets"}
    contents = {path.parent.name: path.read_bytes() for path in (SHARED / "corpus/kodi").glob("*/addon.xml")}
    served = files(*(entry(content, first_party=False) for content in contents.values()))
    by_id = {one.get("id"): one for one in listed(served)}
    assert set(by_id) == {*contents, REPOSITORY}
    for identifier, content in contents.items():
        parser = etree.XMLParser(remove_comments=True, remove_pis=True)
        original = etree.fromstring(content, parser)
        shown, written = (meaning(one, said_by_the_feed) for one in (by_id[identifier], original))
        if identifier == "xbmc.python":  # has no metadata extension, so the list adds one
            shown[-1] = shown[-1][:-1]
        assert shown == written
    (index,) = KODI.read_file("addons.xml", shortened(served)).findings
    assert index.code == "manifest.index"
    assert f"list of {len(by_id)} add-ons" in index.message


def shortened(served: dict[str, FeedFile]) -> bytes:
    """Return the list without its long texts, so that it passes as one manifest."""
    return re.sub(rb"<(summary|description|news|disclaimer)\b.*?</\1>", b"",
                  served["kodi/addons.xml"].body, flags=re.DOTALL)  # fmt: skip


def meaning(element: etree._Element, without: set[str]) -> list[Any]:
    """Return tag, attributes, text and children; white space is nothing, but inside of texts."""
    children = [meaning(child, without) for child in element if child.tag not in without]
    blank = len(element) or not (element.text or "").strip()
    return [element.tag, dict(element.attrib), "" if blank else element.text, children]


# --- the repository add-on ---


def repository(site: Site = SITE) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(repository_zip(site))) as archive:
        return etree.fromstring(archive.read(f"{repository_id(site)}/addon.xml"))


def test_the_repository_is_a_zip_with_one_folder_that_kodi_accepts() -> None:
    with zipfile.ZipFile(io.BytesIO(repository_zip(SITE))) as archive:
        assert archive.namelist() == [f"{REPOSITORY}/addon.xml", f"{REPOSITORY}/icon.png"]
        with Image.open(io.BytesIO(archive.read(f"{REPOSITORY}/icon.png"))) as picture:
            assert (picture.format, picture.size) == ("PNG", (256, 256))
        reading = KODI.read_file("addon.xml", archive.read(f"{REPOSITORY}/addon.xml"))
    assert [one.code for one in reading.findings] == ["manifest.id_reserved", "manifest.no_license"]
    assert reading.metadata.identifier == REPOSITORY


@pytest.mark.parametrize("identifier", [REPOSITORY, REPOSITORY.title()])
def test_no_publisher_can_pose_as_the_repository(identifier: str) -> None:
    posing = entry(addon_xml(identifier=identifier, version="99.0.0"))
    assert [one.get("version") for one in listed(files(posing))] == [repository_version(SITE)]


def test_each_series_has_a_directory_and_none_overlaps() -> None:
    found = []
    for directory in repository().iterfind("extension/dir"):
        info = directory.findtext("info")
        checksum = directory.find("checksum")
        assert checksum is not None
        assert (checksum.text, checksum.get("verify")) == (f"{info}.sha256", "sha256")
        assert directory.findtext("datadir") == BASE
        assert directory.findtext("hashes") == "sha256"
        found.append((info, directory.get("minversion"), directory.get("maxversion")))
    assert found == [
        (f"{BASE}leia/addons.xml.gz", "17.9.0", "18.89.999"),
        (f"{BASE}matrix/addons.xml.gz", "18.90.0", "19.89.999"),
        (f"{BASE}nexus/addons.xml.gz", "19.90.0", "20.89.999"),
        (f"{BASE}omega/addons.xml.gz", "20.90.0", None),
    ]


@pytest.mark.parametrize(
    ("running", "series"),
    [
        ("17.9.910", "leia"), ("19.1.0", "matrix"), ("18.90.3", "matrix"), ("20.1.0", "nexus"),
        ("20.90.101", "omega"), ("21.0.0", "omega"), ("21.2.0", "omega"), ("21.90.1", "omega"),
    ],
)  # fmt: skip
def test_a_running_kodi_matches_one_directory(running: str, series: str) -> None:
    key = version_key(running)
    matching = [
        directory.findtext("info")
        for directory in repository().iterfind("extension/dir")
        if version_key(directory.get("minversion") or "") <= key
        and (not directory.get("maxversion") or key <= version_key(directory.get("maxversion", "")))
    ]
    assert matching == [f"{BASE}{series}/addons.xml.gz"]


def test_every_address_in_the_repository_is_a_file_of_the_feed() -> None:
    served = files()
    for directory in repository().iterfind("extension/dir"):
        for tag in ("info", "checksum"):
            assert (directory.findtext(tag) or "").removeprefix(f"{SITE.url}/feeds/") in served


def test_the_repository_is_served_by_name_by_version_and_in_every_list() -> None:
    served = files()
    version = repository_version(SITE)
    package = served[f"kodi/{REPOSITORY}.zip"]
    path = f"{REPOSITORY}/{REPOSITORY}-{version}.zip"
    assert served[f"kodi/{path}"].body == package.body == repository_zip(SITE)
    digest = hashlib.sha256(package.body)
    assert served[f"kodi/{path}.sha256"].body.split()[0].decode() == digest.hexdigest()
    for name in (f"kodi/{path}", f"kodi/{REPOSITORY}.zip"):
        header = base64.b64encode(digest.digest()).decode()
        assert served[name].headers == {"Content-SHA256": header}
    for folder in LISTS:
        (element,) = listed(served, folder)
        assert element.get("version") == version
        assert texts(element, "path") == [path]
        assert texts(element, "size") == [str(len(package.body))]
        (icon,) = element.iterfind("extension/assets/icon")
        assert f"kodi/{REPOSITORY}/{icon.text}" in served


def test_the_same_site_gives_the_same_zip_and_a_new_revision_a_higher_version() -> None:
    assert repository_zip(SITE) == repository_zip(SITE)
    later = Site(SITE.url, SITE.host, revision=SITE.revision + 1)
    assert version_key(repository_version(later)) > version_key(repository_version(SITE))
    assert version_key("1.0.99") < version_key(repository_version(SITE))


def test_whoever_changes_the_repositorys_words_raises_its_layout() -> None:
    """When this fails: raise LAYOUT by one, then put the new digest here."""
    digest = hashlib.sha256(repository_element(SITE).encode()).hexdigest()
    assert (LAYOUT, digest[:16]) == (1, "56b0ab1d7177a70e")


@pytest.mark.parametrize(
    ("host", "identifier"),
    [
        ("plugins.example.org", "repository.marquee.plugins.example.org"),
        ("Plugins.Example.ORG:8443", "repository.marquee.plugins.example.org-8443"),
        ("[::1]:8000", "repository.marquee.1-8000"),
        ("bücher.example", "repository.marquee.b-cher.example"),
        ("", "repository.marquee.local"),
        ("../../x", "repository.marquee.x"),
        ("a..b...c", "repository.marquee.a.b.c"),
        ("h" * 300, "repository.marquee." + "h" * 60),
    ],
)
def test_the_repositorys_id_is_made_from_the_host(host: str, identifier: str) -> None:
    site = Site(SITE.url, host)
    assert repository_id(site) == identifier
    assert is_identifier(identifier)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=80))
def test_any_host_gives_a_sound_id(host: str) -> None:
    assert is_identifier(repository_id(Site(SITE.url, host)))


def test_markup_in_the_sites_name_stays_text() -> None:
    site = Site("http://h/?a=1&b=<c>", "h", name='A "B" & <C>')
    assert repository(site).get("name") == 'A "B" & <C> (h)'
