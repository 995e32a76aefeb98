"""Archives inside bundles (BAD-INPUTS row 35)."""

import gzip
import io
import tarfile

import pytest

from registry.bundles.checks import check_bundle, holding_reasons
from registry.bundles.findings import Severity
from registry.bundles.limits import DEFAULT_LIMITS
from tests.registry.bundles.packing import bundle_of, zip_of


def tar_of(name, content):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


INNER = zip_of({"a.txt": "a"})
ARCHIVES = {
    "libs/inner.zip": INNER,
    "picture.png": INNER,
    "lib.tar": tar_of("a", b"a"),
    "lib.tar.gz": gzip.compress(tar_of("a", b"a")),
    "x.7z": b"7z\xbc\xaf\x27\x1c" + bytes(40),
    "x.rar": b"Rar!\x1a\x07\x01\x00" + bytes(40),
}


def findings_in(files):
    return check_bundle(bundle_of(files), DEFAULT_LIMITS).findings


@pytest.mark.parametrize("path", ARCHIVES)
def test_an_archive_inside_is_held_whatever_its_name(path):
    found = findings_in({path: ARCHIVES[path]})
    assert next((f.code, f.severity, f.path) for f in found) == (
        "entry.nested",
        Severity.WARNING,
        path,
    )
    assert holding_reasons(found) == ["entry.nested"]


def test_an_archive_in_an_archive_in_the_bundle_is_told_and_never_opened():
    deepest = zip_of({"key.pem": "-----BEGIN PRIVATE KEY-----\n" + "A" * 64})
    found = findings_in({"a.zip": zip_of({"b.zip": deepest})})
    assert [(f.code, f.path) for f in found] == [
        ("entry.nested", "a.zip"),
        ("entry.nested", "a.zip!/b.zip"),
    ]


def test_a_broken_archive_inside_is_told_and_held():
    found = findings_in({"a.zip": INNER[:-30]})
    assert [f.code for f in found] == ["entry.nested", "entry.nested"]
    assert "could not be looked into" in found[1].message


def test_only_some_of_many_inner_archives_are_opened():
    found = findings_in({f"{n}.zip": zip_of({"x.zip": INNER}) for n in range(40)})
    assert len(found) == 60


def test_plain_files_are_no_archives():
    assert findings_in({"a.txt": "PK", "b": "", "c.py": "x = 1\n"}) == []
