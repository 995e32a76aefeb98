"""Yank and its way back; what a published release keeps for ever."""

import pytest
import sqlalchemy as sa

from registry.database import session, transaction
from registry.errors import Invalid, NotAllowed, StateMoved
from registry.listings.models import Listing
from registry.publishers.models import MemberRole
from registry.releases.models import Artifact, Release
from registry.releases.service import unyank_release, yank_release
from registry.releases.states import ReleaseState
from registry.review.models import Verdict
from tests import bundles
from tests.story import Story


@pytest.fixture
def story(given):
    return Story(given)


def test_a_yanked_release_still_resolves_by_exact_version(client, given, story):
    release = story.published()
    given.run(yank_release, release.id, reason="It loses settings.", by=given.actor(story.developer))
    story.fed(release)
    listing = "/api/v1/listings/kodi/metadata.example.lantern"
    assert client.get(f"{listing}/1.0.0").json["state"] == "yanked"
    assert client.get("/api/v1/listings?ecosystem=kodi").json["listings"] == []
    assert b"lantern" not in client.get("/feeds/kodi/addons.xml").data
    zipped = "/feeds/kodi/metadata.example.lantern/metadata.example.lantern-1.0.0.zip"
    assert client.get(zipped).status_code == 200


def test_a_yanked_release_is_offered_again_when_its_publisher_says_so(client, given, story):
    release = story.published()
    developer = given.actor(story.developer)
    given.run(yank_release, release.id, reason="A mistake.", by=developer)
    given.run(unyank_release, release.id, by=developer)
    assert client.get("/api/v1/listings?ecosystem=kodi").json["listings"][0]["version"] == "1.0.0"


def test_the_listing_falls_back_to_the_newest_release_that_is_still_offered(client, given, story):
    story.published()
    newer = story.published(bundles.kodi(version="1.1.0"))
    given.run(yank_release, newer.id, reason="Broken.", by=given.actor(story.developer))
    assert client.get("/api/v1/listings").json["listings"][0]["version"] == "1.0.0"


def test_an_older_version_published_later_does_not_become_the_newest(client, story):
    story.published(bundles.kodi(version="2.0.0"))
    story.published(bundles.kodi(version="1.9.0"))
    assert client.get("/api/v1/listings").json["listings"][0]["version"] == "2.0.0"


def test_an_uploader_may_not_yank_and_a_stranger_may_not_either(given, story):
    release = story.published()
    for account in (given.member(story.publisher, MemberRole.UPLOADER), given.account()):
        with pytest.raises(NotAllowed):
            given.run(yank_release, release.id, reason="No.", by=given.actor(account))


def test_a_yank_needs_its_reason_and_a_published_release(given, story):
    waiting = story.waiting()
    developer = given.actor(story.developer)
    with pytest.raises(Invalid):
        given.run(yank_release, waiting.id, reason=" ", by=developer)
    with pytest.raises(StateMoved):
        given.run(yank_release, waiting.id, reason="Too early.", by=developer)


@pytest.mark.parametrize(
    "change",
    [
        sa.update(Release).values(version="9.9.9"),
        sa.update(Release).values(content={}),
        sa.update(Release).values(published_at=None),
        sa.update(Artifact).values(sha256="0" * 64),
        sa.delete(Artifact),
        sa.delete(Release),
    ],
    ids=["version", "content", "time", "digest", "artifact", "release"],
)
def test_the_database_itself_refuses_to_change_a_published_release(given, story, change):
    story.published()

    def act():
        with transaction() as tx:
            tx.execute(change)

    with pytest.raises(sa.exc.DBAPIError):
        given.run(act)


def test_changed_at_grows_strictly_within_a_listing(given, story):
    first = story.published()
    second = story.published(bundles.kodi(version="1.1.0"))
    given.run(yank_release, second.id, reason="Broken.", by=given.actor(story.developer))
    again = given.found(Release, second.id)
    assert first.changed_at < second.changed_at < again.changed_at


def test_a_rollback_shows_the_older_release_as_changed_later(given, story):
    older = story.published()
    newer = story.published(bundles.kodi(version="1.1.0"))
    given.run(yank_release, newer.id, reason="Broken.", by=given.actor(story.developer))
    assert given.found(Release, older.id).changed_at > newer.changed_at > older.changed_at


def test_a_withdrawn_version_is_never_used_again(given, story):
    release = story.published()
    story.decided(release, Verdict.WITHDRAW, "security.risk")
    again = story.ingested(bundles.kodi(summary="Other bytes"))
    assert [f["code"] for f in again.findings if f["severity"] == "error"] == ["release.tombstoned"]
    assert given.found(Release, release.id).state is ReleaseState.WITHDRAWN
    assert given.run(lambda: session().scalars(sa.select(Listing.latest_release_id)).one()) is None
