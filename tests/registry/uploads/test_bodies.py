"""Bodies from strangers: bounded in bytes and in time."""

import io
import threading
import time

import pytest

from registry.errors import Malformed
from registry.uploads import bodies
from registry.uploads.bodies import BodyTimeout, TimedBody


class Stalled:
    """Gives some bytes, then nothing until it is let go."""

    def __init__(self, first: bytes) -> None:
        self.first, self.free = first, threading.Event()

    def read(self, size: int) -> bytes:
        if self.first:
            given, self.first = self.first[:size], b""
            return given
        self.free.wait(10)
        return b""


@pytest.mark.parametrize("size", [1, 7, 64 * 1024, -1])
def test_the_bytes_come_through_whatever_the_reader_asks_for(size):
    content = bytes(range(256)) * 500
    body = TimedBody(io.BytesIO(content), len(content))
    parts = []
    while part := body.read(size):
        parts.append(part)
    assert b"".join(parts) == content


def test_no_byte_more_than_stated_is_read():
    stream = io.BytesIO(b"abcdef")
    assert TimedBody(stream, 3).read() == b"abc"


def test_a_body_that_ends_early_says_how_much_is_missing():
    with pytest.raises(Malformed, match="7 bytes early"):
        TimedBody(io.BytesIO(b"abc"), 10).read()


def test_a_stalled_body_is_given_up(monkeypatch):
    monkeypatch.setattr(bodies, "STALL_S", 0.2)
    stalled = Stalled(b"abc")
    body = TimedBody(stalled, 10)
    began = time.monotonic()
    with pytest.raises(BodyTimeout):
        body.read()
    stalled.free.set()
    assert time.monotonic() - began < 3


def test_a_body_that_trickles_is_given_up(monkeypatch):
    monkeypatch.setattr(bodies, "GRACE_S", 0.1)

    class Trickle:
        def read(self, size: int) -> bytes:
            time.sleep(0.05)
            return b"x"

    with pytest.raises(BodyTimeout, match="slower"):
        TimedBody(Trickle(), 10_000).read()


def test_a_broken_connection_is_told_as_one():
    class Broken:
        def read(self, size: int) -> bytes:
            raise OSError("reset")

    with pytest.raises(Malformed, match="broke"):
        TimedBody(Broken(), 10).read()
