"""Bodies from strangers: bounded in time, whoever reads them."""

import io
import threading
import time

import pytest

from registry.errors import Malformed
from registry.web import bodies
from registry.web.bodies import BodyTimeout, PatientInput, patient


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


def buffered(stream, length: int) -> io.BufferedReader:
    return io.BufferedReader(PatientInput(stream, length), 1000)


@pytest.mark.parametrize("size", [1, 7, 999, 64 * 1024, -1])
def test_the_bytes_come_through_whatever_the_reader_asks_for(size):
    content = bytes(range(256)) * 100
    body = buffered(io.BytesIO(content), len(content))
    parts = []
    while part := body.read(size):
        parts.append(part)
    assert b"".join(parts) == content


def test_it_is_read_by_lines_too():
    body = buffered(io.BytesIO(b"one\ntwo\nthree"), 9)
    assert list(body) == [b"one\n", b"two\n", b"t"]


def test_it_ends_where_the_stream_ends():
    body = buffered(io.BytesIO(b"abc"), 10)
    assert body.read() == b"abc"
    assert body.read() == b""


def test_a_stalled_body_is_given_up(monkeypatch):
    monkeypatch.setattr(bodies, "STALL_S", 0.2)
    stalled = Stalled(b"abc")
    body = buffered(stalled, 10)
    began = time.monotonic()
    for _ in range(100):  # whoever asks again need not wait again
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
        buffered(Trickle(), 10_000).read()


def test_a_broken_connection_is_told_as_one():
    class Broken:
        def read(self, size: int) -> bytes:
            raise OSError("reset")

    with pytest.raises(Malformed, match="broke"):
        buffered(Broken(), 10).read()


def test_nothing_waits_for_a_body_that_nobody_reads():
    before = set(threading.enumerate())
    stalled = Stalled(b"")

    def application(environ, start_response):
        return [b"no"]

    assert patient(application)({"CONTENT_LENGTH": "5", "wsgi.input": stalled}, None) == [b"no"]
    assert not set(threading.enumerate()) - before


def test_the_reading_thread_ends_with_the_request():
    before = set(threading.enumerate())

    def application(environ, start_response):
        return [environ["wsgi.input"].read(1)]

    endless = type("Endless", (), {"read": lambda self, size: b"x" * size})()
    length = str(1 << 40)
    assert patient(application)({"CONTENT_LENGTH": length, "wsgi.input": endless}, None) == [b"x"]
    until = time.monotonic() + 5
    while set(threading.enumerate()) - before and time.monotonic() < until:
        time.sleep(0.05)
    assert not set(threading.enumerate()) - before
