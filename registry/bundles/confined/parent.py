"""The worker's handle of its template process: one for each worker, started when first needed.

Safe to use from threads and from processes that were forked after it started (those start their own).
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from registry.bundles.confined.channel import send_request

START_S = 60.0
_PROGRAM = """
import json, socket, sys
sys.path[:] = json.loads(sys.argv[2])
from registry.bundles.confined import template
template.main(socket.socket(fileno=int(sys.argv[1])))
"""
#: All that the template's environment holds; no setting and no credential of ours is in it.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


class ReaderUnavailable(Exception):
    """The reader could not be started or was stopped from outside: no fault of the file; try later."""


class Template:
    """A running template process and the socket that requests go through."""

    def __init__(self) -> None:
        path = [str(Path(entry).absolute()) for entry in sys.path]
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _PROGRAM, str(theirs.fileno()), json.dumps(path)],
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self.missing = self._wait_until_ready()

    @property
    def pid(self) -> int:
        """The template's process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def send(self, request: Mapping[str, Any], files: Sequence[int]) -> None:
        """Hand a request over. Raises OSError when the process has gone."""
        send_request(self._socket, request, files)

    def close(self) -> None:
        """Let the template go: it ends when nobody holds the socket any more."""
        self._socket.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """Close this process's copy of the socket; the template belongs to its parent."""
        self._socket.close()

    def _wait_until_ready(self) -> dict[str, str]:
        self._socket.settimeout(START_S)
        try:
            with self._socket.makefile("rb") as lines:
                line = lines.readline()
        except TimeoutError:
            self.close()
            raise ReaderUnavailable(f"the reader did not start within {START_S:.0f} s") from None
        self._socket.settimeout(None)
        if not line:
            self.close()
            raise ReaderUnavailable(f"the reader's process ended at once: {self._process.returncode}")
        missing: dict[str, str] = json.loads(line)
        return missing


class _Holder:
    """The one template of this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.template: Template | None = None
        self.inherited: list[Template] = []

    def running(self) -> Template:
        if self.template is not None and not self.template.alive:
            self.template.close()
            self.template = None
        if self.template is None:
            self.template = Template()
        return self.template

    def end(self) -> None:
        if self.template is not None:
            self.template.close()
            self.template = None

    def forget(self) -> None:
        self.lock = threading.Lock()
        if self.template is not None:
            self.template.forget()
            # Kept, so that its end is not waited for by a process that is not its parent.
            self.inherited.append(self.template)
            self.template = None


_holder = _Holder()
os.register_at_fork(after_in_child=_holder.forget)
atexit.register(_holder.end)


def hand_over(request: Mapping[str, Any], files: Sequence[int]) -> None:
    """Send a request to this process's template, started or started again where it must be."""
    with _holder.lock:
        try:
            _holder.running().send(request, files)
        except OSError:
            _holder.end()
            _holder.running().send(request, files)


def template_pid() -> int:
    """Return the process id of this process's template, started where it must be."""
    with _holder.lock:
        return _holder.running().pid
