"""Letting a server in by a short code (RFC 8628), over the API and the page."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from registry.accounts.models import Account
from registry.audit.models import AuditEvent
from registry.clock import now
from registry.database import session, transaction
from registry.servers import enrolment
from registry.servers.models import Enrolment, MediaServer
from registry.servers.rules import LETTERS, read_code
from tests.asking import code_of

KODI = {"name": "Living room", "platform": "kodi", "version": "21.2"}
ADDRESS = "http://192.168.77.20:8096"


def ask(client, **more):
    response = client.post("/api/v1/servers", json={**KODI, **more})
    assert response.status_code == 201, response.text
    return response.json


def take(client, asked):
    return client.post("/api/v1/servers/token", json={"device_code": asked["device_code"]})


def answer(given, account, asked, *, approve=True):
    given.run(enrolment.answer_enrolment, asked["user_code"], approve=approve, by=given.actor(account))


def later(given, seconds: float) -> None:
    """Let every server have asked that long ago."""

    def act() -> None:
        with transaction() as tx:
            for row in tx.query(Enrolment):
                if row.polled_at:
                    row.polled_at -= timedelta(seconds=seconds)

    given.run(act)


def enrolled(given, client, account: Account | None = None, **more) -> dict:
    """A server that was let in, as the API tells it, with its token."""
    asked = ask(client, **more)
    answer(given, account or given.account(), asked)
    return take(client, asked).json


def test_the_whole_way_of_a_server(given, client, visit):
    account = given.account()
    asked = ask(client, address=ADDRESS)
    assert asked["verification_url"] == "http://marquee.test/servers/connect"
    assert (asked["expires_in"], asked["interval"]) == (900, 5)
    assert code_of(take(client, asked)) == "enrolment.pending"

    owner = visit(account)
    shown = owner.send("/servers/connect", code=asked["user_code"].lower().replace("-", " "), status=200)
    assert "Living room" in shown.text
    assert "Kodi" in shown.text
    said = owner.send("/servers/connect/answer", at="/servers/connect", code=asked["user_code"], answer="yes")
    assert "Living room is let in" in owner.after(said)

    made = take(client, asked)
    assert made.status_code == 201
    token = made.json["token"]
    assert token.startswith("mq_m_")
    me = client.bearing(token).get("/api/v1/servers/me").json
    assert me == {key: value for key, value in made.json.items() if key != "token"} | {
        "last_seen_on": now().date().isoformat()
    }
    assert (me["name"], me["platform"], me["version"], me["address"]) == (
        "Living room",
        "kodi",
        "21.2",
        ADDRESS,
    )
    assert "Living room" in owner.see("/servers")


def test_a_token_is_given_once(given, client):
    asked = ask(client)
    answer(given, given.account(), asked)
    assert take(client, asked).status_code == 201
    assert code_of(take(client, asked)) == "enrolment.expired"


def test_who_asks_too_often_is_told_to_wait_longer_each_time(given, client):
    asked = ask(client)
    assert take(client, asked).json["interval"] == 5
    first, second = take(client, asked), take(client, asked)
    assert (code_of(first), code_of(second)) == ("enrolment.slow_down", "enrolment.slow_down")
    assert (first.json["interval"], second.json["interval"]) == (10, 15)
    assert second.headers["Retry-After"] == "15"
    assert second.json["error"] == "slow_down"
    later(given, 16)
    assert take(client, asked).json["error"] == "authorization_pending"


def test_a_server_that_was_not_let_in_hears_so(given, client):
    asked = ask(client)
    answer(given, given.account(), asked, approve=False)
    response = take(client, asked)
    assert code_of(response) == "enrolment.denied"
    assert response.json["error"] == "access_denied"
    assert given.run(lambda: session().query(MediaServer).count()) == 0


def test_a_code_works_for_a_quarter_of_an_hour(given, client, visit):
    asked = ask(client)

    def expire() -> None:
        with transaction() as tx:
            tx.query(Enrolment).one().expires_at = now() - timedelta(seconds=1)

    given.run(expire)
    assert code_of(take(client, asked)) == "enrolment.expired"
    refused = visit(given.account()).send("/servers/connect", code=asked["user_code"], status=404)
    assert "No server waits under this code" in refused.text
    assert given.run(enrolment.sweep_enrolments) == 1


@pytest.mark.parametrize("code", ["", "WDJB-MJHT", "AAAA-AAAA", "x" * 500, "WDJB-MJH", "🙂"])
def test_a_code_under_which_no_server_waits_finds_none(given, visit, code):
    assert "No server waits" in visit(given.account()).send("/servers/connect", code=code, status=404).text


def test_codes_are_tried_twenty_times_in_a_quarter_of_an_hour(given, visit):
    owner = visit(given.account())
    token = owner.token("/servers/connect")
    for _ in range(20):
        owner.send_plain("/servers/connect", code="WDJB-MJHT", csrf_token=token, status=404)
    owner.send_plain("/servers/connect", code="WDJB-MJHT", csrf_token=token, status=429)


def test_a_code_has_consonants_alone_and_is_read_however_it_is_typed(client):
    code = ask(client)["user_code"]
    assert len(code) == 9
    assert set(code.replace("-", "")) <= set(LETTERS)
    assert read_code(f" {code.lower()} ") == read_code(code.replace("-", ""))


def test_the_database_holds_neither_code_token_nor_address(given, client):
    asked = ask(client, address=ADDRESS)
    whole = [asked["device_code"], "192.168.77.20"]
    assert not [secret for secret in whole if secret in dump(given, "enrolment")]
    answer(given, given.account(), asked)
    token = take(client, asked).json["token"]
    held = dump(given, "media_server") + dump(given, "audit_event")
    assert not [secret for secret in [*whole, token] if secret in held]


def dump(given, table: str) -> str:
    """All of a table, as text."""
    rows = given.run(lambda: session().execute(text(f"SELECT * FROM {table}")).all())
    return repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in rows])


@pytest.mark.usefixtures("in_app")
def test_enrolling_and_leaving_are_audited(given, client):
    account = given.account()
    made = enrolled(given, client, account)
    client.bearing(made["token"]).delete("/api/v1/servers/me")
    events = session().query(AuditEvent).filter_by(subject_id=made["id"]).order_by(AuditEvent.id)
    assert [(event.event, event.via) for event in events] == [
        ("server_approved", "session"), ("server_enrolled", "server"), ("server_removed", "server"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "n" * 101), ("name", "a\u202eb"), ("platform", "Kodi 21!"), ("version", " "),
     ("address", "ftp://x"), ("address", "http://me:secret@x"), ("address", "http://x:99999"), ("address", "x")],
)  # fmt: skip
def test_what_a_server_says_of_itself_is_looked_at(client, field, value):
    response = client.post("/api/v1/servers", json={**KODI, field: value})
    assert code_of(response) == "request.invalid"
    assert response.json["errors"][0]["pointer"] == f"/{field}"


def test_one_account_has_fifty_servers_at_most(given, client, monkeypatch):
    monkeypatch.setattr(enrolment, "MOST_SERVERS", 1)
    account = given.account()
    enrolled(given, client, account)
    asked = ask(client)
    with pytest.raises(enrolment.Conflict) as refused:
        answer(given, account, asked)
    assert refused.value.code == "server.too_many"
    assert code_of(take(client, asked)) == "enrolment.pending"
