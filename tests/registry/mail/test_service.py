"""The outbox: written with its cause, sent once, kept for a month."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from registry.accounts.actor import ANONYMOUS
from registry.clock import now
from registry.database import session, transaction
from registry.errors import NotAllowed
from registry.mail import delivery, service
from registry.mail.delivery import MailNotSent
from registry.mail.models import OutgoingMail
from registry.work import Job, Work, perform
from tests.registry.mail.mailservers import mail_server

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def server(app, monkeypatch):
    """A real SMTP server that the application's settings name."""
    with mail_server() as box:
        settings = app.extensions["marquee_settings"]
        named = replace(settings, smtp_url=f"smtp://127.0.0.1:{box.port}")
        monkeypatch.setitem(app.extensions, "marquee_settings", named)
        yield box


def written(to="ada@example.org") -> OutgoingMail:
    with transaction() as tx:
        return service.send(tx, "test", to, "Hello", "Hello Ada.")


def work(mail) -> bool:
    return perform(Work.MAIL, str(mail.id), service.send_mail)


def jobs() -> list[str]:
    return [job.subject for job in session().query(Job).filter_by(work=Work.MAIL)]


def test_a_mail_and_the_work_of_sending_it_are_written_with_their_cause(given):
    mail = written()
    assert given.mails()[0].sent_at is None
    assert jobs() == [str(mail.id)]


def test_a_cause_that_did_not_come_about_sends_no_mail(given):
    def fail() -> None:
        with transaction() as tx:
            service.send(tx, "test", "ada@example.org", "Hello", "Hello Ada.")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert given.mails() == []
    assert jobs() == []


def test_the_worker_sends_it_once(given, server):
    mail = written()
    assert work(mail)
    assert not work(mail)
    assert [m["To"] for m in server.mails] == ["ada@example.org"]
    assert given.found(OutgoingMail, mail.id).sent_at is not None
    assert jobs() == []


def test_ten_workers_at_once_send_it_once(given, server):
    mail = written()
    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(lambda _: given.run(work, mail), range(10)))
    assert done.count(True) == 1
    assert len(server.mails) == 1


def test_a_mail_that_was_sent_is_not_sent_again_when_asked_for_again(given, server):
    mail = written()
    service.send_mail(str(mail.id))
    service.send_mail(str(mail.id))
    assert len(server.mails) == 1


def test_without_a_server_it_waits_in_the_outbox(given):
    mail = written()
    assert work(mail)
    assert given.found(OutgoingMail, mail.id).sent_at is None
    assert jobs() == []


def test_a_server_that_comes_later_gets_the_mails_of_the_last_day(given, server):
    fresh, old = written("fresh@example.org"), written("old@example.org")
    with transaction() as tx:
        tx.query(Job).delete()
        tx.get_one(OutgoingMail, old.id).created_at = now() - timedelta(days=2)
    service.sweep_mail()
    assert jobs() == [str(fresh.id)]


def test_a_failure_for_now_is_tried_again_and_the_reason_kept(given, server):
    server.answer = "451 come back later"
    mail = written()
    with pytest.raises(MailNotSent):
        service.send_mail(str(mail.id))
    assert work(mail)
    [job] = session().query(Job).filter_by(work=Work.MAIL).populate_existing()
    assert "451 come back later" in job.last_error
    assert job.not_before > now()
    assert given.found(OutgoingMail, mail.id).sent_at is None


def test_a_failure_for_good_is_not_tried_again_and_an_admin_sees_why(given, server):
    server.answer = "550 no such mailbox"
    mail = written()
    assert work(mail)
    assert jobs() == []
    [shown] = service.list_mail(by=given.actor(given.admin())).rows
    assert shown.last_error == "The server answered 550 no such mailbox"
    service.sweep_mail()
    assert jobs() == []


def test_a_mail_that_is_gone_is_nothing_to_do(server):
    service.send_mail("00000000-0000-0000-0000-000000000000")
    assert server.mails == []


def test_mails_are_forgotten_after_a_month(given):
    kept, old = written(), written()
    with transaction() as tx:
        tx.get_one(OutgoingMail, old.id).created_at = now() - timedelta(days=31)
    assert service.sweep_mail() == 1
    assert [mail.id for mail in given.mails()] == [kept.id]


def test_nobody_but_an_admin_reads_the_outbox(given):
    for actor in (ANONYMOUS, given.actor(given.account()), given.actor(given.moderator())):
        with pytest.raises(NotAllowed):
            service.list_mail(by=actor)


def test_no_transaction_is_open_while_the_server_is_spoken_to(server, monkeypatch):
    """A server that takes twenty seconds must not hold a connection that long."""
    seen = []

    def deliver(*conversation: str) -> None:
        seen.append(session().in_transaction())
        delivery.deliver(*conversation)

    monkeypatch.setattr(service, "deliver", deliver)
    assert work(written())
    assert seen == [False]
    assert len(server.mails) == 1
