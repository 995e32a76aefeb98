import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.ecosystems.jellyfin.versions import (
    LARGEST,
    checked_version,
    is_four,
    padded,
    parse,
    version_key,
)
from registry.bundles.ecosystems.place import Place
from registry.bundles.findings import BundleRejected

AT = Place("meta.json", 5)
parts = st.lists(st.integers(0, LARGEST), min_size=2, max_size=4)


@pytest.mark.parametrize(
    "chain",
    [
        "1.0 1.0.0 1.0.0.0 1.0.0.1",
        "1.9.0.0 1.10.0.0 1.10.0.9 1.10.0.10",
        "0.0.0.0 0.0.0.1 10.11.0.0 12.0.0.0",
        f"1.0.0.{LARGEST - 1} 1.0.0.{LARGEST}",
        "v1 0.0.0.0",
    ],
)
def test_versions_sort_as_dotnet_sorts_them(chain: str) -> None:
    ordered = chain.split()
    assert sorted(ordered, key=version_key) == ordered
    assert len({version_key(version) for version in ordered}) == len(ordered)


@settings(deadline=None, max_examples=200)
@given(parts, parts, parts)
def test_the_order_is_total_transitive_and_by_number(a: list[int], b: list[int], c: list[int]) -> None:
    texts = sorted((".".join(map(str, each)) for each in (a, b, c)), key=version_key)
    numbers = [[int(part) for part in text.split(".")] for text in texts]
    assert numbers == sorted((a, b, c))


@settings(deadline=None, max_examples=200)
@given(parts)
def test_padding_keeps_the_numbers_and_gives_four(numbers: list[int]) -> None:
    version = parse(".".join(map(str, numbers)))
    assert version is not None
    assert is_four(padded(version))
    assert parse(padded(version)) == (*numbers, 0, 0)[:4]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (11, "11.0.0.0"),
        ("11", "11.0.0.0"),
        ("1.2", "1.2.0.0"),
        ("10.11.8", "10.11.8.0"),
        ("0.8.1.0", "0.8.1.0"),
        ("01.002.3.4", "1.2.3.4"),
    ],
)
def test_versions_are_padded_to_four_numbers(written: object, read: str) -> None:
    assert checked_version(written, AT) == read


@pytest.mark.parametrize(
    "version",
    [
        None, "", True, 1.0, -1, [1], "v1", "0.5.3.0-77ad128", "1.2.3.4.5", "1.0\n", " 1.0", "1. 0",
        "1.+0", "1.-1", "1.0/../2.0", "9" * 10_000, "v٣.0", "٣.0", "1.2147483648", "1:2.0", "1..0",
    ],
)  # fmt: skip
def test_a_version_that_would_empty_every_catalog_is_refused(version: object) -> None:
    with pytest.raises(BundleRejected) as refusal:
        checked_version(version, AT)
    finding = refusal.value.finding
    assert finding.code == "manifest.version"
    assert (finding.path, finding.line) == AT
    assert finding.fix


@pytest.mark.parametrize("version", ["1.2.3", "1.2.3.4.5", "01.0.0.0", "1.0.0.0 ", "1.0.0.x", ""])
def test_feeds_hold_only_the_one_spelling(version: str) -> None:
    assert not is_four(version)
