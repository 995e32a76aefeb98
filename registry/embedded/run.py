"""`make run`: everything Marquee needs on one machine, from one command, in one folder."""

import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from registry.accounts import first_login
from registry.embedded import leftovers
from registry.embedded.account import NoAccount
from registry.embedded.addresses import (
    CannotListen,
    address,
    check_port,
    local_host,
    network_hosts,
)
from registry.embedded.child import start_watcher
from registry.embedded.home import Home, HomeInUse
from registry.embedded.journal import Journal
from registry.embedded.leftovers import StillAlive
from registry.embedded.part import Part, PartFailed
from registry.embedded.postgres import Postgres
from registry.embedded.programs import Beat, IngestWorker, Preparation, QuickWorker, Web
from registry.embedded.seaweedfs import SeaweedFS
from registry.embedded.supervisor import Stopped, Supervisor
from registry.embedded.valkey import Valkey

# Which setting replaces which embedded part; the slowest to start comes first.
REPLACED_BY: dict[str, type[SeaweedFS | Valkey | Postgres]] = {
    "S3_ENDPOINT_URL": SeaweedFS,
    "BROKER_URL": Valkey,
    "DATABASE_URL": Postgres,
}
PROGRAMS_GRACE_S = 1.5
SERVICES_GRACE_S = 2.0
LEFTOVERS_WITHIN_S = 12.0


class CannotRun(Exception):
    """Marquee cannot run here and now; the message is one sentence that says what to do."""


def run(home: Path, host: str, port: int, environ: Mapping[str, str]) -> int:
    """Run Marquee until Ctrl-C or SIGTERM. Returns 0 then, and 1 when it could not run."""
    try:
        House(_opened(home), host, port, environ).live()
    except (CannotRun, CannotListen, PartFailed, NoAccount, StillAlive) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


class House:
    """All parts of one Marquee, and the order in which they come up and go down."""

    def __init__(self, home: Home, host: str, port: int, environ: Mapping[str, str]) -> None:
        self.home, self.host, self.port = home, host, port
        self.supervisor = Supervisor(Journal(home.folder("logs")))
        self.environ = {
            **_public_url(host, port),
            **environ,
            "MARQUEE_HOME": str(home.path),
            "HOST": host,
            "PORT": str(port),
        }
        self.services: list[Part] = []
        self.programs: list[Part] = []

    def live(self) -> None:
        """Come up, stay up, and go down when asked to. Raises what keeps it from coming up."""
        with self.supervisor.listening(), suppress(Stopped):
            lock = self._take()
            check_port(self.host, self.port)
            self._live(lock)

    def _live(self, lock: int) -> None:
        watcher = start_watcher(self.home.folder("run"), (lock,))
        try:
            self._start_services()
            self._start_programs()
            self._greet()
            self.supervisor.watch()
        finally:
            self.supervisor.journal.say("stopping")
            self.supervisor.stop(self.programs, PROGRAMS_GRACE_S)
            self.supervisor.stop(self.services, SERVICES_GRACE_S)
            watcher.communicate()

    def _take(self) -> int:
        """Lock the home and end what a killed run left in it."""
        until = time.monotonic() + LEFTOVERS_WITHIN_S
        while True:
            try:
                lock = self.home.lock()
            except HomeInUse as error:
                # When its owner was killed, the watcher holds the home until all is ended.
                if _lives(str(error)) or time.monotonic() > until:
                    raise CannotRun(_taken(self.home, str(error))) from error
                self.supervisor.pause(0.1)
            else:
                leftovers.end_all(sorted(self.home.folder("run").glob("*.pid")))
                return lock

    def _start_services(self) -> None:
        wanted = [part for name, part in REPLACED_BY.items() if not self.environ.get(name)]
        self.services = [part(self.home) for part in wanted]
        for part in self.services:
            part.claim()
        self.supervisor.start(self.services)
        found = {name: value for part in self.services for name, value in part.services().items()}
        self.home.write("services.json", found)
        self.environ |= found

    def _start_programs(self) -> None:
        # The store takes longest to come up; meanwhile the database is brought up to date.
        self.supervisor.wait(part for part in self.services if part.name != SeaweedFS.name)
        self._prepare()
        self.supervisor.wait(part for part in self.services if part.name == SeaweedFS.name)
        kinds = (Web, IngestWorker, QuickWorker, Beat)
        self.programs = [kind(self.home, self.environ) for kind in kinds]
        self.supervisor.start(self.programs)
        self.supervisor.wait(self.programs)

    def _prepare(self) -> None:
        if self.supervisor.finish(Preparation(self.home, self.environ)) != 0:
            log = self.home.path / "logs" / f"{Preparation.name}.log"
            raise PartFailed(f"The database could not be brought up to date; {log} says why.")

    def _greet(self) -> None:
        say = self.supervisor.journal.say
        if os.geteuid() == 0:
            say("running as root: fine for a try; an account of its own is safer")
        say(f"Marquee is ready: {address(local_host(self.host), self.port)}")
        for host in network_hosts(self.host):
            say(f"on other machines: {address(host, self.port)}")
        if url := self.environ.get("PUBLIC_URL"):
            say(f"addresses in feeds begin with {url}")
        if login := first_login.read(self.home.path):
            say(f"first login, until it is used: {login['email']}  {login['password']}")


def _opened(path: Path) -> Home:
    try:
        return Home(path)
    except OSError as error:
        raise CannotRun(f"MARQUEE_HOME {path} cannot be used: {error.strerror}.") from error


def _public_url(host: str, port: int) -> dict[str, str]:
    """Let feeds name an address that other machines reach, unless the operator names one."""
    hosts = network_hosts(host)
    return {"PUBLIC_URL": address(hosts[0], port)} if hosts else {}


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _taken(home: Home, pid: str) -> str:
    return (
        f"Marquee already runs on {home.path} (process {pid}): "
        "stop it first, or choose another folder with MARQUEE_HOME."
    )
