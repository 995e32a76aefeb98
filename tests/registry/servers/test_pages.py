"""The pages of media servers: the code, the list, one server with its limits."""

import re
from dataclasses import replace

from registry.servers.models import MediaServer
from tests.registry.servers.test_enrolment import ADDRESS, KODI, ask, enrolled
from tests.visiting import fault_beside


def test_the_pages_are_for_who_is_signed_in(visit):
    for path in ("/servers", "/servers/connect"):
        assert "/accounts/sign-in" in visit().get(path, status=302).location


def test_the_menu_leads_to_the_servers(given, visit):
    assert 'href="/servers"' in visit(given.account()).get("/").text


def test_connecting_a_server_leads_to_an_address_of_ones_own(app, visit, monkeypatch):
    assert 'href="/servers#feeds"' in visit().get("/connect").text
    assert "hold only what this registry runs itself" not in visit().see("/connect")
    closed = replace(app.extensions["marquee_settings"], privacy_gate="acknowledge")
    monkeypatch.setitem(app.extensions, "marquee_settings", closed)
    assert "These addresses hold only what this registry runs itself" in visit().see("/connect")


def test_without_servers_the_page_says_how_one_comes(given, visit):
    page = visit(given.account()).see("/servers")
    assert "No server yet" in page
    assert "Let a server in" in page


def test_a_name_from_a_server_is_text_and_no_markup(given, client, visit):
    owner = visit(given.account())
    code = ask(client, name="<b>Living</b> room", version="<i>21")["user_code"]
    page = owner.send("/servers/connect", code=code, status=200).text
    assert "&lt;b&gt;Living&lt;/b&gt; room" in page
    assert "<b>Living" not in page


def test_looking_at_a_code_decides_nothing_and_no_is_no(given, client, visit):
    owner = visit(given.account())
    code = ask(client)["user_code"]
    page = owner.send("/servers/connect", code=code, status=200).text
    assert "Say yes only if you started this yourself" in page
    said = owner.send("/servers/connect/answer", at="/servers/connect", code=code, answer="no")
    assert "is not let in" in owner.after(said)
    owner.send("/servers/connect", code=code, status=404)


def test_a_code_may_come_with_the_address_and_is_then_only_to_be_sent(given, visit):
    assert 'value="WDJB-MJHT"' in visit(given.account()).get("/servers/connect?code=WDJB-MJHT").text


def test_an_owner_renames_and_limits_a_server_by_a_form(given, client, visit):
    account = given.account()
    made = enrolled(given, client, account, address=ADDRESS)
    owner = visit(account)
    path = f"/servers/{made['id']}"
    page = owner.see(path)
    assert ADDRESS in page
    assert "sealed at rest" in page
    said = owner.send(
        path, name="Cellar", no_trackers="on", children_only="on", location="none", most_mature="teen",
        keeps_installed="on",
    )  # fmt: skip
    assert "Cellar is changed" in owner.after(said)
    row = given.found(MediaServer, made["id"])
    assert (row.name, row.no_trackers, row.children_only, row.only_first_party) == (
        "Cellar",
        True,
        True,
        False,
    )
    assert (row.location, row.most_mature, row.keeps_installed) == ("none", "teen", True)
    assert "no trackers, for children, no place, up to teen" in owner.see("/servers")
    checked = re.findall(r'name="(\w+)" checked', owner.get(path).text)
    assert checked == ["no_trackers", "children_only", "keeps_installed"]
    owner.send(path, name="Cellar", location="any", most_mature="any")
    row = given.found(MediaServer, made["id"])
    assert (row.no_trackers, row.location, row.most_mature, row.keeps_installed) == (
        False,
        "any",
        None,
        False,
    )


def test_what_is_wrong_is_said_beside_the_field(given, client, visit):
    account = given.account()
    made = enrolled(given, client, account)
    owner = visit(account)
    path = f"/servers/{made['id']}"
    response = owner.send(path, name=" ", location="any", most_mature="any", status=422)
    assert "1 to 100 characters" in fault_beside(response, "name")
    response = owner.send(path, name="x", location="street", most_mature="any", status=422)
    assert "any, city, none" in fault_beside(response, "location")
    assert given.found(MediaServer, made["id"]).name == KODI["name"]


def test_a_server_is_removed_by_a_button(given, client, visit):
    account = given.account()
    made = enrolled(given, client, account)
    owner = visit(account)
    said = owner.send(f"/servers/{made['id']}/remove", at="/servers")
    assert "The server is removed" in owner.after(said)
    assert "No server yet" in owner.see("/servers")
    assert client.bearing(made["token"]).get("/api/v1/servers/me").status_code == 401


def test_somebody_elses_server_has_no_page(given, client, visit):
    made = enrolled(given, client)
    other = visit(given.admin())
    other.get(f"/servers/{made['id']}", status=404)
    other.send(f"/servers/{made['id']}", at="/servers", name="Mine", status=404)
    other.send(f"/servers/{made['id']}/remove", at="/servers", status=404)


def test_a_feed_needs_a_name_or_a_server_and_a_server_that_is_ones_own(given, client, visit):
    account = given.account()
    owner = visit(account)
    response = owner.send("/servers/feeds", at="/servers", feed="", server="", status=422)
    assert "to know it again" in fault_beside(response, "feed")
    response = owner.send("/servers/feeds", at="/servers", feed="x", server="nonsense", status=422)
    assert "Choose one of your servers" in fault_beside(response, "server")
    owner.send("/servers/feeds", at="/servers", feed="x", server=enrolled(given, client)["id"], status=404)
    mine = enrolled(given, client, account)
    made = owner.send("/servers/feeds", at="/servers", feed="", server=mine["id"], status=201)
    assert "Copy it now" in made.text


def test_a_feed_is_revoked_by_a_button(given, client, visit):
    owner = visit(given.account())
    made = owner.send("/servers/feeds", at="/servers", feed="Bedroom", server="", status=201)
    [path] = re.findall(r'action="(/servers/feeds/[^"]+/revoke)"', made.text)
    said = owner.send(path, at="/servers")
    assert "does not work any more" in owner.after(said)
    assert "Bedroom" not in owner.get("/servers").text
