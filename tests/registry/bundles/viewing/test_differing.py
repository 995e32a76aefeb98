"""How lines differ: what is told is enough to make one file of the other."""

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.viewing import differing
from registry.bundles.viewing.differing import ADDED, REMOVED, Difference, differ
from registry.bundles.viewing.reading import Part


def of(*lines, **more):
    return Part(1, tuple(lines), **more)


def test_a_change_is_told_with_three_lines_around_it_and_their_numbers_on_both_sides():
    before = [str(number) for number in range(1, 21)]
    after = [*before[:9], "ten", "and more", *before[10:]]
    (hunk,) = differ(of(*before), of(*after)).hunks
    assert hunk == (
        (" ", 7, 7, "7"), (" ", 8, 8, "8"), (" ", 9, 9, "9"),
        ("-", 10, 0, "10"), ("+", 0, 10, "ten"), ("+", 0, 11, "and more"),
        (" ", 11, 12, "11"), (" ", 12, 13, "12"), (" ", 13, 14, "13"),
    )  # fmt: skip


def test_changes_far_from_each_other_are_hunks_of_their_own():
    before = [str(number) for number in range(40)]
    after = ["first", *before[1:-1], "last"]
    assert len(differ(of(*before), of(*after)).hunks) == 2


def test_files_that_are_the_same_differ_in_nothing():
    assert differ(of("a", "b"), of("a", "b")) == Difference(())


def test_a_carriage_return_makes_another_line():
    assert differ(of("a"), of("a\r")) == Difference(((("-", 1, 0, "a"), ("+", 0, 1, "a\r")),))


def test_a_file_that_is_not_there_differs_in_every_line():
    assert differ(of(), of("a", "b")) == Difference(((("+", 0, 1, "a"), ("+", 0, 2, "b")),))


def test_what_was_not_compared_is_told():
    assert differ(of("a"), of("a", next=2)).unseen
    assert differ(of("a", cut=True), of("a")).unseen


def test_a_difference_longer_than_a_page_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(differing, "MOST_LINES", 3)
    found = differ(of(), of("a", "b", "c", "d"))
    assert found.cut
    assert [text for *_, text in found.hunks[0]] == ["a", "b", "c"]
    assert not differ(of(), of("a", "b", "c")).cut
    monkeypatch.setattr(differing, "MOST_CHARACTERS", 2)
    assert [text for *_, text in differ(of(), of("aa", "bb", "c")).hunks[0]] == ["aa", "bb"]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from("abcd"), max_size=30), st.lists(st.sampled_from("abcd"), max_size=30))
def test_the_hunks_lead_from_one_file_to_the_other(before, after):
    made, taken = [], 0
    for mark, old, _, text in (line for hunk in differ(of(*before), of(*after)).hunks for line in hunk):
        if mark == ADDED:
            made.append(text)
            continue
        made += before[taken : old - 1]
        assert before[old - 1] == text
        made += [] if mark == REMOVED else [text]
        taken = old
    assert made + before[taken:] == after
