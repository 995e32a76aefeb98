"""Work by a real worker on the real broker: what was asked for is done, whatever dies meanwhile."""

import asyncio
import threading
from datetime import timedelta

import pytest

from registry.clock import now
from registry.database import session, transaction
from registry.work import Job
from tests.registry.mail.mailservers import mail_server
from tests.workers.celeries import beat, wait_until, worker

SIGN_UP = {"email": "ada@example.org", "name": "Ada", "password": "violet anchor ninety teaspoons"}


@pytest.fixture
def outside(environ):
    """A mail server, and the settings of a worker that names it."""
    with mail_server() as box:
        yield box, {**environ, "SMTP_URL": f"smtp://127.0.0.1:{box.port}"}


def sent(given) -> bool:
    return all(mail.sent_at is not None for mail in given.mails())


def jobs(given) -> int:
    return given.run(lambda: session().query(Job).count())


def age_hints() -> None:
    with transaction() as tx:
        tx.query(Job).update({"hinted_at": now() - timedelta(minutes=1)})


def test_a_mail_goes_out_under_the_id_of_the_request_that_caused_it(client, given, outside, tmp_path):
    box, environ = outside
    with worker(environ, tmp_path / "worker.log") as running:
        asked = client.post("/api/v1/accounts", json=SIGN_UP, headers={"X-Request-Id": "from-the-browser"})
        assert asked.status_code == 202
        wait_until(lambda: sent(given) and not jobs(given), running)
    assert [mail["To"] for mail in box.mails] == ["ada@example.org"]
    [line] = [line for line in running.lines() if line["event"] == "job_done"]
    assert line["request_id"] == "from-the-browser"
    assert line["work"] == "mail"


@pytest.mark.slow
def test_the_schedule_makes_good_a_hint_that_was_lost_and_shows_that_a_worker_lives(
    client, given, outside, tmp_path, cleaner
):
    _, environ = outside
    client.post("/api/v1/accounts", json=SIGN_UP)
    assert cleaner.valkey.delete("mail") == 1
    given.run(age_hints)
    assert client.get("/readyz").json["parts"]["worker"]["ok"] is False
    with worker(environ, tmp_path / "worker.log") as running, beat(environ, tmp_path / "beat.log"):
        wait_until(lambda: sent(given), running, 60)
        assert client.get("/readyz").json["parts"]["worker"]["ok"] is True


@pytest.mark.slow
def test_a_worker_killed_while_it_works_leaves_its_work_to_the_next(client, given, outside, tmp_path):
    """The mail server keeps the first worker waiting; it is killed, and its lease runs out."""
    box, environ = outside
    held, let_go = threading.Event(), threading.Event()

    async def hold(*_: object) -> str:
        held.set()
        while not let_go.is_set():
            await asyncio.sleep(0.05)
        return "451 try again"

    box.handle_DATA, take = hold, box.handle_DATA
    with worker(environ, tmp_path / "first.log") as first:
        client.post("/api/v1/accounts", json=SIGN_UP)
        wait_until(held.is_set, first)
        first.kill()
    box.handle_DATA = take
    let_go.set()
    assert not sent(given)
    assert jobs(given) == 1
    with worker(environ, tmp_path / "second.log") as second, beat(environ, tmp_path / "beat.log"):
        wait_until(lambda: sent(given) and not jobs(given), second, 90)
    assert len(box.mails) == 1
