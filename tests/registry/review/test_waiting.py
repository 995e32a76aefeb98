"""The place in the queue, and how long a decision usually takes."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from registry.database import transaction
from registry.releases.models import Release
from registry.review.models import Verdict
from registry.review.waiting import places_in_queue, usual_wait_s
from tests import bundles
from tests.story import Story


@pytest.fixture
def story(given, in_app):
    return Story(given)


def _waits_since(release: Release, before: timedelta) -> None:
    with transaction() as tx:
        moment = release.created_at - before
        tx.execute(update(Release).where(Release.id == release.id).values(created_at=moment))


def test_the_oldest_is_first_and_whoever_is_decided_on_has_no_place(story):
    one, two, three = (story.waiting(bundles.kodi(f"script.n{n}", name=f"N {n}")) for n in (1, 2, 3))
    assert places_in_queue([three.id, one.id]) == {one.id: 1, three.id: 3}
    story.decided(one, Verdict.APPROVE, "review.approved")
    story.decided(two, Verdict.REJECT)
    assert places_in_queue([one.id, two.id, three.id]) == {three.id: 1}
    assert places_in_queue([]) == {}


def test_the_usual_wait_is_the_median_of_what_people_decided(story):
    assert usual_wait_s() is None
    for hours in (1, 5, 30):
        release = story.waiting(bundles.kodi(f"script.n{hours}", name=f"N {hours}"))
        _waits_since(release, timedelta(hours=hours))
        story.decided(release, Verdict.REJECT)
    assert usual_wait_s() == pytest.approx(5 * 3600, abs=60)
