"""Personal feeds: the same paths, with what their owner may have and nothing else, under a secret."""

import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from registry.accounts.models import Account
from registry.acknowledgements.models import How, Subject
from registry.acknowledgements.service import acknowledge
from registry.bundles.ecosystems import ECOSYSTEMS
from registry.database import transaction
from registry.feeds.building import build_feed
from registry.releases.models import Release
from tests import bundles
from tests.asking import code_of
from tests.registry.servers.test_enrolment import dump, enrolled
from tests.story import Story

OURS, THEIRS = "metadata.example.ours", "metadata.example.theirs"


class Shop:
    """A first-party and a third-party add-on, and people with feeds."""

    def __init__(self, given, client) -> None:
        self.given, self.client = given, client
        self.ours = Story(given, "house", first_party=True).published(bundles.kodi(OURS, name="Cedar"))
        self.theirs = Story(given, "guests").published(bundles.kodi(THEIRS, name="Willow"))

    def feed(self, account: Account, **body) -> str:
        """The path of a new personal feed."""
        made = self.client.bearing(self.given.token(account)).post(
            "/api/v1/servers/feeds", json={"name": "Kodi", **body}
        )
        assert made.status_code == 201, made.text
        return made.json["address"].removeprefix("http://marquee.test")

    def agreed(self, account: Account, release: Release) -> None:
        """The account has acknowledged the notice of a release."""
        digest = self.given.found(Release, release.id).notice_digest
        self.given.run(acknowledge, Subject.NOTICE, digest, how=How.PAGE, by=self.given.actor(account))

    def offers(self, feed: str) -> set[str]:
        """Which add-ons a feed offers."""
        listed = self.client.get(f"{feed}/kodi/addons.xml")
        assert listed.status_code == 200, listed.text
        return set(re.findall(r'<addon id="([^"]+)"', listed.text)) & {OURS, THEIRS}

    def built(self) -> None:
        for name in (*(one.name for one in ECOSYSTEMS), "index"):
            self.given.run(build_feed, name)


@pytest.fixture
def shop(given, client):
    return Shop(given, client)


@pytest.fixture
def gate(app, monkeypatch):
    """PRIVACY_GATE=acknowledge."""
    closed = replace(app.extensions["marquee_settings"], privacy_gate="acknowledge")
    monkeypatch.setitem(app.extensions, "marquee_settings", closed)


def zip_of(feed: str, identifier: str) -> str:
    return f"{feed}/kodi/{identifier}/{identifier}-1.0.0.zip"


def test_it_has_the_paths_of_the_common_feed_and_every_address_in_it_carries_the_secret(given, client, shop):
    shop.built()
    feed = shop.feed(given.account())
    for path in ("kodi/addons.xml", "kodi/addons.xml.gz", "kodi/addons.xml.sha256", "jellyfin/manifest.json",
                 "stash/plugins/index.yml", "stash/scrapers/index.yml", "plex/bundles.json", "webos/apps.json",
                 "index.json", "kodi/repository.marquee.marquee.test.zip"):  # fmt: skip
        common, own = client.get(f"/feeds/{path}"), client.get(f"{feed}/{path}")
        assert (own.status_code, own.content_type) == (common.status_code, common.content_type), path
    assert shop.offers(feed) == shop.offers("/feeds") == {OURS, THEIRS}
    packed = zipfile.ZipFile(io.BytesIO(client.get(f"{feed}/kodi/repository.marquee.marquee.test.zip").data))
    texts = [packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml")]
    texts += [
        client.get(f"{feed}/{path}").text for path in ("kodi/addons.xml", "index.json", "plex/bundles.json")
    ]
    addresses = re.findall(r"http://marquee\.test/feeds/[^\s\"<]*", " ".join(texts))
    assert len(addresses) >= 4
    assert [address for address in addresses if not address.startswith(f"http://marquee.test{feed}/")] == []


def test_its_artifacts_are_copies_of_its_owner(given, client, shop):
    account = given.account()
    response = client.get(zip_of(shop.feed(account), OURS))
    assert response.data == bundles.kodi(OURS, name="Cedar")
    copy = client.get(f"/api/v1/copies/{response.headers['Marquee-Copy']}").json
    assert copy["recipient"] == "account"
    side = client.get(zip_of(shop.feed(account), OURS) + ".sha256")
    assert side.text.split()[0] == copy["artifact"]["sha256"]


def test_where_an_acknowledgement_is_asked_it_has_what_its_owner_has_acknowledged(given, client, shop, gate):
    shop.built()
    account, other = given.account(), given.account()
    feed, others = shop.feed(account), shop.feed(other)
    assert shop.offers("/feeds") == shop.offers(feed) == {OURS}
    assert client.get(zip_of(feed, THEIRS)).status_code == 403
    shop.agreed(account, shop.theirs)
    assert shop.offers(feed) == {OURS, THEIRS}
    assert shop.offers(others) == shop.offers("/feeds") == {OURS}
    assert client.get(zip_of(feed, THEIRS)).status_code == 200
    assert client.get(zip_of(others, THEIRS)).status_code == 403


def test_a_household_acknowledges_for_its_servers(given, client, shop, gate):
    account = given.account()
    server = enrolled(given, client, account)
    feed = shop.feed(account, server=server["id"])
    assert shop.offers(feed) == {OURS}
    shop.agreed(account, shop.theirs)
    assert shop.offers(feed) == {OURS, THEIRS}
    response = client.get(zip_of(feed, THEIRS))
    assert client.get(f"/api/v1/copies/{response.headers['Marquee-Copy']}").json["recipient"] == "server"


@pytest.mark.parametrize(
    "limit", [{"only_first_party": True}, {"children_only": True}, {"most_mature": "teen"}]
)
def test_the_limits_of_a_server_hold_on_every_way_that_bytes_leave(given, client, shop, limit):
    """Nobody has said of either that it is for children, or for whom it is: both stay out then."""
    account = given.account()
    server = enrolled(given, client, account)
    feed, own = shop.feed(account, server=server["id"]), shop.feed(account)
    assert shop.offers(feed) == {OURS, THEIRS}
    client.bearing(given.token(account)).patch(f"/api/v1/servers/{server['id']}", json={"limits": limit})
    assert shop.offers(feed) == ({OURS} if "only_first_party" in limit else set())
    assert shop.offers(own) == {OURS, THEIRS}, "an account's own feed has no limits"
    shop.agreed(account, shop.theirs)
    sha256 = client.get(zip_of("/feeds", THEIRS)).headers["ETag"].strip('"')
    bearing = client.bearing(server["token"])
    for response in (
        client.get(zip_of(feed, THEIRS)),
        client.head(zip_of(feed, THEIRS)),
        client.get(zip_of(feed, THEIRS), headers={"Range": "bytes=0-9"}),
        bearing.get(f"/api/v1/artifacts/{sha256}"),
        bearing.post(f"/api/v1/artifacts/{sha256}/copies"),
    ):
        assert response.status_code == 403
        if response.data:  # HEAD has none
            assert (code_of(response), response.json["limit"]) == ("server.limit", next(iter(limit)))
    assert client.get(zip_of(own, THEIRS)).status_code == 200


def test_a_server_makes_a_feed_of_its_own_and_sees_no_other(given, client, shop):
    account = given.account()
    shop.feed(account)
    server = client.bearing(enrolled(given, client, account)["token"])
    made = server.post("/api/v1/servers/feeds", json={})
    assert made.status_code == 201
    assert made.json["name"] == "Living room"
    assert [row["id"] for row in server.get("/api/v1/servers/feeds").json["feeds"]] == [made.json["id"]]
    assert shop.offers(made.json["address"].removeprefix("http://marquee.test")) == {OURS, THEIRS}


@pytest.mark.parametrize(
    "path", ["kodi/addons.xml", f"kodi/{OURS}/{OURS}-1.0.0.zip", "nothing", "index.json"]
)
def test_a_revoked_or_unknown_secret_opens_nothing(given, client, shop, path):
    account = given.account()
    feed = shop.feed(account)
    owner = client.bearing(given.token(account))
    [row] = owner.get("/api/v1/servers/feeds").json["feeds"]
    assert owner.delete(f"/api/v1/servers/feeds/{row['id']}").status_code == 204
    assert owner.get("/api/v1/servers/feeds").json["feeds"] == []
    for dead in (feed, "/feeds/~mq_f_" + "0" * 36, "/feeds/~x", feed[:-1] + "_"):
        assert code_of(client.get(f"{dead}/{path}")) == "not_found"


def test_somebody_elses_feed_cannot_be_ended_nor_their_server_named(given, client, shop):
    account = given.account()
    shop.feed(account)
    [row] = client.bearing(given.token(account)).get("/api/v1/servers/feeds").json["feeds"]
    server = enrolled(given, client, account)
    other = client.bearing(given.token(given.account()))
    assert code_of(other.delete(f"/api/v1/servers/feeds/{row['id']}")) == "not_found"
    assert code_of(other.post("/api/v1/servers/feeds", json={"server": server["id"]})) == "not_found"


def test_removing_a_server_ends_its_feeds(given, client, shop):
    account = given.account()
    server = enrolled(given, client, account)
    feed = shop.feed(account, server=server["id"])
    client.bearing(server["token"]).delete("/api/v1/servers/me")
    assert code_of(client.get(f"{feed}/kodi/addons.xml")) == "not_found"


def test_a_disabled_owners_feed_opens_nothing(given, client, shop):
    account = given.account()
    feed = shop.feed(account)

    def disable() -> None:
        with transaction() as tx:
            tx.get_one(Account, account.id).disabled_at = account.created_at

    given.run(disable)
    assert code_of(client.get(f"{feed}/kodi/addons.xml")) == "not_found"


def test_what_has_not_changed_is_not_sent_again_and_no_cache_between_keeps_it(given, client, shop):
    feed = shop.feed(given.account())
    first = client.get(f"{feed}/kodi/addons.xml")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get(f"{feed}/kodi/addons.xml", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_feed_is_joined_once_and_again_after_what_changes_it(given, client, shop, queries, gate):
    account = given.account()
    feed = shop.feed(account)

    def joins() -> bool:
        with queries() as asked:
            assert client.get(f"{feed}/kodi/addons.xml").status_code == 200
        return any("license_record" in statement for statement in asked)

    assert [joins(), joins(), joins()] == [True, False, False]
    shop.agreed(account, shop.theirs)
    assert [joins(), joins()] == [True, False]
    given.run(build_feed, "kodi")
    assert [joins(), joins()] == [True, False]


ASKS = """
import sys
from registry.app import create_app
client = create_app().test_client()
for path in sys.argv[1:]:
    client.get(path, base_url="http://marquee.test", headers={"Referer": f"http://marquee.test{path}"})
    client.get(path, base_url="http://marquee.test", headers={"Authorization": "Bearer x"})
"""


def test_the_secret_is_in_no_row_and_in_no_log(given, client, shop, environ):
    feed = shop.feed(given.account())
    secret = feed.rpartition("~")[2]
    paths = ("kodi/addons.xml", "nothing", f"kodi/{OURS}/{OURS}-1.0.0.zip", "kodi/a/b/icon.png", "%ff/\0")
    asked = [f"{feed}/{path}".replace("\0", "%00") for path in paths] + [f"/feeds/~{secret}x/kodi/addons.xml"]
    ran = subprocess.run(
        [sys.executable, "-c", ASKS, *asked], env={**os.environ, **environ}, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.count('"event": "request"') == 2 * len(asked)
    assert secret not in ran.stderr + ran.stdout
    for table in ("feed_secret", "audit_event", "copy", "outgoing_mail", "job"):
        assert secret not in dump(given, table)


def test_an_older_jellyfin_has_its_own_series(given, client, shop):
    Story(given, "jelly").published(bundles.jellyfin())
    feed = shop.feed(given.account())
    own = client.get(f"{feed}/jellyfin/manifest.json", headers={"User-Agent": "Jellyfin-Server/10.8.13"})
    assert own.data == client.get(f"{feed}/jellyfin/10.8/manifest.json").data
    assert client.get(f"{feed}/jellyfin/manifest.json").status_code == 200


def test_the_page_shows_an_address_once(given, visit, shop):
    owner = visit(given.account())
    made = owner.send("/servers/feeds", at="/servers", feed="Bedroom", server="", status=201)
    [secret] = set(re.findall(r"/feeds/~(mq_f_\w+)/", made.text))
    assert f"http://marquee.test/feeds/~{secret}/jellyfin/manifest.json" in made.text
    later = owner.get("/servers").text
    assert secret not in later
    assert "Bedroom" in later
    assert shop.offers(f"/feeds/~{secret}") == {OURS, THEIRS}
