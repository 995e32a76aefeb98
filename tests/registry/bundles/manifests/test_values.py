"""What honest manifests mean: values, lines and remarks; every valid file of the corpus is read."""

import json
import os
import plistlib
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.findings import BundleRejected, Severity
from registry.bundles.manifests.desktop import parse_desktop
from registry.bundles.manifests.json import parse_json
from registry.bundles.manifests.keyvalue import parse_keyvalue
from registry.bundles.manifests.parsed import read_manifest
from registry.bundles.manifests.plist import parse_plist
from registry.bundles.manifests.toml import parse_toml
from registry.bundles.manifests.xml import parse_xml
from registry.bundles.manifests.yaml import parse_yaml
from tests.registry.bundles.packing import bundle_of

ROOT = Path(__file__).parents[4]
SHARED = Path(os.environ.get("MARQUEE_SHARED", ROOT.parent / "shared"))


def test_a_manifest_is_read_from_its_bundle():
    assert read_manifest(bundle_of({"addon.xml": "<addon/>"}), "addon.xml") == b"<addon/>"


def test_xml_keeps_lines_and_leaves_comments_out():
    content = b"<?xml version='1.0'?>\n<!-- c -->\n<a>\n  <b x='1'/><!-- d --><?pi?>\n  text</a>"
    root = parse_xml(content, path="m").value
    assert [(one.tag, one.sourceline) for one in root.iter()] == [("a", 3), ("b", 4)]
    assert root[0].get("x") == "1"


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf8", "utf-8"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("", "utf-8-sig"),
    ],
)
def test_xml_is_read_in_the_encoding_that_it_declares(declared, codec):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    content = f"{declaration}<a>café</a>".encode(codec)
    assert parse_xml(content, path="m").value.text == "café"


def test_xml_namespaces_are_kept():
    content = b'<widget xmlns="http://www.w3.org/ns/widgets" xmlns:t="urn:t" id="x"><t:app/></widget>'
    assert parse_xml(content, path="m").value[0].tag == "{urn:t}app"


PLIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>CFBundleIdentifier</key>
  <string>com.plexapp.agents.example</string>
  <key>List</key> <array><string>*</string><true/><integer>-3</integer><real>1.5</real></array>
  <key>Hex</key> <integer>0x1F</integer>
  <key>Empty</key> <string/>
  <key>Made</key> <date>2020-02-29T12:00:00Z</date>
  <key>Data</key> <data> aGVs
    bG8= </data>
  <key>Empty</key> <string>again</string>
</dict></plist>
"""


def test_a_property_list_has_values_lines_and_a_remark_on_repeated_keys():
    parsed = parse_plist(PLIST, path="Info.plist")
    assert parsed.value == {
        "CFBundleIdentifier": "com.plexapp.agents.example",
        "List": ["*", True, -3, 1.5],
        "Hex": 31,
        "Empty": "again",
        "Made": datetime.fromisoformat("2020-02-29T12:00:00Z"),
        "Data": b"hello",
    }
    assert (parsed.line("CFBundleIdentifier"), parsed.line("Empty"), parsed.line("None")) == (5, 13, None)
    (finding,) = parsed.findings
    assert (finding.severity, finding.line) == (Severity.WARNING, 13)


def test_a_binary_property_list_is_read_with_a_remark():
    value = {"a": [1, {"b": b"x"}], "c": "d", "e": 2.5}
    parsed = parse_plist(plistlib.dumps(value, fmt=plistlib.FMT_BINARY), path="Info.plist")
    assert parsed.value == value
    assert [finding.code for finding in parsed.findings] == ["plist.binary"]


YAML = b"""# requires: A,B
name: "Example"
version: 1.10
date: 2024-01-02
flag: yes
empty:
tasks:
  - name: one
    port: 8080
    on: true
  - ratio: 1.5
long: >
  two
  lines
"""


def test_yaml_keeps_scalars_as_written_and_resolved():
    document = parse_yaml(YAML, path="x.yml")
    assert document.text == {
        "name": "Example", "version": "1.10", "date": "2024-01-02", "flag": "yes", "empty": None,
        "tasks": [{"name": "one", "port": "8080", "on": "true"}, {"ratio": "1.5"}], "long": "two lines\n",
    }  # fmt: skip
    assert document.value["version"] == 1.1
    assert document.value["tasks"] == [{"name": "one", "port": 8080, "on": True}, {"ratio": 1.5}]
    assert (document.value["flag"], document.value["date"]) == ("yes", "2024-01-02")


def test_yaml_knows_the_line_of_every_key():
    document = parse_yaml(YAML, path="x.yml")
    assert document.line("version") == 3
    assert document.line("tasks", 0, "port") == 9
    assert document.line("tasks", 1) == 11
    assert document.line("nothing") is None


def test_yaml_aliases_are_for_those_who_ask_and_counted_as_written_out():
    content = b"a: &x {k: v}\nb: *x\nc: [*x, *x]\n<<: *x\nd: {<<: *x, k: own}\n"
    with pytest.raises(BundleRejected, match="line 2"):
        parse_yaml(content, path="m")
    value = parse_yaml(content, path="m", aliases=True).value
    assert value["b"] == value["c"][1] == {"k": "v"}
    assert value["k"] == "v"
    assert value["d"] == {"k": "own"}
    bomb = "a: &a [x, x]\n" + "".join(
        f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefghijklmno", "bcdefghijklmnop", strict=True)
    )
    with pytest.raises(BundleRejected, match=r"more than 10,000 values"):
        parse_yaml(bomb.encode(), path="m", aliases=True)


@pytest.mark.parametrize("content", [b"a: *a\n", b"a: &a [*a]\n", b"a: &a {b: *a}\n"])
def test_yaml_aliases_of_nothing_and_of_themselves_are_refused(content):
    with pytest.raises(BundleRejected, match="stands for nothing before it"):
        parse_yaml(content, path="m", aliases=True)


def test_an_empty_yaml_file_is_none():
    assert parse_yaml(b"", path="m").value is None
    assert parse_yaml(b"# only a comment\n", path="m").text is None


def test_json_knows_the_line_of_every_key():
    parsed = parse_json(b'{\n "a": [\n  1,\n  {"b": null}\n ]\n}', path="m")
    assert parsed.value == {"a": [1, {"b": None}]}
    assert (parsed.line(), parsed.line("a"), parsed.line("a", 1, "b")) == (1, 2, 4)


def test_lenient_json_accepts_what_real_files_have_and_tells_it():
    content = b'\xef\xbb\xbf// prefs\n[{"id": "a", /* why */ "default": [1, 2,],},\n]\n'
    parsed = parse_json(content, path="DefaultPrefs.json", lenient=True)
    assert parsed.value == [{"id": "a", "default": [1, 2]}]
    assert {finding.code for finding in parsed.findings} == {"json.lenient"}
    assert len(parsed.findings) == 4
    with pytest.raises(BundleRejected):
        parse_json(b"[,]", path="m", lenient=True)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=6), inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(JSON_VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_any_json_that_the_standard_library_writes_is_read_as_it_reads_it(value, ascii_only, indent):
    try:
        content = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    except UnicodeEncodeError:
        return  # a lone surrogate, which UTF-8 cannot hold
    if "\\ud" in content.decode() and not ascii_only:
        return
    try:
        assert parse_json(content, path="m").value == json.loads(content)
    except BundleRejected as refusal:
        assert "surrogate" in refusal.finding.message  # noqa: PT017  # the other outcome is a value


def test_toml_has_values_and_lines():
    content = b'id = "x"\n\n[[data]]\ncode = "a"\n[[data]]\ncode = "b"\n[more]\nthere = true\n'
    parsed = parse_toml(content, path="privacy.toml")
    assert parsed.value["data"] == [{"code": "a"}, {"code": "b"}]
    assert (parsed.line("id"), parsed.line("data", 1, "code"), parsed.line("more", "there")) == (1, 6, 8)


def test_a_roku_manifest_is_pairs_split_at_the_first_equals_sign():
    content = b"# comment\ntitle=A = B\nmajor_version=1\r\n\n Title = x \nmajor_version=2"
    parsed = parse_keyvalue(content, path="manifest")
    assert parsed.value == {"title": "A = B", "major_version": "2", "Title": "x"}
    assert parsed.line("Title") == 5
    assert [finding.code for finding in parsed.findings] == ["keyvalue.repeated_key", "keyvalue.no_newline"]


@pytest.mark.parametrize(
    ("content", "line"), [(b"a=1\nb\n", 2), (b"=x\n", 1), (b"a=1\n\nb=\xff\n", 3), (b"a=\0\n", 1)]
)
def test_a_line_that_is_no_pair_is_told(content, line):
    with pytest.raises(BundleRejected) as caught:
        parse_keyvalue(content, path="manifest")
    finding = caught.value.finding
    assert (finding.code, finding.line) == ("manifest.keyvalue", line)


def test_a_desktop_file_is_groups_of_keys():
    content = (
        b"# c\n[Desktop Entry]\nName=Example\nName[de]=Beispiel\nComment=a\\nb\\\\s\nName=twice\n"
        b"[Desktop Action x]\nExec=x\n"
    )
    parsed = parse_desktop(content, path="x.desktop")
    entry = parsed.value["Desktop Entry"]
    assert entry == {"Name": "Example", "Name[de]": "Beispiel", "Comment": "a\nb\\s"}
    assert parsed.value["Desktop Action x"] == {"Exec": "x"}
    assert parsed.line("Desktop Entry", "Comment") == 5


@pytest.mark.parametrize("content", [b"Name=x\n", b"[Desktop Entry]\nName\n", b"[a]\nb c=d\n"])
def test_a_line_outside_the_grammar_of_desktop_files_is_told(content):
    with pytest.raises(BundleRejected) as caught:
        parse_desktop(content, path="x.desktop")
    assert caught.value.finding.code == "manifest.desktop"
    assert caught.value.finding.line == content.count(b"\n")


BY_ENDING = {
    ".xml": parse_xml,
    ".plist": parse_plist,
    ".json": parse_json,
    ".yml": parse_yaml,
    ".yaml": parse_yaml,
}
MALFORMED = {"kodi/script.artwork.downloader/resources/settings.xml": ("manifest.xml", 12)}
CORPUS = sorted(path for path in (SHARED / "corpus").rglob("*") if path.suffix in BY_ENDING)


@pytest.mark.skipif(not CORPUS, reason="MARQUEE_SHARED is not there")
def test_every_valid_file_of_the_corpus_is_read():
    for path in CORPUS:
        name = path.relative_to(SHARED / "corpus").as_posix()
        options = {"aliases": True} if path.suffix == ".yml" else {}
        try:
            parsed = BY_ENDING[path.suffix](path.read_bytes(), path=name, **options)
        except BundleRejected as refusal:
            assert (refusal.finding.code, refusal.finding.line) == MALFORMED[name]  # noqa: PT017
            continue
        assert name not in MALFORMED
        assert all(finding.severity is not Severity.ERROR for finding in parsed.findings)
