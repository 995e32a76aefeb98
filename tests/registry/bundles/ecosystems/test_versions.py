"""The natural order of versions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.ecosystems.stash.versions import version_key
from registry.bundles.ecosystems.versions import natural_key

texts = st.text("0123456789abcrv.-_+~é٣ ", max_size=12) | st.text(max_size=8)
numbered = st.lists(st.integers(0, 10**30), min_size=1, max_size=5)


@pytest.mark.parametrize(
    "ordered",
    [
        ("0.9", "0.10", "1.0-dev", "1.0-alpha", "1.0-beta2", "1.0-beta10", "1.0rc1", "1.0"),
        ("1.0", "1.0.1", "1.0-2", "1.1", "2"),
        ("1.0", "1.0-hotfix", "1.0.0.1"),
        ("2.6.5", "2.6.5.3247", "2.6.10"),
    ],
)
def test_versions_stand_in_the_order_people_expect(ordered):
    assert sorted(set(ordered), key=natural_key) == list(ordered)


def test_a_leading_v_and_the_kind_of_separator_do_not_matter():
    assert natural_key("v1.2.3") == natural_key("1.2.3") == natural_key("1-2_3")


@given(numbered, numbered)
@settings(deadline=None, max_examples=100)
def test_dotted_numbers_compare_as_lists_of_numbers(left, right):
    dotted = [".".join(map(str, numbers)) for numbers in (left, right)]
    assert (natural_key(dotted[0]) < natural_key(dotted[1])) == (left < right)


@given(st.lists(texts, max_size=6), st.randoms())
@settings(deadline=None, max_examples=150)
@pytest.mark.parametrize("key", [natural_key, version_key])
def test_any_texts_can_be_sorted_and_the_order_does_not_depend_on_how_they_came(key, versions, random):
    shuffled = random.sample(versions, len(versions))
    assert list(map(key, sorted(versions, key=key))) == list(map(key, sorted(shuffled, key=key)))


def test_to_stash_a_commit_says_nothing_of_the_order():
    assert version_key("862f16b") == version_key("1a2b3c4d5e6f")
    assert version_key("1.0-862f16b") == version_key("1.0-228c294a")
    assert version_key("1.1-862f16b") > version_key("1.0-f28c294a")
    assert version_key("1.0-20240102") > version_key("1.0-20240101")
