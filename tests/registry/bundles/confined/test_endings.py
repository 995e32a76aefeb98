"""What a reader's end means for its file."""

import signal

import pytest

from registry.bundles.confined.endings import Ending, meaning
from registry.bundles.findings import Severity
from registry.bundles.limits import Limits

LIMITS = Limits(cpu_s=60, wall_s=120)


@pytest.mark.parametrize(
    ("code", "late", "cpu_s", "finding"),
    [
        (-signal.SIGKILL, True, 40, "limit.time"),
        (-signal.SIGXCPU, False, 59.9, "limit.cpu"),
        (-signal.SIGKILL, False, 61, "limit.cpu"),
        (-signal.SIGKILL, False, 3, "limit.memory"),
        (-signal.SIGSEGV, False, 3, "reader.failed"),
        (-signal.SIGABRT, False, 3, "reader.failed"),
        (1, False, 3, "reader.failed"),
        (0, False, 3, "reader.failed"),
    ],
)
def test_an_end_of_the_files_making_is_an_error_that_names_the_step(code, late, cpu_s, finding):
    found = meaning(Ending(code, late, cpu_s, 0), "checked", LIMITS, "it answered nothing")
    assert (found.code, found.severity) == (finding, Severity.ERROR)
    assert found.fix
    assert "checked" in found.message or finding == "limit.memory"


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_reader_that_somebody_stopped_says_nothing_about_its_file(sent):
    assert Ending(-sent, late=False, cpu_s=1, peak_bytes=0).stopped


def test_a_reader_that_hardly_ran_was_starved_by_the_machine():
    assert Ending(-9, late=True, cpu_s=2, peak_bytes=0).starved(LIMITS)
    assert not Ending(-9, late=True, cpu_s=7, peak_bytes=0).starved(LIMITS)
    assert not Ending(-9, late=False, cpu_s=2, peak_bytes=0).starved(LIMITS)
