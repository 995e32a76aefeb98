"""A part of a text file: its lines, their numbers, and where it ends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.findings import BundleRejected, rejected
from registry.bundles.viewing import reading
from registry.bundles.viewing.reading import MOST_CHARACTERS, Part, read_part
from tests.registry.bundles.packing import bundle_of


def part(content, line=1, **bounds):
    return read_part(bundle_of({"a.py": content}), "a.py", line, **bounds)


def test_lines_are_counted_from_one_and_end_at_a_line_feed_alone():
    assert part("one\r\ntwo\x0b\x0cstill two\u2028too\nthree") == Part(
        1, ("one\r", "two\x0b\x0cstill two\u2028too", "three")
    )


def test_an_end_of_the_last_line_is_no_line_of_its_own():
    assert part("one\n") == Part(1, ("one",))
    assert part("one\n\n") == Part(1, ("one", ""))
    assert part("") == Part(1, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_the_encoding_that_it_has(encoding):
    text = "# Grüße aus München, four words and more\nwhile True: pass\n"
    assert part(text.encode(encoding)) == Part(1, tuple(text.splitlines()))


def test_what_is_no_text_in_it_is_shown_as_such():
    assert part("caf\xe9 and some more words\n".encode("latin-1")) == Part(
        1, ("caf\ufffd and some more words",)
    )


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"MZ" + bytes(200), bytes(range(256)) * 9, b"\0"]
)
def test_what_is_not_text_is_told(content):
    assert part(content) is None


def test_a_long_file_comes_in_parts():
    text = "".join(f"{number}\n" for number in range(1, 12))
    assert part(text, most_lines=5) == Part(1, ("1", "2", "3", "4", "5"), next=6)
    assert part(text, most_lines=11) == Part(1, tuple(text.split()), next=None)


def test_a_line_behind_the_first_part_is_shown_with_what_stands_before_it():
    text = "".join(f"{number}\n" for number in range(1, 101))
    assert part(text, 60, most_lines=50) == Part(40, tuple(map(str, range(40, 90))), next=90)
    assert part(text, 100, most_lines=50) == Part(80, tuple(map(str, range(80, 101))))
    assert part(text, 50, most_lines=50).first == 1
    assert part(text, 10**8, most_lines=50).lines == ()


def test_a_part_has_no_more_characters_than_a_page_can_show(monkeypatch):
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 10)
    assert part("four\nfive5\nsix\n") == Part(1, ("four", "five5"), next=3)
    assert part("four\nsixsix6\nsix\n") == Part(1, ("four",), next=2)


def test_a_line_longer_than_a_part_is_cut_and_what_follows_it_can_be_reached():
    long = "x" * (MOST_CHARACTERS + 70_000)
    assert part(long) == Part(1, (long[:MOST_CHARACTERS],), None, cut=True)
    assert part(f"{long}\nend\n") == Part(1, (long[:MOST_CHARACTERS],), 2, cut=True)


def test_a_path_that_is_not_there_and_bytes_that_deny_their_header_are_refused():
    with pytest.raises(KeyError):
        read_part(bundle_of({"a.py": ""}), "../a.py")

    class Lying:
        def stream(self, name):
            yield b"one\n"
            raise rejected("archive.corrupt", "It lies.", "Pack it again.")

    with pytest.raises(BundleRejected):
        read_part(Lying(), "a.py")


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text("ab\r\u202e", max_size=9), max_size=40), st.integers(1, 7))
def test_the_parts_together_are_the_file(lines, most_lines):
    text = "".join(f"{line}\n" for line in lines)
    bundle, found, line = bundle_of({"a": text}), [], 1
    while line is not None:
        shown = read_part(bundle, "a", line, most_lines=most_lines + reading.LINES_BEFORE)
        assert shown.first <= line
        found += shown.lines[line - shown.first :]
        line = shown.next
    assert found == lines
