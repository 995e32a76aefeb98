"""A written offer that has ended takes its binary out of feeds and mirrors, without anybody's doing."""

import time
from datetime import timedelta

import pytest

from registry.clock import now
from registry.database import session, transaction
from registry.feeds.building import build_feed
from registry.feeds.ended import leave_ended_offers
from registry.licensing.models import SourceKind
from registry.licensing.recording import carry_on
from registry.licensing.service import conclude_license
from registry.listings.service import Search, count_listings
from registry.releases.models import Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from registry.work import Job, Work
from tests import bundles
from tests.story import Story

LIST = "/feeds/kodi/nexus/addons.xml"
HOLDS_FOR_S = 4.0


@pytest.fixture
def ending(given):
    """A copyleft binary whose offer of source ends in a moment, in the feed."""
    story = Story(given, first_party=True)
    release = story.waiting(bundles.kodi(license="GPL-3.0-only", more={"fast.so": b"\x7fELF" + bytes(99)}))
    by = given.actor(story.moderator)
    given.run(conclude_license, release.id, "GPL-3.0-only", note="Read it.", by=by)

    def offer() -> None:
        with transaction() as tx:
            row = tx.get_one(Release, release.id, with_for_update=True)
            until = now() + timedelta(seconds=HOLDS_FOR_S)
            where = {"source_address": "https://example.org/src", "source_until": until}
            carry_on(tx, row, None, "Offered.", source=SourceKind.OFFER, **where)

    given.run(offer)
    story.decided(release, Verdict.APPROVE, "review.approved")
    given.run(publish_release, str(release.id))
    given.run(build_feed, "kodi")
    return given.found(Release, release.id)


def forget_jobs() -> None:
    with transaction() as tx:
        tx.query(Job).delete()


def test_it_leaves_the_feed_and_mirrors_are_told(client, given, ending):
    assert "metadata.example.lantern" in client.get(LIST).text
    [entry] = client.get("/api/v1/mirror").json["changes"]
    assert entry["change"] == "offered"
    assert given.run(count_listings, Search(may=("redistribute",))) == 1
    given.run(forget_jobs)
    time.sleep(HOLDS_FOR_S)
    assert given.run(leave_ended_offers) == ["kodi"]
    assert given.run(count_listings, Search(may=("redistribute",))) == 0
    assert given.run(leave_ended_offers) == []  # it is asked for already
    assert given.run(lambda: session().query(Job).filter_by(work=Work.FEEDS, subject="kodi").count()) == 1
    given.run(build_feed, "kodi")
    assert "metadata.example.lantern" not in client.get(LIST).text
    [removed] = client.get(f"/api/v1/mirror?since={entry['serial']}").json["changes"]
    assert (removed["change"], removed["rule"]) == ("removed", "terms.source_missing")
    given.run(forget_jobs)
    assert given.run(leave_ended_offers) == []  # the feed was built since
