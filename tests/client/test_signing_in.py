"""``marquee login`` and ``logout``."""

import json
import stat

import pytest

from marquee_client.faults import Misused
from marquee_client.logins import plain_address, travels_open
from registry.accounts.models import ApiToken
from registry.database import session
from tests.browser.serving import served
from tests.given import PASSWORD

GUID = "00000000-0000-4000-8000-000000000000"


def tokens(given):
    return given.run(lambda: session().query(ApiToken).all())


def kept(marquee):
    return json.loads(marquee.login_file.read_text())


@pytest.fixture
def token(given, developer):
    return given.token(developer, "read", "upload")


def test_a_login_by_token_is_proved_and_kept_for_oneself_alone(marquee, site, token):
    ran = marquee("login", site.url, "--token", token)
    assert ran.code == 0
    assert "ada@example.org (read, upload)" in ran.out
    assert "lantern (owner)" in ran.out
    assert kept(marquee)["current"] == site.url
    assert kept(marquee)["logins"][site.url]["token"] == token
    assert stat.S_IMODE(marquee.login_file.stat().st_mode) == 0o600
    assert token not in ran.out + ran.err


def test_a_token_is_asked_for_without_echo(marquee, site, token):
    ran = marquee("login", site.url, typed=f"{token}\n")
    assert ran.code == 0
    assert "Token" in ran.err
    assert token not in ran.out + ran.err


def test_a_script_gives_the_token_on_standard_input(marquee, site, token):
    ran = marquee("login", site.url, "--token", "-", "--json", typed=f"{token}\n")
    assert ran.lines[0]["ok"]
    assert ran.lines[0]["email"] == "ada@example.org"
    assert [one["slug"] for one in ran.lines[0]["publishers"]] == ["lantern"]


def test_a_login_by_password_makes_a_token_that_can_upload_and_nothing_more(marquee, site, given, developer):
    ran = marquee("login", site.url, "--email", developer.email, typed=f"{PASSWORD}\n")
    assert ran.code == 0
    (made,) = tokens(given)
    assert made.scopes == ["read", "upload"]
    assert made.name.startswith("marquee on ")
    assert "DELETE sessions/current" in site.seen
    assert PASSWORD not in ran.out + ran.err + marquee.login_file.read_text()


def test_a_wrong_token_is_told_and_not_kept(marquee, site, token):
    ran = marquee("login", site.url, "--token", token[:-1] + ("a" if token[-1] != "a" else "b"))
    assert ran.code == 1
    assert "token" in ran.err
    assert f"marquee login {site.url}" in ran.err
    assert not marquee.login_file.exists()


def test_a_wrong_password_is_told_and_not_kept(marquee, site, developer):
    ran = marquee("login", site.url, "--email", developer.email, "--json", typed="not the password\n")
    assert ran.code == 1
    assert ran.lines[-1]["error"]["code"] == "auth.credentials"
    assert not marquee.login_file.exists()


def test_logout_ends_the_token_that_login_made(marquee, site, given, developer):
    marquee("login", site.url, "--email", developer.email, typed=f"{PASSWORD}\n")
    assert marquee("logout").code == 0
    assert tokens(given)[0].revoked_at is not None
    assert kept(marquee) == {"current": None, "logins": {}}
    assert marquee("logout").code == 2


def test_logout_leaves_a_token_that_others_may_use(marquee, site, given, token):
    marquee("login", site.url, "--token", token)
    ran = marquee("logout", site.url, "--json")
    assert ran.lines == [{"ok": True, "url": site.url}]
    assert tokens(given)[0].revoked_at is None


def test_variables_win_over_the_file(marquee, site, given, token):
    marquee("login", site.url, "--token", token)
    marquee.environ["MARQUEE_TOKEN"] = given.token(given.account("noor@example.org"))
    ran = marquee("publish", __file__)
    assert "no publisher yet" in ran.err


def test_a_server_known_by_a_variable_uses_the_login_that_is_kept_for_it(marquee, site, token):
    marquee("login", site.url, "--token", token)
    marquee.environ["MARQUEE_URL"] = f"{site.url}/"
    assert marquee("status").code == 0
    marquee.environ["MARQUEE_URL"] = "https://elsewhere.example"
    ran = marquee("status")
    assert ran.code == 2
    assert "not logged in at https://elsewhere.example" in ran.err


def test_without_a_login_it_is_said_how_to_get_one(marquee):
    ran = marquee("status", "--json")
    assert ran.code == 2
    assert ran.lines[0]["error"]["code"] == "usage"
    assert "marquee login" in ran.lines[0]["error"]["detail"]


def test_a_server_that_is_not_there_is_told_at_once(marquee, free_port):
    ran = marquee("login", f"http://127.0.0.1:{free_port}", "--token", "t")
    assert ran.code == 3
    assert "cannot be reached" in ran.err


def test_a_server_that_is_no_marquee_is_told(marquee):
    def other(environ, start):
        start("200 OK", [("Content-Type", "text/html")])
        return [b"<h1>Welcome</h1>"]

    with served(other) as port:
        ran = marquee("login", f"http://127.0.0.1:{port}", "--token", "t")
    assert ran.code == 1
    assert "not as a Marquee does" in ran.err


def test_a_server_that_moved_is_told(marquee):
    def moved(environ, start):
        start("301 Moved Permanently", [("Location", "https://new.example/api/v1/me")])
        return []

    with served(moved) as port:
        ran = marquee("login", f"http://127.0.0.1:{port}", "--token", "t")
    assert ran.code == 1
    assert "https://new.example" in ran.err


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("marquee.example", "https://marquee.example"),
        ("https://marquee.example/", "https://marquee.example"),
        ("http://nas.local:8000/api/v1/", "http://nas.local:8000"),
        ("https://home.example/marquee/", "https://home.example/marquee"),
    ],
)
def test_an_address_has_one_form(typed, kept):
    assert plain_address(typed) == kept


@pytest.mark.parametrize("typed", ["ftp://marquee.example", "https://", "https://a:b@marquee.example", ""])
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(Misused, match=r"https://marquee\.example"):
        plain_address(typed)


def test_a_token_on_an_open_line_is_warned_of():
    assert travels_open("http://nas.local:8000")
    assert not travels_open("http://127.0.0.1:8000")
    assert not travels_open("https://nas.local")
