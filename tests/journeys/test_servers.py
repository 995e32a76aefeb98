"""A media server and a personal feed, with the whole of Marquee running and the strict clients."""

import re
from dataclasses import dataclass

import httpx
import pytest

from tests import bundles
from tests.journeys.running import Person, Running, eventually, run_client

pytestmark = [pytest.mark.xdist_group("running"), pytest.mark.timeout(300)]
GUID = "22222222-3333-4444-8555-666666666666"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Household:
    """An owner at a browser, their server by its token, and the address of their personal feed."""

    browser: httpx.Client
    server: httpx.Client
    feed: str

    @property
    def secret(self) -> str:
        return self.feed.rpartition("~")[2]


def send(browser: httpx.Client, path: str, at: str, **fields: str) -> httpx.Response:
    """Send a form as a browser does."""
    found = TOKEN.search(browser.get(at).text)
    assert found is not None
    return browser.post(path, data={"csrf_token": found[1], **fields})


@pytest.fixture(scope="module")
def catalogue(developer: Person, moderator: Person) -> dict[str, dict]:
    """A plug-in for Jellyfin and one for Stash, published."""
    made = {
        "jellyfin": (bundles.jellyfin(GUID, name="Household"), "household.zip"),
        "stash": (bundles.stash("householdTags"), "householdTags.zip"),
    }
    waiting = {name: developer.release("lantern", *what) for name, what in made.items()}
    for release in waiting.values():
        moderator.approve(release)
    return {name: developer.published(release) for name, release in waiting.items()}


@pytest.fixture(scope="module")
def household(running: Running, catalogue) -> Household:
    """The whole way of a server: it asks, its owner types the code, it gets its token and makes a feed."""
    printed = running.command("account", "create", "--email", "household@example.org", "--role", "user")
    password = printed.split()[-1]
    browser = httpx.Client(base_url=running.url, follow_redirects=True, timeout=60)
    signed_in = send(
        browser, "/accounts/sign-in", "/accounts/sign-in", email="household@example.org", password=password
    )
    assert signed_in.status_code == 200, signed_in.text
    said = {
        "name": "Cellar",
        "platform": "jellyfin",
        "version": "10.11.11",
        "address": "http://192.168.9.9:8096",
    }
    asked = httpx.post(f"{running.url}/api/v1/servers", json=said, timeout=30).json()
    take = {"device_code": asked["device_code"]}
    assert (
        httpx.post(f"{running.url}/api/v1/servers/token", json=take).json()["error"]
        == "authorization_pending"
    )
    shown = send(browser, "/servers/connect", "/servers/connect", code=asked["user_code"])
    assert "Is this your server?" in shown.text
    send(browser, "/servers/connect/answer", "/servers/connect", code=asked["user_code"], answer="yes")
    taken = httpx.post(f"{running.url}/api/v1/servers/token", json=take, timeout=30)
    assert taken.status_code == 201, taken.text
    server = httpx.Client(
        base_url=running.url, headers={"Authorization": f"Bearer {taken.json()['token']}"}, timeout=60
    )
    made = server.post("/api/v1/servers/feeds", json={})
    return Household(browser, server, made.json()["address"])


def test_the_strict_jellyfin_client_lists_and_installs_from_a_personal_feed(household, shared, tmp_path):
    address, script = (
        f"{household.feed}/jellyfin/manifest.json",
        shared / "clients/jellyfin/jellyfin_client.py",
    )
    eventually(lambda: GUID in httpx.get(address, timeout=10).text)
    for words in (("lint", address, "--deep"), ("install", address, GUID, "--into", str(tmp_path))):
        code, printed, _ = run_client(script, *words)
        assert code == 0, printed
        assert f"/feeds/~{household.secret}/jellyfin/" in printed or words[0] == "lint"


def test_the_strict_stash_client_installs_from_a_personal_feed(household, shared, tmp_path):
    address = f"{household.feed}/stash/plugins/index.yml"
    eventually(lambda: "householdTags" in httpx.get(address, timeout=10).text)
    code, printed, _ = run_client(
        shared / "clients/stash/stash_client.py", "install", address, "householdTags", "--into", str(tmp_path)
    )
    assert code == 0, printed


def test_the_server_is_told_what_to_do_and_acknowledges_for_its_household(
    household, catalogue, developer, moderator
):
    newer = developer.release("lantern", bundles.jellyfin(GUID, "9.0.0.0", name="Household"), "household.zip")
    moderator.approve(newer)
    developer.published(newer)
    body = {
        "installed": [
            {"ecosystem": "jellyfin", "identifier": GUID, "version": catalogue["jellyfin"]["version"]}
        ]
    }
    [advice] = household.server.post("/api/v1/servers/me/check", json=body).json()["installed"]
    assert (advice["state"], advice["update"]["version"]) == ("update", "9.0.0.0")
    for subject, digest in advice["update"]["acknowledge"].items():
        agreed = household.server.put("/api/v1/acknowledgements", json={"subject": subject, "digest": digest})
        assert agreed.status_code == 200, agreed.text
    [advice] = household.server.post("/api/v1/servers/me/check", json=body).json()["installed"]
    assert advice["update"]["rule"] is None
    assert household.server.get(advice["update"]["url"]).status_code == 200


def test_no_log_of_any_part_holds_the_secret_the_token_or_the_address(household, running):
    household.server.get("/api/v1/servers/me")
    httpx.get(f"{household.feed}/jellyfin/manifest.json", timeout=10)
    httpx.get(f"{household.feed}/nothing/at/all", timeout=10)
    token = household.server.headers["Authorization"].removeprefix("Bearer ")
    logs = [running.log, *(path for path in (running.home / "logs").rglob("*") if path.is_file())]
    texts = {path.name: path.read_bytes() for path in logs}
    assert any(b"/feeds/~<secret>/<path:path>" in text for text in texts.values()), sorted(texts)
    for secret in (household.secret.encode(), token.encode(), b"192.168.9.9"):
        assert [name for name, text in texts.items() if secret in text] == []


def test_a_server_that_leaves_takes_its_feed_along(household):
    assert household.server.delete("/api/v1/servers/me").status_code == 204
    assert httpx.get(f"{household.feed}/jellyfin/manifest.json", timeout=10).status_code == 404
    assert "No server yet" in household.browser.get("/servers").text
