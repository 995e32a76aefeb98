"""What an admin does with accounts; there is always one left."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from registry.accounts import administration, sessions, tokens
from registry.accounts.actor import Scope
from registry.accounts.models import Account, Role
from registry.audit.models import AuditEvent
from registry.database import session
from registry.errors import Conflict, MarqueeError, NotAllowed, NotFound

pytestmark = pytest.mark.usefixtures("in_app")


def change(account, by, **values):
    return administration.change_account(account.id, by=by, **values)


def test_an_admin_confirms_an_address_by_hand(given):
    account = given.account(verified=False)
    change(account, given.actor(given.admin()), verified=True)
    assert given.found(Account, account.id).email_verified_at is not None


def test_a_disabled_account_is_out_at_once_and_can_come_back(given):
    account, by = given.account(), given.actor(given.admin())
    secret, token = given.signed_in(account), given.token(account)
    change(account, by, disabled=True)
    assert sessions.actor_of_session(secret) is None
    assert tokens.actor_of_token(token) is None
    change(account, by, disabled=False)
    assert sessions.actor_of_session(secret) is None, "its sessions have ended for good"
    assert tokens.actor_of_token(token) is not None


def test_a_new_role_works_at_once_and_its_owner_is_told(given):
    account, by = given.account(), given.actor(given.admin())
    secret = given.signed_in(account)
    change(account, by, role=Role.MODERATOR)
    assert sessions.actor_of_session(secret).is_moderator
    assert given.mails(account.email)[-1].purpose == "role_changed"


@pytest.mark.parametrize("values", [{"role": Role.USER}, {"disabled": True}])
def test_the_last_admin_stays(given, values):
    admin = given.admin()
    with pytest.raises(Conflict) as refused:
        change(admin, given.actor(admin), **values)
    assert refused.value.code == "account.last_admin"


def test_two_admins_who_demote_each_other_at_once_leave_one(given):
    one, other = given.admin(), given.admin()

    def demote(whom: Account, by: Account) -> bool:
        try:
            given.run(administration.change_account, whom.id, role=Role.USER, by=given.actor(by))
        except MarqueeError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(demote, (one, other), (other, one)))
    assert done.count(True) == 1
    assert session().query(Account).filter_by(role=Role.ADMIN).count() == 1


@pytest.mark.parametrize("role", [Role.USER, Role.MODERATOR])
def test_nobody_but_an_admin_changes_accounts(given, role):
    by = given.actor(given.account(role=role))
    victim = given.account()
    with pytest.raises(NotAllowed):
        change(victim, by, role=Role.ADMIN)
    with pytest.raises(NotAllowed):
        administration.list_accounts(by=by)


def test_an_admins_token_without_the_scope_changes_no_accounts(given):
    by = given.actor(given.admin(), frozenset({Scope.READ, Scope.MANAGE, Scope.REVIEW}))
    with pytest.raises(NotAllowed):
        change(given.account(), by, verified=True)


def test_an_unknown_account_is_not_found(given):
    with pytest.raises(NotFound):
        administration.change_account(uuid4(), verified=True, by=given.actor(given.admin()))


def test_every_change_stands_in_the_audit_trail(given):
    """PyPI's audit found that a change of the admin flag was not logged (TOB-PYPI26-14)."""
    account, admin = given.account(), given.admin()
    change(account, given.actor(admin), role=Role.ADMIN)
    [event] = session().query(AuditEvent).filter_by(event="account_changed")
    assert event.actor_id == admin.id
    assert event.subject_id == str(account.id)
    assert event.detail == {"role": "admin"}


def test_accounts_are_found_by_address_and_name(given):
    by = given.actor(given.admin())
    given.account("ada@example.org", name="Ada Lovelace")
    given.account("eve@example.org", name="Eve")

    def found(words: str) -> list[str]:
        return [row.name for row in administration.list_accounts(by=by, words=words).rows]

    assert found("LOVE") == ["Ada Lovelace"]
    assert found("eve@") == ["Eve"]
    assert found("%") == []
    assert len(found("")) == 3
