"""One third party's agent, from a declaration of nothing to a policy that changed in meaning."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from sqlalchemy import select

from registry.database import session
from registry.errors import Conflict
from registry.feeds.building import build_feed
from registry.policies.looking import look_at_policy
from registry.policies.models import Policy, PolicyText, Standing
from registry.policies.service import call_change
from registry.releases.models import Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from tests import bundles
from tests.asking import code_of
from tests.registry.fetching.servers import at_home, page, stranger
from tests.registry.policies.writing import OTHERS, dressed, plain
from tests.registry.privacy.known import LOOKS_UP, NONE, REPORTS, SAID
from tests.story import Story

AGENT = "metadata.example.lantern"


class Maker:
    """The maker's site, whose policy page answers what ``shows`` says."""

    url = ""

    def __init__(self) -> None:
        self.shows = page(plain())


@pytest.fixture
def maker():
    made = Maker()
    with stranger(lambda connection, head: made.shows(connection, head)) as there:  # noqa: PLW0108 - it changes
        made.url = f"http://policy.example:{there.port}/privacy"
        yield made


@pytest.fixture
def gate(app, monkeypatch):
    """PRIVACY_GATE=acknowledge."""
    closed = replace(app.extensions["marquee_settings"], privacy_gate="acknowledge")
    monkeypatch.setitem(app.extensions, "marquee_settings", closed)


class Journey:
    """The people of it, and what each does."""

    def __init__(self, given, client, maker) -> None:
        self.given, self.client, self.maker = given, client, maker
        self.story = Story(given)
        self.member = client.bearing(given.token(self.story.developer))
        self.owner = client.bearing(given.token(given.account()))
        feed = self.owner.post("/api/v1/servers/feeds", json={"name": "Kodi"}).json
        self.feed = feed["address"].removeprefix("http://marquee.test")

    def declares(self, release: Release, *hosts: str) -> None:
        said = {**SAID, "hosts": [*SAID["hosts"], *hosts], "policy_url": self.maker.url}
        answer = self.member.put(f"/api/v1/releases/{release.id}/privacy", json=said)
        assert answer.status_code == 200, answer.text

    def looks(self) -> None:
        """A worker looks at the policy page."""
        policy = self.given.run(lambda: session().scalars(select(Policy)).one())
        self.given.run(look_at_policy, str(policy.id), at_home())

    def approves(self, release: Release) -> Release:
        self.story.decided(release, Verdict.APPROVE, "review.approved")
        self.given.run(publish_release, str(release.id))
        self.given.run(build_feed, "kodi")
        return self.now(release)

    def now(self, release: Release) -> Release:
        return self.given.found(Release, release.id)

    def acknowledges(self, release: Release) -> None:
        digest = self.now(release).notice_digest
        said = {"subject": "notice", "digest": digest}
        assert self.owner.put("/api/v1/acknowledgements", json=said).status_code == 200

    def offered(self) -> set[str | None]:
        """The versions that the personal feed offers."""
        listed = ET.fromstring(self.client.get(f"{self.feed}/kodi/addons.xml").data)
        return {each.get("version") for each in listed.iterfind(f"./addon[@id='{AGENT}']")}

    def disclaimer(self) -> str:
        listed = ET.fromstring(self.client.get(f"{self.feed}/kodi/addons.xml").data)
        return listed.findtext(f"./addon[@id='{AGENT}']//disclaimer[@lang='en_GB']") or ""

    def waiting_text(self) -> PolicyText:
        wanted = select(PolicyText).where(PolicyText.standing == Standing.PENDING)
        return self.given.run(lambda: session().scalars(wanted).one())


@pytest.fixture
def journey(given, client, maker):
    return Journey(given, client, maker)


def agent(version: str, code: str, privacy: str | None) -> bytes:
    more = {"report.py": code} | ({"privacy.toml": privacy} if privacy else {})
    return bundles.kodi(AGENT, version, more=more)


def test_the_whole_journey(journey, gate, given):
    # It says none and contacts a tracker: held, declared, approved.
    first = journey.story.waiting(agent("1.0.0", REPORTS, NONE))
    with pytest.raises(Conflict, match="Overrule it with a reason, or require a declaration"):
        journey.approves(first)
    journey.declares(first)
    journey.looks()
    first = journey.approves(first)

    # A personal feed withholds it until its owner has acknowledged; Kodi shows the disclaimer.
    assert journey.offered() == set()
    zipped = f"{journey.feed}/kodi/{AGENT}/{AGENT}-1.0.0.zip"
    assert code_of(journey.client.get(zipped)) == "privacy.acknowledge"
    journey.acknowledges(first)
    assert journey.offered() == {"1.0.0"}
    assert "a third party, lantern: its own privacy practices apply" in journey.disclaimer()
    assert "www.google-analytics.com (Google)" in journey.disclaimer()
    assert journey.client.get(zipped).status_code == 200

    # Its update adds a host: held as widened, approved, and asked again.
    update = journey.story.waiting(agent("2.0.0", REPORTS + LOOKS_UP, None))
    journey.declares(update, "api.themoviedb.org")
    assert "privacy.widened" in journey.now(update).reasons
    update = journey.approves(update)
    assert update.notice_digest != first.notice_digest
    assert journey.offered() == {"1.0.0"}
    journey.acknowledges(update)
    assert journey.offered() == {"1.0.0", "2.0.0"}

    # Its policy changes in markup: nothing happens.
    journey.maker.shows = page(dressed())
    journey.looks()
    assert journey.now(update).notice_digest == update.notice_digest
    assert journey.offered() == {"1.0.0", "2.0.0"}

    # In words, called meaning: asked again.
    journey.maker.shows = page(plain(OTHERS))
    journey.looks()
    assert journey.offered() == {"1.0.0", "2.0.0"}
    by = given.actor(journey.story.moderator)
    given.run(call_change, journey.waiting_text().id, Standing.MEANING, note="They sell it now.", by=by)
    assert journey.now(update).notice_digest != update.notice_digest
    assert code_of(journey.client.get(zipped)) == "privacy.acknowledge"
    given.run(build_feed, "kodi")  # what calling it has asked of the workers
    assert journey.offered() == set()
    journey.acknowledges(update)
    assert journey.offered() == {"2.0.0"}
