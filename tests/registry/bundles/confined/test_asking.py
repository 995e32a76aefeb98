"""A file is read in a closed child, and whatever becomes of the child, its caller goes on."""

import io
import os
import signal
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from registry.bundles.confined import ReaderUnavailable, read_confined
from registry.bundles.confined.parent import template_pid
from registry.bundles.inspection import inspect
from registry.bundles.limits import MIB, Limits
from tests.registry.bundles.confined.processes import (
    children_of,
    needs_proc,
    wait_for_child,
    wait_until_gone,
)
from tests.registry.bundles.drawing import picture
from tests.registry.bundles.packing import kodi_zip, slow_zip, zip_of

ICON = "<icon>icon.png</icon>"


@pytest.fixture(scope="module")
def slow():
    return slow_zip(160)


@pytest.fixture(scope="module")
def long():
    """What takes long enough to be stopped on a machine that is busy with much else."""
    return slow_zip(160, files=5)


def good_file():
    files = {"icon.png": picture(size=(600, 600)), "lib/x.py": "x = 1\n"}
    return io.BytesIO(kodi_zip(files, assets=ICON))


def assert_readable():
    assert read_confined(good_file(), "good.zip").ok


def codes(inspection):
    return [finding.code for finding in inspection.findings]


def test_the_child_finds_what_the_same_steps_find_in_this_process():
    here, there = inspect(good_file(), "x.zip"), read_confined(good_file(), "x.zip")
    assert there.as_json() == here.as_json()
    assert there.metadata == here.metadata
    assert (there.files, there.pictures) == (here.files, here.pictures)
    assert [step.name for step in there.steps] == [step.name for step in here.steps]
    assert there.container == "zip"


def test_a_refusal_in_the_child_is_the_same_finding():
    here, there = inspect(io.BytesIO(b"x"), "x"), read_confined(io.BytesIO(b"x"), "x")
    assert there.findings == here.findings != []
    assert not there.ok


def test_steps_are_told_as_they_begin():
    told = []
    read_confined(good_file(), "x.zip", on_step=told.append)
    assert told == ["stored", "opened", "identified", "read", "checked", "searched", "licensed", "pictured"]


def test_a_file_on_disk_is_read_without_moving_its_position():
    with tempfile.TemporaryFile() as file:
        file.write(good_file().getvalue())
        assert read_confined(file, "x.zip").ok
        position = file.tell()
        assert read_confined(file, "x.zip").ok
        assert file.tell() == position


def test_what_the_publisher_said_is_held_against_the_manifest():
    assert codes(read_confined(good_file(), "x.zip", {"version": "9"})) == ["manifest.mismatch"]


def test_a_reader_that_takes_too_much_processor_time_is_a_finding(slow):
    result = read_confined(io.BytesIO(slow), "slow.zip", None, Limits(cpu_s=1))
    assert (codes(result), result.ok) == (["limit.cpu"], False)
    assert result.steps[-1].state == "failed"
    assert result.sha256 is not None
    assert_readable()


def test_a_reader_that_takes_too_long_is_a_finding(slow):
    started = time.monotonic()
    result = read_confined(io.BytesIO(slow), "slow.zip", None, Limits(wall_s=1))
    assert codes(result) == ["limit.time"]
    assert time.monotonic() - started < 15
    assert_readable()


def test_a_reader_that_takes_too_much_memory_is_a_finding():
    file = io.BytesIO(kodi_zip({"icon.png": picture(size=(4096, 4096))}, assets=ICON))
    result = read_confined(file, "x.zip", None, Limits(memory_bytes=120 * MIB))
    assert (codes(result), result.ok) == (["limit.memory"], False)
    assert (result.steps[-1].name, result.steps[-1].state) == ("pictured", "failed")
    assert read_confined(file, "x.zip").ok


def test_a_reader_uses_less_than_a_quarter_of_a_gibibyte_for_a_large_file(slow):
    ended = []
    read_confined(io.BytesIO(slow), "slow.zip", on_end=ended.append)
    assert ended[0].peak_bytes < 256 * MIB


def while_reading(file, act, limits=None):
    """Read a file in a thread, act on (guard, reader) meanwhile, return what came of it."""
    template = template_pid()
    ending = children_of(template)  # of a test before, perhaps
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read_confined, file, "slow.zip", None, limits or Limits())
        guard = wait_for_child(template, besides=ending)
        reader = wait_for_child(guard)
        act(template, guard, reader)
        return reading


@needs_proc
def test_a_reader_killed_for_want_of_memory_is_a_finding(long):
    reading = while_reading(io.BytesIO(long), lambda _t, _g, r: os.kill(r, signal.SIGKILL))
    assert codes(reading.result()) == ["limit.memory"]
    assert_readable()


@needs_proc
def test_a_reader_that_crashes_is_a_finding(long):
    reading = while_reading(io.BytesIO(long), lambda _t, _g, r: os.kill(r, signal.SIGSEGV))
    assert codes(reading.result()) == ["reader.failed"]
    assert "-11" in reading.result().findings[0].private["trace"]
    assert_readable()


@needs_proc
@pytest.mark.parametrize("victim", [0, 1, 2])
def test_stopping_a_process_of_the_reader_says_nothing_about_the_file(long, victim):
    stop = signal.SIGTERM if victim == 2 else signal.SIGKILL
    family = []

    def act(*pids):
        family.extend(pids)
        os.kill(pids[victim], stop)

    with pytest.raises(ReaderUnavailable):
        while_reading(io.BytesIO(long), act).result()
    for pid in family[victim:]:
        wait_until_gone(pid)
    assert_readable()


@needs_proc
def test_a_template_that_died_is_started_again():
    assert_readable()
    before = template_pid()
    os.kill(before, signal.SIGKILL)
    assert_readable()
    assert template_pid() != before


def test_many_threads_read_at_once():
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: read_confined(good_file(), "x.zip"), range(24)))
    assert all(result.ok for result in results)


def test_a_forked_worker_reads_with_a_template_of_its_own():
    assert_readable()
    ours = template_pid()
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            result = read_confined(good_file(), "x.zip")
            os.write(write_end, f"{result.ok} {template_pid()}".encode())
        finally:
            os._exit(0)
    os.close(write_end)
    said = os.read(read_end, 100).decode().split()
    os.close(read_end)
    os.waitpid(pid, 0)
    assert said[0] == "True"
    assert int(said[1]) != ours
    wait_until_gone(int(said[1]))
    assert template_pid() == ours


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


@needs_proc
def test_nothing_is_left_open_by_reading():
    assert_readable()
    before = open_files(), threading.active_count()
    for _ in range(5):
        assert_readable()
        read_confined(io.BytesIO(zip_of({"a": "b"})), "x.zip")
    assert (open_files(), threading.active_count()) == before
