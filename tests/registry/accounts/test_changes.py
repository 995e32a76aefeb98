"""A forgotten password, another name, another password, another address."""

import re
from datetime import timedelta

import pytest

from registry.accounts import service, sessions, tokens
from registry.accounts.actor import Scope
from registry.accounts.models import Account, EmailProof, Role
from registry.audit.models import AuditEvent
from registry.clock import now
from registry.database import session, transaction
from registry.errors import Conflict, Invalid, MarqueeError, NotAllowed
from tests.given import PASSWORD

pytestmark = pytest.mark.usefixtures("in_app")

NEW = "seventeen copper marmalade jars"


def secret_in(mail) -> str:
    return re.search(r"mq_v_\w+", mail.body).group()


def signed_up(given, email: str = "ada@example.org") -> str:
    """Sign up; return the secret of the mailed link."""
    service.sign_up(email=email, name="Ada", password=PASSWORD)
    return secret_in(given.mails(email)[-1])


def age_all_proofs() -> None:
    with transaction() as tx:
        tx.query(EmailProof).update({"expires_at": now() - timedelta(seconds=1)})


def can_sign_in(email: str, password: str) -> bool:
    try:
        sessions.open_session(email=email, password=password, browser="")
    except MarqueeError:
        return False
    return True


# A new password for one that was forgotten


def asked_reset(given, account) -> str:
    service.ask_password_reset(account.email)
    return secret_in(given.mails(account.email)[-1])


def test_a_reset_sets_the_password_and_ends_every_session_and_token(given):
    account = given.account()
    old_session = given.signed_in(account)
    old_token = given.token(account)
    service.reset_password(asked_reset(given, account), NEW)
    assert can_sign_in(account.email, NEW)
    assert not can_sign_in(account.email, PASSWORD)
    assert sessions.actor_of_session(old_session) is None
    assert tokens.actor_of_token(old_token) is None
    assert given.mails(account.email)[-1].purpose == "password_changed"


def test_a_reset_link_works_once_and_for_an_hour(given):
    account = given.account()
    secret = asked_reset(given, account)
    service.reset_password(secret, NEW)
    with pytest.raises(Invalid):
        service.reset_password(secret, PASSWORD)
    secret = asked_reset(given, account)
    age_all_proofs()
    with pytest.raises(Invalid):
        service.reset_password(secret, PASSWORD)


def test_a_password_that_is_refused_does_not_use_the_link_up(given):
    account = given.account()
    secret = asked_reset(given, account)
    with pytest.raises(Invalid) as refused:
        service.reset_password(secret, "short")
    assert refused.value.code == "password.short"
    service.reset_password(secret, NEW)


@pytest.mark.parametrize("role", list(Role))
def test_asking_sounds_the_same_for_every_account_and_for_none(given, role):
    """PyPI's audit found a reset that told which accounts were privileged (TOB-PYPI26-5)."""
    account = given.account(role=role)
    assert service.ask_password_reset(account.email) is None
    assert service.ask_password_reset("nobody@example.org") is None
    assert [mail.recipient for mail in given.mails()] == [account.email]


def test_an_unverified_address_gets_a_link_that_verifies_it_and_no_other(given):
    account = given.account(verified=False)
    service.ask_password_reset(account.email)
    [mail] = given.mails()
    assert mail.purpose == "verify_address"


def test_a_disabled_account_gets_no_link(given):
    account = given.account()
    with transaction() as tx:
        tx.get_one(Account, account.id).disabled_at = now()
    service.ask_password_reset(account.email)
    assert given.mails() == []


def test_a_reset_link_mailed_to_an_address_that_is_no_longer_the_accounts_is_refused(given):
    account = given.account("old@example.org")
    secret = asked_reset(given, account)
    with transaction() as tx:
        tx.get_one(Account, account.id).email = "new@example.org"
    with pytest.raises(Invalid):
        service.reset_password(secret, NEW)


# Changes


def test_a_name_is_changed(given):
    account = given.account()
    service.change_name("Ada King", by=given.actor(account))
    assert given.found(Account, account.id).name == "Ada King"


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(given):
    account = given.account()
    here, elsewhere = given.signed_in(account), given.signed_in(account)
    by = sessions.actor_of_session(here)
    with pytest.raises(NotAllowed) as refused:
        service.change_password(old="wrong", new=NEW, by=by)
    assert refused.value.code == "auth.credentials"
    service.change_password(old=PASSWORD, new=NEW, by=by)
    assert can_sign_in(account.email, NEW)
    assert sessions.actor_of_session(here) is not None
    assert sessions.actor_of_session(elsewhere) is None
    assert given.mails(account.email)[-1].purpose == "password_changed"


def test_a_new_password_ends_the_links_to_reset_it(given):
    account = given.account()
    secret = asked_reset(given, account)
    service.change_password(old=PASSWORD, new=NEW, by=given.actor(account))
    with pytest.raises(Invalid):
        service.reset_password(secret, PASSWORD)


def test_a_token_without_the_scope_manage_changes_nothing_of_the_account(given):
    account = given.account()
    by = given.actor(account, frozenset({Scope.READ, Scope.UPLOAD}))
    for change in (
        lambda: service.change_name("Eve", by=by),
        lambda: service.change_password(old=PASSWORD, new=NEW, by=by),
        lambda: service.ask_new_email("eve@example.org", password=PASSWORD, by=by),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_an_address_changes_when_the_link_mailed_to_the_new_one_is_used(given):
    account = given.account("old@example.org")
    service.ask_new_email("new@example.org", password=PASSWORD, by=given.actor(account))
    assert given.found(Account, account.id).email == "old@example.org"
    service.verify_email(secret_in(given.mails("new@example.org")[0]))
    changed = given.found(Account, account.id)
    assert changed.email == "new@example.org"
    assert changed.email_verified_at is not None
    [notice] = given.mails("old@example.org")
    assert "from old@example.org to new@example.org" in notice.body


def test_a_new_address_needs_the_password(given):
    account = given.account()
    with pytest.raises(NotAllowed):
        service.ask_new_email("new@example.org", password="wrong", by=given.actor(account))
    assert given.mails() == []


def test_an_address_of_somebody_else_cannot_be_taken_and_is_not_given_away(given):
    eve, ada = given.account("eve@example.org"), given.account("ada@example.org")
    assert service.ask_new_email(ada.email, password=PASSWORD, by=given.actor(eve)) is None
    [mail] = given.mails()
    assert mail.recipient == ada.email
    assert mail.purpose == "address_known"


def test_an_address_that_somebody_else_took_meanwhile_is_refused(given):
    eve = given.account("eve@example.org")
    service.ask_new_email("new@example.org", password=PASSWORD, by=given.actor(eve))
    secret = secret_in(given.mails("new@example.org")[0])
    given.account("new@example.org")
    with pytest.raises(Conflict) as refused:
        service.verify_email(secret)
    assert refused.value.code == "account.exists"
    assert given.found(Account, eve.id).email == "eve@example.org"


def test_every_change_stands_in_the_audit_trail_without_any_secret(given):
    verify = signed_up(given)
    account = service.verify_email(verify)
    by = given.actor(account)
    service.change_name("Ada King", by=by)
    service.change_password(old=PASSWORD, new=NEW, by=by)
    service.ask_new_email("new@example.org", password=NEW, by=by)
    service.reset_password(asked_reset(given, account), PASSWORD)
    events = session().query(AuditEvent).filter_by(subject_id=str(account.id)).order_by(AuditEvent.id)
    assert [event.event for event in events] == [
        "account_made",
        "address_verified",
        "name_changed",
        "password_changed",
        "new_address_asked",
        "reset_asked",
        "password_reset",
    ]
    assert not any(event.detail for event in events)
