"""Signed-in browsers: when a session opens, and everything that ends it."""

from datetime import timedelta

import pytest

from registry.accounts import passwords, sessions
from registry.accounts.actor import Scope
from registry.accounts.models import Account, BrowserSession, Role
from registry.audit.models import AuditEvent
from registry.clock import now
from registry.database import session, transaction
from registry.errors import NotFound, NotSignedIn
from tests.given import PASSWORD

pytestmark = pytest.mark.usefixtures("in_app")


def opened(account: Account) -> tuple[BrowserSession, str]:
    return sessions.open_session(email=account.email, password=PASSWORD, browser="Firefox")


def changed(row: object, **values: object) -> None:
    with transaction() as tx:
        known = tx.get_one(type(row), row.id)
        for name, value in values.items():
            setattr(known, name, value)


def test_the_right_password_opens_a_session_of_the_account(given):
    account = given.account()
    row, secret = opened(account)
    actor = sessions.actor_of_session(secret)
    assert actor.account_id == account.id
    assert actor.session_id == row.id
    assert actor.via == "session"
    assert actor.scopes == {Scope.READ, Scope.UPLOAD, Scope.MANAGE}


def test_the_database_keeps_no_secret(given):
    row, secret = opened(given.account())
    assert secret not in (row.digest, row.browser)
    assert len(row.digest) == 64


def test_an_address_is_the_same_in_capitals_and_with_blanks_around(given):
    given.account("ada@example.org")
    row, _ = sessions.open_session(email=" Ada@EXAMPLE.org ", password=PASSWORD, browser="")
    assert row.browser == "unknown"


def test_each_sign_in_has_a_secret_of_its_own(given):
    account = given.account()
    assert opened(account)[1] != opened(account)[1]


@pytest.mark.parametrize("what", ["wrong password", "unknown address", "disabled account"])
def test_every_refusal_sounds_the_same(given, what):
    account = given.account()
    email, password = account.email, PASSWORD
    if what == "wrong password":
        password = "something else entirely"
    elif what == "unknown address":
        email = "nobody@example.org"
    else:
        changed(account, disabled_at=now())
    with pytest.raises(NotSignedIn) as refused:
        sessions.open_session(email=email, password=password, browser="")
    assert refused.value.code == "auth.credentials"
    assert refused.value.detail == "The address or the password is wrong."


def test_an_unverified_account_can_sign_in(given):
    _, secret = opened(given.account(verified=False))
    assert not sessions.actor_of_session(secret).verified


def test_a_secret_with_a_typing_error_is_refused_before_any_query(given, queries):
    _, secret = opened(given.account())
    wrong = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    with queries() as asked:
        assert sessions.actor_of_session(wrong) is None
        assert sessions.actor_of_session("") is None
    assert asked == []


def test_an_actor_is_read_by_one_query_and_a_note_of_the_use(given, queries):
    _, secret = opened(given.account())
    with queries() as asked:
        sessions.actor_of_session(secret)
    assert len(asked) == 1, asked


@pytest.mark.parametrize(
    "values",
    [
        {"expires_at": now()},
        {"last_seen_at": now() - timedelta(days=7, seconds=1)},
    ],
)
def test_a_session_ends_after_a_month_and_after_a_week_unused(given, values):
    row, secret = opened(given.account())
    assert row.expires_at - row.created_at > timedelta(days=29)
    changed(row, **values)
    assert sessions.actor_of_session(secret) is None


def test_disabling_the_account_ends_its_sessions_at_once(given):
    account = given.account()
    _, secret = opened(account)
    changed(account, disabled_at=now())
    assert sessions.actor_of_session(secret) is None


def test_a_new_role_works_with_the_next_request(given):
    account = given.account()
    _, secret = opened(account)
    changed(account, role=Role.MODERATOR)
    assert Scope.REVIEW in sessions.actor_of_session(secret).scopes


def test_the_last_use_is_noted_once_a_minute(given):
    row, secret = opened(given.account())
    changed(row, last_seen_at=now() - timedelta(minutes=5))
    sessions.actor_of_session(secret)
    seen = given.found(BrowserSession, row.id).last_seen_at
    assert now() - seen < timedelta(seconds=5)
    sessions.actor_of_session(secret)
    assert given.found(BrowserSession, row.id).last_seen_at == seen


def test_signing_out_ends_this_session_and_no_other(given):
    account = given.account()
    row, secret = opened(account)
    _, other = opened(account)
    sessions.close_session(row.id, by=sessions.actor_of_session(secret))
    assert sessions.actor_of_session(secret) is None
    assert sessions.actor_of_session(other) is not None


def test_nobody_ends_the_session_of_somebody_else(given):
    row, secret = opened(given.account())
    _, stranger = opened(given.account())
    with pytest.raises(NotFound):
        sessions.close_session(row.id, by=sessions.actor_of_session(stranger))
    assert sessions.actor_of_session(secret) is not None


def test_the_list_shows_ones_own_sessions_that_are_not_over(given):
    account = given.account()
    row, secret = opened(account)
    old, _ = opened(account)
    opened(given.account())
    changed(old, expires_at=now())
    listed = sessions.list_sessions(by=sessions.actor_of_session(secret))
    assert [shown.id for shown in listed] == [row.id]


def test_the_sweep_forgets_sessions_that_are_over(given):
    account = given.account()
    kept, _ = opened(account)
    old, _ = opened(account)
    unused, _ = opened(account)
    changed(old, expires_at=now())
    changed(unused, last_seen_at=now() - timedelta(days=8))
    assert sessions.sweep_sessions() == 2
    assert [row.id for row in session().query(BrowserSession)] == [kept.id]


def test_a_password_kept_by_weaker_parameters_is_kept_by_stronger_ones_after_sign_in(given, monkeypatch):
    account = given.account()
    stronger = type(passwords.HASHER)(time_cost=3, memory_cost=19_456, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", stronger)
    opened(account)
    assert "t=3" in given.found(Account, account.id).password_hash
    opened(account)


def test_signing_in_and_out_stands_in_the_audit_trail(given):
    account = given.account()
    row, secret = opened(account)
    sessions.close_session(row.id, by=sessions.actor_of_session(secret))
    events = session().query(AuditEvent).filter_by(actor_id=account.id).order_by(AuditEvent.id)
    assert [event.event for event in events] == ["signed_in", "signed_out"]
