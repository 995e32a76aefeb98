import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from registry.bundles.ecosystems.kodi.versions import check_version, version_key
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import BundleRejected

AT = Place("plugin.video.example/addon.xml", 2)

# Each line is a chain from old to new; the words of formats/kodi.md and what follows from them.
CHAINS = [
    "1.0~b 1.0 1.0+m 1.0.1 1.0a",
    "1.0 1.0.0",
    "9 10 100",
    "1.0.0~alpha 1.0.0~beta1 1.0.0~beta2 1.0.0~beta10 1.0.0",
    "2.0.7 2.0.7-alpha 2.0.7-beta",
    "1.0~~ 1.0~ 1.0",
    "0.6.1 0.6.1q 0.6.2",
    "1.23.0+matrix.1 1.23.1+matrix.1 1.23.2+matrix.1",
    "1.7.0~beta2 1.7.0",
    "9.9.9 1:0.1",
    "1.0+1 1.0.1 1.0@1 1.0_1 1.0a1",
    "1.0-1 1.0-1.0 1.0-1a",
]
EQUALS = [
    ("1.0", "1.00"),
    ("1.0", "01.0"),
    ("1.0.0RC1", "1.0.0rc1"),
    ("1.", "1.0"),
    ("1.0a", "1.0a0"),
    ("1 0", "0.0.0"),
    ("1.0/2", "0.0.0"),
    ("", "0.0.0"),
    ("1.0-a b", "1.0"),
    ("9" * 30, "9" * 40),
]

pieces = st.sampled_from(["0", "1", "2", "9", "10", "00", ".", "~", "+", "_", "@", "a", "b", "rc"])
versions = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "", "1:"]),
        st.lists(pieces, max_size=6).map("".join),
        st.sampled_from(["", "", "-1", "-a"]),
    ),
)


@pytest.mark.parametrize("chain", CHAINS)
def test_versions_sort_as_kodi_sorts_them(chain: str) -> None:
    ordered = chain.split()
    assert sorted(ordered, key=version_key) == ordered
    assert len({version_key(version) for version in ordered}) == len(ordered)


@pytest.mark.parametrize(("one", "other"), EQUALS)
def test_spellings_of_one_version_are_equal(one: str, other: str) -> None:
    assert version_key(one) == version_key(other)


def walk(a: str, b: str) -> int:
    """Compare two components by two pointers, as the format page tells it and C reads numbers."""
    i = j = 0
    while i < len(a) and j < len(b):
        while i < len(a) and j < len(b) and not a[i].isdigit() and not b[j].isdigit():
            if a[i] != b[j]:
                return -1 if a[i] == "~" or (b[j] != "~" and a[i] < b[j]) else 1
            i, j = i + 1, j + 1
        if i < len(a) and j < len(b) and not (a[i].isdigit() and b[j].isdigit()):
            return -1 if a[i] == "~" or (b[j] != "~" and a[i].isdigit()) else 1
        left, right = (re.match(r"\d*", text)[0] for text in (a[i:], b[j:]))  # type: ignore[index]
        if int(left or 0) != int(right or 0):
            return -1 if int(left or 0) < int(right or 0) else 1
        i, j = i + len(left), j + len(right)
    rest_a, rest_b = a[i:], b[j:]
    if rest_a:
        return -1 if rest_a[0] == "~" else 1
    return 0 if not rest_b else 1 if rest_b[0] == "~" else -1


@settings(deadline=None, max_examples=600)
@given(st.lists(pieces, max_size=7).map("".join), st.lists(pieces, max_size=7).map("".join))
@example("1.", "1.0")
@example("1~", "1~0")
def test_the_key_agrees_with_a_walk_along_both_versions(one: str, other: str) -> None:
    assume(one)
    assume(other)
    a, b = version_key(one), version_key(other)
    assert (a > b) - (a < b) == walk(one, other)


@settings(deadline=None, max_examples=300)
@given(versions, versions, versions)
def test_the_order_is_total_and_transitive(a: str, b: str, c: str) -> None:
    first, second, third = sorted((version_key(a), version_key(b), version_key(c)))
    assert first <= second <= third
    assert first <= third
    assert (version_key(a) < version_key(b)) + (version_key(b) < version_key(a)) + (
        version_key(a) == version_key(b)
    ) == 1


@pytest.mark.parametrize(
    "version",
    [
        "1.0.0",
        "1.7.0~beta2",
        "1.23.2+matrix.1",
        "0.6.1q",
        "100.0.0",
        "5.1.11~nexus",
        "1.0.0RC1",
        "2023.01.01",
        "3.5",
    ],
)
def test_versions_in_use_are_accepted_without_a_word(version: str) -> None:
    assert list(check_version(version, AT)) == []


@pytest.mark.parametrize(
    "version",
    [
        None, "", "1.0\n", "1.0 ", "1.0/../2.0", "1." * 5000, "v٣.0", "1:2.0", "0.0.0", ".1", "~1",
        "1.0-", "-1", "1-2-3", "1.0%2e", "1.0\u202e", "1,0", "1.0:2", "é1",
    ],
)  # fmt: skip
def test_a_version_that_kodi_or_an_address_cannot_take_is_refused(version: str | None) -> None:
    with pytest.raises(BundleRejected) as refusal:
        list(check_version(version, AT))
    finding = refusal.value.finding
    assert finding.code == "manifest.version"
    assert (finding.path, finding.line) == AT
    assert finding.fix


def test_a_revision_is_told_to_be_newer_than_its_release() -> None:
    (finding,) = check_version("2.0.7-alpha", AT)
    assert finding.code == "manifest.version_revision"
    assert "2.0.7~alpha" in finding.fix


def test_a_number_above_32_bits_is_told() -> None:
    (finding,) = check_version("20230101123456.1", AT)
    assert finding.code == "manifest.version_number"
