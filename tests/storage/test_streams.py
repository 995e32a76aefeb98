"""What goes out is counted and hashed; a stream that lies never gives its last byte."""

import hashlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import DigestMismatch
from storage.streams import Incoming

few = settings(max_examples=100, deadline=None)


class Dribble:
    """A stream like a socket: gives what it has, at most `most` at a time, and cannot go back."""

    def __init__(self, content: bytes, most: int) -> None:
        self._content = io.BytesIO(content)
        self._most = most

    def read(self, size: int, /) -> bytes:
        return self._content.read(min(size, self._most))


def incoming(content: bytes, *, said: bytes | None = None, most: int = 3) -> Incoming:
    said = content if said is None else said
    sha256 = hashlib.sha256(said).hexdigest()
    return Incoming(Dribble(content, most), size=len(said), sha256=sha256, md5=True)


def read_all(body: Incoming, amount: int) -> bytes:
    taken = b""
    while chunk := body.read(amount):
        taken += chunk
    return taken


@few
@given(content=st.binary(max_size=50), most=st.integers(1, 9), amount=st.integers(1, 9))
def test_an_honest_stream_passes_unchanged(content, most, amount):
    body = incoming(content, most=most)
    assert read_all(body, amount) == content
    assert body.md5 == hashlib.md5(content).hexdigest()


@few
@given(content=st.binary(min_size=1, max_size=50), said=st.binary(min_size=1, max_size=50))
def test_of_a_lying_stream_less_goes_out_than_was_said(content, said):
    if content[: len(said)] == said:
        return
    body = incoming(content, said=said)
    sent = bytearray()
    with pytest.raises(DigestMismatch):
        sent.extend(b for chunk in iter(lambda: body.read(4), None) for b in chunk)
    assert len(sent) < len(said)
    assert isinstance(body.failure, DigestMismatch)


def test_an_empty_stream_is_checked_too():
    body = Incoming(b"", size=0, sha256="0" * 64)
    with pytest.raises(DigestMismatch, match="not 0000"):
        body.read(10)


def test_a_stream_that_ends_early_says_how_far_it_came():
    body = Incoming(b"abc", size=5, sha256=None)
    with pytest.raises(DigestMismatch, match="end after 3 of 5"):
        body.drain()


def test_bytes_beyond_the_said_size_are_not_taken():
    source = io.BytesIO(b"abcdef")
    assert read_all(Incoming(source, size=4, sha256=None), 10) == b"abcd"
    assert source.read() == b"ef"


def test_a_file_can_be_sent_again_from_where_it_stood():
    source = io.BytesIO(b"--abc")
    source.seek(2)
    body = Incoming(source, size=3, sha256=hashlib.sha256(b"abc").hexdigest())
    body.read(2)
    body.seek(0)
    assert read_all(body, 2) == b"abc"


def test_a_socket_can_be_sent_again_only_while_nothing_was_taken():
    body = incoming(b"abcdef")
    body.seek(0)
    body.read(2)
    with pytest.raises(io.UnsupportedOperation):
        body.seek(0)


def test_a_stream_that_lied_is_not_sent_again():
    body = Incoming(io.BytesIO(b"abc"), size=3, sha256="0" * 64)
    with pytest.raises(DigestMismatch):
        body.read(3)
    with pytest.raises(io.UnsupportedOperation):
        body.seek(0)
