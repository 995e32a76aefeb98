"""The form of a declaration: what is filled in first, and what it says when it is sent."""

from werkzeug.datastructures import MultiDict

from registry.bundles.privacy.declaration import Declaration
from registry.privacy.declaring import read_said
from registry.privacy.forms import answers_in, answers_of, said_by
from tests.registry.privacy.known import found, row, rows


def sent(*pairs):
    return MultiDict(pairs)


def test_it_begins_with_what_was_found_in_the_code():
    answers = answers_of(None, found("api.themoviedb.org", data="library"))
    told = {each.code: each for each in answers.rows if each.told}
    assert list(told) == ["library"]
    assert told["library"].evidence[0].path == "main.py"
    assert answers.hosts == "api.themoviedb.org"
    assert answers.leaves == "some"


def test_it_begins_with_what_is_declared_already():
    declared = Declaration(hosts=("a.example.org",), children="safe", policy_url="https://x.org/p",
                           data=(row("watch"),))  # fmt: skip
    answers = answers_of(declared, found(data="library"))
    assert [each.code for each in answers.rows if each.told] == ["watch"]
    assert (answers.hosts, answers.children, answers.policy_url) == (
        "a.example.org",
        "safe",
        "https://x.org/p",
    )
    assert answers_of(Declaration(none=True), found()).leaves == "none"


def test_its_answers_read_as_a_declaration():
    said = said_by(
        sent(
            ("leaves", "some"), ("hosts", "a.example.org\n b.example.org\n"), ("children", "not_for"),
            ("policy_url", " https://x.org/p "), ("watch-told", "yes"), ("watch-purposes", "analytics"),
            ("watch-purposes", "function"), ("watch-recipients", "developer"), ("watch-retention", "30"),
            ("watch-basis", "opt_in"), ("library-purposes", "match"),
        )
    )  # fmt: skip
    declared = read_said(said)
    assert declared.hosts == ("a.example.org", "b.example.org")
    (watch,) = declared.data
    assert (watch.purposes, watch.retention_days, watch.basis) == (("analytics", "function"), 30, "opt_in")


def test_how_finely_is_asked_and_kept_of_a_place_alone():
    told = (("location-told", "yes"), ("location-purposes", "function"), ("location-recipients", "developer"))
    declared = read_said(said_by(sent(("leaves", "some"), *told, ("location-precision", "city"))))
    assert declared.data[0].precision == "city"
    (shown,) = [each for each in answers_of(declared, found()).rows if each.told]
    assert shown.precision == "city"


def test_no_is_no_whatever_stands_in_the_other_fields():
    said = said_by(sent(("leaves", "none"), ("hosts", "a.example.org"), ("watch-told", "yes")))
    assert read_said(said) == Declaration(none=True)


def test_what_was_typed_is_shown_again():
    answers = answers_in(sent(("leaves", "some"), ("hosts", "not a host"), ("watch-told", "yes")))
    assert answers.hosts == "not a host"
    assert [each.code for each in answers.rows if each.told] == ["watch"]


def test_the_answers_of_the_last_release_read_as_they_were():
    declared = rows(row("watch"), row("library"), hosts=("a.example.org",))
    answers = answers_of(declared, found())
    pairs = [("leaves", answers.leaves), ("hosts", answers.hosts), ("children", answers.children)]
    for each in answers.rows:
        if each.told:
            pairs += [(f"{each.code}-told", "yes"), *((f"{each.code}-purposes", p) for p in each.purposes),
                      *((f"{each.code}-recipients", r) for r in each.recipients)]  # fmt: skip
    again = read_said(said_by(sent(*pairs)))
    assert set(again.data) == set(declared.data)
    assert again.hosts == declared.hosts
