"""Standing work is hinted at again; old rows go; one failing sweep does not stop the others."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from registry.clock import now
from registry.database import session, transaction
from registry.mail.models import OutgoingMail
from registry.mail.service import send
from registry.work import Job, Work, enqueue
from workers import sweep

pytestmark = pytest.mark.usefixtures("in_app")


def test_a_job_that_stands_still_is_hinted_at_again(cleaner):
    with transaction() as tx:
        enqueue(tx, Work.FEEDS, "kodi")
    cleaner.valkey.delete("feeds")
    assert sweep.hint_again() == 0
    with transaction() as tx:
        tx.query(Job).filter_by(subject="kodi").update({"hinted_at": now() - timedelta(minutes=1)})
    assert sweep.hint_again() == 1


def test_sweeping_shows_that_a_worker_lives(client):
    sweep.hint_again()
    assert client.get("/readyz").json["parts"]["worker"]["ok"] is True


def test_a_sweep_that_fails_does_not_keep_the_others_from_running(monkeypatch):
    def broken() -> int:
        session().execute(text("SELECT 1 / 0"))
        return 0

    with transaction() as tx:
        mail = send(tx, "test", "ada@example.org", "Hello", "Hello")
        tx.flush()
        mail.created_at = now() - timedelta(days=31)
    monkeypatch.setattr(sweep, "OLD", (broken, *sweep.OLD))
    sweep.sweep_old()
    assert session().query(OutgoingMail).count() == 0
