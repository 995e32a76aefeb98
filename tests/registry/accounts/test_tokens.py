"""API tokens: what they may do, how long, and everything that ends them."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from registry.accounts import tokens
from registry.accounts.actor import ANONYMOUS, SYSTEM, Scope
from registry.accounts.models import ApiToken, Role
from registry.audit.models import AuditEvent
from registry.clock import now
from registry.database import db, session, transaction
from registry.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn

pytestmark = pytest.mark.usefixtures("in_app")


def make(by, *scopes, days=90, name="build server"):
    return tokens.make_token(name=name, scopes=scopes, days=days, by=by)


def changed(row: object, **values: object) -> None:
    with transaction() as tx:
        known = tx.get_one(type(row), row.id)
        for name, value in values.items():
            setattr(known, name, value)


def test_a_token_acts_for_its_account_with_its_scopes_alone(given):
    account = given.account()
    token, secret = make(given.actor(account), "read", "upload")
    actor = tokens.actor_of_token(secret)
    assert actor.account_id == account.id
    assert actor.scopes == {Scope.READ, Scope.UPLOAD}
    assert actor.via == "token"
    assert actor.token_id == token.id
    assert actor.session_id is None


def test_a_token_knows_the_publishers_of_its_account(given):
    account = given.account()
    publisher = given.publisher(account)
    _, secret = make(given.actor(account), "upload")
    actor = tokens.actor_of_token(secret)
    assert actor.may_upload_to(publisher.id)
    assert not actor.owns(publisher.id), "it has not the scope manage"


def test_the_database_keeps_the_first_letters_and_no_secret(given):
    token, secret = make(given.actor(given.account()), "read")
    assert secret.startswith(token.shown_prefix)
    assert len(token.shown_prefix) == 9
    with db.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM api_token")).one()
    assert not [value for value in row if value == secret]


def test_a_token_lasts_90_days_unless_said_otherwise(given):
    token, _ = make(given.actor(given.account()), "read")
    assert token.expires_at - now() < timedelta(days=90)
    assert token.expires_at - now() > timedelta(days=89, hours=23)


@pytest.mark.parametrize("days", [0, -1, 366, 10**9])
def test_a_token_lasts_from_a_day_to_a_year(given, days):
    with pytest.raises(Invalid) as refused:
        make(given.actor(given.account()), "read", days=days)
    assert refused.value.faults[0].pointer == "/days"


@pytest.mark.parametrize("name", ["", "   ", "n" * 101])
def test_a_token_needs_a_name_to_be_known_again(given, name):
    with pytest.raises(Invalid) as refused:
        make(given.actor(given.account()), "read", name=name)
    assert refused.value.faults[0].pointer == "/name"


def test_an_unknown_scope_is_refused_with_the_list_of_those_there_are(given):
    with pytest.raises(Invalid) as refused:
        make(given.actor(given.account()), "read", "publish")
    assert "'publish'" in refused.value.detail
    assert "read, upload, manage, review, admin, all" in refused.value.detail
    with pytest.raises(Invalid):
        make(given.actor(given.account()))


def test_nobody_gives_a_token_what_they_have_not_got(given):
    with pytest.raises(NotAllowed):
        make(given.actor(given.account()), "read", "review")
    with pytest.raises(NotAllowed):
        make(given.actor(given.moderator()), "admin")


def test_all_means_all_that_one_has(given):
    _, secret = make(given.actor(given.account()), "all")
    assert tokens.actor_of_token(secret).scopes == {Scope.READ, Scope.UPLOAD, Scope.MANAGE}


def test_a_token_without_the_scope_manage_makes_no_tokens(given):
    account = given.account()
    actor = given.actor(account, frozenset({Scope.READ, Scope.UPLOAD}))
    with pytest.raises(NotAllowed):
        make(actor, "read")


def test_a_token_makes_none_that_may_more_or_lasts_longer_than_itself(given):
    account = given.moderator()
    first, secret = make(given.actor(account), "read", "manage", days=3)
    by = tokens.actor_of_token(secret)
    second, _ = make(by, "read", days=300)
    assert second.expires_at == first.expires_at
    with pytest.raises(NotAllowed):
        make(by, "review")
    third, other = make(by, "all")
    assert tokens.actor_of_token(other).scopes == {Scope.READ, Scope.MANAGE}
    assert third.expires_at == first.expires_at


def test_a_moderator_who_is_no_longer_one_has_no_token_that_reviews(given):
    account = given.moderator()
    _, secret = make(given.actor(account), "read", "review")
    assert tokens.actor_of_token(secret).is_moderator
    changed(account, role=Role.USER)
    actor = tokens.actor_of_token(secret)
    assert not actor.is_moderator
    assert actor.scopes == {Scope.READ}


def test_anonymous_makes_no_token():
    with pytest.raises(NotSignedIn):
        make(ANONYMOUS, "read")


def test_a_checksum_that_is_wrong_is_refused_before_any_query(given, queries):
    _, secret = make(given.actor(given.account()), "read")
    wrong = secret[:10] + ("x" if secret[10] != "x" else "y") + secret[11:]
    with queries() as asked:
        assert tokens.actor_of_token(wrong) is None
        assert tokens.actor_of_token("mq_s_" + secret[5:]) is None
        assert tokens.actor_of_token("") is None
    assert asked == []


@pytest.mark.parametrize("what", ["unknown", "expired", "revoked", "disabled"])
def test_a_token_that_is_not_good_any_more_is_nobody(given, what):
    account = given.account()
    token, secret = make(given.actor(account), "read")
    if what == "unknown":
        with transaction() as tx:
            tx.delete(tx.get_one(ApiToken, token.id))
    elif what == "expired":
        changed(token, expires_at=now())
    elif what == "revoked":
        tokens.revoke_token(token.id, by=given.actor(account))
    else:
        changed(account, disabled_at=now())
    assert tokens.actor_of_token(secret) is None


def test_the_last_use_is_noted_once_a_minute(given):
    token, secret = make(given.actor(given.account()), "read")
    assert token.last_used_at is None
    tokens.actor_of_token(secret)
    used = given.found(ApiToken, token.id).last_used_at
    assert now() - used < timedelta(seconds=5)
    tokens.actor_of_token(secret)
    assert given.found(ApiToken, token.id).last_used_at == used
    changed(token, last_used_at=now() - timedelta(minutes=2))
    tokens.actor_of_token(secret)
    assert given.found(ApiToken, token.id).last_used_at >= used


def test_a_use_that_cannot_be_noted_does_not_fail_the_request(given):
    """Another transaction holds the row; the note gives up after a tenth of a second."""
    token, secret = make(given.actor(given.account()), "read")
    with db.engine.begin() as holder:
        holder.execute(text("SELECT 1 FROM api_token WHERE id = :id FOR UPDATE"), {"id": token.id})
        assert tokens.actor_of_token(secret) is not None
    assert given.found(ApiToken, token.id).last_used_at is None


def test_only_its_owner_ends_a_token(given):
    account = given.account()
    token, secret = make(given.actor(account), "read")
    for other in (given.account(), given.admin()):
        with pytest.raises(NotFound):
            tokens.revoke_token(token.id, by=given.actor(other))
    assert tokens.actor_of_token(secret) is not None
    tokens.revoke_token(token.id, by=given.actor(account))
    tokens.revoke_token(token.id, by=given.actor(account))  # a second time changes nothing
    assert given.found(ApiToken, token.id).revoked_why == "by its owner"


def test_a_token_that_was_found_somewhere_can_be_ended_with_itself_alone(given):
    account = given.account()
    token, secret = make(given.actor(account), "read")
    other, _ = make(given.actor(account), "read")
    by = tokens.actor_of_token(secret)
    with pytest.raises(NotAllowed):
        tokens.revoke_token(other.id, by=by)
    tokens.revoke_token(token.id, by=by)
    assert tokens.actor_of_token(secret) is None


def test_the_list_shows_ones_own_tokens_newest_first_in_pages(given):
    account = given.account()
    by = given.actor(account)
    made = [make(by, "read", name=f"token {n}")[0] for n in range(5)]
    make(given.actor(given.account()), "read")
    tokens.revoke_token(made[4].id, by=by)
    first = tokens.list_tokens(by=by, limit=3)
    assert [token.name for token in first.rows] == ["token 3", "token 2", "token 1"]
    rest = tokens.list_tokens(by=by, limit=3, cursor=first.next_cursor)
    assert [token.name for token in rest.rows] == ["token 0"]
    assert rest.next_cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "WzFd", "WyJhIiwgImIiXQ", "é", "WzEsIDJd"])
def test_a_cursor_that_is_not_ours_is_refused(given, cursor):
    with pytest.raises(Invalid):
        tokens.list_tokens(by=given.actor(given.account()), cursor=cursor)


def test_an_account_has_fifty_tokens_at_most(given):
    account = given.account()
    for _ in range(tokens.MOST_TOKENS):
        given.token(account)
    with pytest.raises(Conflict) as refused:
        make(given.actor(account), "read")
    assert refused.value.code == "token.too_many"


def test_making_and_ending_a_token_is_audited_and_mailed(given):
    account = given.account()
    token, secret = make(given.actor(account), "read", "upload")
    tokens.revoke_token(token.id, by=given.actor(account))
    events = session().query(AuditEvent).filter_by(subject_id=str(token.id)).order_by(AuditEvent.id)
    assert [(event.event, event.via) for event in events] == [
        ("token_made", "session"),
        ("token_revoked", "session"),
    ]
    [mail] = given.mails(account.email)
    assert "It may: read, upload." in mail.body
    assert secret not in mail.body


def test_the_operator_makes_tokens_for_others(given):
    account = given.account()
    _, secret = tokens.make_token_for(account.email, scopes=["all"], by=SYSTEM, days=7)
    assert tokens.actor_of_token(secret).account_id == account.id
    assert Scope.ADMIN not in tokens.actor_of_token(secret).scopes, "the account is no admin's"
    with pytest.raises(NotFound):
        tokens.make_token_for("nobody@example.org", scopes=["all"], by=SYSTEM, days=7)
