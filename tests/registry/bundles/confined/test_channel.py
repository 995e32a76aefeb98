"""Requests and frames between the processes."""

import os
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.confined.channel import (
    PICTURE,
    RECORD,
    STEP,
    BrokenFrameError,
    FrameReader,
    receive_request,
    send_request,
    write_frame,
)

BOUNDS = {STEP: 10, RECORD: 1000, PICTURE: 50}


def framed(kind, body):
    return kind + len(body).to_bytes(4, "big") + body


@given(
    st.lists(st.tuples(st.sampled_from([STEP, RECORD, PICTURE]), st.binary(max_size=10)), max_size=6),
    st.integers(1, 20),
)
@settings(deadline=None, max_examples=80)
def test_frames_are_taken_apart_however_their_bytes_arrive(frames, size):
    sent = b"".join(framed(kind, body) for kind, body in frames)
    reader = FrameReader(BOUNDS)
    pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
    assert [frame for piece in pieces for frame in reader.feed(piece)] == frames


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=80)
def test_any_bytes_are_frames_or_a_broken_frame(noise):
    try:
        for kind, body in FrameReader(BOUNDS).feed(noise):
            assert len(body) <= BOUNDS[kind]
    except BrokenFrameError:
        return


@pytest.mark.parametrize("head", [b"S\0\0\0\x0b", b"R\xff\xff\xff\xff", b"X\0\0\0\0"])
def test_a_frame_beyond_its_bound_is_refused_by_its_head_alone(head):
    with pytest.raises(BrokenFrameError):
        list(FrameReader(BOUNDS).feed(head))


def test_a_frame_is_written_whole():
    read_end, write_end = os.pipe()
    write_frame(write_end, STEP, b"read")
    assert os.read(read_end, 100) == framed(STEP, b"read")
    os.close(read_end)
    with pytest.raises(BrokenPipeError):
        write_frame(write_end, STEP, b"read")
    os.close(write_end)


def test_a_request_carries_open_files(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"content")
    ours, theirs = socket.socketpair()
    with ours, theirs, path.open("rb") as file:
        send_request(ours, {"filename": "x" * 5000}, [file.fileno()])
        request, (descriptor,) = receive_request(theirs, 1)
        assert request == {"filename": "x" * 5000}
        with os.fdopen(descriptor, "rb") as copy:
            assert copy.read() == b"content"
        ours.close()
        assert receive_request(theirs, 1) is None


def test_a_request_too_large_is_refused_before_anything_is_sent():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with pytest.raises(ValueError, match="bytes"):
            send_request(ours, {"said": "x" * 2_000_000}, [])
        ours.close()
        assert theirs.recv(1) == b""
