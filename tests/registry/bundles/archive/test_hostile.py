"""Rows 1 to 41 of the bad inputs: each gets its code, quickly and in little memory."""

import io
import json
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from registry.bundles.archive.inflating import inflate
from registry.bundles.archive.opening import open_bundle
from registry.bundles.archive.source import Source
from registry.bundles.archive.zipformat import Record
from registry.bundles.checks import check_bundle
from registry.bundles.findings import BundleRejected, Severity
from registry.bundles.limits import DEFAULT_LIMITS, MIB
from tests import archives as a
from tests.archives import Member, zip_of
from tests.hostile import CASES, Case, empty_blocks, many, zip_and_tar

ROOT = Path(__file__).parents[4]


def opened(content: bytes, filename: str = "bundle.zip"):
    return open_bundle(io.BytesIO(content), filename)


def refusal(content: bytes, filename: str = "bundle.zip"):
    with pytest.raises(BundleRejected) as caught:
        opened(content, filename)
    return caught.value.finding


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_archive_gets_the_code_of_its_row(case: Case):
    finding = refusal(case.build(), case.filename)
    assert finding.code == case.code, finding.message
    assert finding.severity is Severity.ERROR
    assert finding.message
    assert finding.fix


def test_every_row_of_the_archive_list_has_a_case():
    rows = {int(case.name.split("-")[0]) for case in CASES}
    assert rows == set(range(1, 41)) - {12, 35} | {12}


@pytest.mark.parametrize("form", a.DESCRIPTORS, ids=lambda form: f"12-{form}")
@pytest.mark.parametrize("method", [a.STORED, a.DEFLATED])
def test_a_data_descriptor_of_any_form_is_accepted(form, method):
    members = [Member(f"{n}.txt", b"x" * n, method=method, descriptor=form) for n in (0, 1, 5000)]
    bundle = opened(zip_of(*members, Member("last")))
    assert [len(bundle.read(f"{n}.txt", 9999)) for n in (0, 1, 5000)] == [0, 1, 5000]


def test_12_a_crc_that_looks_like_a_signature_is_no_signature():
    content = b"\xac\x0a\x7a\xd5"  # its CRC is the signature of a data descriptor
    member = Member("a", content, method=a.STORED, descriptor="unsigned")
    assert opened(zip_of(member)).read("a", 4) == content


def test_20_the_polyglot_of_the_tests_is_a_zip_and_a_tar():
    assert zipfile.ZipFile(io.BytesIO(zip_and_tar())).namelist() == ["a"]
    with tarfile.open(fileobj=io.BytesIO(zip_and_tar())) as archive:
        assert len(archive.getnames()) == 1


def test_33_a_refused_link_says_how_to_mend_it():
    link = Member("Contents/Libraries/Shared", attributes=0o120777 << 16)
    finding = refusal(zip_of(link))
    assert finding.path == "Contents/Libraries/Shared"
    assert "cp -RL" in finding.fix


def test_34_world_writable_files_are_told_and_accepted():
    bundle = opened(zip_of(Member("a", attributes=0o100666 << 16), Member("b", attributes=0o100777 << 16)))
    (finding,) = bundle.findings
    assert (finding.code, finding.severity) == ("entry.mode", Severity.WARNING)
    assert "1 more" in finding.message


@pytest.mark.parametrize("name", ["inner.zip", "looks-like-text.txt"])
def test_35_an_archive_inside_is_held_for_review_and_one_inside_it_is_not_opened(name):
    innermost = zip_of(Member("deep.py"))
    inner = zip_of(Member("innermost.zip", innermost, method=a.STORED))
    bundle = opened(zip_of(Member(name, inner), Member("plugin.py")))
    found = [f for f in check_bundle(bundle, DEFAULT_LIMITS).findings if f.code == "entry.nested"]
    assert {f.severity for f in found} == {Severity.WARNING}
    assert not any("deep.py" in (f.path or "") for f in found)
    assert found[0].path == name


def test_36_too_many_entries_are_counted_in_the_directory_alone():
    class Counted(io.BytesIO):
        seen = 0

        def read(self, size=-1):
            Counted.seen += size
            return super().read(size)

    content = many(65_535)
    with pytest.raises(BundleRejected, match=r"limit\.entries"):
        open_bundle(Counted(content), "bundle.zip")
    directory_bytes = len(content) - 65_535 * 35
    assert Counted.seen < directory_bytes + 2 * MIB


def test_39_an_entry_stops_at_its_eleventh_byte():
    packed = a.deflated(bytes(10 * MIB))
    record = Record(b"ten.bin", 0, a.DEFLATED, 0, len(packed), 10, 0, a.UNIX, 0)
    given: list[bytes] = []
    with pytest.raises(BundleRejected, match=r"archive\.size_mismatch"):
        given.extend(inflate(Source(io.BytesIO(packed)), record))
    assert len(b"".join(given)) <= 10


def test_41_empty_blocks_cost_time_in_proportion_to_their_number_and_no_more():
    def seconds(count: int) -> float:
        content = empty_blocks(count)
        started = time.process_time()
        opened(content)
        return time.process_time() - started

    seconds(1000)
    small, large = seconds(100_000), seconds(1_600_000)
    assert large < max(small, 0.005) * 16 * 4


SCRIPT = """
import io, json, sys, time
from registry.bundles.archive.opening import open_bundle
from registry.bundles.findings import BundleRejected

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024

slowest = (0, "")
for path, filename in json.load(sys.stdin):
    started = time.process_time()
    try:
        with open(path, "rb") as file:
            open_bundle(file, filename)
    except BundleRejected:
        pass
    slowest = max(slowest, (time.process_time() - started, path))
print(json.dumps([*slowest, peak()]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_no_bad_archive_takes_two_seconds_or_256_mib(tmp_path):
    files = []
    for case in CASES:
        path = tmp_path / case.name
        path.write_bytes(case.build())
        files.append((str(path), case.filename))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps(files),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    seconds, path, peak_mib = json.loads(done.stdout)
    assert seconds < 2, path
    assert peak_mib < 256
