"""A limit of a server holds on every route (SEED row 28: a filter at a level never gives more than it)."""

import pytest

from registry.acknowledgements.models import How, Subject
from registry.acknowledgements.service import acknowledge
from registry.feeds.building import build_feed
from registry.privacy.maturity import LEVELS
from registry.releases.models import Release
from tests import bundles
from tests.registry.servers.test_enrolment import enrolled
from tests.story import Story

LABELS = (*LEVELS, None)


@pytest.fixture
def shelf(given):
    """One add-on for each label, and one that nobody has labelled; acknowledged by the owner."""
    story = Story(given)
    said = {label: {"maturity": label} if label else {} for label in LABELS}
    return {
        label: story.published(bundles.kodi(name_of(label), name=f"Shelf {label}"), **said[label])
        for label in LABELS
    }


@pytest.fixture
def owner(given, shelf):
    account = given.account()
    for release in shelf.values():
        digest = given.found(Release, release.id).notice_digest
        given.run(acknowledge, Subject.NOTICE, digest, how=How.PAGE, by=given.actor(account))
    return account


def name_of(label: str | None) -> str:
    return f"metadata.shelf.{label or 'unlabelled'}"


def seen(client, release: Release, label: str | None) -> dict[str, bool]:
    """By which routes the caller gets at an add-on, or hears of it."""
    name = name_of(label)
    page = f"/api/v1/listings/kodi/{name}"
    zipped = f"/feeds/kodi/{name}/{name}-1.0.0.zip"
    sha256 = (
        client.application.test_client()
        .get(zipped, base_url="http://marquee.test")
        .headers["ETag"]
        .strip('"')
    )
    return {
        "search": name in client.get("/api/v1/listings?limit=100").text,
        "search by words": name in client.get(f"/api/v1/listings?q={name}").text,
        "listing": client.get(page).status_code == 200,
        "version": client.get(f"{page}/1.0.0").status_code == 200,
        "release": client.get(f"/api/v1/releases/{release.id}").status_code == 200,
        "feed": name in client.get("/feeds/kodi/addons.xml").text,
        "index": name in client.get("/feeds/index.json").text,
        "zip": client.get(zipped).status_code == 200,
        "digest of the zip": client.get(f"{zipped}.sha256").status_code == 200,
        "artifact": client.get(f"/api/v1/artifacts/{sha256}").status_code == 200,
        "copy": client.post(f"/api/v1/artifacts/{sha256}/copies").status_code == 201,
    }


def test_a_server_gets_at_what_is_within_its_limit_by_every_route_and_at_nothing_else(
    given, client, shelf, owner
):
    given.run(build_feed, "index")
    server = enrolled(given, client, owner)
    bearing, of_owner = client.bearing(server["token"]), client.bearing(given.token(owner))
    wrong = set()
    for limit in (*LEVELS, "any"):
        of_owner.patch(f"/api/v1/servers/{server['id']}", json={"limits": {"most_mature": limit}})
        for label, release in shelf.items():
            within = limit == "any" or (label is not None and LEVELS.index(label) <= LEVELS.index(limit))
            found = seen(bearing, release, label)
            wrong |= {(limit, label, route) for route, got in found.items() if got is not within}
    assert wrong == set()


PLACE = """[[data]]
code = "location"
purposes = ["function"]
recipients = ["developer"]
"""


def test_a_server_for_a_city_at_most_gets_what_says_city_and_not_what_says_finer_or_nothing(given, client):
    story, account = Story(given), given.account()
    said = {"city": 'precision = "city"', "finer": 'precision = "finer"', "silent": ""}
    for name, line in said.items():
        more = {"privacy.toml": PLACE + line}
        release = story.published(bundles.kodi(f"metadata.place.{name}", name=f"Place {name}", more=more))
        given.run(acknowledge, Subject.NOTICE, release.notice_digest, how=How.PAGE, by=given.actor(account))
    server = enrolled(given, client, account)
    change = {"limits": {"location": "city"}}
    client.bearing(given.token(account)).patch(f"/api/v1/servers/{server['id']}", json=change)
    bearing = client.bearing(server["token"])
    got = {name: bearing.get(f"/api/v1/listings/kodi/metadata.place.{name}").status_code for name in said}
    assert got == {"city": 200, "finer": 404, "silent": 404}
    offered = bearing.get("/feeds/kodi/addons.xml").text
    assert [name for name in said if f"metadata.place.{name}" in offered] == ["city"]


def test_pages_are_for_people(given, client):
    bearing = client.bearing(enrolled(given, client)["token"])
    for path in ("/", "/browse", "/servers", "/connect"):
        assert bearing.get(path).status_code == 403
