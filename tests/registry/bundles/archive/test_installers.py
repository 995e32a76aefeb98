"""IPKs and AppImages: read without running anything, by the rules that zips have."""

import bz2
import gzip
import io
import shutil
import subprocess
import tarfile

import pytest
from PySquashfsImage import SquashFsImage

from registry.bundles.archive.opening import open_bundle
from registry.bundles.findings import BundleRejected
from registry.bundles.limits import MIB, Limits
from tests.archives import words
from tests.installers import (
    CONTROL,
    DESKTOP,
    GZIP,
    XZ,
    ZSTD,
    Image,
    appimage_of,
    ar_of,
    elf_of,
    ipk_of,
    tar_of,
    tar_with,
)

APPINFO = "usr/palm/applications/org.example.app/appinfo.json"
FILES = {f"./{APPINFO}": b'{"id": "org.example.app"}', "./usr/big": words(90_000), "./usr/empty": b""}


def opened(content: bytes, filename: str = "app.ipk", **limits: int):
    return open_bundle(io.BytesIO(content), filename, Limits(**limits))


def contents(bundle) -> dict[str, bytes]:
    return {entry.name: b"".join(bundle.stream(entry.name)) for entry in bundle.entries}


def code_of(content: bytes, filename: str = "app.ipk", **limits: int) -> str:
    with pytest.raises(BundleRejected) as caught:
        opened(content, filename, **limits)
    assert caught.value.finding.fix
    return caught.value.finding.code


def info(name: str, kind: bytes, **fields) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type = kind
    for key, value in fields.items():
        setattr(made, key, value)
    return made


@pytest.mark.parametrize("ending", [".tar.gz", ".tar"])
@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_an_ipk_is_its_data_and_its_control(ending, form):
    pack = {} if ending == ".tar.gz" else {"pack": bytes, "ending": ending}
    bundle = opened(ipk_of(tar_of(FILES, form=form), **pack))
    assert bundle.container == "ipk"
    expected = {name.removeprefix("./"): content for name, content in FILES.items()}
    assert contents(bundle) == expected | {"CONTROL/control": CONTROL["./control"]}


def test_entries_of_an_ipk_can_be_read_in_any_order():
    files = {f"{number}": words(100_000, number) for number in range(12)}
    bundle = opened(ipk_of(files))
    for name in ("11", "0", "7", "7", "3", "9"):
        assert bundle.read(name, 10 * MIB) == files[name]
    first, second = bundle.stream("2"), bundle.stream("10")
    pieces = list(zip(first, second, strict=False))
    assert files["2"].startswith(b"".join(piece for piece, _ in pieces))
    assert files["10"].startswith(b"".join(piece for _, piece in pieces))


def test_long_names_of_both_tar_forms_are_read():
    name = "/".join(["folder" * 8] * 4) + "/file.txt"
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        assert name in opened(ipk_of(tar_of({name: b"x"}, form=form)))


@pytest.mark.parametrize(
    ("kind", "what"),
    [(tarfile.SYMTYPE, "symbolic"), (tarfile.LNKTYPE, "hard"), (tarfile.CHRTYPE, "character"),
     (tarfile.BLKTYPE, "block"), (tarfile.FIFOTYPE, "pipe"), (b"9", "unknown")],
)  # fmt: skip
def test_33_links_and_devices_in_an_ipk_are_refused(kind, what):
    content = ipk_of(tar_with(info("./evil", kind, linkname="/etc/passwd")))
    with pytest.raises(BundleRejected, match=what) as caught:
        opened(content)
    assert caught.value.finding.code == "entry.special"


def test_34_special_bits_in_an_ipk_are_refused():
    assert code_of(ipk_of(tar_of({"./tool": b"x"}, mode=0o4755))) == "entry.mode"


@pytest.mark.parametrize(
    ("name", "code"),
    [("../evil", "path.traversal"), ("/etc/evil", "path.absolute"), ("a\\b", "path.backslash"),
     ("a//b", "path.segment"), ("con", "path.reserved"), ("a\u202eb", "path.unicode"),
     ("d/" * 16 + "x", "path.too_long"), ("a\x01b", "path.control")],
)  # fmt: skip
def test_names_in_an_ipk_obey_the_rules_of_names(name, code):
    assert code_of(ipk_of({name: b"x"})) == code


def test_26_names_in_an_ipk_are_utf8():
    made = tar_of({"./cafX": b"x"}).replace(b"cafX", b"caf\xe9")
    header = bytearray(made[:512])
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    assert code_of(ipk_of(bytes(header) + made[512:])) == "path.encoding"


def test_names_of_an_ipk_collide_as_those_of_a_zip_do():
    assert code_of(ipk_of({"A": b"", "a": b""})) == "path.collision"
    assert code_of(ipk_of({"a": b"", "a/b": b""})) == "archive.path_conflict"
    twice = tar_of({"a": b"1"})[:1024] + tar_of({"a": b"2"})
    assert code_of(ipk_of(twice)) == "archive.duplicate_name"
    assert code_of(ipk_of({"CONTROL/control": b""})) == "archive.duplicate_name"


@pytest.mark.parametrize("percent", [*range(10, 100, 10), 99])
def test_02_a_truncated_ipk_is_refused(percent):
    whole = ipk_of(FILES)
    assert code_of(whole[: len(whole) * percent // 100]) in {"archive.truncated", "archive.trailing"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: ar_of({}), "archive.type"),
        (lambda: ar_of({"debian-binary": b"2.0\n"}), "archive.type"),
        (lambda: ipk_of(FILES, extra=b"x"), "archive.type"),
        (lambda: ipk_of(FILES, debian_binary=b"3.0\n"), "archive.type"),
        (lambda: ipk_of(FILES) + b"junk", "archive.trailing"),
        (lambda: ipk_of(FILES) + bytes(60), "archive.crc"),
        (lambda: ipk_of(FILES, pack=bz2.compress, ending=".tar.bz2"), "archive.method"),
        (lambda: ipk_of(FILES, pack=bytes), "archive.crc"),
        (lambda: ipk_of(tar_of(FILES)[:-700] + b"\1" * 700), "archive.trailing"),
        (lambda: ipk_of(tar_of(FILES)[:900]), "archive.truncated"),
        (lambda: ipk_of(b"x" * 512 + tar_of(FILES)), "archive.crc"),
        (lambda: ipk_of(FILES, pack=lambda data: gzip.compress(data) + b"more"), "archive.trailing"),
    ],
)  # fmt: skip
def test_an_ipk_that_is_not_built_as_ipks_are_is_refused(content, code):
    assert code_of(content()) == code


def test_a_pax_record_that_changes_what_is_read_is_refused():
    made = info("./a", tarfile.REGTYPE)
    made.pax_headers = {"GNU.sparse.map": "0,1"}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(made)
    assert code_of(ipk_of(out.getvalue())) == "archive.header_mismatch"


def test_36_entries_of_an_ipk_are_counted_folders_too():
    many = tar_with(*(info(f"./{n}", tarfile.DIRTYPE) for n in range(30)))
    assert code_of(ipk_of(many), entries=20) == "limit.entries"


@pytest.mark.parametrize(
    ("size", "limits", "code"),
    [
        (3 * MIB, {}, "limit.ratio"),
        (3 * MIB, {"entry_bytes": MIB}, "limit.entry"),
        (3 * MIB, {"entry_ratio": 9999, "unpacked_bytes": MIB}, "limit.unpacked"),
        (3 * MIB, {"entry_ratio": 9999, "total_ratio_from_bytes": MIB}, "limit.ratio"),
    ],
)
def test_38_zeros_in_an_ipk_are_stopped(size, limits, code):
    assert code_of(ipk_of({"zeros": bytes(size)}), **limits) == code


TREE = {
    "AppRun": b"#!/bin/sh\nexec /evil\n",
    "example.desktop": "usr/share/applications/example.desktop",
    ".DirIcon": "example.png",
    "example.png": b"\x89PNG" + words(3000),
    "outside": "/etc/passwd",
    "climbing": "../../etc/passwd",
    "circle": "circle",
    "usr": {
        "share": {"applications": {"example.desktop": DESKTOP}, "zeros": bytes(50_000)},
        "lib": {"libx.so": "libx.so.1", "libx.so.1": words(20_000)},
        "many": {f"file{number:04}": str(number).encode() for number in range(900)},
        "Share": {},
    },
}


def image(content: bytes, **limits: int):
    return opened(content, "Example.AppImage", **limits)


def image_code(content: bytes, **limits: int) -> str:
    return code_of(content, "Example.AppImage", **limits)


@pytest.mark.parametrize("method", [GZIP, XZ, ZSTD], ids=["gzip", "xz", "zstd"])
@pytest.mark.parametrize("fragments", [True, False], ids=["fragments", "whole"])
def test_an_appimage_of_type_2_is_its_files(method, fragments):
    bundle = image(appimage_of(TREE, method=method, fragments=fragments))
    found = contents(bundle)
    assert bundle.container == "appimage"
    assert found["usr/lib/libx.so.1"] == words(20_000)
    assert found["usr/share/zeros"] == bytes(50_000)
    assert found["usr/many/file0777"] == b"777"
    assert found["AppRun"] == TREE["AppRun"]
    assert len(found) == 900 + 7


def test_links_at_the_root_stand_for_files_inside_and_others_for_nothing():
    found = contents(image(appimage_of(TREE)))
    assert found["example.desktop"] == DESKTOP
    assert found[".DirIcon"] == TREE["example.png"]
    assert not {"outside", "climbing", "circle", "usr/lib/libx.so"} & found.keys()


def test_an_appimage_says_where_its_updates_are():
    bundle = image(appimage_of(TREE, update=b"gh-releases-zsync|a|b|latest|x.zsync"))
    assert bundle.update_information == "gh-releases-zsync|a|b|latest|x.zsync"


def test_a_second_reader_sees_the_same_image():
    found = contents(image(appimage_of(TREE)))
    with SquashFsImage.from_bytes(Image().build(TREE)) as other:
        files = {one.path.lstrip("/"): one.read_bytes() for one in other if one.is_file}
    assert files == {name: content for name, content in found.items() if name in files}
    assert found.keys() - files.keys() == {"example.desktop", ".DirIcon"}


@pytest.mark.parametrize("method", ["gzip", "xz", "zstd"])
def test_what_mksquashfs_makes_is_read(tmp_path, method):
    if shutil.which("mksquashfs") is None:
        pytest.skip("mksquashfs is not installed")
    files = {f"usr/{n % 7}/file{n}": words(n * 20, 1) for n in range(1, 90)}
    for name, content in files.items():
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / name).write_bytes(content)
    packed = tmp_path / "image"
    command = ["mksquashfs", tmp_path / "tree", packed, "-comp", method, "-quiet", "-no-progress"]
    subprocess.run(command, check=True, capture_output=True)
    bundle = image(elf_of((".text", b"x" * 40)) + packed.read_bytes())
    assert contents(bundle) == files


@pytest.mark.parametrize("kind", [4, 5, 6, 7])
def test_33_devices_in_an_appimage_are_refused(kind):
    assert image_code(appimage_of({"dev": {"evil": kind}})) == "entry.special"


def test_34_special_bits_in_an_appimage_are_refused():
    assert image_code(appimage_of({"tool": b"x"}, mode=0o4755)) == "entry.mode"


@pytest.mark.parametrize(
    ("name", "code"),
    [("..", "path.segment"), ("a\\b", "path.backslash"), ("con", "path.reserved"),
     ("a\u202eb", "path.unicode"), ("a/b", "archive.crc"), ("a\x01", "path.control")],
)  # fmt: skip
def test_names_in_an_appimage_obey_the_rules_of_names(name, code):
    assert image_code(appimage_of({name: b"x"})) == code


def test_names_in_an_appimage_may_differ_in_case():
    found = contents(image(appimage_of({"E": {"Eterm": b"1", "eterm": b"2"}})))
    assert found == {"E/Eterm": b"1", "E/eterm": b"2"}


def test_an_appimage_of_type_1_gets_a_clear_finding():
    with pytest.raises(BundleRejected, match="type 1") as caught:
        image(appimage_of(TREE, kind=b"AI\x01"))
    assert caught.value.finding.code == "archive.type"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: elf_of((".text", bytes(40))), "archive.type"),
        (lambda: elf_of((".text", bytes(40)))[:200], "archive.type"),
        (lambda: appimage_of(TREE, trailing=b"more"), "archive.trailing"),
        (lambda: appimage_of(TREE)[:-9000], "archive.truncated"),
        (lambda: elf_of() + b"hsqs", "archive.truncated"),
        (lambda: elf_of() + b"hsqs" + bytes(92), "archive.crc"),
    ],
)
def test_a_broken_appimage_is_refused(content, code):
    assert image_code(content()) == code


def test_a_packing_method_that_is_not_read_is_told_by_name():
    broken = bytearray(Image().build({"a": b"x"}))
    broken[20] = 5
    with pytest.raises(BundleRejected, match="lz4") as caught:
        image(elf_of() + bytes(broken))
    assert caught.value.finding.code == "archive.method"


def test_folders_in_circles_are_refused():
    assert image_code(appimage_of({"a": {"b": {"c": None}}, "d": b"x"})) == "archive.crc"


def test_36_entries_of_an_appimage_are_counted():
    assert image_code(appimage_of(TREE), entries=500) == "limit.entries"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"entry_bytes": 40_000}, "limit.entry"),
        ({"unpacked_bytes": 60_000}, "limit.unpacked"),
        ({"total_ratio": 1, "total_ratio_from_bytes": 1}, "limit.ratio"),
    ],
)
def test_38_sizes_in_an_appimage_are_limited(limits, code):
    content = appimage_of({"a": bytes(50_000), "b": bytes(30_000)})
    assert image_code(content, **limits) == code
