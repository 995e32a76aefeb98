"""Ranges mean what HTTP says, whatever the store does with them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import RangeNotSatisfiable
from storage.ranges import resolve
from storage.streams import window

few = settings(max_examples=150, deadline=None)
SIZES = st.integers(0, 60)


@few
@given(size=SIZES, first=st.integers(0, 70), extra=st.one_of(st.none(), st.integers(0, 70)))
def test_a_range_is_the_slice_of_the_bytes_it_names(size, first, extra):
    last = None if extra is None else first + extra
    expected = bytes(range(size))[first : None if last is None else last + 1]
    if expected:
        start, length = resolve((first, last), size)
        assert bytes(range(size))[start : start + length] == expected
    else:
        with pytest.raises(RangeNotSatisfiable) as caught:
            resolve((first, last), size)
        assert caught.value.size_bytes == size


@few
@given(size=st.integers(1, 60), count=st.integers(1, 70))
def test_a_negative_first_byte_counts_from_the_end(size, count):
    start, length = resolve((-count, None), size)
    assert bytes(range(size))[start : start + length] == bytes(range(size))[-count:]


def test_no_range_is_everything_also_of_an_empty_blob():
    assert resolve(None, 7) == (0, 7)
    assert resolve(None, 0) == (0, 0)


@pytest.mark.parametrize("wrong", [(5, 4), (-5, 4), (0, -1)])
def test_a_range_that_ends_before_it_begins_is_a_mistake_of_the_caller(wrong):
    with pytest.raises(ValueError, match="is no range"):
        resolve(wrong, 100)


@few
@given(chunks=st.lists(st.binary(max_size=9), max_size=9), skip=SIZES, length=SIZES)
def test_a_window_is_the_slice_however_the_bytes_are_cut(chunks, skip, length):
    whole = b"".join(chunks)
    assert b"".join(window(iter(chunks), skip, length)) == whole[skip : skip + length]


def test_a_window_takes_no_chunk_beyond_its_end():
    chunks = iter([b"abc", b"def", b"ghi"])
    assert b"".join(window(chunks, 1, 3)) == b"bcd"
    assert next(chunks) == b"ghi"
