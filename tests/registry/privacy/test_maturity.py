"""A limit never lets through what is labelled higher, or not at all."""

from itertools import product

import pytest

from registry.privacy.maturity import LEVELS, is_within, levels_within, strictest


def test_a_limit_holds_for_every_label():
    for label, limit in product(LEVELS, LEVELS):
        assert is_within(label, limit) == (LEVELS.index(label) <= LEVELS.index(limit))
        assert (label in levels_within(limit)) == is_within(label, limit)


def test_without_a_limit_everything_is_shown_and_with_one_nothing_without_a_label():
    assert all(is_within(label, None) for label in (*LEVELS, None))
    assert not any(is_within(None, limit) for limit in LEVELS)


def test_an_unknown_limit_is_no_limit_that_lets_things_through():
    with pytest.raises(ValueError, match="tuple"):
        levels_within("nearly_everyone")


def test_of_several_labels_the_highest_holds():
    assert strictest("teen", None, "everyone") == "teen"
    assert strictest(None, None) is None
