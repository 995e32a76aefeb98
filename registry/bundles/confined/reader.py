"""The closed child's own work: it has one open file, one pipe to answer through, and nothing else."""

import traceback
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from registry.bundles.confined.channel import PICTURE, RECORD, STEP
from registry.bundles.confined.endings import without_memory
from registry.bundles.confined.record import write_record
from registry.bundles.findings import Finding, Severity
from registry.bundles.inspection.result import Inspection, Step
from registry.bundles.inspection.steps import Work, reading_of, take
from registry.bundles.limits import Limits

TRACE_CHARACTERS = 8000


def answer(request: Mapping[str, Any], file: BinaryIO, say: Callable[[bytes, bytes], None]) -> None:
    """Read the bundle and say steps, record and pictures; ``say`` takes a kind and a body."""
    work = Work(file, Inspection(request["filename"]), Limits(**request["limits"]), request["said"])
    begun: list[str] = []

    def on_step(name: str) -> None:
        begun.append(name)
        say(STEP, name.encode())

    try:
        take(reading_of(work.said), work, on_step)
    except MemoryError:
        _end_with(work, begun, without_memory(work.limits))
    except Exception as error:
        _end_with(work, begun, _failure(error))
    say(RECORD, write_record(work.result))
    for picture in work.result.pictures:
        say(PICTURE, picture.body)


def _end_with(work: Work, begun: list[str], finding: Finding) -> None:
    """Let go of what fills the memory, and tell how far the reader came."""
    work.bundle = None
    work.result.files.clear()
    work.result.pictures.clear()
    work.result.steps.append(Step(begun[-1], "failed", 0.0))
    work.result.findings.append(finding)


def _failure(error: Exception) -> Finding:
    """Tell that the reader broke: a fault of ours that this file brings to light."""
    return Finding(
        "reader.failed",
        Severity.ERROR,
        f"The bundle could not be read: its reader stopped with {type(error).__name__}.",
        "See whether the file opens elsewhere; if it does, tell the operator.",
        private={"trace": "".join(traceback.format_exception(error))[-TRACE_CHARACTERS:]},
    )
