"""The notice: its digest stands for its meaning alone, its words claim nothing that was only found."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.privacy import taxonomy
from registry.bundles.privacy.declaration import Declaration
from registry.bundles.privacy.evidence import Evidence, HostFound, Level
from registry.bundles.privacy.signatures import CAPABILITIES
from registry.privacy import words
from registry.privacy.comparing import Known, SetRow
from registry.privacy.feed_text import LANGUAGES, MOST_LETTERS, feed_text, feed_texts
from registry.privacy.feed_words import IN_LANGUAGES
from registry.privacy.label import label_of, line_of
from registry.privacy.notice import About, digest_of, notice_of, says_something
from tests.registry.privacy.known import TRACKER, found, row, rows

ABOUT = About("kodi", "plugin.video.lantern", "lantern", first_party=False)


def notice(known=None, about=ABOUT):
    return notice_of(known or Known(), about)


def test_the_same_meaning_has_the_same_digest_wherever_it_stands_in_the_code():
    one = Known(declared=rows(row()), found=found("api.themoviedb.org"))
    moved = HostFound("api.themoviedb.org", Level.E3, None, None, (Evidence("lib/other.py", 99, "x"),))
    other = replace(one, found=replace(one.found, hosts=(moved,)))
    assert digest_of(notice(one)) == digest_of(notice(other))


def test_the_order_of_rows_says_nothing():
    one, two = rows(row("library"), row("watch")), rows(row("watch"), row("library"))
    assert digest_of(notice(Known(declared=one))) == digest_of(notice(Known(declared=two)))


@pytest.mark.parametrize(
    "other",
    [
        Known(declared=rows(row()), found=found("api.themoviedb.org", "b.example.org")),
        Known(declared=rows(row(), row("watch")), found=found("api.themoviedb.org")),
        Known(declared=rows(row(purpose="analytics")), found=found("api.themoviedb.org")),
        Known(declared=rows(row()), found=found("api.themoviedb.org", capabilities="exec")),
        Known(declared=replace(rows(row()), children="safe"), found=found("api.themoviedb.org")),
        Known(declared=replace(rows(row()), policy_url="https://x.org/p"), found=found("api.themoviedb.org")),
    ],
)
def test_another_meaning_has_another_digest(other):
    assert digest_of(notice(other)) != digest_of(
        notice(Known(rows(row()), found=found("api.themoviedb.org")))
    )


def test_a_policy_that_changed_in_meaning_makes_another_notice():
    known = Known(declared=replace(rows(row()), policy_url="https://x.org/p"))
    changed = replace(ABOUT, policy_meaning="b" * 64)
    assert digest_of(notice(known)) != digest_of(notice(known, changed))
    assert notice(known, changed)["policy"] == {"url": "https://x.org/p", "meaning": "b" * 64}


def test_a_third_party_always_has_a_notice_and_a_first_party_where_there_is_something_to_tell():
    first = replace(ABOUT, first_party=True)
    assert says_something(notice())
    assert not says_something(notice(about=first))
    assert says_something(notice(Known(found=found(TRACKER)), first))
    assert says_something(notice(Known(declared=Declaration(none=True)), first))


def test_a_host_is_declared_found_or_both_and_has_its_company():
    known = Known(declared=rows(row(), hosts=("*.themoviedb.org", "b.example.org")),
                  found=found("api.themoviedb.org", TRACKER))  # fmt: skip
    hosts = {each["host"]: each for each in notice(known)["hosts"]}
    assert (hosts["api.themoviedb.org"]["declared"], hosts["api.themoviedb.org"]["found"]) == (True, True)
    assert (hosts["b.example.org"]["declared"], hosts["b.example.org"]["found"]) == (True, False)
    assert (hosts[TRACKER]["declared"], hosts[TRACKER]["role"]) == (False, "ad_analytics")


def test_what_is_read_and_not_declared_is_told_as_read():
    assert notice(Known(declared=rows(row("library")), found=found(data="library profile")))["reads"] == [
        "profile"
    ]


def test_the_label_names_both_sides_of_a_difference_and_never_says_that_it_does_something():
    known = Known(declared=Declaration(none=True), found=found(TRACKER))
    label = label_of(notice(known))
    assert label.third_party
    assert label.claim == "Its maker declares that no data leaves your server."
    assert "differs" in label.line
    assert "found in the code" in label.differs[0]["found"]
    assert label.companies[0].tracker
    assert label.companies[0].hosts == ((TRACKER, "found in the code, not declared"),)


def test_a_household_row_brings_the_notice_for_children():
    label = label_of(notice(Known(declared=rows(row("household")))))
    assert label.household
    assert label.rows[0].household
    assert "children" in feed_text(notice(Known(declared=rows(row("household")))))


def test_a_household_that_is_only_read_brings_it_too_and_is_not_called_handled():
    content = notice(Known(declared=Declaration(none=True), found=found(data="household")))
    assert content["household"]
    assert label_of(content).household.startswith("Its code reads")
    assert "read in its code" in feed_text(content)


def test_how_finely_a_place_is_told_is_part_of_the_meaning_and_stands_in_the_label():
    city, finer = (notice(Known(rows(replace(row("location"), precision=p)))) for p in ("city", "finer"))
    assert digest_of(city) != digest_of(finer)
    assert label_of(city).rows[0].details == ("your city at most",)
    assert "precision" not in notice(Known(rows(row("location"))))["data"][0]


def test_a_row_that_a_reviewer_set_shows_its_reason():
    known = Known(rows_set=(SetRow(row("watch", "analytics", "ad_analytics"), "Its website says so."),))
    (shown,) = label_of(notice(known)).rows
    assert shown.reason == "Its website says so."
    assert "analytics" in shown.recipients


def test_every_code_of_the_taxonomy_has_its_words():
    for codes, known in (
        (taxonomy.DATA, words.DATA), (taxonomy.DATA, words.DATA_SHORT), (taxonomy.PURPOSES, words.PURPOSES),
        (taxonomy.RECIPIENTS, words.RECIPIENTS), (taxonomy.BASES, words.BASES), (taxonomy.LINKED, words.LINKED),
        (taxonomy.TRANSIT, words.TRANSIT), (taxonomy.CHILDREN, words.CHILDREN),
        (taxonomy.PRECISION, words.PRECISION), (taxonomy.CAPABILITIES, words.CAPABILITIES),
    ):  # fmt: skip
        assert set(codes) == set(known)
    assert {signature.code for signature in CAPABILITIES} <= set(taxonomy.CAPABILITIES)


# The short text of feeds


def test_a_feed_says_whose_practices_apply_in_six_languages():
    texts = feed_texts(notice())
    assert set(texts) == set(LANGUAGES) == {"en", "de", "fr", "es", "it", "nl"}
    assert texts["en"].startswith("Published by a third party, lantern: its own privacy practices apply.")
    assert len(set(texts.values())) == 6
    assert all("lantern" in text for text in texts.values())


def test_what_is_declared_is_named_in_each_language():
    for language, known in IN_LANGUAGES.items():
        assert set(known.codes) == set(taxonomy.DATA)
        assert len(set(known.codes.values())) == len(taxonomy.DATA)
        text = feed_text(notice(Known(declared=rows(row("watch"), row("payment")))), language)
        assert known.codes["watch"] in text
        assert known.codes["payment"] in text


def test_nothing_in_an_address_turns_the_reading():
    declared = replace(rows(row()), policy_url="https://x.org/\u202epdf.exe?a=1&b=%20")
    text = feed_text(notice(Known(declared=declared)))
    assert text.endswith("Policy: https://x.org/%E2%80%AEpdf.exe?a=1&b=%20")


def test_an_unknown_language_gets_english():
    assert feed_text(notice(), "pt") == feed_text(notice(), "en")


def test_a_feed_tells_what_is_declared_the_hosts_with_their_company_and_the_policy():
    declared = replace(
        rows(row("library"), hosts=("api.themoviedb.org",)), policy_url="https://x.org/privacy"
    )
    text = feed_text(notice(Known(declared=declared, found=found("api.themoviedb.org"))))
    assert "Its maker declares: library." in text
    assert "api.themoviedb.org (" in text
    assert text.endswith("Policy: https://x.org/privacy")
    assert "differs" not in text


def test_a_first_party_is_never_called_a_third_party():
    known = Known(declared=rows(row()))
    texts = feed_texts(notice(known, replace(ABOUT, first_party=True)))
    assert texts["en"].startswith("Published by lantern, who runs this site.")
    assert not any("third party" in text or "Drittanbieter" in text for text in texts.values())


def test_many_hosts_are_counted():
    many = found(*(f"h{number}.example.org" for number in range(40)))
    assert "and 34 more" in feed_text(notice(Known(found=many)))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(taxonomy.DATA), max_size=15),
    st.lists(st.from_regex(r"[a-z]{1,20}\.[a-z]{2,60}\.org", fullmatch=True), max_size=30),
    st.booleans(),
)
def test_every_notice_has_a_label_and_a_text_that_fits_a_feed(codes, hosts, first_party):
    known = Known(declared=rows(*map(row, codes)), found=found(*hosts))
    content = notice(known, replace(ABOUT, first_party=first_party))
    assert line_of(content)
    assert len(label_of(content).rows) == len(codes)
    assert all(0 < len(text) <= MOST_LETTERS for text in feed_texts(content).values())
