"""What runs when, and who takes it."""

import pytest

from registry.embedded.programs import IngestWorker, QuickWorker
from registry.work import QUEUES, Work
from workers import tasks
from workers.app import app, configuration
from workers.schedule import SCHEDULE


@pytest.fixture
def registered(environ, monkeypatch) -> set[str]:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert tasks.ingest
    return {name for name in app.tasks if name.startswith("marquee.")}


def consumed() -> set[str]:
    return set(f"{IngestWorker.queues},{QuickWorker.queues}".split(","))


def test_every_kind_of_work_has_a_task_and_a_queue_that_a_worker_consumes(registered):
    assert {f"marquee.{work}" for work in Work} <= registered
    assert {QUEUES[work] for work in Work} == consumed()


def test_every_task_is_work_or_in_the_schedule(registered):
    scheduled = {entry["task"] for entry in SCHEDULE.values()}
    assert registered == scheduled | {f"marquee.{work}" for work in Work}


def test_what_is_scheduled_goes_to_a_queue_that_is_consumed_and_does_not_pile_up():
    for entry in SCHEDULE.values():
        assert entry["options"]["queue"] in consumed()
        assert entry["options"]["expires"] <= entry["schedule"]


def test_messages_are_json_alone_and_acknowledged_late(registered):
    conf = configuration()
    assert conf["accept_content"] == ["json"]
    assert conf["task_acks_late"]
    assert conf["task_reject_on_worker_lost"]
    assert conf["task_time_limit"] < conf["broker_transport_options"]["visibility_timeout"]
