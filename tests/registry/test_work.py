"""The queue in the database: nothing asked for is lost, nothing is done twice at once."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text

from registry import work
from registry.clock import now
from registry.database import session, transaction
from registry.work import Job, Later, Work, enqueue, hint, make_sender, perform, take_due_jobs
from storage.errors import StorageUnavailable

pytestmark = pytest.mark.usefixtures("in_app")


def ask(subject="a", kind=Work.FEEDS, **options) -> None:
    with transaction() as tx:
        enqueue(tx, kind, subject, **options)


def job(subject="a") -> Job:
    return session().query(Job).filter_by(subject=subject).populate_existing().one()


def jobs() -> list[str]:
    return sorted(row.subject for row in session().query(Job))


def change(**values) -> None:
    with transaction() as tx:
        tx.query(Job).update(values)


def fail(subject: str) -> None:
    raise ValueError(f"{subject} is broken")


def hints(app, queue="feeds") -> int:
    """How many messages lie in a queue of the real broker."""
    with app.extensions["marquee_sender"].connection_for_read() as connection:
        return connection.default_channel.client.llen(queue)


# Asking


def test_work_is_written_with_what_makes_it_necessary_or_not_at_all(app):
    def broken() -> None:
        with transaction() as tx:
            enqueue(tx, Work.FEEDS, "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert jobs() == []
    assert hints(app) == 0


def test_the_hint_goes_out_when_the_row_is_committed(app):
    with transaction() as tx:
        enqueue(tx, Work.FEEDS, "a")
        assert hints(app) == 0
    assert hints(app) == 1
    assert jobs() == ["a"]


def test_the_same_work_asked_for_twice_is_one_row():
    ask("a")
    ask("a")
    ask("b")
    assert jobs() == ["a", "b"]
    assert job("a").wanted == 2


def test_work_that_was_given_up_is_taken_up_again_when_asked_for():
    ask()
    change(dead_at=now(), attempts=8)
    ask()
    assert job().dead_at is None
    assert perform(Work.FEEDS, "a", list)


def test_asking_again_sooner_makes_it_due_sooner_and_later_does_not_put_it_off():
    ask(delay_s=600)
    assert not perform(Work.FEEDS, "a", list)
    ask(delay_s=0)
    ask(delay_s=600)
    assert perform(Work.FEEDS, "a", list)


# Doing


def test_done_work_is_gone():
    ask()
    done = []
    assert perform(Work.FEEDS, "a", done.append)
    assert done == ["a"]
    assert jobs() == []
    assert not perform(Work.FEEDS, "a", done.append)
    assert done == ["a"]


def test_work_of_another_kind_with_the_same_subject_is_other_work():
    ask("a", Work.MAIL)
    assert not perform(Work.FEEDS, "a", list)
    assert perform(Work.MAIL, "a", list)


def test_ten_workers_that_get_the_same_hint_do_it_once(given):
    ask()
    done = []

    def handle(subject: str) -> None:
        done.append(subject)
        time.sleep(0.05)

    with ThreadPoolExecutor(10) as pool:
        told = list(pool.map(lambda _: given.run(perform, Work.FEEDS, "a", handle), range(10)))
    assert done == ["a"]
    assert told.count(True) == 1


def test_what_is_asked_for_while_it_is_done_is_done_once_more(given):
    """A change that came after the work had read the state must not be lost."""
    ask()

    def handle(_: str) -> None:
        given.run(ask)

    assert perform(Work.FEEDS, "a", handle)
    assert jobs() == ["a"]
    assert job().lease_until is None
    assert perform(Work.FEEDS, "a", list)
    assert jobs() == []


def test_a_failure_is_noted_and_tried_again_later_and_later():
    ask()
    waits = []
    for attempt in range(1, work.ATTEMPTS):
        assert perform(Work.FEEDS, "a", fail)
        assert job().attempts == attempt
        assert job().last_error == "ValueError: a is broken"
        assert job().lease_until is None
        waits.append(round((job().not_before - now()).total_seconds()))
        assert not perform(Work.FEEDS, "a", list) or waits[-1] < 1
        change(not_before=now())
    assert waits == [1, 5, 30, 120, 600, 600, 600]


def test_after_eight_failures_it_is_given_up_and_kept_for_the_operator():
    ask()
    for _ in range(work.ATTEMPTS):
        perform(Work.FEEDS, "a", fail)
        change(not_before=now())
    assert job().dead_at is not None
    assert job().last_error == "ValueError: a is broken"
    assert not perform(Work.FEEDS, "a", list)


def test_a_failure_rolls_back_what_its_work_had_begun(given):
    ask()

    def handle(_: str) -> None:
        session().execute(work.delete(Job))
        raise ValueError

    perform(Work.FEEDS, "a", handle)
    assert jobs() == ["a"]


def test_not_now_is_no_failure():
    ask()

    def later(_: str) -> None:
        raise Later(30)

    for _ in range(work.ATTEMPTS + 2):
        assert perform(Work.FEEDS, "a", later)
        assert (job().attempts, job().last_error, job().dead_at) == (0, None, None)
        assert 28 < (job().not_before - now()).total_seconds() <= 30
        change(not_before=now())


def test_the_id_of_the_request_that_asked_goes_with_the_work():
    structlog.contextvars.bind_contextvars(request_id="r-1234567")
    ask()
    structlog.contextvars.clear_contextvars()
    seen = []
    perform(Work.FEEDS, "a", lambda _: seen.append(structlog.contextvars.get_contextvars()["request_id"]))
    assert seen == ["r-1234567"]
    assert structlog.contextvars.get_contextvars() == {}


# Dying


@pytest.mark.leaves_claims
def test_nobody_takes_work_whose_worker_lives_and_anybody_when_its_lease_has_run_out():
    ask()
    change(lease_until=now() + timedelta(seconds=5))
    assert not perform(Work.FEEDS, "a", list)
    change(lease_until=now() - timedelta(seconds=1))
    assert perform(Work.FEEDS, "a", list)


def test_the_lease_is_renewed_as_long_as_the_work_takes(monkeypatch, given):
    monkeypatch.setattr(work, "RENEW_S", 0.05)
    monkeypatch.setattr(work, "LEASE_S", 0.3)
    ask()
    taken = []

    def handle(_: str) -> None:
        for _ in range(4):
            time.sleep(0.15)
            taken.append(given.run(perform, Work.FEEDS, "a", list))

    perform(Work.FEEDS, "a", handle)
    assert taken == [False] * 4
    assert jobs() == []


def test_work_that_kills_its_worker_each_time_is_given_up_too():
    ask()
    for _ in range(work.ATTEMPTS):
        assert work._claim(Work.FEEDS, "a") is not None  # and the process is killed
        change(lease_until=now() - timedelta(seconds=1))
    done = []
    perform(Work.FEEDS, "a", done.append)
    assert done == []
    assert job().dead_at is not None
    assert "died 8 times" in job().last_error


# Standing still


def stands_still(**values) -> None:
    change(**{"hinted_at": now() - timedelta(minutes=1), **values})


def due() -> list[str]:
    with transaction() as tx:
        return sorted(claim.subject for claim in take_due_jobs(tx))


def test_the_sweep_finds_work_whose_hint_was_lost():
    ask("a")
    ask("b")
    stands_still()
    assert due() == ["a", "b"]


def test_work_that_waits_its_turn_is_hinted_at_once_in_a_while_not_with_every_sweep():
    ask("a")
    assert due() == []
    stands_still()
    assert due() == ["a"]
    assert due() == []


def test_two_sweeps_at_once_do_not_find_the_same_and_do_not_wait_for_each_other(given):
    def due_at_once() -> list[str]:
        with transaction() as tx:
            tx.execute(text("SET LOCAL lock_timeout = '1s'"))
            return [claim.subject for claim in take_due_jobs(tx)]

    ask()
    stands_still()
    with transaction() as tx:
        assert [claim.subject for claim in take_due_jobs(tx)] == ["a"]
        assert given.run(due_at_once) == []


@pytest.mark.leaves_claims
@pytest.mark.parametrize("column", ["not_before", "lease_until", "dead_at"])
def test_the_sweep_leaves_alone_what_is_not_due_or_claimed_or_given_up(column):
    ask()
    stands_still(**{column: now() + timedelta(minutes=1)})
    assert due() == []


def test_the_sweep_finds_the_work_of_a_dead_worker():
    ask()
    stands_still(lease_until=now() - timedelta(seconds=1))
    assert due() == ["a"]


# The broker being away


@contextmanager
def broker_at(app, monkeypatch, port):
    sender = make_sender(f"redis://127.0.0.1:{port}/0")
    monkeypatch.setitem(app.extensions, "marquee_sender", sender)
    yield
    sender.close()


def test_a_broker_that_is_down_neither_fails_nor_slows_who_asks(app, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with broker_at(app, monkeypatch, port):
        begun = time.monotonic()
        ask()
        assert time.monotonic() - begun < 0.5
    assert jobs() == ["a"]


def test_a_hint_that_could_not_be_sent_is_left_to_the_next_sweep(app, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        with broker_at(app, monkeypatch, taken.getsockname()[1]):
            ask()
    with transaction() as tx:
        assert [claim.subject for claim in take_due_jobs(tx)] == ["a"]


def test_a_broker_that_takes_connections_and_says_nothing_does_not_hang_who_asks(app, monkeypatch):
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        broker_at(app, monkeypatch, silent.getsockname()[1]),
    ):
        begun = time.monotonic()
        ask()
        assert time.monotonic() - begun < 3
    assert jobs() == ["a"]


def test_a_hint_survives_that_the_broker_has_dropped_its_connections(app, cleaner):
    ask("a")
    cleaner.valkey.client_kill_filter(_type="normal", skipme=True)
    ask("b")
    assert hints(app) == 2


def test_a_hint_carries_the_request_and_the_queue_of_its_work(app):
    hint(Work.INGEST, "a", request_id="r-1234567")
    with app.extensions["marquee_sender"].connection_for_read() as connection:
        message = connection.SimpleQueue("ingest").get(timeout=2)
    assert message.headers["task"] == "marquee.ingest"
    assert message.headers["request_id"] == "r-1234567"
    assert message.payload[0] == ["a"]


def test_every_kind_of_work_has_a_queue():
    assert set(work.QUEUES) == set(Work)


def test_work_that_meets_a_part_that_is_down_is_tried_until_it_is_back_and_never_given_up():
    def down(_: str) -> None:
        raise StorageUnavailable("the store does not answer")

    ask()
    for _ in range(work.ATTEMPTS + 2):
        change(not_before=now())
        assert perform(Work.FEEDS, "a", down)
    waiting = job()
    assert (waiting.attempts, waiting.dead_at, waiting.lease_until) == (0, None, None)
    assert waiting.not_before > now()
    assert waiting.last_error == "the store does not answer"
    change(not_before=now())
    assert perform(Work.FEEDS, "a", lambda _: None)
    assert jobs() == []
