"""Who may get a copy: LICENSES.md section 5 row by row and column by column, and what holds for all."""

import itertools
import timeit
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licenses import conveyance
from licenses.conveyance import ANSWERS, Decision, Request, decide, decide_terms
from licenses.terms import CONDITIONS, FACETS, Permission, Terms, table

STRANGERS = ("account", "server", "anonymous")
RECIPIENTS = ("member", "moderator", *STRANGERS, "mirror")


def answers(expression: str, **situation: object) -> dict[str, str]:
    return {
        who: decide(expression, Request(recipient=who, **situation)).allowed  # type: ignore[arg-type]
        for who in RECIPIENTS
    }


def everybody(answer: str, **others: str) -> dict[str, str]:
    return dict.fromkeys(RECIPIENTS, answer) | others


INSIDERS = {"member": "yes", "moderator": "yes"}


@pytest.mark.parametrize(
    "expression", ["MIT", "CC0-1.0", "Apache-2.0", "GPL-3.0-only", "MIT OR LicenseRef-x"]
)
def test_row_1_a_license_that_only_asks_what_delivery_fulfils(expression: str) -> None:
    assert answers(expression) == everybody("yes")


@pytest.mark.parametrize("expression", ["CC-BY-NC-4.0", "BUSL-1.1", "MIT AND CC-BY-NC-4.0", "Elastic-2.0"])
def test_row_2_a_license_that_must_be_accepted(expression: str) -> None:
    asked = everybody("conditional", **INSIDERS, anonymous="no", mirror="no")
    assert answers(expression) == asked
    assert answers(expression, acknowledged=True) == asked | {"account": "yes", "server": "yes"}


def test_row_2_a_commercial_operator_needs_more_than_an_acknowledgement() -> None:
    commerce = {"commercial_operator": True, "acknowledged": True}
    assert answers("CC-BY-NC-4.0", **commerce) == everybody("no", **INSIDERS)
    assert answers("BUSL-1.1", **commerce)["account"] == "yes"


@pytest.mark.parametrize("expression", ["CC-BY-NC-4.0", "BUSL-1.1 AND MIT", "Elastic-2.0"])
def test_row_2_mirrors_may_have_it_on_a_ground_of_the_operators(expression: str) -> None:
    for situation in ({}, {"commercial_operator": True}):
        before, after = (
            answers(expression, **situation),
            answers(expression, operator_basis=True, **situation),
        )
        assert (before.pop("mirror"), after.pop("mirror")) == ("no", "yes")
        assert before == after
    onward = Request("mirror", "redistribute", operator_basis=True)
    assert decide(expression, onward).allowed == "conditional"


@pytest.mark.parametrize("expression", ["NONE", "LicenseRef-x", "LicenseRef-PolyForm-Internal-Use-1.0.0"])
def test_row_2_no_ground_of_the_operators_takes_the_place_of_a_permission(expression: str) -> None:
    for basis in get_args(conveyance.Basis):
        asked = Request("mirror", "redistribute", basis=basis, operator_basis=True)
        assert decide(expression, asked).allowed == "no"


@pytest.mark.parametrize("expression", ["NONE", "NOASSERTION", "LicenseRef-Proprietary"])
def test_row_3_a_grant_lets_strangers_use_and_no_more(expression: str) -> None:
    for action in ("use", "copy"):
        assert answers(expression, basis="grant", action=action) == everybody("yes", mirror="no")
    for action in ("redistribute", "modify"):
        found = answers(expression, basis="grant", action=action)
        assert {found[who] for who in (*STRANGERS, "mirror")} == {"no"}


@pytest.mark.parametrize("expression", ["NONE", "LicenseRef-Proprietary", "MIT AND LicenseRef-x"])
def test_row_4_no_permission_and_no_grant(expression: str) -> None:
    assert answers(expression) == everybody("no", **INSIDERS)
    assert decide(expression, Request("account")).rule == "terms.no_permission"
    assert answers("MIT", basis="none") == everybody("no", **INSIDERS)


@pytest.mark.parametrize("state", ["undecided", "changed", "contradiction"])
def test_row_5_what_is_not_concluded(state: str) -> None:
    assert answers("MIT", state=state) == everybody("no", **INSIDERS)
    assert decide("MIT", Request("anonymous", state=state)).rule == "terms.undecided"  # type: ignore[arg-type]


@pytest.mark.parametrize("expression", ["GPL-2.0-only", "MIT AND LGPL-2.1-or-later", "MPL-2.0"])
def test_row_6_a_copyleft_binary_without_its_source(expression: str) -> None:
    assert answers(expression, form="binary") == everybody("no", **INSIDERS)
    assert decide(expression, Request("account", form="binary")).rule == "terms.source_missing"
    assert answers(expression, form="binary", source_available=True) == everybody("yes")
    assert answers("GPL-2.0-only OR MIT", form="binary") == everybody("yes")


def test_row_7_verbatim_only() -> None:
    assert answers("CC-BY-ND-4.0") == everybody("yes")
    assert "exact_bytes" in decide("CC-BY-ND-4.0", Request("mirror")).deliver
    derived = answers("CC-BY-ND-4.0", action="modify")
    assert {derived[who] for who in ("moderator", *STRANGERS, "mirror")} == {"no"}


@pytest.mark.parametrize("basis", get_args(conveyance.Basis))
def test_row_8_a_legal_removal(basis: str) -> None:
    found = answers("MIT", state="legal_removed", basis=basis)
    assert found == everybody("no", moderator="yes")
    assert decide("MIT", Request("account", state="legal_removed")).rule == "terms.legal_removal"


def test_row_9_an_expired_grant_leaves_what_the_terms_now_say() -> None:
    assert answers("NONE", basis="grant", state="expired") == everybody("no", **INSIDERS)
    assert answers("MIT", basis="grant", state="expired") == everybody("yes")


def test_the_first_row_that_fits_decides() -> None:
    everything = Request("account", basis="none", form="binary", state="legal_removed")
    assert decide("GPL-3.0-only AND CC-BY-NC-4.0", everything).rule == "terms.legal_removal"
    assert decide("NONE", Request("account", form="binary")).rule == "terms.no_permission"
    assert (
        decide("GPL-3.0-only AND CC-BY-NC-4.0", Request("account", form="binary")).rule
        == "terms.source_missing"
    )


def test_a_copy_under_gpl_goes_with_its_texts_and_a_binary_with_its_source() -> None:
    source = decide("GPL-3.0-only", Request("account"))
    assert source.deliver == ("copyright_lines", "license_texts", "changes_statement")
    binary = decide("GPL-3.0-only", Request("account", form="binary", source_available=True))
    assert "source" in binary.deliver


def test_a_refusal_says_what_would_help() -> None:
    assert decide("CC-BY-NC-4.0", Request("anonymous")).needs == ("account", "acknowledgement")
    assert decide("CC-BY-NC-4.0", Request("account")).needs == ("acknowledgement",)
    assert decide("NONE", Request("account")).needs == ("license_or_grant",)
    assert decide("GPL-3.0-only", Request("server", form="binary")).needs == ("source",)


def test_the_branch_of_a_choice_is_named() -> None:
    assert decide("GPL-2.0-only OR MIT", Request("account", form="binary")).branch == "MIT"
    assert decide("MIT", Request("account")).branch is None


def test_a_moderator_may_look_and_not_share() -> None:
    assert decide("LicenseRef-x", Request("moderator", "use")).allowed == "yes"
    assert decide("LicenseRef-x", Request("moderator", "redistribute")).allowed == "no"


# What holds for every combination.

terms = st.builds(
    lambda facets, conditions: Terms(*facets, conditions=frozenset(conditions)),
    st.tuples(*[st.sampled_from(list(Permission))] * 4),
    st.sets(st.sampled_from(CONDITIONS)),
)
requests = st.builds(
    Request,
    recipient=st.sampled_from(get_args(conveyance.Recipient)),
    action=st.sampled_from(get_args(conveyance.Action)),
    basis=st.sampled_from(get_args(conveyance.Basis)),
    form=st.sampled_from(get_args(conveyance.Form)),
    source_available=st.booleans(),
    acknowledged=st.booleans(),
    state=st.sampled_from(get_args(conveyance.State)),
    commercial_operator=st.booleans(),
    operator_basis=st.booleans(),
)
names = st.sampled_from([*sorted(table()), "LicenseRef-x", "NONE"])
single = names.filter(lambda name: name != "NONE")


def rank(decision: Decision) -> int:
    return ANSWERS.index(decision.allowed)


@settings(deadline=None, max_examples=300)
@given(terms, requests, st.sampled_from(FACETS), st.sampled_from(CONDITIONS))
def test_more_permission_never_yields_less(base: Terms, asked: Request, facet: str, condition: str) -> None:
    from dataclasses import replace

    before = rank(decide_terms(base, asked))
    higher = Permission(min(getattr(base, facet) + 1, Permission.YES))
    assert rank(decide_terms(replace(base, **{facet: higher}), asked)) >= before
    freer = replace(base, conditions=base.conditions - {condition})
    assert rank(decide_terms(freer, asked)) >= before


@settings(deadline=None, max_examples=300)
@given(terms, requests)
def test_more_given_never_yields_less(base: Terms, asked: Request) -> None:
    from dataclasses import replace

    before = rank(decide_terms(base, asked))
    for better in ({"source_available": True}, {"acknowledged": True}, {"commercial_operator": False},
                   {"form": "source"}, {"operator_basis": True}):  # fmt: skip
        assert rank(decide_terms(base, replace(asked, **better))) >= before
    if asked.basis != "grant":
        assert rank(decide_terms(base, replace(asked, basis="license"))) >= (
            before if asked.basis == "none" else 0
        )
    if asked.basis == "license":
        assert rank(decide_terms(base, replace(asked, basis="grant"))) >= before


@settings(deadline=None, max_examples=200)
@given(st.lists(single, min_size=1, max_size=4), requests)
def test_or_is_its_best_branch_and_and_its_worst(parts: list[str], asked: Request) -> None:
    ranks = [rank(decide(part, asked)) for part in parts]
    assert rank(decide(" OR ".join(parts), asked)) == max(ranks)
    assert rank(decide(" AND ".join(parts), asked)) == min(ranks)


@settings(deadline=None, max_examples=300)
@given(requests, st.sets(st.sampled_from(CONDITIONS)))
def test_unknown_is_never_yes_for_strangers_without_a_grant(asked: Request, conditions: set[str]) -> None:
    unknown = Terms(*[Permission.UNKNOWN] * 4, conditions=frozenset(conditions))
    if asked.recipient in (*STRANGERS, "mirror") and asked.basis != "grant":
        assert decide_terms(unknown, asked).allowed == "no"


@settings(deadline=None, max_examples=200)
@given(names, requests)
def test_every_combination_has_one_explained_answer(name: str, asked: Request) -> None:
    found = decide(name, asked)
    assert found.allowed in ANSWERS
    assert found.rule in {row.rule for row in conveyance.TABLE}
    assert found.needs or found.allowed != "no"
    assert found.allowed != "no" or not found.deliver


def test_every_license_has_an_answer_for_every_recipient_and_action() -> None:
    for name, who, action in itertools.product(table(), RECIPIENTS, get_args(conveyance.Action)):
        decide(name, Request(who, action))  # type: ignore[arg-type]


def test_a_decision_takes_under_50_microseconds() -> None:
    asked = Request("account", form="binary")
    work = lambda: decide("GPL-2.0-or-later AND (MIT OR Apache-2.0)", asked)  # noqa: E731
    work()
    assert min(timeit.repeat(work, number=200, repeat=5)) / 200 < 50e-6
