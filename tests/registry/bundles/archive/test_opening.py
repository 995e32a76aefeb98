"""What an upload is, is seen from its bytes; and what an opened bundle promises its readers."""

import io

import pytest

from registry.bundles.archive.opening import open_bundle
from registry.bundles.findings import BundleRejected, Severity
from registry.bundles.limits import Limits
from tests import archives as a
from tests.archives import Member, apk_of, python_zip, signing_block, words, zip_of
from tests.hostile import good_zip


def opened(content: bytes, filename: str = "bundle.zip", **limits: int):
    return open_bundle(io.BytesIO(content), filename, Limits(**limits))


def code_of(content: bytes, filename: str = "bundle.zip", **limits: int) -> str:
    with pytest.raises(BundleRejected) as caught:
        opened(content, filename, **limits)
    return caught.value.finding.code


def test_the_name_of_an_upload_decides_nothing_about_a_zip():
    for filename in ("x.zip", "x.bin", "x.xml", "x", "x.tar"):
        assert opened(good_zip(), filename).container == "zip"


def test_a_bundle_knows_its_name_size_and_entries():
    content = zip_of(Member("dir/a.txt", b"x" * 500))
    bundle = opened(content, "plugin.zip")
    (entry,) = bundle.entries
    assert (bundle.filename, bundle.size_bytes) == ("plugin.zip", len(content))
    assert (entry.name, entry.size_bytes, entry.mode) == ("dir/a.txt", 500, 0o100644)
    assert 0 < entry.compressed_bytes < 500


def test_entries_are_found_by_name_and_folders_are_not():
    bundle = opened(zip_of(a.folder("dir/"), Member("dir/a.txt")))
    assert "dir/a.txt" in bundle
    assert "dir" not in bundle
    assert "dir/" not in bundle
    with pytest.raises(KeyError):
        bundle.read("nothing", 10)
    with pytest.raises(KeyError):
        list(bundle.stream("nothing"))


def test_a_read_is_held_to_its_limit():
    bundle = opened(zip_of(Member("a.txt", b"x" * 500)))
    assert bundle.read("a.txt", 500) == b"x" * 500
    with pytest.raises(BundleRejected, match=r"limit\.entry"):
        bundle.read("a.txt", 499)


def test_streams_of_one_bundle_take_turns_and_begin_anew():
    files = {"a": words(60_000, 1), "b": words(60_000, 2)}
    bundle = opened(python_zip(files))
    first, second = bundle.stream("a"), bundle.stream("b")
    found = {"a": b"", "b": b""}
    for piece_a, piece_b in zip(first, second, strict=False):
        assert max(len(piece_a), len(piece_b)) <= 65_536
        found["a"] += piece_a
        found["b"] += piece_b
    found["a"] += b"".join(first)
    found["b"] += b"".join(second)
    assert found == files
    assert b"".join(bundle.stream("a")) == files["a"]


def test_a_file_that_reads_in_short_pieces_is_read_to_the_end():
    class Short(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 1000) if size > 0 else size)

    files = {"a": words(20_000), "b": b"x"}
    bundle = open_bundle(Short(python_zip(files)), "bundle.zip")
    assert bundle.read("a", 10**7) == files["a"]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"upload_bytes": 100}, "limit.upload"),
        ({"entries": 1}, "limit.entries"),
        ({"entry_bytes": 100}, "limit.entry"),
        ({"unpacked_bytes": 500}, "limit.unpacked"),
        ({"entry_ratio": 2, "entry_ratio_from_bytes": 100}, "limit.ratio"),
        ({"total_ratio": 2, "total_ratio_from_bytes": 100}, "limit.ratio"),
        ({"path_bytes": 10}, "path.too_long"),
        ({"segment_bytes": 8}, "path.too_long"),
        ({"depth": 1}, "path.too_long"),
    ],
)
def test_an_operator_may_tighten_every_limit(limits, code):
    assert code_of(good_zip(), **limits) == code


def test_names_that_windows_cannot_have_are_told():
    (finding,) = opened(zip_of(Member("what?.txt"), Member('a"b'))).findings
    assert (finding.code, finding.severity) == ("path.reserved", Severity.WARNING)


def test_folders_that_differ_in_case_are_told():
    (finding,) = opened(zip_of(Member("Lib/a.py"), Member("lib/b.py"))).findings
    assert (finding.code, finding.severity) == ("path.collision", Severity.WARNING)


@pytest.mark.parametrize(
    "filename", ["org.example.App.metainfo.xml", "addon.xml", "meta.JSON", "x.plist", "x.yml", "x.toml"]
)
def test_one_metadata_file_is_a_document_of_one_entry(filename):
    bundle = opened(b"<component/>", filename)
    assert (bundle.container, [entry.name for entry in bundle.entries]) == ("document", [filename])
    assert bundle.read(filename, 100) == b"<component/>"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"GIF89a", "archive.not_zip"), (b"\x1f\x8b\x08", "archive.type"), (b"MZ", "archive.type")],
)
def test_what_only_calls_itself_metadata_is_refused_where_its_bytes_say_otherwise(content, code):
    name = "x.xml" if code == "archive.type" else "x.gif"
    assert code_of(content, name) == code


def test_a_document_with_a_bad_name_is_refused():
    assert code_of(b"<a/>", "../a.xml") == "path.traversal"


def test_a_zip_behind_a_document_is_a_prefix():
    assert code_of(b"<component/>" + good_zip(), "x.xml") == "archive.prefix"


SIGNED = signing_block((0x7109871A, b"v2 of a signer"), (0x42726577, bytes(100)))


def test_an_apk_may_have_one_signing_block_and_names_that_differ_in_case():
    bundle = opened(apk_of(Member("res/a.xml"), Member("res/A.xml"), block=SIGNED), "app.apk")
    assert bundle.container == "apk"
    assert bundle.signing_block == SIGNED
    assert b"".join(bundle.stream("res/A.xml")) == Member("").content


def test_an_apk_without_a_signing_block_has_none():
    assert opened(apk_of()).signing_block is None


@pytest.mark.parametrize(
    "block",
    [SIGNED + SIGNED, b"more" + SIGNED, SIGNED[:40] + b"x" + SIGNED[40:], SIGNED[:-1] + b"3"],
    ids=["two", "bytes before it", "a byte inside", "magic"],
)
def test_a_signing_block_that_is_not_one_valid_block_is_refused(block):
    assert code_of(apk_of(Member("a"), block=block)).startswith("archive.")


def test_a_block_whose_pairs_do_not_fill_it_is_refused():
    broken = bytearray(SIGNED)
    broken[8] += 1
    assert code_of(apk_of(Member("a"), block=bytes(broken))) == "archive.gap"


def test_a_signing_block_is_for_apks_alone():
    assert code_of(zip_of(Member("a"), before_directory=SIGNED)) == "archive.gap"


def test_a_zip_that_only_holds_a_file_called_like_androids_manifest_is_no_apk():
    text = Member("AndroidManifest.xml", b"<manifest/>")
    assert opened(zip_of(text)).container == "zip"
    assert code_of(zip_of(text, Member("A"), Member("a"))) == "path.collision"
