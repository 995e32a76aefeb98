"""Changes of terms, classed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licenses.compare import compare
from licenses.expressions import ExpressionError
from licenses.terms import table

OPPOSITE = {"wider": "narrower", "narrower": "wider", "same": "same", "sideways": "sideways"}


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("MIT", "MIT", "same"),
        ("MIT", "ISC", "same"),
        ("GPL-2.0", "GPL-2.0-only", "same"),
        ("MIT", "Apache-2.0", "narrower"),
        ("MIT", "GPL-3.0-only", "narrower"),
        ("GPL-3.0-only", "MIT", "wider"),
        ("GPL-3.0-only", "LGPL-3.0-only", "wider"),
        ("GPL-3.0-only", "AGPL-3.0-only", "narrower"),
        ("MIT", "CC0-1.0", "wider"),
        ("CC-BY-4.0", "CC-BY-NC-4.0", "narrower"),
        ("CC-BY-NC-4.0", "CC-BY-4.0", "wider"),
        ("CC-BY-SA-4.0", "CC-BY-ND-4.0", "sideways"),
        ("GPL-3.0-only", "BUSL-1.1", "sideways"),
        ("MIT", "LicenseRef-Mine", "sideways"),
        ("LicenseRef-a", "LicenseRef-b", "sideways"),
        ("LicenseRef-a", "LicenseRef-a", "same"),
        ("MIT", "MIT AND GPL-3.0-only", "narrower"),
        ("GPL-3.0-only", "GPL-3.0-only OR MIT", "wider"),
        ("MIT", "NONE", "narrower"),
        ("GPL-3.0-only", "NONE", "narrower"),
        ("NONE", "NOASSERTION", "same"),
    ],
)
def test_a_change_is_classed(old: str, new: str, change: str) -> None:
    found = compare(old, new)
    assert found.change == change
    assert compare(new, old).change == OPPOSITE[change]


def test_a_name_of_ones_own_may_stand_for_other_terms_than_before() -> None:
    free, fenced = table()["MIT"], table()["CC-BY-NC-4.0"]
    mine = "LicenseRef-Mine"
    assert compare(mine, mine, {mine: fenced}, {mine: free}).change == "narrower"
    assert compare(mine, mine, {mine: free}, {mine: fenced}).change == "wider"
    assert compare("MIT", mine, {mine: free}, {}).change == "same"


def test_a_comparison_shows_each_facet_and_the_conditions_that_came() -> None:
    shown = compare("CC-BY-4.0", "CC-BY-ND-4.0").as_json()
    assert shown["facets"]["modify"] == {"old": "conditional", "new": "no", "class": "narrower"}
    assert shown["conditions"]["added"] == ["verbatim_only"]


def test_a_wrong_expression_is_refused() -> None:
    with pytest.raises(ExpressionError):
        compare("MIT", "nonsense")


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(table())), st.sampled_from(sorted(table())))
def test_the_way_back_is_the_opposite(old: str, new: str) -> None:
    assert compare(new, old).change == OPPOSITE[compare(old, new).change]
