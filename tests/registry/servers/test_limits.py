"""Limits of a media server: what each keeps out, and that the unknown is kept out too."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.privacy.maturity import LEVELS
from registry.servers.facts import facts_of, narrows
from registry.servers.limits import Facts, Limits, Location, within_limits

HARMLESS = Facts(first_party=True, children="safe", maturity="everyone")
WORST = Facts(
    first_party=False, roles=frozenset({"ad_analytics"}), data=frozenset({"location", "credential"}),
    location="finer", children="not_for", maturity="adult", narrower=True,
)  # fmt: skip
STRICTEST = Limits(
    no_trackers=True, no_accounts_needed=True, only_first_party=True, location=Location.NONE,
    most_mature="everyone", children_only=True, no_narrower_terms=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "facts", "broken"),
    [
        (Limits(no_trackers=True), Facts(first_party=False, roles=frozenset({"ad_analytics"})), "no_trackers"),
        (Limits(no_trackers=True), Facts(first_party=False, roles=frozenset({"named_service"})), None),
        (Limits(no_accounts_needed=True), Facts(first_party=True, data=frozenset({"credential"})), "no_accounts_needed"),
        (Limits(no_accounts_needed=True), Facts(first_party=True, data=frozenset({"library"})), None),
        (Limits(only_first_party=True), Facts(first_party=False), "only_first_party"),
        (Limits(only_first_party=True), Facts(first_party=True), None),
        (Limits(location=Location.CITY), Facts(first_party=True, location="city"), None),
        (Limits(location=Location.CITY), Facts(first_party=True, location="finer"), "location"),
        (Limits(location=Location.CITY), Facts(first_party=True, data=frozenset({"location"})), "location"),
        (Limits(location=Location.NONE), Facts(first_party=True, location="city"), "location"),
        (Limits(location=Location.NONE), Facts(first_party=True), None),
        (Limits(most_mature="teen"), Facts(first_party=True, maturity="mature"), "most_mature"),
        (Limits(most_mature="teen"), Facts(first_party=True, maturity="teen"), None),
        (Limits(most_mature="adult"), Facts(first_party=True, maturity=None), "most_mature"),
        (Limits(children_only=True), Facts(first_party=True, children="unknown"), "children_only"),
        (Limits(children_only=True), Facts(first_party=True, children="safe"), None),
        (Limits(no_narrower_terms=True), Facts(first_party=True, narrower=True), "no_narrower_terms"),
        (Limits(no_narrower_terms=True), Facts(first_party=True), None),
    ],
)  # fmt: skip
def test_each_limit_keeps_out_what_breaks_it_and_nothing_else(limits, facts, broken):
    assert within_limits(limits, facts) == broken


def test_without_limits_everything_comes_in():
    assert within_limits(Limits(), WORST) is None


def test_the_strictest_limits_let_the_harmless_in():
    assert within_limits(STRICTEST, HARMLESS) is None


limits_of_any_kind = st.builds(
    Limits, no_trackers=st.booleans(), no_accounts_needed=st.booleans(), only_first_party=st.booleans(),
    location=st.sampled_from(Location), most_mature=st.sampled_from([None, *LEVELS]),
    children_only=st.booleans(), no_narrower_terms=st.booleans(),
)  # fmt: skip


@given(limits_of_any_kind)
@settings(deadline=None, max_examples=200)
def test_the_worst_release_breaks_every_set_of_limits_but_the_empty_one(limits):
    empty = limits in {Limits(), Limits(most_mature="adult")}
    assert (within_limits(limits, WORST) is None) == empty


def test_facts_are_those_of_the_notice():
    notice = {
        "data": [
            {"code": "watch", "recipients": ["developer"]},
            {"code": "location", "recipients": ["ad_analytics"]},
        ],
        "hosts": [{"host": "a.example", "role": "cdn"}, {"host": "b.example", "role": None}],
        "reads": ["credential"],
        "children": "safe",
    }
    facts = facts_of(first_party=False, maturity="teen", notice=notice)
    assert facts.data == {"watch", "location", "credential"}
    assert facts.roles == {"cdn", "ad_analytics"}
    assert (facts.location, facts.children, facts.maturity) == ("finer", "safe", "teen")


def test_a_release_without_a_notice_has_no_facts_but_its_own():
    assert facts_of(first_party=True, maturity=None, notice=None) == Facts(first_party=True)


@pytest.mark.parametrize(
    ("before", "after", "narrower"),
    [("MIT", "GPL-3.0-only", True), ("GPL-3.0-only", "MIT", False), ("MIT", "MIT", False),
     (None, "GPL-3.0-only", False), ("MIT", "no ((expression", True)],
)  # fmt: skip
def test_terms_that_ask_for_more_are_narrower(before, after, narrower):
    assert narrows(before, after) is narrower
