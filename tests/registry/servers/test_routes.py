"""A server's limits hold on every route that its token or a personal feed opens: each is walked, none is left out."""

import base64
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from registry.acknowledgements.models import How, Subject
from registry.acknowledgements.service import acknowledge
from registry.database import session
from registry.feeds.building import build_feed
from registry.feeds.models import FeedDocument
from registry.licensing.models import LicenseText
from registry.policies.looking import look_at_policy
from registry.policies.models import Policy, PolicyText
from registry.privacy.models import Act
from registry.privacy.moderation import act_on_privacy
from registry.releases.models import Artifact, Picture, Release
from registry.releases.service import yank_release
from registry.web.access import FOR_SERVERS, Access
from registry.work import Job, Work
from tests import bundles
from tests.asking import Asking, code_of
from tests.registry.fetching.servers import at_home, page, stranger
from tests.registry.policies.test_service import PRIVACY
from tests.registry.policies.writing import plain
from tests.registry.servers.test_enrolment import enrolled
from tests.story import Story

OPENED = {Access.PUBLIC, Access.HOUSEHOLD, Access.SERVER}
#: Route → the requests by which it tells of one thing; ``{…}`` are the facts of the thing.
TELLS = {
    "GET /api/v1/listings": ["/api/v1/listings?limit=100", "/api/v1/listings?q={name}"],
    "GET /api/v1/listings/<ecosystem>/<identifier>": ["/api/v1/listings/kodi/{identifier}"],
    "GET /api/v1/listings/<ecosystem>/<identifier>/<version>": ["/api/v1/listings/kodi/{identifier}/1.0.0"],
    "GET /api/v1/listings/<ecosystem>/<identifier>/notices": ["/api/v1/listings/kodi/{identifier}/notices"],
    "GET /api/v1/listings/<ecosystem>/<identifier>/policies": ["/api/v1/listings/kodi/{identifier}/policies"],
    "GET /api/v1/policies/texts/<uuid:text_id>": ["/api/v1/policies/texts/{policy_text}"],
    "GET /api/v1/releases/<uuid:release_id>": ["/api/v1/releases/{release}"],
    "GET /api/v1/releases/<uuid:release_id>/privacy": ["/api/v1/releases/{release}/privacy"],
    "GET /api/v1/releases/<uuid:release_id>/license": ["/api/v1/releases/{release}/license"],
    "GET /api/v1/releases/<uuid:release_id>/license/history": ["/api/v1/releases/{release}/license/history"],
    "GET /api/v1/releases/<uuid:release_id>/notices": ["/api/v1/releases/{release}/notices"],
    "GET /api/v1/releases/<uuid:release_id>/sbom.spdx.json": ["/api/v1/releases/{release}/sbom.spdx.json"],
    "GET /api/v1/releases/<uuid:release_id>/sbom.cdx.json": ["/api/v1/releases/{release}/sbom.cdx.json"],
    "GET /api/v1/license-texts/<sha256>": ["/api/v1/license-texts/{license_text}"],
    "GET /api/v1/notices/<digest>": ["/api/v1/notices/{notice}"],
    "GET /api/v1/artifacts/<sha256>": [
        "/api/v1/artifacts/{sha256}",
        "/api/v1/artifacts/{sha256}?copy={copy}",
    ],
    "POST /api/v1/artifacts/<sha256>/copies": ["/api/v1/artifacts/{sha256}/copies"],
    "GET /api/v1/copies/<uuid:copy_id>": ["/api/v1/copies/{copy}"],
    "GET /api/v1/copies/<uuid:copy_id>/notices": ["/api/v1/copies/{copy}/notices"],
    "GET /api/v1/mirror": ["/api/v1/mirror"],
    "GET /api/v1/mirror/artifacts/<sha256>": ["/api/v1/mirror/artifacts/{sha256}"],
    "GET /pictures/<name>": ["/pictures/{picture}.png"],
}
IN_FEEDS = (
    "kodi/addons.xml", "index.json", "kodi/{identifier}/{identifier}-1.0.0.zip",
    "kodi/{identifier}/{identifier}-1.0.0.zip.sha256", "kodi/{identifier}/{identifier}-1.0.0.zip.md5",
    "kodi/{identifier}/{sha256}.zip", "kodi/{identifier}/1.0.0/icon.png",
)  # fmt: skip
TELLS["GET /feeds/<path:path>"] = [f"/feeds/{path}" for path in IN_FEEDS]
TELLS["GET /feeds/~<secret>/<path:path>"] = [f"/feeds/~{{secret}}/{path}" for path in IN_FEEDS]
#: What is a list of whatever is within.
LISTS = ("?limit=100", "/api/v1/mirror", "addons.xml", "index.json")
#: Routes that tell of no listing, each with its reason.
SILENT = {
    "POST /api/v1/accounts": "makes an account",
    "POST /api/v1/accounts/verifications": "verifies an address",
    "POST /api/v1/accounts/password-resets": "sends a mail to the owner of an address",
    "POST /api/v1/accounts/password-resets/complete": "sets a password",
    "POST /api/v1/sessions": "signs an account in",
    "GET /api/v1/publishers/<slug>": "tells of a publisher; no listings",
    "GET /api/v1/submission-terms": "the terms of this registry",
    "PUT /api/v1/acknowledgements": "takes a digest",
    "GET /api/v1/acknowledgements": "digests that the household has agreed to",
    "POST /api/v1/servers": "begins an enrolment",
    "POST /api/v1/servers/token": "gives a token",
    "GET /api/v1/servers/me": "the server itself",
    "PATCH /api/v1/servers/me": "the server itself",
    "DELETE /api/v1/servers/me": "the server itself",
    "POST /api/v1/servers/feeds": "makes a feed",
    "GET /api/v1/servers/feeds": "the feeds of the server",
    "DELETE /api/v1/servers/feeds/<uuid:feed_id>": "ends a feed",
    "POST /api/v1/servers/me/check": "answers for what the server says it has; the limit is named, see below",
}


@dataclass(frozen=True)
class Thing:
    """An add-on, with all by which it can be asked for."""

    name: str
    facts: dict[str, str]

    def asked(self, client: Asking, secret: str) -> Iterator[tuple[str, int, str, str | None]]:
        """Each request of each route: its address, the status, the text and where it leads."""
        for route, paths in TELLS.items():
            for path in paths:
                address = path.format(**self.facts, name=self.name, secret=secret)
                answer = client.open(address, method=route.split()[0])
                text = answer.get_data().decode(errors="replace")
                yield address, answer.status_code, text, answer.location


class House:
    """A server that takes what is for teens, and a feed of it; two add-ons, one of them for adults."""

    def __init__(self, given, client, policy_url: str) -> None:
        self.given, self.client = given, client
        self.story = Story(given)
        self.within = self._thing("Aurora", "everyone", policy_url, (10, 20, 30))
        self.outside = self._thing("Umbra", "adult", policy_url, (90, 20, 30))
        account = given.account()
        for thing in (self.within, self.outside):
            digest = thing.facts["notice"]
            given.run(acknowledge, Subject.NOTICE, digest, how=How.PAGE, by=given.actor(account))
        server = enrolled(given, client, account)
        owner = client.bearing(given.token(account))
        owner.patch(f"/api/v1/servers/{server['id']}", json={"limits": {"most_mature": "teen"}})
        self.server = client.bearing(server["token"])
        made = owner.post("/api/v1/servers/feeds", json={"name": "Kodi", "server": server["id"]})
        self.secret = made.json["address"].rpartition("~")[2]

    def _thing(self, name: str, label: str, policy_url: str, colour: tuple[int, int, int]) -> Thing:
        identifier = f"metadata.shelf.{label}"
        license_text = f"Copyright (c) 2026 {name}\n\n{bundles.licensed('MIT')['LICENSE']}"
        more = {"privacy.toml": PRIVACY.format(url=policy_url), "LICENSE.md": license_text}
        icon = bundles.png(256, colour)
        bundle = bundles.kodi(identifier, name=name, icon=icon, more=more, license="MIT")
        release = self.story.published(bundle, maturity=label)
        return Thing(name, self.given.run(self._facts, release, identifier, name))

    def _facts(self, release: Release, identifier: str, name: str) -> dict[str, str]:
        found = session()
        policy = found.scalars(select(Policy).where(Policy.listing_id == release.listing_id)).one()
        look_at_policy(str(policy.id), at_home())
        sha256 = found.scalars(select(Artifact.sha256).where(Artifact.release_id == release.id)).one()
        return {
            "identifier": identifier, "release": str(release.id), "sha256": sha256,
            "notice": found.get_one(Release, release.id, populate_existing=True).notice_digest or "",
            "picture": found.scalars(select(Picture.sha256).where(Picture.release_id == release.id)).one(),
            "license_text": found.scalars(
                select(LicenseText.sha256).where(LicenseText.text.contains(name))
            ).first() or "",
            "policy_text": str(
                found.scalars(select(PolicyText.id).where(PolicyText.policy_id == policy.id)).one()
            ),
            "copy": self.client.post(f"/api/v1/artifacts/{sha256}/copies").json["id"],
        }  # fmt: skip


@pytest.fixture
def house(given, client) -> House:
    with stranger(page(plain())) as there:
        made = House(given, client, f"http://policy.example:{there.port}/privacy")
    given.run(build_feed, "index")
    return made


def test_every_route_that_a_server_may_call_is_known_to_tell_of_listings_or_of_none(app: Flask):
    there = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(FOR_SERVERS) and app.view_functions[rule.endpoint].__access__ in OPENED
    }
    assert there == set(TELLS) | set(SILENT)


def test_each_tells_of_what_is_within_its_limits(house: House):
    told = list(house.within.asked(house.server, house.secret))
    refused = [(address, status, text) for address, status, text, _ in told if status not in {200, 201, 302}]
    assert refused == []
    listed = [text for address, _, text, _ in told if address.endswith(LISTS)]
    assert len(listed) == 6
    assert all("Aurora" in text for text in listed)


def test_none_tells_of_what_is_outside(house: House):
    thing = house.outside
    for address, status, text, leads in thing.asked(house.server, house.secret):
        assert status in ({200} if address.endswith(LISTS) or "?q=" in address else {403, 404}), address
        assert leads is None, address
        assert thing.name not in text or "?q=" in address, address
        assert status != 200 or not any(thing.facts[what] in text for what in ("identifier", "sha256")), (
            address
        )


def test_the_same_addresses_open_to_whoever_is_no_server(house: House):
    """So that each refusal above comes from the limit, and not from there being nothing."""
    for address, status, *_ in house.outside.asked(house.client, house.secret):
        assert status in {200, 201, 302} or "~" in address, address


def test_no_file_of_the_common_feed_stands_in_for_one_that_its_own_feed_has_not(given, client, house: House):
    house.story.published(bundles.jellyfin(name="Umbra"), maturity="adult")
    paths = given.run(lambda: list(session().scalars(select(FeedDocument.path))))
    assert "jellyfin/10.10/manifest.json" in paths
    for path in paths:
        common, own = client.get(f"/feeds/{path}"), house.server.get(f"/feeds/{path}")
        assert "Authorization" in common.headers["Vary"]
        told = gzip.decompress(own.data) if path.endswith(".gz") and own.status_code == 200 else own.data
        assert b"Umbra" not in told, path


def test_what_is_no_longer_offered_is_kept_out_as_before(given, house: House):
    by = given.actor(house.story.developer)
    for thing in (house.within, house.outside):
        given.run(yank_release, house.given.found(Release, thing.facts["release"]).id, reason="old", by=by)
    got = [house.server.get(f"/api/v1/listings/kodi/{thing.facts['identifier']}").status_code
           for thing in (house.within, house.outside)]  # fmt: skip
    assert got == [200, 404]


def test_a_page_that_ends_at_something_outside_does_not_tell_its_name(house: House):
    first = house.server.get("/api/v1/listings?sort=name&limit=1")
    assert [row["name"] for row in first.json["listings"]] == ["Aurora"]
    house.story.published(bundles.kodi("metadata.shelf.last", name="Zenith"), maturity="teen")
    second = house.server.get(f"/api/v1/listings?sort=name&limit=1&cursor={first.json['next']}")
    assert second.json["listings"] == []
    cursor = second.json["next"]
    assert "mbra" not in json.dumps(json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))
    third = house.server.get(f"/api/v1/listings?sort=name&limit=1&cursor={cursor}")
    assert [row["name"] for row in third.json["listings"]] == ["Zenith"]


def test_the_history_of_a_listing_leaves_out_releases_that_are_outside(house: House):
    house.story.published(
        bundles.kodi(house.within.facts["identifier"], "1.1.0", name="Aurora"), maturity="adult"
    )
    house.story.published(
        bundles.kodi(house.within.facts["identifier"], "1.2.0", name="Aurora"), maturity="everyone"
    )
    at = f"/api/v1/listings/kodi/{house.within.facts['identifier']}"
    for client, known in ((house.client, {"1.0.0", "1.1.0", "1.2.0"}), (house.server, {"1.0.0", "1.2.0"})):
        assert {row["version"] for row in client.get(at).json["releases"]} == known
        assert {row["version"] for row in client.get(f"{at}/notices").json["notices"]} == known


def test_the_limits_of_many_are_asked_in_one_query(house: House, queries):
    for number in range(2):
        house.story.published(bundles.kodi(f"metadata.many.n{number}", name="Many"), maturity="everyone")

    def asked(path: str) -> int:
        with queries() as sent:
            assert house.server.get(path).status_code == 200
        return len(sent)

    asked("/api/v1/servers/me")  # the first of a day notes that it was here
    assert asked("/api/v1/listings?limit=100") == asked("/api/v1/listings?limit=1")
    assert asked("/api/v1/mirror?limit=100") == asked("/api/v1/mirror?limit=1")


def test_a_label_that_a_moderator_sets_reaches_feeds_that_are_kept(given, client, house: House):
    feeds = [f"/feeds/~{house.secret}/{path}" for path in ("kodi/addons.xml", "index.json")]
    assert all("Aurora" in client.get(feed).text for feed in feeds)
    by = given.actor(house.story.moderator)
    release = given.found(Release, house.within.facts["release"])
    given.run(act_on_privacy, release.id, Act.MATURITY, reason="", subject="adult", by=by)
    for subject in ("kodi", "index"):
        work = given.run(lambda: list(session().scalars(select(Job.subject).where(Job.work == Work.FEEDS))))
        assert subject in work
        given.run(build_feed, subject)
    assert not any("Aurora" in client.get(feed).text for feed in feeds)


def test_what_is_outside_is_refused_by_the_name_of_the_limit(house: House):
    for path in ("artifacts", "mirror/artifacts"):
        answer = house.server.get(f"/api/v1/{path}/{house.outside.facts['sha256']}")
        assert (code_of(answer), answer.json["limit"]) == ("server.limit", "most_mature")
    installed = [{"ecosystem": "kodi", "identifier": house.outside.facts["identifier"], "version": "0.9.0"}]
    [said] = house.server.post("/api/v1/servers/me/check", json={"installed": installed}).json["installed"]
    assert said["update"]["rule"] == "server.limit"
    assert "Umbra" not in json.dumps(said)
