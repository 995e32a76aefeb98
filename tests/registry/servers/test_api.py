"""What a server may, and what its owner may with it: nobody else even sees it."""

import pytest

from registry.acknowledgements.models import Acknowledgement
from registry.database import session, transaction
from registry.releases.models import Release
from registry.servers.models import MediaServer
from tests.asking import code_of
from tests.registry.servers.test_enrolment import ADDRESS, dump, enrolled
from tests.story import Story


def test_an_owner_sees_renames_limits_and_removes(given, client):
    account = given.account()
    made = enrolled(given, client, account, address=ADDRESS)
    owner = client.bearing(given.token(account))
    [shown] = owner.get("/api/v1/servers").json["servers"]
    assert shown["id"] == made["id"]
    assert "token" not in shown
    changed = owner.patch(
        f"/api/v1/servers/{made['id']}",
        json={"name": "Cellar", "limits": {"no_trackers": True, "location": "city", "most_mature": "teen"}},
    )
    assert changed.json["name"] == "Cellar"
    assert changed.json["limits"] == {
        "no_trackers": True, "no_accounts_needed": False, "only_first_party": False, "location": "city",
        "most_mature": "teen", "children_only": False, "no_narrower_terms": False,
    }  # fmt: skip
    assert owner.delete(f"/api/v1/servers/{made['id']}").status_code == 204
    assert code_of(client.bearing(made["token"]).get("/api/v1/servers/me")) == "auth.token_invalid"
    assert owner.get("/api/v1/servers").json["servers"] == []


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_somebody_elses_server_is_not_there(given, client, method):
    made = enrolled(given, client)
    for other in (given.account(), given.admin()):
        response = getattr(client.bearing(given.token(other)), method)(
            f"/api/v1/servers/{made['id']}", **({"json": {"name": "Mine"}} if method == "patch" else {})
        )
        assert code_of(response) == "not_found"


def test_leaving_removes_token_and_address_at_once(given, client):
    made = enrolled(given, client, address=ADDRESS)
    server = client.bearing(made["token"])
    assert server.delete("/api/v1/servers/me").status_code == 204
    assert dump(given, "media_server") == "[]"
    assert code_of(server.get("/api/v1/servers/me")) == "auth.token_invalid"


def test_a_server_tells_its_version_and_address_and_takes_the_address_back(given, client):
    server = client.bearing(enrolled(given, client)["token"])
    told = server.patch("/api/v1/servers/me", json={"version": "22.0", "address": ADDRESS}).json
    assert (told["version"], told["address"]) == ("22.0", ADDRESS)
    assert server.patch("/api/v1/servers/me", json={"address": ""}).json["address"] is None
    assert "192.168" not in dump(given, "media_server")


@pytest.mark.parametrize(
    "change", [{"name": "Mine"}, {"limits": {"no_trackers": False}}, {"keeps_installed": True}]
)
def test_what_may_come_onto_a_server_is_its_owners_to_say(given, client, change):
    server = client.bearing(enrolled(given, client)["token"])
    assert code_of(server.patch("/api/v1/servers/me", json=change)) == "auth.forbidden"


@pytest.mark.parametrize("limits", [{"location": "street"}, {"most_mature": "old"}, {"no_pictures": True}])
def test_a_limit_that_there_is_not_is_refused(given, client, limits):
    account = given.account()
    made = enrolled(given, client, account)
    response = client.bearing(given.token(account)).patch(
        f"/api/v1/servers/{made['id']}", json={"limits": limits}
    )
    assert code_of(response) == "request.invalid"


def test_a_server_reads_and_does_nothing_else(given, client, app):
    """Every route of the API that changes something, or shows an account, refuses a server's token."""
    owner = given.account()
    given.publisher(owner)
    server = client.bearing(enrolled(given, client, owner)["token"])
    refused = [
        ("get", "/api/v1/me"), ("get", "/api/v1/tokens"), ("post", "/api/v1/tokens"), ("get", "/api/v1/servers"),
        ("get", "/api/v1/sessions"), ("post", "/api/v1/publishers"), ("post", "/api/v1/uploads"),
        ("get", "/api/v1/reviews"), ("get", "/api/v1/uploads"), ("get", "/servers"), ("get", "/accounts"),
    ]  # fmt: skip
    for method, path in refused:
        response = getattr(server, method)(path, headers={"Accept": "application/json"})
        assert response.status_code in {403, 405}, (method, path, response.status_code)


def test_a_server_acknowledges_for_its_household(given, client):
    owner = given.account()
    made = enrolled(given, client, owner)
    release = Story(given).published()
    notice = given.found(Release, release.id).notice_digest
    agreed = client.bearing(made["token"]).put(
        "/api/v1/acknowledgements", json={"subject": "notice", "digest": notice}
    )
    assert agreed.status_code == 200, agreed.text
    row = given.run(lambda: session().query(Acknowledgement).one())
    assert (row.account_id, str(row.server_id), row.digest) == (owner.id, made["id"], notice)
    assert notice in client.bearing(given.token(owner)).get("/api/v1/acknowledgements").json["notice"]


def test_an_account_is_no_server(given, client):
    owner = client.bearing(given.token(given.account()))
    assert code_of(owner.get("/api/v1/servers/me")) == "auth.forbidden"


def test_a_disabled_owner_has_no_server(given, client):
    account = given.account()
    made = enrolled(given, client, account)

    def disable() -> None:
        with transaction() as tx:
            tx.get_one(type(account), account.id).disabled_at = account.created_at

    given.run(disable)
    assert code_of(client.bearing(made["token"]).get("/api/v1/servers/me")) == "auth.token_invalid"


def test_of_when_it_was_seen_only_the_day_is_kept(given, client):
    made = enrolled(given, client)
    client.bearing(made["token"]).get("/api/v1/servers/me")
    assert not hasattr(given.found(MediaServer, made["id"]).last_seen_on, "hour")


def test_another_secret_key_loses_the_address_and_nothing_else(given, client, app):
    made = enrolled(given, client, address=ADDRESS)

    def spoil() -> None:
        with transaction() as tx:
            row = tx.get_one(MediaServer, made["id"])
            row.address_sealed = b"\0" + row.address_sealed[1:]

    given.run(spoil)
    assert client.bearing(made["token"]).get("/api/v1/servers/me").json["address"] is None
