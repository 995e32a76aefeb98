"""The rows 1 to 41 of the list of bad inputs as files, with the code that each must get."""

import gzip
import io
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from tests import archives as a
from tests.archives import Member, end_record, extra, folder, python_zip, zip64_of, zip_of

MIB = 1024 * 1024
GOOD = {"plugin/addon.xml": b"<addon/>" * 40, "plugin/default.py": b"print('hello')\n" * 50}


@dataclass(frozen=True)
class Case:
    """One hostile or broken upload. ``name`` begins with the row's number."""

    name: str
    code: str
    build: Callable[[], bytes]
    filename: str = "bundle.zip"


def good_zip() -> bytes:
    """An honest bundle to break."""
    return python_zip(GOOD)


def named(name: str | bytes, **fields: object) -> Callable[[], bytes]:
    """A zip with a good entry and one of that name."""
    return lambda: zip_of(Member("good.txt"), Member(name, **fields))  # type: ignore[arg-type]


def both(first: str, second: str) -> Callable[[], bytes]:
    """A zip with these two files, which differ."""
    return lambda: zip_of(Member(first, b"one"), Member(second, b"two"))


def lying(**said: object) -> Callable[[], bytes]:
    """A zip whose directory tells one lie about its only entry."""
    return lambda: zip_of(Member("a.txt", central=said))


def tar(kind: str = "w") -> bytes:
    """A tar archive, packed as ``kind`` says."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=kind) as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo("plugin/addon.xml")
        info.size = 5
        archive.addfile(info, io.BytesIO(b"hello"))
    return out.getvalue()


def zip_and_tar() -> bytes:
    """A zip that is a tar too: its first header is the name of the tar's first file."""
    content = bytearray(1500)

    def built() -> bytes:
        return zip_of(Member("a", bytes(content), method=a.STORED, descriptor="signed"))

    content[117:125] = b" " * 8  # the tar's checksum: 31 bytes of zip header stand before it
    content[117:125] = b"%06o\0 " % sum(built()[:512])
    return built()


def truncated(percent: int) -> Callable[[], bytes]:
    """The first part of a good file."""
    return lambda: good_zip()[: len(good_zip()) * percent // 100]


def zip_in_comment() -> bytes:
    """A zip whose comment is another zip, as long as itself."""
    return zip_of(Member("shown.py", b"print(1)"), comment=zip_of(Member("other.py", b"print(2)")))


def hidden_directory() -> bytes:
    """A zip stored inside another, whose directory is the only one that counts."""
    inner = Member("hidden.py", b"import os\n")
    outer = local = a.local_header(Member("inner.zip", a.local_header(inner), method=a.STORED))
    body = local + a.local_header(inner) + inner.facts()["data"]
    directory = a.central_header(inner, len(outer))
    return body + directory + end_record(1, len(directory), len(body))


def ghost() -> bytes:
    """A directory with an entry that was never written."""
    plain = zip_of(Member("a.txt"))
    directory_at = struct.unpack_from("<L", plain, len(plain) - 6)[0]
    directory = plain[directory_at:-22] + a.central_header(Member("ghost.txt"), directory_at)
    return plain[:directory_at] + directory + end_record(2, len(directory), directory_at)


@cache
def full_overlap(entries: int) -> bytes:
    """A directory whose entries all are one and the same place."""
    members = [Member(f"{number:06}") for number in range(entries)]
    body = a.local_header(members[0]) + members[0].facts()["data"]
    directory = b"".join(a.central_header(member, 0) for member in members)
    return body + directory + end_record(min(entries, a.MAX16), len(directory), len(body))


@cache
def many(entries: int) -> bytes:
    """So many empty files."""
    return python_zip({f"{number:05}": b"" for number in range(entries)}, 0)


def zeros_packed(size: int) -> tuple[bytes, int]:
    """A deflate stream of so many MiB of zeros, made from one MiB's, with an empty last block."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return one * size + b"\x03\x00", size * MIB


def bomb_of_zeros(size_mib: int) -> bytes:
    """One entry of zeros, its sizes told honestly."""
    packed, size = zeros_packed(size_mib)
    said = {"size": size, "crc": 0}
    return zip_of(Member("zeros.bin", packed=packed, local=said, central=said))


def short_usize(size_mib: int, **fields: object) -> bytes:
    """One entry that says 10 bytes and gives MiB."""
    packed, _ = zeros_packed(size_mib)
    said = {"size": 10, "crc": zlib.crc32(bytes(10))}
    member = Member("ten.bin", packed=packed, local=said, central=said, **fields)  # type: ignore[arg-type]
    return zip_of(member)


def many_mib(entries: int, each_mib: float) -> bytes:
    """Entries that are each within limits and together are not."""
    content = a.words(30_000) + bytes(int(each_mib * MIB) - len(a.words(30_000)))
    packed = a.deflated(content)
    crc = {"crc": zlib.crc32(content), "size": len(content)}
    return zip_of(*(Member(f"{n}", packed=packed, local=crc, central=crc) for n in range(entries)))


def empty_blocks(count: int) -> bytes:
    """An entry of nothing but empty stored blocks: work for the processor, and no output."""
    packed = b"\x00\x00\x00\xff\xff" * count + b"\x03\x00"
    return zip_of(Member("busy.bin", b"", packed=packed))


def structure() -> Iterator[Case]:
    """Rows 1 to 21."""
    yield Case("01-text", "archive.not_zip", lambda: b"This is no zip.\n", "notes.txt")
    yield Case("01-text-called-zip", "archive.not_zip", lambda: b"This is no zip.\n")
    yield Case("01-one-byte", "archive.not_zip", lambda: b"P")
    yield Case("01-empty", "upload.empty", lambda: b"")
    for percent in (*range(10, 100, 10), 99):
        yield Case(f"02-truncated-{percent}", "archive.truncated", truncated(percent))
    yield from prefixes()
    yield Case("04-trailing", "archive.trailing", lambda: good_zip() + b"more")
    yield Case("04-trailing-zip64", "archive.trailing", lambda: zip64_of(Member("a")) + b"\0")
    yield Case("05-two-ends", "archive.eocd_ambiguous", lambda: good_zip() + good_zip()[-22:])
    yield Case(
        "05-end-in-comment",
        "archive.eocd_ambiguous",
        lambda: zip_of(Member("a"), comment=b"see " + end_record(0, 0, 0)),
    )
    yield Case(
        "05-end-in-comment-not-at-its-end",
        "archive.eocd_ambiguous",
        lambda: zip_of(Member("a"), comment=end_record(0, 0, 0) + b" bye"),
    )
    yield from zip64()
    yield Case(
        "07-unlisted", "archive.header_mismatch",
        lambda: zip_of(Member("a"), Member("hidden.py", listed=False), Member("b")),
    )  # fmt: skip
    yield Case(
        "07-unlisted-first", "archive.header_mismatch",
        lambda: zip_of(Member("hidden.py", listed=False), Member("b")),
    )  # fmt: skip
    yield Case(
        "07-unlisted-last", "archive.header_mismatch",
        lambda: zip_of(Member("b"), Member("hidden.py", listed=False)),
    )  # fmt: skip
    yield Case("08-ghost", "archive.header_mismatch", ghost)
    yield Case(
        "08-more-counted", "archive.header_mismatch",
        lambda: zip_of(Member("a"), end={"here": 2, "entries": 2}),
    )  # fmt: skip
    yield from mismatches()
    yield from packing()


def prefixes() -> Iterator[Case]:
    """Row 3, with offsets that know of the prefix and without."""
    before_zips = {
        "self-extractor": b"MZ" + bytes(510), "html": b"<html><script>x()</script></html>",
        "gif": b"GIF89a\x01\x00\x01\x00;", "png": b"\x89PNG\r\n\x1a\n" + bytes(30),
        "pdf": b"%PDF-1.7\n%%EOF\n", "newline": b"\n",
    }  # fmt: skip
    for what, before in before_zips.items():
        for moved in (False, True):
            yield Case(
                f"03-{what}{'-moved' if moved else ''}",
                "archive.prefix",
                lambda before=before, moved=moved: zip_of(Member("a"), before=before, moved=moved),
            )


def zip64() -> Iterator[Case]:
    """Row 6."""
    code = "archive.zip64_invalid"
    only = Member("a.txt")
    yield Case("06-no-locator", code, lambda: zip64_of(only, keep_locator=False))
    yield Case("06-locator-elsewhere", code, lambda: zip64_of(only, locator_offset=7))
    yield Case("06-extensible", code, lambda: zip64_of(only, extensible=b"\x01\x00\x02\x00ab"))
    yield Case(
        "06-locator-only",
        code,
        lambda: zip_of(only, before_end=struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)),
    )
    yield Case("06-numbers-elsewhere", code, lambda: zip_of(only, end={"offset": a.MAX32}))
    long = extra(1, struct.pack("<3Q", 99, 99, 99))
    yield Case("06-entry-field-contradicts", code, lying(extra=long))
    yield Case("06-entry-field-missing", code, lying(size=a.MAX32))
    short = extra(1, b"\1\2\3\4")
    yield Case("06-entry-field-short", code, lying(size=a.MAX32, extra=short))
    twice = extra(1, struct.pack("<Q", 20)) * 2
    yield Case("06-entry-field-twice", code, lying(size=a.MAX32, extra=twice))


def unicode_path(name: bytes, of: bytes) -> bytes:
    """An Info-ZIP Unicode path field."""
    return extra(0x7075, b"\x01" + struct.pack("<L", zlib.crc32(of)) + name)


def mismatches() -> Iterator[Case]:
    """Rows 9 to 13."""
    code = "archive.name_mismatch"
    yield Case("09-other-name", code, lambda: zip_of(Member("a.py", local={"name": b"b.py"})))
    yield Case("09-longer-name", code, lambda: zip_of(Member("a.py", local={"name": b"aa.py"})))
    yield Case("09-unicode-path", code, lying(extra=unicode_path(b"b.txt", b"a.txt")))
    yield Case("09-unicode-path-stale", code, lying(extra=unicode_path(b"a.txt", b"other")))
    twice = unicode_path(b"a.txt", b"a.txt") * 2
    yield Case("09-unicode-path-twice", code, lying(extra=twice))
    local = {"extra": unicode_path(b"b.txt", b"a.txt")}
    yield Case("09-unicode-path-local", code, lambda: zip_of(Member("a.txt", local=local)))
    yield Case("10-duplicate", "archive.duplicate_name", both("same.py", "same.py"))
    for field_name in ("crc", "size"):
        yield Case(f"11-{field_name}-differs", "archive.size_mismatch", lying(**{field_name: 7}))
    yield Case(
        "11-compressed-differs", "archive.size_mismatch",
        lambda: zip_of(Member("a.txt", local={"compressed": 7})),
    )  # fmt: skip
    yield Case("11-short-usize", "archive.size_mismatch", lambda: short_usize(1))
    wrong = {"size": 900}
    yield Case(
        "11-long-usize", "archive.size_mismatch",
        lambda: zip_of(Member("a.txt", local=wrong, central=wrong)),
    )  # fmt: skip
    for form in a.DESCRIPTORS:
        for field_name in ("crc", "compressed", "size"):
            lie = Member("a.txt", descriptor=form, after={field_name: 3})
            name = f"12-{form}-{field_name}"
            yield Case(name, "archive.data_descriptor", lambda lie=lie: zip_of(lie))
    half = Member("a.txt", descriptor="signed", central={"flags": 0})
    yield Case("12-one-header-only", "archive.data_descriptor", lambda: zip_of(half))
    told = Member("a.txt", descriptor="signed", local={"size": 3})
    yield Case("12-local-size-wrong", "archive.data_descriptor", lambda: zip_of(told))
    missing = Member("a.txt", flags=8)
    yield Case("12-missing", "archive.data_descriptor", lambda: zip_of(missing, Member("b.txt")))
    bad = {"crc": 0x12345678}
    for method in (a.STORED, a.DEFLATED):
        yield Case(
            f"13-crc-{method}", "archive.crc",
            lambda method=method: zip_of(Member("a", method=method, local=bad, central=bad)),
        )  # fmt: skip
    yield Case(
        "13-crc-descriptor", "archive.crc",
        lambda: zip_of(Member("a", descriptor="signed", after=bad, central=bad)),
    )  # fmt: skip


def packing() -> Iterator[Case]:
    """Rows 14 to 21."""
    for flag in (1, 1 << 6 | 1, 1 << 13):
        yield Case(f"14-flag-{flag}", "archive.encrypted", named("a.txt", flags=flag))
    yield Case("14-aes", "archive.encrypted", named("a.txt", method=99))
    yield Case("14-local-only", "archive.encrypted", lambda: zip_of(Member("a.txt", local={"flags": 1})))
    for method in (1, 6, 9, 12, 14, 93, 95, 98):
        yield Case(f"15-method-{method}", "archive.method", named("a.txt", method=method))
    yield Case("16-disk", "archive.multidisk", lambda: zip_of(Member("a"), end={"disk": 1}))
    yield Case("16-first-disk", "archive.multidisk", lambda: zip_of(Member("a"), end={"first_disk": 1}))
    yield Case("16-entry-disk", "archive.multidisk", lying(disk=3))
    yield Case("16-split-marker", "archive.multidisk", lambda: b"PK\x07\x08" + good_zip())
    yield Case("17-full-overlap", "archive.overlap", lambda: full_overlap(3))
    yield Case("17-quoted-overlap", "archive.overlap", lambda: a.overlapping_bomb(20, 100_000))
    yield Case("18-zip-in-comment", "archive.header_mismatch", zip_in_comment)
    yield Case("18-hidden-directory", "archive.header_mismatch", hidden_directory)
    file_and_folder = lambda: zip_of(Member("a"), folder("a/"))  # noqa: E731  # a builder like the rest
    yield Case("19-file-and-folder", "archive.path_conflict", file_and_folder)
    yield Case("19-file-as-folder", "archive.path_conflict", both("a", "a/b"))
    yield Case("19-folder-then-file", "archive.path_conflict", both("a/b", "a"))
    yield Case("19-folder-with-content", "archive.path_conflict", named("a/", content=b"payload"))
    yield Case("19-file-that-says-folder", "archive.path_conflict", named("a", attributes=0x10))
    yield Case("20-zip-and-tar", "archive.polyglot", zip_and_tar)
    others = {
        "bundle.tar": tar(), "bundle.tar.gz": tar("w:gz"), "bundle.gz": gzip.compress(b"x"),
        "bundle.rar": b"Rar!\x1a\x07\x01\x00" + bytes(50), "bundle.tar.xz": tar("w:xz"),
        "bundle.7z": b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(50),
        "setup.exe": b"MZ\x90\x00" + bytes(200), "program": b"\x7fELF\x02\x01\x01" + bytes(60),
        "bundle.tar.bz2": tar("w:bz2"),
    }  # fmt: skip
    for filename, content in others.items():
        yield Case(f"21-{filename}", "archive.type", lambda content=content: content, filename)
        if filename.endswith(".tar"):
            yield Case("21-tar-called-zip", "archive.type", lambda content=content: content)


NAMES = {
    22: ("path.traversal", ["../x", "a/../../x", "a/b/../../../etc/passwd", "../../x/y"]),
    23: ("path.absolute", ["/abs", "//host/share", "C:\\x", "C:x", "c:/x", "\\\\?\\C:\\x", "\\\\host\\s"]),
    24: ("path.backslash", ["a\\b", "..\\x", "a/b\\c"]),
    25: ("path.control", ["a\0.png", "a\nb", "a\x1b[2Jb", "a\x7f", "a\x85b", "\0"]),
    26: ("path.encoding", [b"\xff\xfe", b"caf\xe9.txt", b"\xc0\xaf", b"a\xe0\x80\xafb", b"\xed\xa0\x80"]),
    29: ("path.unicode", [
        "a\u202egnp.exe", "a\u200bb", "a\u2066b", "a\ufeffb", "a\ue000b", "a\ufe0fb", "a\U000e0100b",
        "a\u00adb", "\u3164", "a\u2028b", "a\U000e0041b", "a\u200db",
    ]),
    30: ("path.reserved", [
        "con", "aux.txt", "nul", "NUL.tar.gz", "lib/COM1", "lpt9.x", "a.", "a ", "a/b./c", "a:stream",
        "x/file.txt:evil", "com\u00b9", "conin$",
    ]),
    31: ("path.segment", [".", "..", "a//b", "./a", "a/./b", "a/../b", " a", "a/ b", "a//"]),
    32: ("path.too_long", ["s" * 121, "\u00e9" * 61, "/".join(["d" * 100] * 3), "/".join("d" * 17)]),
}  # fmt: skip


def names() -> Iterator[Case]:
    """Rows 22 to 32."""
    for row, (code, bad_names) in NAMES.items():
        for number, name in enumerate(bad_names):
            yield Case(f"{row}-{number}", code, named(name))
    yield Case("26-flag-lies", "path.encoding", lambda: zip_of(Member(b"caf\xe9.txt", flags=a.UTF8_FLAG)))
    one_sided = Member("caf\u00e9".encode(), local={"flags": a.UTF8_FLAG})
    yield Case("26-flag-in-one-header", "path.encoding", lambda: zip_of(one_sided))
    collisions = [
        ("A.py", "a.py"), ("lib/A.py", "Lib/a.py"), ("stra\u00dfe", "STRASSE"), ("a", "A/b"),
        ("caf\u00e9", "cafe\u0301"), ("\ufb01le", "file"), ("\u212a.py", "k.py"),
    ]  # fmt: skip
    for number, (first, second) in enumerate(collisions):
        row = 27 if first.isascii() and second.isascii() else 28
        yield Case(f"{row}-{number}", "path.collision", both(first, second))


def kinds() -> Iterator[Case]:
    """Rows 33, 34 and 36; row 35 is a warning of the checks."""
    for what, kind in {
        "symlink": 0o120777, "character-device": 0o020666, "block-device": 0o060660,
        "fifo": 0o010644, "socket": 0o140755, "odd": 0o150000,
    }.items():  # fmt: skip
        yield Case(f"33-{what}", "entry.special", named("link", attributes=kind << 16))
    yield Case(
        "33-symlink-of-another-system", "entry.special",
        named("link", attributes=0o120777 << 16, system=a.FAT),
    )  # fmt: skip
    yield Case("33-reparse-point", "entry.special", named("link", attributes=0x420, system=a.NTFS))
    target = extra(0x000D, bytes(12) + b"/etc/passwd")
    yield Case("33-hard-link", "entry.special", lying(extra=target))
    asi = extra(0x756E, bytes(4) + struct.pack("<HLHH", 0o100644, 6, 0, 0) + b"target")
    yield Case("33-asi-link", "entry.special", lying(extra=asi))
    for what, bits in {"setuid": 0o4755, "setgid": 0o2755, "sticky": 0o1755}.items():
        mode = (0o100000 | bits) << 16
        yield Case(f"34-{what}", "entry.mode", named("tool", attributes=mode))
    yield Case("36-20001-entries", "limit.entries", lambda: many(20_001))
    yield Case("36-65535-entries", "limit.entries", lambda: many(65_535))
    yield Case("36-70000-entries-zip64", "limit.entries", lambda: many(70_000))


def bombs() -> Iterator[Case]:
    """Rows 37 to 40; row 41 is for whoever limits the processor."""
    yield Case("37-42kB-to-5GB", "archive.overlap", lambda: a.overlapping_bomb(250, 21_000_000))
    yield Case("37-281TB-style", "archive.overlap", lambda: a.overlapping_bomb(65_000, 5_000_000))
    yield Case("37-full-overlap", "archive.overlap", lambda: full_overlap(30_000))
    yield Case("38-1GiB-of-zeros", "limit.ratio", lambda: bomb_of_zeros(1024))
    yield Case("38-2MiB-of-zeros", "limit.ratio", lambda: bomb_of_zeros(2))
    yield Case("39-ten-bytes", "archive.size_mismatch", lambda: short_usize(10))
    yield Case(
        "39-ten-bytes-descriptor", "archive.size_mismatch",
        lambda: short_usize(10, descriptor="signed", after={"size": 10, "crc": zlib.crc32(bytes(10))}),
    )  # fmt: skip
    yield Case("40-sum-over-1GiB", "limit.unpacked", lambda: many_mib(200, 5.5))
    yield Case("40-ratio-of-all", "limit.ratio", lambda: many_mib(20, 5.9))


CASES = (*structure(), *names(), *kinds(), *bombs())
