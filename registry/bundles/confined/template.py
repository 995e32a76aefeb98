"""The process that readers are forked from: it has imported everything and read nothing.

It gives up its rights once, then waits for requests. Each gets a guard, which forks the reader, ends
it when its time is up, and tells how it ended; so one bad file never touches another.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from functools import partial
from types import FrameType
from typing import Any, NoReturn

from PIL import Image

from registry.bundles import hardening, licensing, privacy
from registry.bundles.confined import channel, reader

MOST_DESCRIPTORS = 65_536


def main(control: socket.socket) -> None:
    """Serve requests until the process at the other end of ``control`` has gone."""
    hardening.load_lazy_modules()
    importlib.import_module("PIL.WebPImagePlugin")
    Image.preinit()
    privacy.prepare()
    licensing.warm()
    missing = hardening.give_up_rights()
    nowhere = os.open(os.devnull, os.O_RDWR)
    # Guards are reaped by the kernel; nobody waits for them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    control.sendall(json.dumps(missing).encode() + b"\n")
    while (received := channel.receive_request(control, 3)) is not None:
        request, files = received
        if os.fork() == 0:
            _guard(request, files, nowhere)
        for descriptor in files:
            os.close(descriptor)


def _guard(request: Mapping[str, Any], files: list[int], nowhere: int) -> NoReturn:
    """Fork the reader, wait for its end, say how it ended."""
    file, answer, status = files
    try:
        hardening.die_with_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        pid = os.fork()
        if pid == 0:
            _read(request, file, answer, nowhere)
        os.close(answer)
        os.write(status, json.dumps(_wait(pid, request["limits"]["wall_s"])).encode())
    finally:
        os._exit(0)


def _wait(pid: int, wall_s: float) -> dict[str, Any]:
    late = []

    def end(_number: int, _frame: FrameType | None) -> None:
        late.append(True)
        os.kill(pid, signal.SIGKILL)

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, wall_s)
    _, how, used = os.wait4(pid, 0)
    return {
        "code": os.waitstatus_to_exitcode(how),
        "late": bool(late),
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_bytes": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }


def _read(request: Mapping[str, Any], file: int, answer: int, nowhere: int) -> NoReturn:
    """Close all but the file and the answer's pipe, bound this process, and read."""
    code = 1
    try:
        hardening.die_with_parent()
        for standard in (0, 1, 2):
            os.dup2(nowhere, standard)
        _close_all_but({file, answer})
        limits = request["limits"]
        hardening.limit_resources(limits["memory_bytes"], limits["cpu_s"])
        with os.fdopen(file, "rb") as opened:
            reader.answer(request, opened, partial(channel.write_frame, answer))
        code = 0
    finally:
        # No cleaning up: nothing here outlives the process, and its parent believes only the pipe.
        os._exit(code)


def _close_all_but(kept: set[int]) -> None:
    start = 3
    for descriptor in sorted(kept):
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, MOST_DESCRIPTORS)
