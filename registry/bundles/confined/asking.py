"""Has a file read by a closed child, and survives whatever becomes of it."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from io import UnsupportedOperation
from typing import Any, BinaryIO

from registry.bundles.confined.belief import UnbelievableError, read_record
from registry.bundles.confined.channel import (
    PICTURE,
    RECORD,
    STEP,
    BrokenFrameError,
    FrameReader,
    pieces,
)
from registry.bundles.confined.endings import Ending, meaning
from registry.bundles.confined.parent import ReaderUnavailable, hand_over
from registry.bundles.inspection.result import Inspection, Step
from registry.bundles.inspection.steps import MEASURING, STEPS, Work, take
from registry.bundles.limits import DEFAULT_LIMITS, MIB, Limits
from registry.bundles.pictures import MOST_PICTURES

RECORD_BYTES = 24 * MIB
STEP_NAMES = frozenset(name.encode() for name, _ in STEPS)
#: How long the guard may take to end a late reader and to say so.
GRACE_S = 5.0


@dataclass(slots=True)
class _Answer:
    """What came through the pipe so far."""

    steps: list[str] = field(default_factory=list)
    record: bytes | None = None
    pictures: list[bytes] = field(default_factory=list)
    broken: str | None = None


class _NeverBegunError(ReaderUnavailable):
    """The template had just died when it was asked; another one can be asked the same."""


def read_confined(
    file: BinaryIO,
    filename: str,
    said: Mapping[str, Any] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    *,
    on_step: Callable[[str], None] | None = None,
    on_end: Callable[[Ending], None] | None = None,
) -> Inspection:
    """Inspect a stranger's file, as :func:`registry.bundles.inspection.inspect` does, in a child.

    Size and digests are measured here, since the child is not believed. ``on_step`` is told each
    step's name as it begins, ``on_end`` what the reader used. A reader that dies of the file is a
    finding: ``limit.memory``, ``limit.cpu``, ``limit.time`` or ``reader.failed``. Raises
    ReaderUnavailable when it was stopped for another reason: the same file may be read later.
    """
    work = Work(file, Inspection(filename), limits, said or {})
    take(MEASURING, work, on_step)
    if not work.result.ok:
        return work.result
    request = {"filename": filename, "said": dict(work.said), "limits": asdict(limits)}
    with _readable(file) as descriptor:
        try:
            answer, ending = _ask(request, descriptor, limits, on_step)
        except _NeverBegunError:
            answer, ending = _ask(request, descriptor, limits, on_step)
    if on_end is not None:
        on_end(ending)
    return _concluded(work.result, answer, ending, limits)


@contextmanager
def _readable(file: BinaryIO) -> Iterator[int]:
    """Yield a descriptor of the file that can only read, with a position of its own."""
    try:
        source = file.fileno()
    except (UnsupportedOperation, AttributeError):
        with tempfile.TemporaryFile() as copy:
            file.seek(0)
            shutil.copyfileobj(file, copy)
            copy.flush()
            with _readable(copy) as descriptor:
                yield descriptor
        return
    if file.writable():
        file.flush()
    descriptor = _opened_again(source)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _opened_again(source: int) -> int:
    with suppress(OSError):
        return os.open(f"/proc/self/fd/{source}", os.O_RDONLY | os.O_CLOEXEC)
    return os.dup(source)


def _ask(
    request: Mapping[str, Any],
    descriptor: int,
    limits: Limits,
    on_step: Callable[[str], None] | None,
) -> tuple[_Answer, Ending]:
    deadline = time.monotonic() + limits.wall_s + GRACE_S
    answer_from, answer_to = os.pipe()
    status_from, status_to = os.pipe()
    try:
        try:
            hand_over(request, [descriptor, answer_to, status_to])
        finally:
            os.close(answer_to)
            os.close(status_to)
        answer = _listen(answer_from, deadline, limits, on_step)
        status = b"".join(pieces(status_from, deadline))
    finally:
        os.close(answer_from)
        os.close(status_from)
    if not status:
        stopped = ReaderUnavailable if answer.steps else _NeverBegunError
        raise stopped("the reader and its guard were stopped")
    return answer, Ending(**json.loads(status))


def _listen(source: int, deadline: float, limits: Limits, on_step: Callable[[str], None] | None) -> _Answer:
    answer = _Answer()
    frames = FrameReader({STEP: 64, RECORD: RECORD_BYTES, PICTURE: limits.image_bytes})
    try:
        for piece in pieces(source, deadline):
            for kind, body in frames.feed(piece):
                _take_in(answer, kind, body, on_step)
    except BrokenFrameError as error:
        answer.broken = str(error)
    return answer


def _take_in(answer: _Answer, kind: bytes, body: bytes, on_step: Callable[[str], None] | None) -> None:
    if kind == STEP and len(answer.steps) < len(STEPS) and body in STEP_NAMES:
        answer.steps.append(body.decode())
        if on_step is not None:
            on_step(answer.steps[-1])
    elif kind == RECORD and answer.record is None:
        answer.record = body
    elif kind == PICTURE and len(answer.pictures) < MOST_PICTURES:
        answer.pictures.append(body)
    else:
        raise BrokenFrameError(f"a {kind!r} frame that is unknown or one too many")


def _concluded(measured: Inspection, answer: _Answer, ending: Ending, limits: Limits) -> Inspection:
    if ending.stopped:
        raise ReaderUnavailable(f"the reader was stopped by signal {-ending.code}")
    if ending.starved(limits):
        raise ReaderUnavailable(f"the machine is too busy: {ending.cpu_s:.1f} s of processor time")
    broken = answer.broken or "it answered nothing"
    if ending.code == 0 and answer.broken is None and answer.record is not None:
        try:
            return read_record(answer.record, answer.pictures, measured, limits)
        except UnbelievableError as error:
            broken = str(error)
    measured.steps += [Step(name, "done", 0.0) for name in answer.steps[:-1]]
    measured.steps += [Step(name, "failed", 0.0) for name in answer.steps[-1:]]
    step = answer.steps[-1] if answer.steps else "started"
    measured.findings.append(meaning(ending, step, limits, broken))
    return measured
