"""A license with a change date: on each side of the day its own terms, everywhere; older copies keep theirs."""

import sys
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from licenses.expiry import Expiry
from licenses.spdx import text_of
from registry import clock
from registry.audit.models import AuditEvent
from registry.database import session
from registry.feeds.building import build_feed
from registry.licensing.expiring import turn_ended_licenses
from registry.licensing.models import LicenseRecord
from registry.listings.service import Search, count_listings
from registry.releases.models import Artifact, Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from tests import bundles
from tests.story import Story

FIRST = datetime.now(UTC).date() + timedelta(days=40)
MIDNIGHT = datetime.combine(FIRST, time(), UTC)
LAST_MOMENT = MIDNIGHT - timedelta(seconds=1)
CHANGE = {"change_date": FIRST.isoformat(), "change_license": "GPL-2.0-or-later"}
PARAMETERS = f"""Business Source License 1.1

Parameters

Licensor:             Lantern Works
Licensed Work:        Lantern 1.0.0
Additional Use Grant: None
Change Date:          {FIRST.isoformat()}
Change License:       GNU General Public License, version 2 or later

"""
TEXT = text_of("BUSL-1.1") or ""
LIST = "/feeds/kodi/nexus/addons.xml"


@pytest.fixture
def story(given) -> Story:
    return Story(given, first_party=True)


@pytest.fixture
def travel(monkeypatch):
    """Sets every clock of the registry to a moment."""
    real = clock.now
    clocks = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("registry.") and getattr(module, "now", None) is real
    ]

    def to(moment: datetime) -> None:
        for module in clocks:
            monkeypatch.setattr(module, "now", lambda: moment)

    return to


def waiting(story) -> Release:
    text = PARAMETERS + TEXT[TEXT.index("Terms") :]
    return story.waiting(bundles.kodi(license="BUSL-1.1", more={"LICENSE.txt": text}))


def conclude(story, client, release, expression: str = "BUSL-1.1", **said):
    moderator = client.bearing(story.given.token(story.moderator))
    address = f"/api/v1/releases/{release.id}/license/concluded"
    return moderator.put(address, json={"expression": expression, "note": "Read it.", **said})


@pytest.fixture
def ending(story, client) -> Release:
    """A published release whose license gives way to another one on a day to come."""
    release = waiting(story)
    assert conclude(story, client, release, **CHANGE).status_code == 200
    story.decided(release, Verdict.APPROVE, "review.approved")
    story.given.run(publish_release, str(release.id))
    story.fed(release)
    return story.given.found(Release, release.id)


def sha256(given, release) -> str:
    return given.run(lambda: session().query(Artifact).filter_by(release_id=release.id).one().sha256)


def fetch(asker, given, release):
    return asker.get(f"/api/v1/artifacts/{sha256(given, release)}")


def accept(asker, release) -> None:
    digest = asker.get(f"/api/v1/releases/{release.id}/license").json["terms_digest"]
    body = {"subject": "terms", "digest": digest}
    assert asker.put("/api/v1/acknowledgements", json=body).status_code == 200


def found_as(given, name: str) -> int:
    return given.run(count_listings, Search(license=name))


def test_until_the_last_moment_the_license_that_ends_is_in_force(given, client, ending, travel):
    travel(LAST_MOMENT)
    assert fetch(client, given, ending).json["rule"] == "terms.acceptance"
    told = client.get(f"/api/v1/releases/{ending.id}/license").json
    assert (told["concluded"], told["in_force"], told["ends"]) == ("BUSL-1.1", "BUSL-1.1", CHANGE)
    assert given.run(turn_ended_licenses) == 0
    assert found_as(given, "BUSL-1.1") == 1
    assert client.get("/api/v1/mirror").json["changes"] == []


def test_from_the_first_moment_new_copies_go_out_under_the_one_that_follows(given, client, ending, travel):
    travel(MIDNIGHT)
    answer = fetch(client, given, ending)
    assert answer.status_code == 200
    receipt = client.get(f"/api/v1/copies/{answer.headers['Marquee-Copy']}").json
    assert (receipt["license"], receipt["basis"], receipt["ends"]) == ("GPL-2.0-or-later", "license", None)
    assert receipt["permissions"]["modify"]["allowed"] == "yes"
    told = client.get(f"/api/v1/releases/{ending.id}/license").json
    assert (told["in_force"], told["terms_digest"]) == ("GPL-2.0-or-later", receipt["terms"])
    assert client.get(f"/api/v1/releases/{ending.id}").json["license"] == "GPL-2.0-or-later"
    assert "GNU GENERAL PUBLIC LICENSE" in client.get(f"/api/v1/releases/{ending.id}/notices").text
    assert "GPL-2.0-or-later" in client.get("/listings/kodi/metadata.example.lantern").text
    assert "GPL-2.0-or-later" in client.get(f"/api/v1/releases/{ending.id}/sbom.spdx.json").text


def test_what_is_kept_ready_turns_with_the_day_once(given, client, ending, travel):
    assert "metadata.example.lantern" not in client.get(LIST).text
    travel(MIDNIGHT)
    assert given.run(turn_ended_licenses) == 1
    assert given.run(turn_ended_licenses) == 0
    given.run(build_feed, "kodi")
    assert "metadata.example.lantern" in client.get(LIST).text
    assert (found_as(given, "BUSL-1.1"), found_as(given, "GPL-2.0-or-later")) == (0, 1)
    [entry] = client.get("/api/v1/mirror").json["changes"]
    assert (entry["change"], entry["terms"]["expression"]) == ("offered", "GPL-2.0-or-later")
    records = client.get(f"/api/v1/releases/{ending.id}/license/history").json["records"]
    assert [one["concluded"] for one in records[-2:]] == ["BUSL-1.1", "GPL-2.0-or-later"]
    assert "has come" in records[-1]["note"]
    event = given.run(lambda: session().scalars(select(AuditEvent).filter_by(event="license_ended")).one())
    assert event.detail == {"expression": "GPL-2.0-or-later", "before": "BUSL-1.1"}


def test_before_and_after_its_record_has_turned_the_terms_have_one_digest(given, client, ending, travel):
    travel(MIDNIGHT)
    first = client.get(f"/api/v1/releases/{ending.id}/license").json["terms_digest"]
    given.run(turn_ended_licenses)
    assert client.get(f"/api/v1/releases/{ending.id}/license").json["terms_digest"] == first


def test_terms_that_came_with_the_day_can_be_accepted_at_once(story, given, client, travel):
    release = waiting(story)
    assert conclude(story, client, release, "BUSL-1.1 AND CC-BY-NC-4.0", **CHANGE).status_code == 200
    story.decided(release, Verdict.APPROVE, "review.approved")
    given.run(publish_release, str(release.id))
    account = client.bearing(given.token(given.account()))
    accept(account, release)
    assert fetch(account, given, release).status_code == 200
    travel(MIDNIGHT)
    assert fetch(account, given, release).json["expression"] == "GPL-2.0-or-later AND CC-BY-NC-4.0"
    accept(account, release)
    assert fetch(account, given, release).status_code == 200
    given.run(turn_ended_licenses)
    assert fetch(account, given, release).status_code == 200


def test_a_copy_made_before_keeps_its_terms_and_its_texts(given, client, ending, travel):
    account = client.bearing(given.token(given.account()))
    accept(account, ending)
    copy = fetch(account, given, ending).headers["Marquee-Copy"]
    before = client.get(f"/api/v1/copies/{copy}").json
    assert (before["license"], before["ends"]) == ("BUSL-1.1", CHANGE)
    travel(MIDNIGHT)
    given.run(turn_ended_licenses)
    after = client.get(f"/api/v1/copies/{copy}").json
    assert after == before
    assert "make non-production use" in client.get(f"/api/v1/copies/{copy}/notices").text
    assert f"New copies from {FIRST.isoformat()}" in client.get(f"/copies/{copy}").text
    assert fetch(account, given, ending).headers["Marquee-Copy"] != copy


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"change_date": "2030-01-01"}, "change_license"),
        ({"change_license": "MIT"}, "change_date"),
        ({**CHANGE, "expression": "MIT"}, "change_date"),
        ({**CHANGE, "change_license": "NONE"}, "change_license"),
        ({**CHANGE, "change_license": "LicenseRef-Later"}, "change_license"),
        ({**CHANGE, "change_license": "BUSL-1.1"}, "change_license"),
        ({**CHANGE, "change_license": "GPL 2 or so"}, "change_license"),
        ({**CHANGE, "change_date": "in four years"}, "change_date"),
    ],
)
def test_half_of_it_and_what_leads_nowhere_is_refused(story, client, said, field):
    refused = conclude(story, client, waiting(story), **said)
    assert refused.status_code == 422
    assert field in str(refused.json["errors"])


def test_the_desk_fills_in_what_the_text_says_and_keeps_what_was_sent(story, visit):
    release, desk = waiting(story), visit(story.moderator)
    address = f"/review/{release.id}/license"
    page = desk.get(address)
    assert f'value="{FIRST.isoformat()}"' in page.text
    assert 'name="change_license" type="text" value="GPL-2.0-or-later"' in page.text
    refused = desk.send(address, status=422, expression="MIT", **CHANGE)
    assert "Nothing in this expression ends on a day" in refused.text
    assert f'value="{FIRST.isoformat()}"' in refused.text
    desk.send(address, expression="BUSL-1.1", **CHANGE)
    row = story.given.run(
        lambda: session().scalars(select(LicenseRecord).where(LicenseRecord.change_date.is_not(None))).one()
    )
    assert row.expiry == Expiry(FIRST, "GPL-2.0-or-later")
    assert "GPL-2.0-or-later for new copies" in desk.see(f"/releases/{release.id}/license")
