"""A look at an uploaded file: the named steps of ingest, without database, storage or network."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, BinaryIO

from registry.bundles.ecosystems import ECOSYSTEMS
from registry.bundles.findings import rejected
from registry.bundles.inspection.result import Inspection, Step
from registry.bundles.inspection.steps import MEASURING, Work, reading_of, take
from registry.bundles.limits import DEFAULT_LIMITS, Limits

__all__ = ["Inspection", "Step", "inspect", "inspect_metadata"]


def inspect(
    file: BinaryIO,
    filename: str,
    *,
    limits: Limits = DEFAULT_LIMITS,
    said: Mapping[str, Any] | None = None,
    on_step: Callable[[str], None] | None = None,
) -> Inspection:
    """Take every step in this process; ``file`` is seekable, ``filename`` a hint for people.

    What refuses the bundle is an error finding of the result, never an exception. Files from
    strangers are for :func:`registry.bundles.confined.read_confined`, which has this same result.
    """
    work = Work(file, Inspection(filename), limits, said or {})
    take((*MEASURING, *reading_of(work.said)), work, on_step)
    return work.result


def inspect_metadata(
    filename: str, content: bytes, *, as_name: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Inspection:
    """Look at one metadata file alone; ``as_name`` is its original name, where that matters."""
    work = Work(BytesIO(content), Inspection(filename), limits)
    steps = (*MEASURING, ("read", lambda work: _read_file(work, as_name or filename, content)))
    take(steps, work)
    return work.result


def _read_file(work: Work, name: str, content: bytes) -> None:
    work.result.file_count = 1
    work.ecosystem = next((e for e in ECOSYSTEMS if e.recognises_file(name, content)), None)
    if work.ecosystem is None:
        raise rejected(
            "ecosystem.unknown",
            f"{name} is not a metadata file of any media server known here.",
            "Give the file under its own name (--as NAME), or a whole bundle without --metadata.",
        )
    reading = work.ecosystem.read_file(name, content)
    work.result.metadata = reading.metadata
    work.result.findings += reading.findings
