"""What everybody may do, as words to search by and to show."""

from datetime import UTC, datetime, timedelta

import pytest

from registry.licensing.models import Basis, LicenseRecord, LicenseState, SourceKind
from registry.licensing.permissions import four_words, permissions_of, references_in
from registry.licensing.reasons import reasoned_words
from registry.licensing.terms import InForce

AT = datetime(2026, 11, 30, tzinfo=UTC)
EVERYTHING = {"facets": dict.fromkeys(("use", "copy", "redistribute", "modify"), "yes"), "conditions": []}


def record(expression, basis=Basis.LICENSE, **more):
    return LicenseRecord(
        **{
            "expression": expression, "basis": basis, "refs": {}, "form": "source", "source": SourceKind.NONE,
            "state": LicenseState.CONCLUDED, "terms_digest": "0" * 64, **more,
        }
    )  # fmt: skip


def answers(expression, basis=Basis.LICENSE, refs=None):
    return [word.answer for word in four_words(InForce.of(record(expression, basis, refs=refs or {}), at=AT))]


def allowed_by(expression, basis=Basis.LICENSE, *, commercial=False, **more):
    terms = InForce.of(record(expression, basis, **more), at=AT)
    return permissions_of(terms, at=AT, commercial=commercial)


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", ["redistribute", "modify", "commercial"]),
        ("CC-BY-ND-4.0", ["redistribute", "commercial"]),
        ("CC-BY-NC-4.0", ["redistribute", "modify"]),
        ("CC-BY-NC-4.0 OR MIT", ["redistribute", "modify", "commercial"]),
        ("MIT AND CC-BY-NC-ND-4.0", ["redistribute"]),
        ("LicenseRef-Unknown", []),
        ("NONE", []),
        (None, []),
    ],
)
def test_permissions_are_what_the_worst_part_and_the_best_choice_allow(expression, allowed):
    assert allowed_by(expression) == allowed


def test_terms_that_a_moderator_set_count():
    refs = {"LicenseRef-Home": EVERYTHING}
    assert allowed_by("LicenseRef-Home", refs=refs) == ["redistribute", "modify", "commercial"]
    assert answers("LicenseRef-Home", refs=refs) == ["yes"] * 4


def test_nothing_is_allowed_of_what_no_copy_is_given():
    assert allowed_by("GPL-3.0-only", form="binary") == []
    assert allowed_by("GPL-3.0-only OR MIT", form="binary") == ["redistribute", "modify", "commercial"]
    offered = {"form": "binary", "source": SourceKind.OFFER}
    assert allowed_by("GPL-3.0-only", **offered, source_until=AT - timedelta(seconds=1)) == []
    assert allowed_by("GPL-3.0-only", **offered, source_until=AT + timedelta(seconds=1)) != []
    assert allowed_by("MIT", state=LicenseState.CHANGED) == []
    assert allowed_by("CC-BY-NC-4.0", commercial=True) == []


@pytest.mark.parametrize("expression", ["NONE", "LicenseRef-Own", "CC-BY-NC-4.0 AND LicenseRef-Own"])
def test_a_grant_alone_lets_nobody_share_or_change(expression):
    assert allowed_by(expression, Basis.GRANT) == []


def test_a_grant_gives_use_and_a_copy_and_nothing_onward():
    assert answers("NONE", Basis.GRANT) == ["yes", "yes", "no", "no"]
    assert answers("NONE", Basis.NONE) == ["no"] * 4


def test_what_is_not_known_is_a_no_to_readers():
    words = reasoned_words(record("LicenseRef-Unknown", Basis.NONE), at=AT)
    assert [word.said for word in words] == ["no"] * 4
    assert {word.rule for word in words} == {"terms.no_permission"}


def test_what_is_undecided_is_a_no_that_says_what_it_waits_for():
    words = reasoned_words(record(None, Basis.NONE, state=LicenseState.UNDECIDED), at=AT)
    assert [word.answer for word in words] == ["no"] * 4
    assert words[0].needs == ["a moderator's conclusion"]


def test_a_binary_without_its_source_is_a_no_until_the_source_is_there():
    missing = reasoned_words(record("GPL-3.0-only", form="binary"), at=AT)
    assert {word.rule for word in missing} == {"terms.source_missing"}
    there = reasoned_words(record("GPL-3.0-only", form="binary", source=SourceKind.ARTIFACT), at=AT)
    assert [word.answer for word in there] == ["yes", "yes", "conditional", "conditional"]


def test_a_commercial_registry_says_no_to_what_is_not_for_commerce():
    at_home = reasoned_words(record("PolyForm-Noncommercial-1.0.0"), at=AT)
    assert [word.answer for word in at_home] == ["conditional"] * 4
    in_trade = reasoned_words(record("PolyForm-Noncommercial-1.0.0"), at=AT, commercial=True)
    assert [word.answer for word in in_trade] == ["no"] * 4


def test_references_are_named_once_and_none_in_what_cannot_be_read():
    assert references_in("LicenseRef-A AND MIT AND LicenseRef-A") == ["LicenseRef-A"]
    assert references_in("MIT AND (") == []
