"""The table of terms and the rules for expressions: LICENSES.md section 4 as tests."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licenses.expressions import normalise, parse
from licenses.spdx import LISTED
from licenses.terms import FACETS, LIMITING, Permission, Terms, of_expression, table

CURRENT = [name for name, listed in LISTED.items() if not listed.deprecated]
TAGS = {
    "include-copyright": "include_copyright",
    "include-copyright--source": "include_copyright",
    "document-changes": "state_changes",
    "disclose-source": "disclose_source",
    "network-use-disclose": "network_disclose",
    "same-license": "same_license",
    "same-license--file": "same_license",
    "same-license--library": "same_license",
}


@pytest.mark.parametrize("name", [n for n, one in LISTED.items() if one.osi or one.libre])
def test_an_open_license_allows_everything_on_conditions_at_most(name: str) -> None:
    terms = of_expression(name)
    assert all(getattr(terms, facet) >= Permission.CONDITIONAL for facet in FACETS)
    assert not terms.conditions & {"no_commercial", "field_of_use", "verbatim_only"}


def test_every_nc_license_forbids_commerce_and_every_nd_license_changes() -> None:
    for name in CURRENT:
        if "-NC-" in name and name.startswith("CC-"):
            assert "no_commercial" in of_expression(name).conditions, name
        if "-ND-" in name and name.startswith("CC-"):
            terms = of_expression(name)
            assert terms.modify is Permission.NO, name
            assert "verbatim_only" in terms.conditions, name


def test_the_table_agrees_with_choosealicense(shared: Path) -> None:
    tags = json.loads((shared / "licenses" / "choosealicense-tags.json").read_text("utf-8"))["tags"]
    assert len(tags) == 47
    for name, tag in tags.items():
        terms = of_expression(name)
        have = terms.conditions & set(TAGS.values())
        assert have == {TAGS[one] for one in tag["conditions"]}, name
        for side, want in (("permissions", "yes"), ("limitations", "no")):
            if "patent-use" in tag[side]:
                assert terms.patent == want, name
        assert (terms.trademark == "no") == ("trademark-use" in tag["limitations"]), name
        assert (terms.warranty == "no") == ("warranty" in tag["limitations"]), name
        scopes = [one.partition("--")[2] or "work" for one in tag["conditions"] if one.startswith("same-")]
        assert [terms.scope] == (scopes or ["-"]), name


def test_every_row_names_its_source() -> None:
    assert all(terms.source for terms in table().values())


@pytest.mark.parametrize(
    "name",
    ["BUSL-1.1", "SSPL-1.0", "Elastic-2.0", "PolyForm-Noncommercial-1.0.0", "LicenseRef-Commons-Clause-1.0",
     "LicenseRef-PolyForm-Strict-1.0.0", "CC-BY-NC-ND-4.0", "JSON"],
)  # fmt: skip
def test_restricted_licenses_are_known(name: str) -> None:
    assert of_expression(name).use is not Permission.UNKNOWN


def test_what_the_table_does_not_have_is_unknown() -> None:
    assert set(of_expression("LicenseRef-Mine").facets.values()) == {"unknown"}
    assert set(of_expression("Abstyles").facets.values()) != {"unknown"}
    assert set(of_expression("Adobe-2006").facets.values()) == {"unknown"}


@pytest.mark.parametrize("nothing", ["NONE", "NOASSERTION"])
def test_no_statement_is_no_permission(nothing: str) -> None:
    assert set(of_expression(nothing).facets.values()) == {"no"}


def test_and_adds_conditions_up() -> None:
    both = of_expression("MIT AND GPL-3.0-only")
    assert both.conditions == of_expression("MIT").conditions | of_expression("GPL-3.0-only").conditions


def test_or_takes_the_best_branch_and_names_it() -> None:
    choice = of_expression("GPL-3.0-only OR MIT OR CC-BY-NC-4.0")
    assert choice.branch == "MIT"
    assert choice.conditions == of_expression("MIT").conditions
    nested = of_expression("ISC AND (GPL-3.0-only OR MIT)")
    assert nested.branch == "ISC AND MIT"


def test_with_takes_nothing_away() -> None:
    plain = of_expression("GPL-2.0-only")
    more = of_expression("GPL-2.0-only WITH Classpath-exception-2.0")
    assert more.facets == plain.facets
    assert more.conditions <= plain.conditions
    assert (plain.scope, more.scope) == ("work", "library")


def test_a_moderator_sets_the_terms_of_a_reference() -> None:
    yes = Terms(Permission.YES, Permission.YES, Permission.YES, Permission.NO)
    terms = of_expression("LicenseRef-Mine AND MIT", {"LicenseRef-Mine": yes})
    assert terms.redistribute is Permission.CONDITIONAL
    assert terms.modify is Permission.NO


names = st.sampled_from([*sorted(table()), "LicenseRef-x", "Adobe-2006"])


@settings(deadline=None, max_examples=150)
@given(st.lists(names, min_size=1, max_size=4), names)
def test_one_more_part_never_widens_and_one_more_choice_never_narrows(parts: list[str], more: str) -> None:
    together = of_expression(" AND ".join(parts))
    narrower = of_expression(" AND ".join([*parts, more]))
    assert all(getattr(narrower, facet) <= getattr(together, facet) for facet in FACETS)
    assert narrower.conditions >= together.conditions
    wider = of_expression(" OR ".join([f"({' AND '.join(parts)})", more]))
    best = max(together.redistribute, of_expression(more).redistribute)
    assert wider.redistribute == best or wider.conditions & LIMITING == frozenset()


@settings(deadline=None, max_examples=60)
@given(st.lists(names, min_size=1, max_size=3))
def test_json_has_the_four_facets_and_the_normal_expression(parts: list[str]) -> None:
    expression = normalise(" OR ".join(parts))
    shown = of_expression(parse(expression)).as_json(expression)
    assert list(shown["facets"]) == list(FACETS)
    assert shown["expression"] == expression
