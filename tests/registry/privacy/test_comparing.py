"""Declared beside found beside set: what contradicts, what became wider, why a release waits."""

from dataclasses import replace
from datetime import timedelta

from registry.bundles.privacy.declaration import Declaration
from registry.privacy.comparing import (
    CONTRADICTION,
    LIBRARY,
    REQUIRED,
    UNDECLARED,
    WIDENED,
    Facts,
    Known,
    SetRow,
    change_between,
    facts_of,
    reasons_of,
    rows_in_force,
    standings_of,
    with_reasons,
)
from tests.registry.privacy.known import NOON, TRACKER, found, row, rows

LATER = NOON + timedelta(hours=1)
NOTHING = Declaration(none=True)


def test_none_beside_a_tracker_contradicts_until_a_reviewer_overrules_that_host():
    known = Known(declared=NOTHING, found=found(TRACKER))
    (standing,) = standings_of(known)
    assert (standing.host, standing.overruled) == (TRACKER, None)
    assert standing.contradiction.declared == "none"
    assert "found in the code" in standing.contradiction.found
    assert reasons_of(known, None, third_party=True) == [CONTRADICTION]
    settled = replace(known, overruled={TRACKER: "It stands in a comment that the search misread."})
    assert reasons_of(settled, None, third_party=True) == []
    assert standings_of(settled)[0].overruled is not None


def test_a_place_that_is_told_more_finely_than_before_is_wider():
    city, finer, silent = (
        Known(rows(replace(row("location"), precision=each))) for each in ("city", "finer", None)
    )
    for wider in (finer, silent):
        assert change_between(facts_of(city), facts_of(wider)).widened
        assert not change_between(facts_of(wider), facts_of(city)).widened
    assert change_between(facts_of(silent), facts_of(finer)).nothing


def test_overruling_one_host_leaves_the_others_standing():
    known = Known(declared=NOTHING, found=found(TRACKER, "api.themoviedb.org"), overruled={TRACKER: "no"})
    assert reasons_of(known, None, third_party=True) == [CONTRADICTION]


def test_a_third_party_that_declares_nothing_is_asked_and_a_first_party_is_not():
    known = Known(found=found("api.themoviedb.org"))
    assert reasons_of(known, None, third_party=True) == [UNDECLARED]
    assert reasons_of(known, None, third_party=False) == []


def test_code_that_reads_the_library_and_contacts_others_holds_until_a_row_says_so():
    reads = Known(declared=rows(row("watch")), found=found("api.example.org", data="library"))
    assert reasons_of(reads, None, third_party=True) == [LIBRARY]
    assert reasons_of(reads, None, third_party=False) == []
    told = replace(reads, declared=rows(row("library")))
    assert reasons_of(told, None, third_party=True) == []
    alone = replace(reads, found=found(data="library"))
    assert reasons_of(alone, None, third_party=True) == []


def test_a_new_host_a_new_row_or_a_new_capability_makes_an_update_wider():
    before = facts_of(Known(declared=rows(row()), found=found("a.example.org", capabilities="exec")))
    same = Known(declared=rows(row()), found=found("a.example.org", capabilities="exec"))
    assert reasons_of(same, before, third_party=True) == []
    for wider in (
        replace(same, found=found("a.example.org", "b.example.org", capabilities="exec")),
        replace(same, declared=rows(row(), row("watch"))),
        replace(same, declared=rows(row(recipient="ad_analytics"))),
        replace(same, found=found("a.example.org", capabilities="exec runs_downloaded_code")),
        replace(same, found=found("a.example.org", capabilities="exec", data="profile")),
    ):
        assert reasons_of(wider, before, third_party=True) == [WIDENED]


def test_a_release_that_tells_less_is_not_wider():
    before = facts_of(
        Known(declared=rows(row(), row("watch")), found=found("a.example.org", "b.example.org"))
    )
    now = facts_of(Known(declared=rows(row()), found=found("a.example.org")))
    change = change_between(before, now)
    assert not change.widened
    assert change.gone.hosts == {"b.example.org"}
    assert not change.nothing
    assert change_between(now, now).nothing


def test_what_a_reviewer_accepted_stays_accepted_until_it_is_declared_anew():
    known = Known(declared=rows(row()), declared_at=NOON, found=found("new.example.org"), accepted_at=LATER)
    assert reasons_of(known, Facts(), third_party=True) == []
    again = replace(known, declared_at=LATER + timedelta(seconds=1))
    assert reasons_of(again, Facts(), third_party=True) == [WIDENED]


def test_a_required_declaration_is_required_until_one_is_made_later():
    asked = Known(declared=rows(row()), declared_at=NOON, required_at=LATER)
    assert reasons_of(asked, None, third_party=True) == [REQUIRED]
    answered = replace(asked, declared_at=LATER + timedelta(seconds=1))
    assert reasons_of(answered, None, third_party=True) == []


def test_a_row_that_a_reviewer_set_stands_in_place_of_the_makers_own_with_its_reason():
    known = Known(
        declared=rows(row("watch"), row("library")),
        rows_set=(SetRow(row("watch", "analytics", "ad_analytics"), "It says so on its website."),),
    )
    told = {made.code: (made.recipients, reason) for made, reason in rows_in_force(known)}
    assert told["watch"] == (("ad_analytics",), "It says so on its website.")
    assert told["library"] == (("named_service",), None)


def test_other_reasons_are_left_as_they_are():
    assert with_reasons(["review.update", "privacy.widened", "entry.nested"], ["privacy.undeclared"]) == [
        "review.update", "entry.nested", "privacy.undeclared",
    ]  # fmt: skip
