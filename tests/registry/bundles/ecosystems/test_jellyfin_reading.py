from typing import Any

import pytest

from registry.bundles.ecosystems import recognise
from registry.bundles.ecosystems.base import Kind
from registry.bundles.ecosystems.jellyfin import JELLYFIN
from registry.bundles.ecosystems.jellyfin.assembly import read_assembly
from registry.bundles.ecosystems.jellyfin.description import kind_of
from registry.bundles.findings import BundleRejected
from tests.registry.bundles.ecosystems.assemblies import EXAMPLE_DLL, GUID, versioned
from tests.registry.bundles.ecosystems.jellyfin_plugins import BUILD, DLL, codes, line_of, meta, read, refused
from tests.registry.bundles.packing import bundle_of

# --- the whole ---


def test_a_sound_plugin_is_read_whole_and_only_its_license_is_asked() -> None:
    reading = read(meta())
    assert codes(reading) == ["manifest.no_license"]
    assert reading.findings[0].severity == "info"
    said = reading.metadata
    assert (said.kind, said.identifier, said.version, said.name) == (
        Kind.AGENT, GUID, "2.3.4.5", "Example",
    )  # fmt: skip
    assert (said.summary, said.author, said.changelog) == ("Finds examples", "Ada", "First")
    assert said.facts == {"target_abi": "10.11.0.0", "category": "Metadata", "image": None}


@pytest.mark.parametrize(
    ("files", "is_jellyfins"),
    [
        ({DLL: b"MZ"}, True),
        ({"meta.json": meta(), DLL: b"MZ"}, True),
        ({"plugin/meta.json": meta(), "plugin/a.dll": b"MZ"}, True),
        ({"meta.json": meta()}, True),
        ({"meta.json": '{"title": "something else"}'}, False),
        ({"app.exe": b"MZ", "app.dll": b"MZ"}, False),
        ({"app.runtimeconfig.json": "{}", "app.dll": b"MZ"}, False),
        ({"lib/deep/native.dll": b"MZ", "main.py": ""}, False),
        ({"readme.txt": ""}, False),
    ],
)
def test_a_zip_is_jellyfins_by_its_meta_json_or_its_dlls(
    files: dict[str, str | bytes], *, is_jellyfins: bool
) -> None:
    assert JELLYFIN.recognises(bundle_of(files)) is is_jellyfins
    assert (recognise(bundle_of(files)) is JELLYFIN) is is_jellyfins


# --- layout ---


def test_a_zip_without_a_dll_is_refused() -> None:
    with pytest.raises(BundleRejected) as refusal:
        JELLYFIN.read(bundle_of({"meta.json": meta()}))
    assert refusal.value.finding.code == "layout.jellyfin_dll"


def test_a_folder_around_everything_is_accepted_and_told_with_the_way_to_pack() -> None:
    reading = JELLYFIN.read(bundle_of({"Example/meta.json": meta(), f"Example/{DLL}": EXAMPLE_DLL}))
    assert codes(reading) == ["layout.jellyfin_root", "manifest.no_license"]
    assert "zip -r" in reading.findings[0].fix
    assert reading.metadata.identifier == GUID


def test_a_meta_json_deeper_down_is_told_and_not_read() -> None:
    reading = read(meta(), **{"data/meta.json": '{"guid": "other"}'})
    assert codes(reading) == ["manifest.nested", "manifest.no_license"]


def test_a_picture_is_found_by_meta_json_or_by_its_usual_name() -> None:
    assert read(meta(), **{"image.png": ""}).metadata.pictures == {"icon": "image.png"}
    named = read(meta(imagePath="/config/plugins/x/art.jpg"), **{"art.jpg": "", "image.png": ""})
    assert named.metadata.pictures == {"icon": "art.jpg"}
    assert read(meta()).metadata.pictures == {}


# --- without a meta.json ---


def test_without_meta_json_the_assembly_says_what_it_can() -> None:
    reading = read()
    said = reading.metadata
    assert (said.identifier, said.version, said.kind, said.name) == (GUID, "2.3.4.5", None, None)
    assert said.facts["target_abi"] == "10.11.0.0"
    assert codes(reading) == [
        "manifest.missing", "manifest.no_name", "manifest.no_kind", "manifest.no_license",
    ]  # fmt: skip


def test_a_version_that_build_tools_write_by_themselves_says_nothing() -> None:
    reading = read(dll=versioned(1, 0, 0, 0))
    assert reading.metadata.version is None
    assert "manifest.no_version" in codes(reading)


@pytest.mark.parametrize("dll", [b"", b"MZ", EXAMPLE_DLL[:700], b"MZ" + bytes(4000)])
def test_what_is_no_assembly_says_nothing_and_breaks_nothing(dll: bytes) -> None:
    assert read_assembly(dll) is None
    reading = read(dll=dll)
    assert (reading.metadata.identifier, reading.metadata.version) == (None, None)
    assert {"manifest.missing", "manifest.no_id", "manifest.no_version"} <= set(codes(reading))


def test_a_guid_that_the_code_does_not_hold_is_told() -> None:
    reading = read(meta(guid="00000000-0000-4000-8000-000000000001"))
    assert "manifest.id_differs" in codes(reading)
    assert GUID in reading.findings[0].message


def test_marquee_toml_says_what_the_zip_cannot() -> None:
    toml = (
        'id = "3F1C9A52-0D6E-4B7A-9C11-5A2E7D40B8F3"\nversion = "3.1"\nname = "Example"\n'
        'kind = "agent"\nlicense = "MIT"\n'
    )
    reading = read(dll=b"MZ", **{"marquee.toml": toml})
    said = reading.metadata
    assert (said.identifier, said.version, said.name) == (GUID, "3.1.0.0", "Example")
    assert (said.kind, said.license) == (Kind.AGENT, "MIT")
    assert not {"manifest.no_license", "manifest.no_kind"} & set(codes(reading))


def test_marquee_toml_is_held_to_jellyfins_rules() -> None:
    with pytest.raises(BundleRejected) as refusal:
        read(dll=b"MZ", **{"marquee.toml": 'id = "not.a.guid"\n'})
    assert refusal.value.finding.code == "manifest.id"


# --- identity ---


@pytest.mark.parametrize(
    "guid",
    [
        None, "", "../../x", GUID.replace("-", ""), f"{{{GUID}}}", GUID[:-1], GUID + "\n",
        "00000000-0000-0000-0000-000000000000", "\uff13" + GUID[1:], 5,
    ],
)  # fmt: skip
def test_a_guid_that_meta_jsons_reader_refuses_is_refused(guid: object) -> None:
    document = meta(guid=guid)
    finding = refused(document)
    assert finding.code == "manifest.id"
    assert finding.line == (1 if guid is None else line_of(document, '"guid"'))


def test_a_guid_is_kept_in_lower_case_and_build_yaml_may_leave_out_the_hyphens() -> None:
    assert read(meta(guid=GUID.upper())).metadata.identifier == GUID
    bare = BUILD.replace(GUID, GUID.replace("-", "").upper())
    assert JELLYFIN.read_file("build.yaml", bare.encode()).metadata.identifier == GUID


@pytest.mark.parametrize(
    "name",
    [
        "", " ", ".", "..", "a/b", "a\\b", 'a"b', "a:b", "a*b", "a?b", "a<b", "a|b", " a", "a.",
        "a\u0000b", "a\tb", "a\u202eb", "a\u200bb", "CON", "nul.txt", "com1", "x" * 101,
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_a_folder_is_refused(name: str) -> None:
    document = meta(name=name)
    finding = refused(document)
    assert (finding.code, finding.line) == ("manifest.name", line_of(document, '"name"'))


@pytest.mark.parametrize("name", ["Last.fm", "TMDb Box Sets", "Kino - Überblick", "日本語", "A & B"])
def test_names_in_use_are_accepted(name: str) -> None:
    assert read(meta(name=name)).metadata.name == name


@pytest.mark.parametrize("version", ["1.0.0-beta", "v1", "1.0\n", "1.2.3.4.5", "v٣.0", "1" * 10_000])
def test_a_version_that_servers_cannot_read_is_refused(version: str) -> None:
    document = meta(version=version)
    finding = refused(document)
    assert (finding.code, finding.line) == ("manifest.version", line_of(document, '"version"'))


def test_a_short_version_is_padded_and_told() -> None:
    reading = read(meta(version="2.3"))
    assert reading.metadata.version == "2.3.0.0"
    assert "manifest.version_short" in codes(reading)


def test_a_version_in_build_yaml_is_a_number_or_in_quotes() -> None:
    assert JELLYFIN.read_file("build.yaml", BUILD.encode()).metadata.version == "11.0.0.0"
    with pytest.raises(BundleRejected) as refusal:
        JELLYFIN.read_file("build.yaml", BUILD.replace("version: 11", "version: 1.10").encode())
    assert (refusal.value.finding.code, refusal.value.finding.line) == ("manifest.version", 4)
    assert "'" in refusal.value.finding.fix


# --- what a server would stumble over ---


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"targetAbi": "latest"}, "manifest.target_abi"),
        ({"timestamp": "yesterday"}, "manifest.field"),
        ({"timestamp": "2026-13-01T00:00:00Z"}, "manifest.field"),
        ({"timestamp": 5}, "manifest.field"),
        ({"autoUpdate": "yes"}, "manifest.field"),
        ({"status": "Fine"}, "manifest.field"),
        ({"overview": ["a"]}, "manifest.field"),
        ({"owner": {"name": "Ada"}}, "manifest.field"),
        ({"changelog": True}, "manifest.field"),
        ({"assemblies": "a.dll"}, "manifest.field"),
    ],
)
def test_a_value_that_makes_a_server_drop_meta_json_is_refused(change: dict[str, Any], code: str) -> None:
    document = meta(**change)
    with pytest.raises(BundleRejected) as refusal:
        read(document)
    finding = refusal.value.finding
    assert (finding.code, finding.line) == (code, line_of(document, f'"{next(iter(change))}"'))


@pytest.mark.parametrize(
    "assemblies", [["Missing.dll"], [DLL, DLL], ["../x.dll"], ["/etc/x.dll"], [DLL.upper()]]
)
def test_assemblies_that_a_server_would_not_load_are_refused(assemblies: list[str]) -> None:
    with pytest.raises(BundleRejected) as refusal:
        read(meta(assemblies=assemblies))
    assert refusal.value.finding.code == "manifest.assemblies"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"targetAbi": None}, "manifest.no_target_abi"),
        ({"targetAbi": "10.12.0.0"}, "manifest.target_abi_series"),
        ({"version": None}, "manifest.no_version"),
        ({"name": None}, "manifest.no_name"),
        ({"autoUpdate": False}, "manifest.auto_update"),
        ({"status": "Disabled"}, "manifest.status"),
        ({"status": -1}, "manifest.status"),
    ],
)
def test_what_is_unwise_is_told(change: dict[str, Any], code: str) -> None:
    reading = JELLYFIN.read_file("meta.json", meta(**change).encode())
    assert [finding.code for finding in reading.findings] == [code]
    assert reading.findings[0].line


def test_what_jprm_needs_and_build_yaml_lacks_is_told() -> None:
    short = BUILD.replace('owner: "Ada"\n', "").replace("overview", "summary")
    reading = JELLYFIN.read_file("build.yaml", short.encode())
    assert codes(reading) == ["manifest.field_missing"] * 2


@pytest.mark.parametrize(
    "document", ['{"guid": "a", "guid": "b"}', '\ufeff{"guid": "a"}', '{"guid": NaN}', '{"guid": "a",}']
)
def test_json_that_readers_disagree_on_is_refused(document: str) -> None:
    assert refused(document).code == "manifest.json"


def test_yaml_that_does_more_than_hold_data_is_refused() -> None:
    with pytest.raises(BundleRejected) as refusal:
        JELLYFIN.read_file("build.yaml", BUILD.replace('"Ada"', "!!python/object:os.x {}").encode())
    assert refusal.value.finding.code == "manifest.yaml"


# --- kinds ---


@pytest.mark.parametrize(
    ("category", "name", "kind"),
    [
        ("Metadata", "x", Kind.AGENT),
        ("Books", "x", Kind.AGENT),
        ("Anime", "x", Kind.AGENT),
        ("Music", "Example Metadata Provider", Kind.AGENT),
        ("Channels", "x", Kind.CHANNEL),
        ("Channel", "x", Kind.CHANNEL),
        ("LiveTV", "x", Kind.CHANNEL),
        ("Live TV", "x", Kind.CHANNEL),
        ("General", "x", Kind.PLUGIN),
        ("MoviesAndShows", "x", Kind.PLUGIN),
        ("", "", Kind.PLUGIN),
    ],
)
def test_the_category_decides_the_kind(category: str, name: str, kind: Kind) -> None:
    assert kind_of(category, name) == kind
