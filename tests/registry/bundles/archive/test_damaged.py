"""Files changed at random: a finding or a bundle, never another error, never long."""

import io
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.archive.opening import open_bundle
from registry.bundles.findings import BundleRejected
from tests import archives as a
from tests.archives import Member, folder, words, zip64_of, zip_of
from tests.installers import DESKTOP, GZIP, XZ, ZSTD, appimage_of, ipk_of

NOISE = random.Random(5).randbytes(300)
TREE = {
    "app.desktop": "usr/app.desktop",
    "usr": {"app.desktop": DESKTOP, "lib": {"a.so": words(3000), "zeros": bytes(9000)}},
    "AppRun": NOISE,
}
ORIGINALS = {
    "zip": zip_of(Member("a.txt"), folder("b/"), Member("b/c", NOISE), Member("d", words(500))),
    "zip-stored": zip_of(Member("a.txt", method=a.STORED), Member("b", NOISE, method=a.STORED)),
    "zip-descriptors": zip_of(
        *(Member(form, words(50), descriptor=form) for form in a.DESCRIPTORS),
        Member("stored", NOISE, method=a.STORED, descriptor="signed"),
    ),
    "zip64": zip64_of(Member("a.txt"), Member("b", NOISE)),
    "macos": a.macos_zip({"a.txt": b"hello", "b/c.txt": words(40)}),
    "apk": a.apk_of(Member("classes.dex", NOISE), block=a.signing_block((0x7109871A, NOISE))),
    "ipk": ipk_of({"./usr/a": words(600), "./usr/b": NOISE}),
    "ipk-plain": ipk_of({"./usr/a": words(60), "./usr/b": NOISE}, pack=bytes, ending=".tar"),
    "appimage-gzip": appimage_of(TREE, method=GZIP),
    "appimage-xz": appimage_of(TREE, method=XZ, fragments=False),
    "appimage-zstd": appimage_of(TREE, method=ZSTD),
}


def read_all(content: bytes) -> str:
    """Open and read everything; return the code of a refusal, or nothing."""
    started = time.process_time()
    try:
        bundle = open_bundle(io.BytesIO(content), "upload")
        for entry in bundle.entries:
            for chunk in bundle.stream(entry.name):
                assert len(chunk) <= 65_536
    except BundleRejected as refusal:
        return refusal.finding.code
    finally:
        assert time.process_time() - started < 2
    return ""


@pytest.mark.parametrize("name", ORIGINALS)
def test_the_originals_are_accepted(name):
    assert read_all(ORIGINALS[name]) == ""


@settings(deadline=None, max_examples=700)
@given(
    st.sampled_from(sorted(ORIGINALS)),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_changed_bytes_never_lead_to_anything_but_a_finding(name, changes):
    content = bytearray(ORIGINALS[name])
    for where, value in changes:
        content[min(int(where * len(content)), len(content) - 1)] = value
    read_all(bytes(content))


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(sorted(ORIGINALS)), st.integers(0, 120), st.integers(0, 255))
def test_changed_bytes_near_the_end_never_lead_to_anything_but_a_finding(name, back, value):
    content = bytearray(ORIGINALS[name])
    content[-1 - back % len(content)] = value
    read_all(bytes(content))


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(sorted(ORIGINALS)), st.floats(0, 1), st.floats(0, 1), st.binary(max_size=40))
def test_parts_cut_out_or_put_in_never_lead_to_anything_but_a_finding(name, first, second, piece):
    original = ORIGINALS[name]
    start, stop = sorted(int(one * len(original)) for one in (first, second))
    read_all(original[:start] + piece + original[stop:])


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=600))
def test_noise_never_leads_to_anything_but_a_finding(content):
    assert read_all(content)


@pytest.mark.parametrize("name", ["zip", "zip-stored", "zip-descriptors", "macos"])
def test_no_changed_byte_of_a_zips_data_goes_unseen(name):
    original = ORIGINALS[name]
    times = {10, 11, 12, 13}  # of local headers: times and dates are not compared
    for at in range(len(original)):
        content = bytearray(original)
        content[at] ^= 0x20
        if read_all(bytes(content)) == "":
            assert_harmless(original, bytes(content), at, times)


def assert_harmless(original: bytes, changed: bytes, at: int, times: set[int]) -> None:
    """Accept a change only where all readers still see the same names and contents."""
    before, after = (open_bundle(io.BytesIO(one), "upload") for one in (original, changed))
    names = [entry.name for entry in before.entries]
    assert [entry.name for entry in after.entries] == names, at
    for name in names:
        assert b"".join(before.stream(name)) == b"".join(after.stream(name)), at
