"""The API of accounts, sessions and tokens, as a client sees it."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.asking import code_of
from tests.given import PASSWORD

API = "/api/v1"
NEW = "seventeen copper marmalade jars"


def sign_up(client, email="ada@example.org", password=PASSWORD):
    body = {"email": email, "name": "Ada", "password": password}
    return client.post(f"{API}/accounts", json=body)


def sign_in(client, email, password=PASSWORD):
    return client.post(f"{API}/sessions", json={"email": email, "password": password})


def secret_in(mail) -> str:
    return re.search(r"mq_v_\w+", mail.body).group()


def test_from_sign_up_to_sign_out(client, given):
    assert sign_up(client).status_code == 202
    [mail] = given.mails()
    confirmed = client.post(f"{API}/accounts/verifications", json={"secret": secret_in(mail)})
    assert confirmed.json == {"detail": "ada@example.org is confirmed."}

    opened = sign_in(client, "ada@example.org")
    assert opened.status_code == 201
    assert opened.json["token"].startswith("mq_s_")
    assert "Set-Cookie" not in opened.headers

    me = client.bearing(opened.json["token"])
    shown = me.get(f"{API}/me").json
    assert shown["email"] == "ada@example.org"
    assert shown["verified"] is True
    assert shown["via"] == "session"
    assert shown["scopes"] == ["manage", "read", "upload"]
    assert shown["publishers"] == []

    assert me.delete(f"{API}/sessions/current").status_code == 204
    assert code_of(me.get(f"{API}/me")) == "auth.token_invalid"


def test_signing_up_sounds_the_same_for_an_address_that_has_an_account(client, given):
    given.account("ada@example.org")
    known, unknown = sign_up(client, "ada@example.org"), sign_up(client, "new@example.org")
    assert known.status_code == unknown.status_code == 202
    assert known.json == unknown.json
    assert list(known.headers.keys()) == list(unknown.headers.keys())


def test_asking_for_a_new_password_sounds_the_same_for_every_address(client, given):
    given.account("ada@example.org")

    def ask(email):
        return client.post(f"{API}/accounts/password-resets", json={"email": email})

    known, unknown = ask("ada@example.org"), ask("nobody@example.org")
    assert known.status_code == unknown.status_code == 202
    assert known.json == unknown.json


def test_a_forgotten_password_is_set_anew(client, given):
    account = given.account()
    client.post(f"{API}/accounts/password-resets", json={"email": account.email})
    body = {"secret": secret_in(given.mails(account.email)[-1]), "password": NEW}
    assert client.post(f"{API}/accounts/password-resets/complete", json=body).status_code == 200
    assert code_of(sign_in(client, account.email)) == "auth.credentials"
    assert sign_in(client, account.email, NEW).status_code == 201


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"email": "ada", "name": "Ada", "password": PASSWORD}, "/email"),
        ({"email": "ada@example.org", "name": "Ada", "password": "short"}, "/password"),
        ({"email": "ada@example.org", "name": "", "password": PASSWORD}, "/name"),
        ({"email": "ada@example.org", "name": "Ada"}, "/password"),
        ({"email": 7, "name": "Ada", "password": PASSWORD}, "/email"),
        (
            {"email": "ada@example.org", "name": "Ada", "password": PASSWORD, "role": "admin"},
            "/role",
        ),
        ({"email": "ada@example.org", "name": "Ada", "password": "x" * 5000}, "/password"),
    ],
)
def test_what_is_wrong_in_a_sign_up_is_named_by_its_field(client, given, body, pointer):
    response = client.post(f"{API}/accounts", json=body)
    assert response.status_code == 422
    code_of(response)
    assert pointer in [error["pointer"] for error in response.json["errors"]]
    assert given.mails() == []


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"email": "a", "email": 1}'])
def test_a_body_that_cannot_be_read_is_a_problem_and_no_crash(client, data):
    response = client.post(f"{API}/sessions", data=data, content_type="application/json")
    assert response.status_code in {400, 422}
    code_of(response)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, given):
    account = given.account()
    answers = [
        sign_in(client, account.email, "wrong password entirely"),
        sign_in(client, "nobody@example.org"),
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json["detail"] == answers[1].json["detail"]
    assert answers[0].json["type"] == answers[1].json["type"]


def test_ten_failures_close_the_account_for_this_network_and_for_no_other(client, given):
    account = given.account()
    other = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    body = {"email": account.email, "password": "wrong"}
    for _ in range(10):
        assert code_of(client.post(f"{API}/sessions", json=body)) == "auth.credentials"
    closed = sign_in(client, account.email)
    assert code_of(closed) == "rate.limited"
    assert int(closed.headers["Retry-After"]) > 0
    right = {"email": account.email, "password": PASSWORD}
    assert client.post(f"{API}/sessions", json=right, **other).status_code == 201


def test_writing_the_address_in_another_way_does_not_begin_the_count_anew(client, given):
    account = given.account("ada@example.org")
    for number in range(10):
        spelled = account.email.upper() if number % 2 else f" {account.email} "
        sign_in(client, spelled, "wrong")
    assert code_of(sign_in(client, account.email)) == "rate.limited"


def test_another_address_of_the_same_network_does_not_begin_the_count_anew(client, given):
    account = given.account()
    body = {"email": account.email, "password": "wrong"}
    for number in range(10):
        base = {"REMOTE_ADDR": f"203.0.113.{number}"}
        client.post(f"{API}/sessions", json=body, environ_base=base)
    last = client.post(f"{API}/sessions", json=body, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    assert code_of(last) == "rate.limited"


def test_signing_in_often_is_no_failure(client, given):
    account = given.account()
    for _ in range(12):
        assert sign_in(client, account.email).status_code == 201


def test_one_address_is_not_flooded_with_mails(client, given):
    account = given.account()
    for _ in range(10):
        client.post(f"{API}/accounts/password-resets", json={"email": account.email})
    last = client.post(f"{API}/accounts/password-resets", json={"email": account.email.upper()})
    assert code_of(last) == "rate.limited"
    assert len(given.mails(account.email)) == 10


def test_a_token_is_shown_once_listed_by_its_first_letters_and_ended(client, given):
    me = client.bearing(given.signed_in(given.account()))
    made = me.post(f"{API}/tokens", json={"name": "CI", "scopes": ["read", "upload"]})
    assert made.status_code == 201
    secret = made.json["token"]
    assert secret.startswith(made.json["prefix"])

    ci = client.bearing(secret)
    assert ci.get(f"{API}/me").json["scopes"] == ["read", "upload"]
    listed = me.get(f"{API}/tokens")
    assert secret not in listed.text
    [shown] = listed.json["tokens"]
    assert shown["id"] == made.json["id"]
    assert shown["last_used_at"] is not None

    assert me.delete(f"{API}/tokens/{shown['id']}").status_code == 204
    assert code_of(ci.get(f"{API}/me")) == "auth.token_invalid"
    assert me.get(f"{API}/tokens").json["tokens"] == []


def test_sixty_tokens_used_for_the_first_time_at_once_do_not_wait_for_each_other(client, given):
    """More than the connections of a process: noting the use must not need a second one each."""
    account = given.account()
    clients = [client.bearing(given.token(account)) for _ in range(49)] + [
        client.bearing(given.token(given.account())) for _ in range(11)
    ]
    begun = time.monotonic()
    with ThreadPoolExecutor(60) as pool:
        statuses = list(pool.map(lambda one: one.get(f"{API}/me").status_code, clients))
    assert statuses == [200] * 60
    assert time.monotonic() - begun < 20
    shown = clients[0].get(f"{API}/tokens?limit=100").json["tokens"]
    assert all(token["last_used_at"] for token in shown)


def test_the_token_of_somebody_else_is_not_found(client, given):
    """PyPI's audit found tokens that others could end (TOB-PYPI26-11)."""
    owner = given.account()
    given.token(owner)
    [shown] = client.bearing(given.token(owner)).get(f"{API}/tokens?limit=1").json["tokens"]
    stranger = client.bearing(given.token(given.account()))
    assert code_of(stranger.delete(f"{API}/tokens/{shown['id']}")) == "not_found"
    assert code_of(stranger.delete(f"{API}/tokens/nonsense")) == "not_found"


def test_the_list_of_tokens_links_to_its_next_page(client, given):
    account = given.account()
    for _ in range(3):
        given.token(account)
    me = client.bearing(given.token(account))
    first = me.get(f"{API}/tokens?limit=3")
    assert len(first.json["tokens"]) == 3
    address = re.fullmatch(r'<([^>]+)>; rel="next"', first.headers["Link"]).group(1)
    assert address.startswith("http://marquee.test/api/v1/tokens?limit=3&cursor=")
    rest = me.get(address)
    assert len(rest.json["tokens"]) == 1
    assert "Link" not in rest.headers


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "Basic YTpi", "mq_p_x", "Bearer mq_p_" + "0" * 36]
)
def test_a_header_that_proves_nothing_is_refused_and_not_taken_for_anonymous(client, header):
    response = client.get(f"{API}/me", headers={"Authorization": header})
    assert code_of(response) == "auth.token_invalid"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me"),
        ("PATCH", "/me"),
        ("PUT", "/me/password"),
        ("PUT", "/me/email"),
        ("POST", "/me/verification"),
        ("GET", "/sessions"),
        ("DELETE", "/sessions/current"),
        ("GET", "/tokens"),
        ("POST", "/tokens"),
        ("GET", "/accounts"),
        ("GET", "/outbox"),
    ],
)
def test_nobody_in_particular_is_asked_to_sign_in(client, method, path):
    assert code_of(client.open(f"{API}{path}", method=method)) == "auth.required"


@pytest.mark.parametrize("path", ["/accounts", "/outbox"])
def test_admins_pages_are_closed_to_moderators_and_to_tokens_without_the_scope(client, given, path):
    for token in (given.token(given.moderator()), given.token(given.admin(), "read", "manage")):
        assert code_of(client.bearing(token).get(f"{API}{path}")) == "auth.forbidden"
    assert client.bearing(given.token(given.admin())).get(f"{API}{path}").status_code == 200


def test_an_admin_confirms_and_disables(client, given):
    account = given.account(verified=False)
    admin = client.bearing(given.token(given.admin()))
    changed = admin.patch(f"{API}/accounts/{account.id}", json={"verified": True, "disabled": True})
    assert changed.json["verified"] is True
    assert changed.json["disabled"] is True
    assert code_of(sign_in(client, account.email)) == "auth.credentials"


def test_the_outbox_shows_admins_the_mails_that_wait(client, given):
    sign_up(client)
    shown = client.bearing(given.token(given.admin())).get(f"{API}/outbox").json["mails"]
    assert [mail["recipient"] for mail in shown] == ["ada@example.org"]
    assert shown[0]["sent_at"] is None
    assert "mq_v_" in shown[0]["body"]


def test_sessions_are_listed_and_ended_elsewhere(client, given):
    account = given.account()
    here = client.bearing(given.signed_in(account, "here"))
    elsewhere = client.bearing(given.signed_in(account, "elsewhere"))
    listed = here.get(f"{API}/sessions").json["sessions"]
    assert {(row["browser"], row["current"]) for row in listed} == {("here", True), ("elsewhere", False)}
    [other] = [row for row in listed if not row["current"]]
    assert here.delete(f"{API}/sessions/{other['id']}").status_code == 204
    assert elsewhere.get(f"{API}/me").status_code == 401
    assert here.get(f"{API}/me").status_code == 200


def test_a_token_is_no_session_to_sign_out_of(client, given):
    me = client.bearing(given.token(given.account()))
    assert code_of(me.delete(f"{API}/sessions/current")) == "not_found"


def test_name_password_and_address_change(client, given):
    account = given.account()
    me = client.bearing(given.signed_in(account))
    assert me.patch(f"{API}/me", json={"name": "Ada King"}).status_code == 200
    assert me.put(f"{API}/me/password", json={"old": PASSWORD, "new": NEW}).status_code == 200
    asked = me.put(f"{API}/me/email", json={"email": "new@example.org", "password": NEW})
    assert asked.status_code == 202
    client.post(
        f"{API}/accounts/verifications", json={"secret": secret_in(given.mails("new@example.org")[0])}
    )
    shown = me.get(f"{API}/me").json
    assert (shown["name"], shown["email"]) == ("Ada King", "new@example.org")


def test_another_mail_to_confirm_can_be_asked_for(client, given):
    account = given.account(verified=False)
    me = client.bearing(given.signed_in(account))
    assert me.post(f"{API}/me/verification").status_code == 202
    assert given.mails(account.email)[-1].purpose == "verify_address"
