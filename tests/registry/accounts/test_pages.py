"""The pages of accounts: sign up, confirm, sign in and out, what is held about me, a new password."""

import re

import pytest

from registry.accounts.models import Role
from tests.given import PASSWORD
from tests.visiting import fault_beside, value_of

ADA = {"name": "Ada Bell", "email": "ada@example.org", "password": PASSWORD}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def link_in(given, to: str) -> str:
    """The path of the link in the last mail to an address."""
    found = re.search(r"http://marquee\.test(/\S+)", given.mails(to)[-1].body)
    assert found is not None
    return found[1]


def test_somebody_signs_up_confirms_signs_in_and_out(visit, given):
    somebody = visit()
    sent = somebody.send("/accounts/sign-up", status=202, **ADA)
    assert "Open the link in the mail to ada@example.org" in sent.text
    link = link_in(given, "ada@example.org")
    assert "One press, and the address is yours." in somebody.see(link)
    confirmed = somebody.send(link)
    assert "ada@example.org is confirmed." in somebody.after(confirmed)

    signed_in = somebody.send("/accounts/sign-in", email="ada@example.org", password=PASSWORD)
    assert signed_in.location == "/"
    cookie = signed_in.headers.getlist("Set-Cookie")[0]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Ada Bell" in somebody.see("/accounts")

    somebody.send("/accounts/sign-out", at="/accounts")
    somebody.get("/accounts", status=302)


def test_an_address_that_has_an_account_is_answered_the_same(visit, given):
    given.account("ada@example.org")
    again = visit().send("/accounts/sign-up", status=202, **ADA)
    assert "Open the link in the mail to ada@example.org" in again.text


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("email", "nobody", "This is no e-mail address"),
        ("name", "", "A name has from 1 to 100 characters"),
        ("password", "short", "it needs 15"),
    ],
)
def test_what_is_wrong_at_sign_up_is_told_beside_its_field_and_the_rest_is_kept(
    visit, field, wrong, sentence
):
    refused = visit().send("/accounts/sign-up", status=422, **{**ADA, field: wrong})
    assert sentence in fault_beside(refused, field)
    assert value_of(refused, "name") == ("" if field == "name" else "Ada Bell")
    assert value_of(refused, "password") == "", "a password is never sent back"


def test_a_wrong_password_is_told_and_the_address_is_kept(visit, given):
    given.account("ada@example.org")
    refused = visit().send("/accounts/sign-in", status=401, email="ada@example.org", password="wrong")
    assert fault_beside(refused, "password") == "The address or the password is wrong."
    assert value_of(refused, "email") == "ada@example.org"


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/mine", "/mine"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("https://x.example", "/"),
    ],
)
def test_after_signing_in_one_goes_on_and_never_to_another_site(visit, given, wanted, led_to):
    given.account("ada@example.org")
    somebody = visit()
    at = f"/accounts/sign-in?next={wanted}"
    answer = somebody.send(at, email="ada@example.org", password=PASSWORD, next=wanted)
    assert answer.location == led_to


def test_a_used_link_is_refused_with_the_way_to_another(visit, given):
    somebody = visit()
    somebody.send("/accounts/sign-up", status=202, **ADA)
    link = link_in(given, "ada@example.org")
    token = somebody.token(link)
    somebody.send_plain(link, csrf_token=token)
    refused = somebody.send_plain(link, status=422, csrf_token=token)
    assert "ask for another" in refused.text
    assert 'role="alert"' in refused.text


def test_a_password_is_reset_by_the_mailed_link(visit, given):
    given.account("ada@example.org")
    somebody = visit()
    for address in ("ada@example.org", "nobody@example.org"):
        sent = somebody.send("/accounts/reset", status=202, email=address)
        assert f"Open the link in the mail to {address}" in sent.text
    assert given.mails("nobody@example.org") == []
    link = link_in(given, "ada@example.org")
    refused = somebody.send(link, status=422, password="short")
    assert "it needs 15" in fault_beside(refused, "password")
    done = somebody.send(link, password="crimson ladder eleven pigeons")
    assert "Your password is set" in somebody.after(done)
    signed_in = somebody.send(
        "/accounts/sign-in", email="ada@example.org", password="crimson ladder eleven pigeons"
    )
    assert signed_in.location == "/"


def test_a_token_is_shown_once(visit, given):
    somebody = visit(given.account())
    made = somebody.send(
        "/accounts/tokens",
        at="/accounts",
        status=201,
        name="Night build",
        scope=["read", "upload"],
        days="30",
    )
    secret = re.search(r'data-copy="(mq_p_\w+)"', made.text)
    assert secret is not None
    assert "It is never shown again." in made.text
    assert made.headers["Cache-Control"] == "no-store"
    later = somebody.get("/accounts").text
    assert secret[1] not in later
    assert "Night build" in later
    assert "read, upload" in later

    revoke = re.search(r'action="(/accounts/tokens/[^"]+/revoke)"', later)[1]
    assert "The token is revoked." in somebody.after(somebody.send(revoke, at="/accounts"))
    assert "Night build" not in somebody.see("/accounts")


def test_what_is_wrong_with_a_token_is_told_beside_its_field_alone(visit, given):
    somebody = visit(given.account())
    asked = {"name": "CI", "scope": ["read"], "days": "4000"}
    refused = somebody.send("/accounts/tokens", at="/accounts", status=422, **asked)
    assert "365" in fault_beside(refused, "token-days")
    assert value_of(refused, "token-name") == "CI"
    assert value_of(refused, "name") == "Ada", "the form of the name is another one"
    assert re.search(r'value="read" checked', refused.text)
    assert not re.search(r'value="upload" checked', refused.text)
    refused = somebody.send("/accounts/tokens", at="/accounts", status=422, name="CI", days="30")
    assert "scope" in re.search(r'id="token-scopes-error".*?<span>(.*?)</span>', refused.text, re.DOTALL)[1]


def test_sessions_are_named_coarsely_and_others_can_be_ended(visit, given):
    ada = given.account("ada@example.org")
    somebody, elsewhere = visit(), visit()
    for one in (somebody, elsewhere):
        token = one.token("/accounts/sign-in")
        one.client.post(
            "/accounts/sign-in",
            data={"csrf_token": token, "email": ada.email, "password": PASSWORD},
            headers={"User-Agent": FIREFOX},
        )
    page = somebody.get("/accounts").text
    assert page.count("Firefox on Linux") == 2
    assert "Gecko" not in page
    assert "140.0" not in page
    close = re.search(r'action="(/accounts/sessions/[^"]+/close)"', page)[1]
    assert "That session has ended." in somebody.after(somebody.send(close, at="/accounts"))
    elsewhere.get("/accounts", status=302)


def test_name_address_and_password_are_changed_each_by_its_own_form(visit, given):
    somebody = visit(given.account("ada@example.org"))
    changed = somebody.send("/accounts/name", at="/accounts", name="Ada King")
    assert "Your name is changed." in somebody.after(changed)
    refused = somebody.send("/accounts/name", at="/accounts", status=422, name="  ")
    assert "A name has from 1 to 100" in fault_beside(refused, "name")

    wanted = {"email": "king@example.org", "password": "wrong"}
    refused = somebody.send("/accounts/email", at="/accounts", status=403, **wanted)
    assert fault_beside(refused, "password") == "The present password is wrong."
    assert value_of(refused, "email") == "king@example.org"
    somebody.send("/accounts/email", at="/accounts", email="king@example.org", password=PASSWORD)
    somebody.send(link_in(given, "king@example.org"))
    assert "king@example.org" in somebody.see("/accounts")

    refused = somebody.send(
        "/accounts/password", at="/accounts", status=422, old=PASSWORD, new="aaaaaaaaaaaaaaaaaaaa"
    )
    assert fault_beside(refused, "new")
    refused = somebody.send("/accounts/password", at="/accounts", status=403, old="wrong", new=PASSWORD)
    assert fault_beside(refused, "old") == "The present password is wrong."
    somebody.send("/accounts/password", at="/accounts", old=PASSWORD, new="crimson ladder eleven pigeons")


def test_an_unconfirmed_address_can_ask_for_another_link(visit, given):
    somebody = visit(given.account("ada@example.org", verified=False))
    assert "Your address is not confirmed yet." in somebody.see("/accounts")
    asked = somebody.send("/accounts/verification", at="/accounts")
    assert "A mail is on its way." in somebody.after(asked)
    assert link_in(given, "ada@example.org").startswith("/accounts/verify/")


def test_administration_is_for_admins_alone(visit, given):
    for account in (None, given.account(), given.moderator()):
        visit(account).get("/admin", status=403 if account else 302)
    assert "Administration" in visit(given.admin()).see("/admin")


def test_an_admin_confirms_disables_and_promotes(visit, given):
    noor = given.account("noor@example.org", name="Noor", verified=False)
    admin = visit(given.admin())
    change = f"/admin/accounts/{noor.id}"
    assert "Not confirmed" in admin.see("/admin?q=noor")
    admin.send(change, at="/admin", verified="yes")
    assert "Not confirmed" not in admin.see("/admin?q=noor")
    admin.send(change, at="/admin", role="moderator")
    assert given.found(type(noor), noor.id).role is Role.MODERATOR
    admin.send(change, at="/admin", disabled="yes")
    assert "Disabled" in admin.see("/admin?q=noor")
    assert "Nobody is called that" in admin.see("/admin?q=zzzz")
    admin.send_plain(change, status=403, disabled="no")
    refused = admin.send(change, at="/admin", role="emperor")
    assert "The role is one of user, moderator, admin." in admin.after(refused)


def test_the_last_admin_stays(visit, given):
    root = given.admin()
    admin = visit(root)
    refused = admin.send(f"/admin/accounts/{root.id}", at="/admin", disabled="yes")
    assert "admin" in admin.after(refused)
    assert given.found(type(root), root.id).disabled_at is None


def test_the_outbox_shows_mails_to_admins_where_none_are_sent(visit, given):
    visit().send("/accounts/sign-up", status=202, **ADA)
    seen = visit(given.admin()).see("/admin")
    assert "No mail server is set (SMTP_URL)." in seen
    assert "/accounts/verify/" in seen
