"""Real Celery processes, for tests that need a worker which can be killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.work import QUEUES

ROOT = Path(__file__).resolve().parent.parent.parent
READY_WITHIN_S = 90  # the machine of a test run is busy


@dataclass
class Running:
    """A process with a log file, at the head of a process group of its own."""

    process: subprocess.Popen[bytes]
    log: Path

    def text(self) -> str:
        """Return the log."""
        return self.log.read_text(encoding="utf-8")

    def lines(self) -> list[dict[str, Any]]:
        """Return the structured lines of the log."""
        return [json.loads(line) for line in self.text().splitlines() if line.startswith("{")]

    def kill(self) -> None:
        """Kill it and its children, as a machine that loses power does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def celery(environ: Mapping[str, str], log: Path, *words: str) -> Iterator[Running]:
    """Run a Celery program until the block ends."""
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "workers.app", *words],
            cwd=ROOT,
            env={**plain, **environ},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    running = Running(process, log)
    try:
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                running.kill()


@contextmanager
def worker(environ: Mapping[str, str], log: Path) -> Iterator[Running]:
    """Run a worker with one process for all queues; returns when it takes work."""
    queues = ",".join(sorted(set(QUEUES.values())))
    words = ("worker", "--queues", queues, "--concurrency", "1", "--loglevel", "INFO")
    with celery(environ, log, *words, "--without-gossip", "--without-mingle") as running:
        wait_until(lambda: '"worker_ready"' in running.text(), running, READY_WITHIN_S)
        yield running


@contextmanager
def beat(environ: Mapping[str, str], log: Path) -> Iterator[Running]:
    """Run the schedule."""
    with celery(environ, log, "beat", "--loglevel", "INFO") as running:
        yield running


def wait_until(true: Callable[[], bool], running: Running, within_s: float = 30) -> None:
    """Wait for a state. Fails with the end of the log when it does not come."""
    until = time.monotonic() + within_s
    while not true():
        assert running.process.poll() is None, running.log.read_text()[-3000:]
        assert time.monotonic() < until, running.log.read_text()[-3000:]
        time.sleep(0.05)
