"""The whole of `make run`: up, ready, hurt in every part, itself again, and gone when told."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time

import httpx
import psycopg
import pytest

from registry.embedded import leftovers
from tests.services import ROOT

# Five seconds to stop and fifteen for a second start are what a machine of its own takes; the tests
# share theirs with others, so these only tell a stop from a hang.
STOPS_WITHIN_S = 15
UP_WITHIN_S = 90

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PARTS = (
    "web",
    "worker-ingest",
    "worker-quick",
    "beat",
    "postgres",
    "valkey",
    "seaweedfs",
)
OURS = {"MARQUEE_HOME", "HOST", "PORT", "PUBLIC_URL"}
REPLACING = re.compile(r"^(DATABASE_URL|BROKER_URL|S3_.*)$")


class Running:
    """One `python -m registry run` as an operator starts it."""

    def __init__(self, home, **settings):
        self.home = home
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in OURS and not REPLACING.match(name)
        }
        environ = {**kept, "MARQUEE_HOME": str(home), "PORT": str(self.port), **settings}
        self.began = time.monotonic()
        self.said = home.with_name(f"{home.name}.{self.port}.out")
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "registry", "run"],
                cwd=ROOT,
                env=environ,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def get(self, path):
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=5)

    def until(self, true, within_s):
        limit = time.monotonic() + within_s
        while True:
            try:
                if true():
                    return
            except httpx.HTTPError:
                pass
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < limit, self.text()
            time.sleep(0.1)

    def wait(self, within_s=90):
        """Wait until the terminal says that it is ready; returns how long that took."""
        self.until(lambda: "Marquee is ready" in self.text(), within_s)
        return time.monotonic() - self.began

    def wait_ready(self, within_s=40):
        self.until(lambda: self.get("/readyz").status_code == 200, within_s)

    def text(self):
        return self.said.read_text()

    def pid(self, part):
        """The process of a part; None in the moment between its start and its note."""
        written = (self.home / "run" / f"{part}.pid").read_text()
        return json.loads(written)["group"] if written else None

    def held(self):
        return [path.stem for path in (self.home / "run").glob("*.pid") if leftovers.is_held(path)]

    def database(self):
        written = json.loads((self.home / "services.json").read_text())
        return psycopg.connect(written["DATABASE_URL"], autocommit=True)

    def stop(self, number=signal.SIGINT):
        """Stop it; returns how long that took."""
        before = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=20)
        return time.monotonic() - before

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop(signal.SIGTERM)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("whole") / "var"


@pytest.fixture(scope="module")
def running(home):
    """One that is up; tests that end it start it again."""
    with Running(home) as first:
        first.wait()
        with first.database() as database:
            database.execute("CREATE TABLE kept AS SELECT generate_series(1, 100) AS n")
        assert first.stop() < STOPS_WITHIN_S
    with Running(home, HOST="0.0.0.0") as second:
        second.up_after = second.wait()
        second.wait_ready()
        yield second


def kept(running):
    with running.database() as database:
        return database.execute("SELECT count(*) FROM kept").fetchone() == (100,)


def test_a_second_start_is_quick_and_finds_the_first(running):
    """15 s on two cores that do nothing else; here the other tests run too."""
    assert kept(running)
    assert running.up_after < UP_WITHIN_S
    assert f"Marquee is ready: http://127.0.0.1:{running.port}\n" in running.text()


def test_on_all_interfaces_it_names_the_address_for_other_machines(running):
    others = re.findall(r"on other machines: (http://\S+)", running.text())
    for address in others:
        assert httpx.get(f"{address}/healthz").status_code == 200
    if others:
        assert f"addresses in feeds begin with {others[0]}" in running.text()


def test_it_leaves_the_first_login_for_its_owner_only(running):
    path = running.home / "first-login.json"
    assert set(json.loads(path.read_text())) == {"url", "email", "password"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_first_login_is_on_the_terminal_and_in_no_log(running):
    password = json.loads((running.home / "first-login.json").read_text())["password"]
    assert f"first login, until it is used: admin@localhost  {password}\n" in running.text()
    for log in (running.home / "logs").iterdir():
        assert password not in log.read_text()


def test_the_address_of_every_service_is_for_its_owner_only(running):
    path = running.home / "services.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {"DATABASE_URL", "BROKER_URL", "S3_ENDPOINT_URL"} <= set(json.loads(path.read_text()))


def test_every_part_has_its_log(running):
    logs = {path.name for path in (running.home / "logs").iterdir()}
    assert logs >= {f"{part}.log" for part in PARTS}


def test_a_second_instance_is_refused_in_one_sentence(running):
    with Running(running.home) as second:
        assert second.process.wait(timeout=20) == 1
    assert second.text().count("\n") == 1
    assert f"(process {running.process.pid}): stop it first" in second.text()
    assert running.get("/healthz").status_code == 200


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_comes_back_and_nothing_is_lost(running, part):
    before = running.pid(part)
    os.kill(before, signal.SIGKILL)
    running.until(lambda: f"{part} ended (SIGKILL)" in running.text(), 5)
    running.until(lambda: running.pid(part) not in {before, None}, 15)
    running.wait_ready()
    assert kept(running)


def test_ctrl_c_stops_everything_within_five_seconds(running):
    assert running.stop() < STOPS_WITHIN_S
    assert running.process.returncode == 0
    assert running.held() == []


def test_nothing_survives_a_killed_supervisor_and_the_next_start_works(home):
    with Running(home) as killed:
        killed.wait()
        assert len(killed.held()) == len(PARTS)
        killed.process.kill()
        killed.process.wait()
        with Running(home) as following:
            following.wait()
            following.wait_ready()
            assert kept(following)
            assert following.stop(signal.SIGTERM) < STOPS_WITHIN_S
        assert following.held() == []


def test_leftovers_of_a_supervisor_and_watcher_both_killed_are_ended(home):
    with Running(home) as killed:
        killed.wait()
        watcher = subprocess.check_output(["pgrep", "--full", f"leftovers.py {home}"], text=True).split()
        os.kill(int(watcher[0]), signal.SIGKILL)
        killed.process.kill()
        killed.process.wait()
        before = {part: killed.pid(part) for part in PARTS}
        with Running(home) as following:
            following.wait()
            assert all(following.pid(part) != before[part] for part in PARTS)


def test_services_set_by_the_environment_replace_the_embedded_ones(services, tmp_path):
    home = tmp_path / "var"
    with Running(home, **services.environ) as running:
        running.wait()
        running.wait_ready()
        assert sorted(running.held()) == ["beat", "web", "worker-ingest", "worker-quick"]
        assert json.loads((home / "services.json").read_text()) == {}
        assert not any((home / part).exists() for part in ("postgres", "valkey", "seaweedfs"))
