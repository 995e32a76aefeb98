"""Marquee's own programs as the supervisor runs them: the web, two workers and the schedule."""

import http.client
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from registry.embedded.addresses import local_host
from registry.embedded.child import Command
from registry.embedded.home import Home
from registry.embedded.part import Part

# Celery's sermon to root, at every start of every worker; `run` says it once, in a sentence.
QUIET = {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
ROOT = Path(__file__).resolve().parent.parent.parent
# A download or upload holds a thread as long as it lasts, and waits for the network most of it.
WEB_PROCESSES = 2
# Of a structured line: what is shown before, after or not at all.
SAID_FIRST = ("level", "event", "timestamp", "exception")
WEB_THREADS = 64
# Granian counts connections here, idle ones too; with few of them, browsers that keep theirs open
# would lock everybody else out.
WEB_CONNECTIONS = 1024


class Program(Part):
    """A Python program of ours, told by its environment where everything is."""

    def __init__(self, home: Home, environ: Mapping[str, str]) -> None:
        super().__init__(home)
        self.environ = environ

    def arguments(self) -> list[str]:
        """Return what follows `python -m`."""
        raise NotImplementedError

    def command(self) -> Command:
        """Return the program, run from the root of the code."""
        argv = [sys.executable, "-m", *self.arguments()]
        environ = {**QUIET, **self.environ}
        return Command(argv, environ, ROOT, grace_s=1.5)

    def shown(self, line: str) -> str:
        """Show a structured line as words; the log file keeps it as it is."""
        if not line.startswith("{"):
            return line
        try:
            return _in_words(json.loads(line))
        except ValueError:
            return line


def _in_words(entry: dict[str, object]) -> str:
    rest = {name: value for name, value in entry.items() if name not in SAID_FIRST}
    details = " ".join(f"{name}={value}" for name, value in rest.items())
    words = f"{entry.get('level', 'info'):7} {entry.get('event', '')}  {details}".rstrip()
    return f"{words}\n{entry['exception']}" if "exception" in entry else words


class Web(Program):
    """Granian: several processes, each with threads for long streams."""

    name = "web"
    starts_within_s = 180.0

    def arguments(self) -> list[str]:
        """Return Granian with our WSGI application."""
        host, port = self.environ["HOST"], self.environ["PORT"]
        return [
            *("granian", "--interface", "wsgi", "wsgi:app", "--host", host, "--port", port),
            *("--workers", str(WEB_PROCESSES), "--respawn-failed-workers"),
            *("--blocking-threads", str(WEB_THREADS), "--backlog", "2048"),
            *("--backpressure", str(WEB_CONNECTIONS), "--http", "1", "--no-ws"),
        ]

    def shown(self, line: str) -> str:
        """Leave out Granian's doubts about so many threads; above is why there are."""
        return "" if "quite high compared to the number of CPU cores" in line else super().shown(line)

    def ready(self) -> bool:
        """Say whether it answers."""
        host, port = local_host(self.environ["HOST"]), int(self.environ["PORT"])
        connection = http.client.HTTPConnection(host, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class Worker(Program):
    """A Celery worker for some of the queues."""

    queues: str
    processes = 2

    def arguments(self) -> list[str]:
        """Return Celery's worker, without the gossip that only clusters need."""
        return [
            *("celery", "--quiet", "--app", "workers.app", "worker", "--queues", self.queues),
            *("--hostname", f"{self.name}@%h", "--concurrency", str(self.processes)),
            *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
        ]


class IngestWorker(Worker):
    """Reads uploads and policy pages, which takes seconds; so nothing quick waits in its queue."""

    name = "worker-ingest"
    queues = "ingest"


class QuickWorker(Worker):
    """Publishes, builds feeds, sends mail."""

    name = "worker-quick"
    queues = "quick,feeds,mail"


class Beat(Program):
    """The schedule: sweeps what stands still, and what is due every so often."""

    name = "beat"

    def arguments(self) -> list[str]:
        """Return Celery's beat; its notes on what ran when lie in the data folder."""
        schedule = self.home.folder("beat") / "schedule"
        return [
            *("celery", "--quiet", "--app", "workers.app", "beat", "--loglevel", "INFO"),
            *("--schedule", str(schedule)),
        ]


class Preparation(Program):
    """What is to be done once, before the web starts."""

    name = "prepare"

    def arguments(self) -> list[str]:
        """Return the program."""
        return ["registry.embedded.prepare"]
