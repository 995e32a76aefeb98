"""Every way that bytes leave, for everybody, by both gates: who must have acknowledged which notice."""

from dataclasses import replace
from itertools import product

import pytest

from registry.accounts.models import Account
from registry.acknowledgements.models import How, Subject
from registry.acknowledgements.service import acknowledge
from registry.database import session
from registry.privacy.models import Source
from registry.privacy.service import declare_privacy
from registry.releases.models import Artifact, Release
from tests import bundles
from tests.registry.privacy.known import SAID
from tests.registry.servers.test_enrolment import enrolled
from tests.story import Story

GATES = ("inform", "acknowledge")
RECIPIENTS = ("anonymous", "account", "server")
STANDINGS = ("acknowledged", "stale", "none")
ROUTES = ("page", "api", "feed", "download", "mirror")
OURS, THEIRS = "metadata.example.ours", "metadata.example.theirs"


def is_let_through(party, gate, recipient, standing, route):
    """The rule, as PRIVACY_GATE of CONTRACTS.md says it."""
    if party == "first":
        return True
    if recipient == "anonymous" or route == "mirror":
        return gate == "inform"
    if standing == "acknowledged":
        return True
    return gate == "inform" and route == "feed"


class World:
    """A first- and a third-party release, three people who stand differently to its notice, their servers."""

    def __init__(self, given, client, visit) -> None:
        self.given, self.client, self.visit = given, client, visit
        self.releases = {
            "first": Story(given, "house", first_party=True).published(bundles.kodi(OURS, name="Cedar")),
            "third": self._third(Story(given, "guests")),
        }
        self.tokens = {name: given.token(account) for name, account in self.people.items()}
        self.servers = {
            name: enrolled(given, client, account) for name, account in self.people.items()
        }  # fmt: skip

    def _third(self, story: Story) -> Release:
        """The notice changes once: whoever acknowledged the first one stands with a stale digest."""
        self.people: dict[str, Account] = {name: self.given.account() for name in STANDINGS}
        release = story.published(bundles.kodi(THEIRS, name="Willow"))
        self._agrees("stale", release)
        by = self.given.actor(story.developer)
        self.given.run(declare_privacy, release.id, SAID, source=Source.FORM, by=by)
        changed = self.given.found(Release, release.id)
        assert changed.notice_digest != release.notice_digest
        self._agrees("acknowledged", changed)
        return changed

    def _agrees(self, who: str, release: Release) -> None:
        by = self.given.actor(self.people[who])
        self.given.run(acknowledge, Subject.NOTICE, release.notice_digest, how=How.PAGE, by=by)

    def sha256(self, party: str) -> str:
        """The digest of a release's package."""
        release_id = self.releases[party].id
        return self.given.run(
            lambda: session().query(Artifact.sha256).filter_by(release_id=release_id).one()[0]
        )  # fmt: skip

    def asks(self, party: str, recipient: str, standing: str, route: str):
        """One request for a release's bytes, on this way, by this recipient."""
        sha256, client = self.sha256(party), self._client(recipient, standing)
        if route == "mirror":
            return self.client.get(f"/api/v1/mirror/artifacts/{sha256}")
        if route == "feed":
            identifier = OURS if party == "first" else THEIRS
            feed = self._feed(recipient, standing)
            return self.client.get(f"{feed}/kodi/{identifier}/{identifier}-1.0.0.zip")
        if route == "api":
            return client.post(f"/api/v1/artifacts/{sha256}/copies")
        if route == "page" and recipient == "account":
            return self.visit(self.people[standing]).client.get(f"/api/v1/artifacts/{sha256}")
        return client.get(f"/api/v1/artifacts/{sha256}")

    def _client(self, recipient: str, standing: str):
        if recipient == "anonymous":
            return self.client
        token = self.tokens[standing] if recipient == "account" else self.servers[standing]["token"]
        return self.client.bearing(token)

    def _feed(self, recipient: str, standing: str) -> str:
        if recipient == "anonymous":
            return "/feeds"
        body = {"name": "Kodi"} | ({"server": self.servers[standing]["id"]} if recipient == "server" else {})
        asked = self.client.bearing(self.tokens[standing]).post("/api/v1/servers/feeds", json=body)
        return asked.json["address"].removeprefix("http://marquee.test")


@pytest.mark.timeout(300)
def test_the_whole_matrix(given, client, visit, app, monkeypatch):
    world, plain, wrong = World(given, client, visit), app.extensions["marquee_settings"], []
    for gate in GATES:
        monkeypatch.setitem(app.extensions, "marquee_settings", replace(plain, privacy_gate=gate))
        for party, recipient, standing, route in product(("first", "third"), RECIPIENTS, STANDINGS, ROUTES):
            response = world.asks(party, recipient, standing, route)
            case = (party, gate, recipient, standing, route)
            if is_let_through(*case) != (response.status_code in {200, 201, 302}):
                wrong.append((*case, response.status_code, response.text[:200]))
            elif response.status_code == 403 and route != "mirror":
                assert response.json["type"].endswith("/privacy.acknowledge"), (case, response.json)
                assert response.json["notice"] == world.releases["third"].notice_digest
    assert wrong == []
