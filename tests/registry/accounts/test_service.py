"""Sign up, prove the address; the accounts that an operator makes."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from registry.accounts import service, sessions
from registry.accounts.actor import SYSTEM
from registry.accounts.models import Account, BrowserSession, EmailProof, Role
from registry.accounts.proofs import sweep_proofs
from registry.clock import now
from registry.database import session, transaction
from registry.errors import Conflict, Invalid, MarqueeError
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


# Signing up


def test_signing_up_makes_an_unverified_account_and_mails_a_link(given):
    service.sign_up(email="ada@example.org", name="  Ada   Lovelace ", password=PASSWORD)
    account = service.find_account("ADA@example.org")
    assert account.name == "Ada Lovelace"
    assert account.role is Role.USER
    assert account.email_verified_at is None
    [mail] = given.mails()
    assert mail.recipient == "ada@example.org"
    assert "http://marquee.test/accounts/verify/mq_v_" in mail.body
    assert "Ada" not in mail.body, "a stranger's words are not mailed to others"


def test_an_address_that_has_an_account_gets_a_letter_and_the_caller_sees_no_difference(given):
    account = given.account("ada@example.org")
    assert service.sign_up(email="Ada@Example.org", name="Eve", password=NEW) is None
    [mail] = given.mails()
    assert mail.purpose == "address_known"
    assert mail.recipient == "ada@example.org"
    kept = given.found(Account, account.id)
    assert kept.name == "Ada"
    assert not can_sign_in("ada@example.org", NEW)
    assert session().query(Account).count() == 1


def test_the_same_sign_up_ten_times_at_once_makes_one_account(given):
    def once(_: int) -> None:
        given.run(service.sign_up, email="ada@example.org", name="Ada", password=PASSWORD)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(once, range(10)))
    assert session().query(Account).count() == 1


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@exa mple.org",
        "ada@example.org\nBcc: all@example.org",
        "ada@example.org, eve@example.org",
        "Ada <ada@example.org>",
        "ada..l@example.org",
        "ada@" + "x" * 250 + ".org",
    ],
)
def test_what_is_no_address_is_refused(email):
    with pytest.raises(Invalid) as refused:
        service.sign_up(email=email, name="Ada", password=PASSWORD)
    assert refused.value.code == "email.invalid"
    assert refused.value.faults[0].pointer == "/email"


@pytest.mark.parametrize("email", ["ada@nas.local", "ada@localhost", "дима@пример.рф"])
def test_addresses_of_a_home_network_and_of_every_script_are_taken(given, email):
    service.sign_up(email=email, name="Ada", password=PASSWORD)
    assert given.mails()[0].recipient == email


@pytest.mark.parametrize("name", ["", "  ", "n" * 101, "a\u202eb", "a\0b"])
def test_a_name_is_visible_and_not_too_long(name):
    with pytest.raises(Invalid) as refused:
        service.sign_up(email="ada@example.org", name=name, password=PASSWORD)
    assert refused.value.faults[0].pointer == "/name"


def test_a_password_made_of_ones_own_address_is_refused():
    with pytest.raises(Invalid) as refused:
        service.sign_up(email="ada@example.org", name="Lovelace", password="LovelaceLovelace")
    assert refused.value.code == "password.guessable"


# Proving the address


def test_the_mailed_link_verifies_the_address_once(given):
    secret = signed_up(given)
    account = service.verify_email(secret)
    assert account.email_verified_at is not None
    with pytest.raises(Invalid) as refused:
        service.verify_email(secret)
    assert refused.value.code == "proof.invalid"


def test_a_link_does_not_work_after_a_day(given):
    secret = signed_up(given)
    age_all_proofs()
    with pytest.raises(Invalid):
        service.verify_email(secret)


def test_a_newer_link_ends_the_older_one(given):
    old = signed_up(given)
    by = given.actor(service.find_account("ada@example.org"))
    service.ask_verification(by=by)
    new = secret_in(given.mails()[-1])
    with pytest.raises(Invalid):
        service.verify_email(old)
    assert service.verify_email(new).email_verified_at is not None
    service.ask_verification(by=by)
    assert len(given.mails()) == 2, "a verified address is not asked again"


@pytest.mark.parametrize("secret", ["", "x", "mq_v_" + "0" * 36, "mq_p_" + "0" * 36])
def test_a_link_that_nobody_mailed_is_refused(secret):
    with pytest.raises(Invalid) as refused:
        service.verify_email(secret)
    assert refused.value.code == "proof.invalid"


def test_a_link_for_a_password_verifies_no_address_and_the_reverse(given):
    verify = signed_up(given)
    with pytest.raises(Invalid):
        service.reset_password(verify, NEW)
    known = given.account("eve@example.org")
    service.ask_password_reset(known.email)
    with pytest.raises(Invalid):
        service.verify_email(secret_in(given.mails(known.email)[-1]))


def test_the_link_of_a_disabled_account_is_refused(given):
    secret = signed_up(given)
    with transaction() as tx:
        tx.query(Account).update({"disabled_at": now()})
    with pytest.raises(Invalid):
        service.verify_email(secret)


def test_one_link_used_ten_times_at_once_works_once(given):
    secret = signed_up(given)

    def use(_: int) -> bool:
        try:
            given.run(service.verify_email, secret)
        except Invalid:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(use, range(10))) == 1


def test_links_are_forgotten_a_week_after_they_stopped_working(given):
    signed_up(given)
    assert sweep_proofs() == 0
    with transaction() as tx:
        tx.query(EmailProof).update({"expires_at": now() - timedelta(days=8)})
    assert sweep_proofs() == 1


# The operator's accounts


def test_the_operator_makes_a_verified_account_with_a_role_and_a_password(given):
    account, password = service.create_account(
        email="max@example.org", name="Max", password=None, role=Role.MODERATOR, by=SYSTEM
    )
    assert account.email_verified_at is not None
    assert account.role is Role.MODERATOR
    assert can_sign_in("max@example.org", password)
    with pytest.raises(Conflict) as refused:
        service.create_account(email="MAX@example.org", name="Max", password=None, role=Role.USER, by=SYSTEM)
    assert refused.value.code == "account.exists"


def test_the_first_admins_login_is_written_once_for_the_operator_alone(given, settings):
    login = service.create_first_admin()
    path = settings.home / "first-login.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert login == service.first_login.read(settings.home)
    assert login["url"] == "http://marquee.test"
    assert service.find_account(login["email"]).role is Role.ADMIN
    assert service.create_first_admin() is None
    given.signed_in(given.account())
    assert path.exists(), "somebody else's sign-in does not remove it"
    sessions.open_session(email=login["email"], password=login["password"], browser="")
    assert not path.exists()
    assert session().query(BrowserSession).count() == 2


def test_there_is_no_first_admin_where_there_is_an_account(given, settings):
    given.account()
    assert service.create_first_admin() is None
    assert not (settings.home / "first-login.json").exists()
