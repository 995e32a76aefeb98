"""One conversation with an SMTP server, whatever it answers."""

import socket
import ssl
from dataclasses import replace

import pytest

from registry.clock import now
from registry.mail import delivery
from registry.mail.delivery import MailNotSent, MailRefused, Server, compose, deliver, read_server
from registry.mail.models import OutgoingMail
from registry.settings import SettingsInvalid
from tests.registry.mail.mailservers import CERTIFICATE, mail_server, self_signed

SENDER = "Marquee <marquee@plugins.example>"


@pytest.fixture
def mail() -> OutgoingMail:
    return OutgoingMail(
        id="4f1c",
        purpose="test",
        recipient="ada@example.org",
        subject="Grüße aus dem Norden",
        body="Hello Ada,\n\nпривет.\n.\nThe end.\n",
        created_at=now(),
    )


def test_a_mail_arrives_as_it_was_written(mail):
    with mail_server() as box:
        deliver(mail, f"smtp://127.0.0.1:{box.port}", SENDER)
    [arrived] = box.mails
    assert arrived["From"] == SENDER
    assert arrived["To"] == "ada@example.org"
    assert arrived["Subject"] == "Grüße aus dem Norden"
    assert arrived["Message-ID"] == "<4f1c@plugins.example>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content().splitlines() == mail.body.splitlines()


def test_an_address_of_another_script_arrives_too(mail):
    mail.recipient = "дима@пример.рф"
    with mail_server() as box:
        deliver(mail, f"smtp://127.0.0.1:{box.port}", SENDER)
    assert box.mails[0]["To"] == "дима@пример.рф"


def test_sent_twice_it_has_the_same_message_id(mail):
    assert compose(mail, SENDER)["Message-ID"] == compose(mail, SENDER)["Message-ID"]


def test_a_subject_of_several_lines_makes_no_header_of_its_own(mail):
    mail.subject = "Hello\r\nBcc: everybody@example.org"
    message = compose(mail, SENDER)
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: everybody@example.org"


def test_tls_is_taken_when_it_is_offered(mail):
    with mail_server(tls_context=self_signed()) as box:
        deliver(mail, f"smtp://localhost:{box.port}", SENDER)
    assert box.over_tls == [True]


def test_smtps_begins_with_tls_and_signs_in(mail):
    with mail_server(ssl_context=self_signed(), auth_require_tls=False) as box:
        deliver(mail, f"smtps://news%40example:s3cret@127.0.0.1:{box.port}", SENDER)
    assert box.users == ["news@example"]


def test_a_wrong_password_of_ours_is_no_reason_to_give_the_mail_up(mail):
    with mail_server(auth_require_tls=False) as box:
        address = f"smtp://marquee:wrong@127.0.0.1:{box.port}"
        with pytest.raises(MailNotSent, match="does not take the password"):
            deliver(mail, address, SENDER)
    assert box.mails == []


@pytest.mark.parametrize("answer", ["550 no such mailbox", "554 spam"])
def test_a_mail_that_is_refused_for_good_is_given_up(mail, answer):
    with mail_server() as box:
        box.answer = answer
        with pytest.raises(MailRefused, match=answer):
            deliver(mail, f"smtp://127.0.0.1:{box.port}", SENDER)
        box.answer, box.to_recipient = None, answer
        with pytest.raises(MailRefused, match=answer):
            deliver(mail, f"smtp://127.0.0.1:{box.port}", SENDER)


def test_a_mail_that_is_refused_for_now_can_be_tried_again(mail):
    with mail_server() as box:
        box.answer = "451 come back later"
        with pytest.raises(MailNotSent, match="451 come back later"):
            deliver(mail, f"smtp://127.0.0.1:{box.port}", SENDER)
        box.answer, box.to_recipient = None, "450 greylisted"
        with pytest.raises(MailNotSent, match="450 greylisted"):
            deliver(mail, f"smtp://127.0.0.1:{box.port}", SENDER)
        box.to_recipient = None
        deliver(mail, f"smtp://127.0.0.1:{box.port}", SENDER)
    assert len(box.mails) == 1


def test_a_server_that_is_not_there_or_says_nothing_is_for_later(mail, monkeypatch):
    monkeypatch.setattr(delivery, "TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(MailNotSent, match="did not take the mail"):
            deliver(mail, f"smtp://127.0.0.1:{port}", SENDER)
    with pytest.raises(MailNotSent, match="did not take the mail"):
        deliver(mail, f"smtp://127.0.0.1:{port}", SENDER)


def test_a_server_elsewhere_must_have_a_certificate_that_somebody_signed():
    here = Server("localhost", 25, tls_first=False, user=None, password=None)
    assert delivery.tls_for(here).verify_mode is ssl.CERT_NONE
    for host in ("mail.example.org", "192.0.2.7", "localhost.example.org"):
        context = delivery.tls_for(replace(here, host=host))
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname


def test_a_certificate_that_nobody_signed_is_refused_where_it_must_be_signed(mail, monkeypatch):
    monkeypatch.setattr(Server, "is_here", property(lambda _: False))
    with mail_server(tls_context=self_signed()) as box:
        with pytest.raises(MailNotSent, match="certificate"):
            deliver(mail, f"smtp://localhost:{box.port}", SENDER)
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))  # the operator's own authority
        deliver(mail, f"smtp://localhost:{box.port}", SENDER)
    assert len(box.mails) == 1


def test_a_password_never_goes_to_another_machine_in_clear(mail, monkeypatch):
    monkeypatch.setattr(Server, "is_here", property(lambda _: False))
    with mail_server(auth_require_tls=False) as box:
        address = f"smtp://marquee:s3cret@127.0.0.1:{box.port}"
        with pytest.raises(MailNotSent, match="not sent in clear"):
            deliver(mail, address, SENDER)
    assert box.users == []


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 25, False, None, None)),
        ("smtps://mail.example", Server("mail.example", 465, True, None, None)),
        ("smtp://a%40b:c%2Fd@mail.example:587", Server("mail.example", 587, False, "a@b", "c/d")),
        ("smtp://[::1]:2525", Server("::1", 2525, False, None, None)),
    ],
)
def test_the_setting_is_read(url, server):
    assert read_server(url) == server


@pytest.mark.parametrize("url", ["", "mail.example", "http://mail.example", "smtp://", "smtp://x:y"])
def test_a_setting_that_names_no_server_is_refused(url):
    with pytest.raises(SettingsInvalid, match="SMTP_URL"):
        read_server(url)
