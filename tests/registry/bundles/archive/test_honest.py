"""Honest archives of every common writer are accepted, and stream the bytes that were packed."""

import io
import os
import random
import shutil
import subprocess
import unicodedata
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.archive.opening import open_bundle
from registry.bundles.findings import BundleRejected, Severity
from tests import archives as a
from tests.archives import Member, folder, python_zip, streamed_python_zip, zip64_of, zip_of

FILES = {
    "addon.xml": b"<addon/>\n" * 30,
    "resources/lib/main.py": b"print('hello')\n" * 200,
    "resources/icon.png": random.Random(3).randbytes(70_000),
    "empty": b"",
    "café/naïve.txt": "Übung\n".encode(),
}
WRITERS = {
    "python": python_zip,
    "python-stored": lambda files: python_zip(files, zipfile.ZIP_STORED),
    "python-pipe": streamed_python_zip,
    "python-pipe-zip64": lambda files: streamed_python_zip(files, zip64=True),
    "python-pipe-stored": lambda files: streamed_python_zip(files, method=0),
    "macos": a.macos_zip,
    "explorer": a.explorer_zip,
    "7-zip": a.seven_zip,
    "java": a.java_zip,
    "dotnet": a.dotnet_zip,
    "github": lambda files: a.github_zip(files, top="plugin-main"),
}


def opened(content: bytes, filename: str = "bundle.zip"):
    return open_bundle(io.BytesIO(content), filename)


def contents(bundle) -> dict[str, bytes]:
    return {entry.name: b"".join(bundle.stream(entry.name)) for entry in bundle.entries}


@pytest.mark.parametrize("writer", WRITERS)
def test_what_a_common_writer_packs_is_accepted_and_read_back(writer):
    found = contents(opened(WRITERS[writer](FILES)))
    own = {
        name.removeprefix("plugin-main/"): content
        for name, content in found.items()
        if not name.startswith("__MACOSX/")
    }
    assert own == FILES


def test_what_macos_adds_is_told():
    findings = opened(a.macos_zip(FILES)).findings
    assert {(f.code, f.severity) for f in findings} == {
        ("archive.macos_files", Severity.INFO),
        ("path.encoding", Severity.INFO),
    }


def test_the_old_dotnet_with_backslashes_is_refused():
    with pytest.raises(BundleRejected, match=r"path\.backslash"):
        opened(a.dotnet_zip(FILES, old=True))


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "tree"
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def packed_by(command: list[str], tree, *, pipe: bool = False) -> dict[str, bytes]:
    """The files in what a real program packs, by path."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    target = tree.parent / "packed.zip"
    arguments = [str(target) if one == "TARGET" else one for one in command]
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(arguments, cwd=tree, env=env, check=True, capture_output=True)
    found = contents(opened(done.stdout if pipe else target.read_bytes()))
    return {name: content for name, content in found.items() if not name.startswith("META-INF/")}


@pytest.mark.parametrize(
    "options", [["-r"], ["-rX"], ["-r0"], ["-rD"], ["-r", "-fz"], ["-r", "-UN=UTF8"]], ids=" ".join
)
def test_what_info_zip_packs_is_accepted(tree, options):
    assert packed_by(["zip", "-q", *options, "TARGET", "."], tree) == FILES


def test_what_info_zip_writes_to_a_pipe_is_accepted(tree):
    assert packed_by(["zip", "-q", "-r", "-", "."], tree, pipe=True) == FILES


@pytest.mark.parametrize("options", ["cf", "c0f", "cfM"])
def test_what_javas_jar_packs_is_accepted(tree, options):
    assert packed_by(["jar", options, "TARGET", "."], tree) == FILES


@pytest.mark.parametrize("program", ["7zz", "7z"])
def test_what_7_zip_packs_is_accepted(tree, program):
    assert packed_by([program, "a", "-tzip", "-bd", "TARGET", "."], tree) == FILES


def test_what_libarchive_packs_is_accepted(tree):
    names = sorted({name.split("/")[0] for name in FILES})
    assert packed_by(["bsdtar", "-acf", "TARGET", *names], tree) == FILES


def test_a_zip64_end_that_agrees_is_accepted():
    assert contents(opened(zip64_of(Member("a.txt", b"x"))))["a.txt"] == b"x"


def test_zip64_fields_of_entries_are_accepted_where_they_repeat_the_truth():
    member = Member("a.txt", b"x" * 99)
    sizes = a.extra(1, a.struct.pack("<QQ", 99, member.facts()["compressed"]))
    wide = {"size": a.MAX32, "compressed": a.MAX32, "extra": sizes}
    told_twice = {"extra": sizes}
    for central in ({}, wide, told_twice):
        for local in ({}, wide, told_twice):
            content = zip_of(Member("a.txt", b"x" * 99, local=local, central=central))
            assert contents(opened(content)) == {"a.txt": b"x" * 99}


def test_padding_that_aligns_entries_is_accepted():
    member = Member("a.txt", local={"extra": b"\0\0\0"})
    assert "a.txt" in opened(zip_of(member))


def test_folders_are_no_entries_and_deflated_ones_are_accepted():
    empty = folder("b/", method=a.DEFLATED, descriptor="signed")
    bundle = opened(zip_of(folder("a/"), empty, Member("b/c")))
    assert [entry.name for entry in bundle.entries] == ["b/c"]


def test_an_empty_zip_is_an_empty_bundle():
    assert opened(zip_of()).entries == []


def test_entries_keep_the_order_of_the_directory():
    first, second = Member("z"), Member("a")
    content = zip_of(first, second)
    records = a.central_header(second, len(zip_of(first)) - 47 - 22) + a.central_header(first, 0)
    directory_at = len(content) - 22 - len(records)
    swapped = content[:directory_at] + records + content[-22:]
    assert [entry.name for entry in opened(swapped).entries] == ["a", "z"]
    assert contents(opened(swapped)) == contents(opened(content))


def test_data_that_looks_like_an_end_by_accident_is_data():
    accident = b"PK\x05\x06" * 5000
    for number in range(4):
        content = python_zip({"a": accident, "b": bytes(19_280 + number - 200)}, zipfile.ZIP_STORED)
        assert contents(opened(content))["a"] == accident
    nested = python_zip({"inner.zip": python_zip({"deep": b"x"})}, zipfile.ZIP_STORED)
    assert "inner.zip" in opened(nested)


def test_github_archives_keep_their_top_folder():
    names = {entry.name for entry in opened(a.github_zip({"addon.xml": b"<a/>"})).entries}
    assert names == {"plugin-main/addon.xml"}


LETTERS = st.characters(
    codec="utf-8",
    categories=["L", "N", "Pd", "Ps", "Sm", "Sc"],
    exclude_characters="|<>\u115f\u1160",  # two of them letters that cannot be seen
    max_codepoint=0x2FFF,
)
PARTS = st.text(LETTERS, min_size=1, max_size=12).map(lambda part: f"x{part}")
NAMES = st.lists(PARTS, min_size=1, max_size=4).map("/".join)
CONTENTS = st.binary(max_size=300) | st.binary(max_size=40).map(lambda piece: piece * 900)


@settings(deadline=None, max_examples=120)
@given(
    st.dictionaries(NAMES, CONTENTS, max_size=8),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
    st.sampled_from(["file", "pipe", "pipe64"]),
)
def test_any_honest_zip_is_accepted_and_streams_the_same_bytes(files, method, target):
    try:
        tree = a_tree(files)
    except ValueError:
        return  # names that only differ in case, or a file that is a folder too
    if target == "file":
        content = python_zip(tree, method)
    else:
        content = streamed_python_zip(tree, zip64=target == "pipe64", method=method)
    bundle = opened(content)
    assert contents(bundle) == tree
    assert bundle.findings == ()


def a_tree(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files, if a case-blind file system can hold them. Raises ValueError."""

    def fold(name: str) -> str:
        return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())

    spelled: dict[str, str] = {}
    for name in files:
        parts = name.split("/")
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth])
            if spelled.setdefault(fold(path), path) != path:
                raise ValueError(path)
        if any(other.startswith(name + "/") for other in files):
            raise ValueError(name)
    return files
