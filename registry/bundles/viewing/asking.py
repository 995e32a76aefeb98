"""Has a closed child show a file of a stranger's bundle, bounds it, and believes only the answer's form.

The child is started for one question and ends with it; it may be asked from any process.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from signal import SIGXCPU
from typing import Annotated, Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from registry.bundles.confined.channel import pieces
from registry.bundles.confined.parent import ENVIRONMENT
from registry.bundles.limits import DEFAULT_LIMITS, MIB
from registry.bundles.viewing.differing import Difference
from registry.bundles.viewing.reading import MOST_CHARACTERS, MOST_LINES, Part

LIMITS = replace(DEFAULT_LIMITS, cpu_s=10, wall_s=20, memory_bytes=512 * MIB)
#: Two files as JSON at worst: six bytes for a character.
ANSWER_BYTES = 2 * 6 * MOST_CHARACTERS + MIB
_PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from registry.bundles.viewing import child
child.main(sys.argv[2])
"""


class Unviewable(Exception):
    """The file cannot be shown; the message says why to people, ``detail`` more to the operator."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a bundle: the bundle's open file (a real one), its name, the path in it."""

    bundle: BinaryIO
    filename: str
    path: str


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


Text = Annotated[str, Field(max_length=MOST_CHARACTERS)]
Number = Annotated[int, Field(ge=0)]


class _Part(_Said):
    kind: Literal["part"]
    first: Annotated[int, Field(ge=1)]
    lines: Annotated[tuple[Text, ...], Field(max_length=MOST_LINES)]
    next: Number | None
    cut: bool


class _Difference(_Said):
    kind: Literal["difference"]
    hunks: Annotated[
        tuple[tuple[tuple[Literal[" ", "+", "-"], Number, Number, Text], ...], ...],
        Field(max_length=MOST_LINES),
    ]
    unseen: bool
    cut: bool


class _NotText(_Said):
    kind: Literal["not_text"]


class _Refused(_Said):
    kind: Literal["refused"]
    message: Annotated[str, Field(max_length=4096)]


class _Broken(_Said):
    kind: Literal["broken"]
    trace: Annotated[str, Field(max_length=8192)]


_Answer = _Part | _Difference | _NotText | _Refused | _Broken
_ANSWER: TypeAdapter[_Answer] = TypeAdapter(Annotated[_Answer, Field(discriminator="kind")])


def show(member: Member, line: int = 1) -> Part | None:
    """Return the part of a file that holds ``line``; None when it is not text. Raises Unviewable."""
    said = _ask([member], compare=False, line=line)
    return Part(said.first, said.lines, said.next, said.cut) if isinstance(said, _Part) else None


def compare(before: Member | None, after: Member | None) -> Difference | None:
    """Return how a file differs, None for one that is not there; None when it is not text.

    Raises Unviewable.
    """
    said = _ask([before, after], compare=True)
    return Difference(said.hunks, said.unseen, said.cut) if isinstance(said, _Difference) else None


def _ask(members: Sequence[Member | None], **what: Any) -> _Answer:
    files = [
        each and {"descriptor": each.bundle.fileno(), "filename": each.filename, "path": each.path}
        for each in members
    ]
    request = {"files": files, "limits": asdict(LIMITS), **what}
    body = _run(json.dumps(request), [each.bundle.fileno() for each in members if each])
    try:
        said = _ANSWER.validate_json(body)
    except ValidationError as error:
        raise Unviewable(_UNREADABLE, str(error.errors(include_input=False, include_url=False)[0])) from None
    if isinstance(said, _Refused):
        raise Unviewable(f"The bundle is no longer read: {said.message}")
    if isinstance(said, _Broken):
        raise Unviewable(_UNREADABLE, said.trace)
    return said


_UNREADABLE = "The file could not be read. Download the package to look at it; the operator's log says more."


def _run(request: str, descriptors: Sequence[int]) -> bytes:
    """Return what a new child answers. Raises Unviewable when it did not come to its end."""
    path = json.dumps([str(Path(entry).absolute()) for entry in sys.path])
    deadline = time.monotonic() + LIMITS.wall_s
    with subprocess.Popen(
        [sys.executable, "-I", "-c", _PROGRAM, path, request],
        env=ENVIRONMENT,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=descriptors,
        start_new_session=True,
    ) as process:
        try:
            body = _listen(process, deadline)
        finally:
            process.kill()
    if time.monotonic() >= deadline or process.returncode == -SIGXCPU:
        raise Unviewable(
            f"It takes more than {LIMITS.cpu_s} seconds of work. Open the file alone, or the package."
        )
    if not body:
        raise Unviewable(_UNREADABLE, f"the child ended with {process.returncode}")
    return body


def _listen(process: "subprocess.Popen[bytes]", deadline: float) -> bytes:
    body = bytearray()
    assert process.stdout is not None  # noqa: S101 - it is asked for above
    for piece in pieces(process.stdout.fileno(), deadline):
        body += piece
        if len(body) > ANSWER_BYTES:
            raise Unviewable(_UNREADABLE, f"the child answers more than {ANSWER_BYTES} bytes")
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return b""
    return bytes(body)
