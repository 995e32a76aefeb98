"""What ends is started again, with patience; what is told to stop, stops, in time."""

import io
import os
import signal
import threading
import time

import pytest

from registry.embedded.home import Home
from registry.embedded.journal import Journal
from registry.embedded.part import PartFailed
from registry.embedded.supervisor import LONGEST_WAIT_S, RAN_WELL_S, Stopped, Supervisor, Ward
from tests.registry.embedded.parts import FOREVER, STUBBORN, Script


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.fixture
def terminal():
    return io.StringIO()


@pytest.fixture
def supervisor(home, terminal):
    supervisor = Supervisor(Journal(home.folder("logs"), terminal))
    yield supervisor
    supervisor.stop([ward.part for ward in supervisor.wards], 0)


def watched(supervisor):
    """Watch in a thread; returns what ends it."""

    def watch():
        with pytest.raises(Stopped):
            supervisor.watch()

    thread = threading.Thread(target=watch)
    thread.start()

    def end():
        supervisor._stop.set()
        thread.join()

    return end


def until(true, within_s=10):
    limit = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_a_killed_part_is_started_again(home, supervisor, terminal):
    script = Script(home, FOREVER)
    supervisor.start([script])
    supervisor.wait([script])
    end = watched(supervisor)
    first = script.child.process.pid
    os.kill(first, signal.SIGKILL)
    until(lambda: script.child.process.pid != first and script.child.is_alive())
    end()
    assert "script ended (SIGKILL); again in 0.5 s" in terminal.getvalue()


def test_a_part_that_cannot_start_again_does_not_end_the_others(home, supervisor, terminal):
    script, other = Script(home, FOREVER), Script(home, FOREVER, "other")
    supervisor.start([script, other])
    end = watched(supervisor)
    script.prepare = lambda: (_ for _ in ()).throw(PartFailed("The disk is full."))
    os.kill(script.child.process.pid, signal.SIGKILL)
    until(lambda: "does not start: The disk is full. Again in 1 s" in terminal.getvalue())
    assert other.child.is_alive()
    end()


def test_the_wait_doubles_up_to_its_limit_and_is_forgiven_after_a_good_run():
    ward = Ward(part=None, started_at=1000.0)
    assert [ward.fail(1000.0) for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 30, 30, LONGEST_WAIT_S]
    assert ward.fail(1000.0 + RAN_WELL_S + 1) == 0.5


def test_a_part_that_ends_while_it_should_come_up_is_an_error_that_names_its_log(home, supervisor):
    script = Script(home, "print('no such file'); raise SystemExit(3)")
    script.ready = lambda: False
    supervisor.start([script])
    with pytest.raises(PartFailed, match=r"script ended at once; .*/logs/script\.log says why"):
        supervisor.wait([script])


def test_a_part_that_never_answers_is_given_up(home, supervisor):
    script = Script(home, FOREVER)
    script.ready, script.starts_within_s = (lambda: False), 0.2
    supervisor.start([script])
    with pytest.raises(PartFailed, match="script is not ready after 0 s"):
        supervisor.wait([script])


def test_stopping_interrupts_the_wait_for_a_part(home, supervisor):
    script = Script(home, FOREVER)
    script.ready = lambda: False
    supervisor.start([script])
    supervisor._stop.set()
    with pytest.raises(Stopped):
        supervisor.wait([script])


def test_all_parts_are_stopped_at_once_deaf_ones_too(home, supervisor, terminal):
    scripts = [Script(home, STUBBORN, f"deaf-{number}") for number in range(4)]
    supervisor.start(scripts)
    until(lambda: terminal.getvalue().count("| deaf\n") == 4)
    before = time.monotonic()
    supervisor.stop(scripts, 0.5)
    assert time.monotonic() - before < 2
    assert not any(script.child.is_alive() for script in scripts)


def test_a_task_runs_to_its_end_and_tells_how_it_ended(home, supervisor):
    assert supervisor.finish(Script(home, "raise SystemExit(0)")) == 0
    assert supervisor.finish(Script(home, "raise SystemExit(7)")) == 7


def test_every_line_is_in_the_parts_log_and_on_the_terminal_with_its_name(home, supervisor, terminal):
    script = Script(home, "print('a detail\\nWARNING: full'); print('Grüße', flush=True)", "talker")
    script.shown = lambda line: "" if line == "a detail" else line
    supervisor.finish(script)
    log = home.path / "logs" / "talker.log"
    until(lambda: "Grüße" in terminal.getvalue())
    assert log.read_text() == "a detail\nWARNING: full\nGrüße\n"
    assert terminal.getvalue() == "       talker | WARNING: full\n       talker | Grüße\n"


def test_a_log_is_rotated_and_never_grows_without_end(home, supervisor, monkeypatch):
    monkeypatch.setattr("registry.embedded.journal.FILE_BYTES", 1000)
    supervisor.finish(Script(home, "for n in range(500): print('line', n)"))
    logs = home.path / "logs"
    until(lambda: "line 499" in (logs / "script.log").read_text())
    files = sorted(path.name for path in logs.glob("script.log*"))
    assert files == ["script.log", "script.log.1", "script.log.2", "script.log.3"]
    assert all((logs / name).stat().st_size <= 1000 for name in files)
