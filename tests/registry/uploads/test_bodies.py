"""The file in a body has exactly the length that was said."""

import io

import pytest

from registry.errors import Malformed
from registry.uploads.bodies import SizedBody


@pytest.mark.parametrize("size", [1, 7, 64 * 1024, -1])
def test_the_bytes_come_through_whatever_the_reader_asks_for(size):
    content = bytes(range(256)) * 500
    body = SizedBody(io.BytesIO(content), len(content))
    parts = []
    while part := body.read(size):
        parts.append(part)
    assert b"".join(parts) == content


def test_no_byte_more_than_stated_is_read():
    stream = io.BytesIO(b"abcdef")
    assert SizedBody(stream, 3).read() == b"abc"
    assert stream.tell() == 3


def test_a_body_that_ends_early_says_how_much_is_missing():
    with pytest.raises(Malformed, match="7 bytes early"):
        SizedBody(io.BytesIO(b"abc"), 10).read()
