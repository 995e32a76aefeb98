"""Whether a copy goes out follows from the license record in force."""

import pytest

from licenses.spdx import text_of
from registry.database import session
from registry.licensing.models import LicenseState
from registry.licensing.recording import digest_of_text, record_in_force
from registry.licensing.service import conclude_license, give_grant, revoke_grant
from registry.licensing.submission import current_terms
from registry.releases.models import Artifact, Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from tests import bundles
from tests.story import Story


@pytest.fixture
def story(given) -> Story:
    return Story(given)


def in_force(story: Story, release: Release):
    def read():
        return record_in_force(session(), session().get_one(Release, release.id))

    return story.given.run(read)


def fetch(client, story, release, **headers):
    sha = story.given.run(lambda: session().query(Artifact).filter_by(release_id=release.id).one().sha256)
    return client.get(f"/api/v1/artifacts/{sha}", **headers)


def test_equal_words_of_maker_and_files_conclude_by_themselves(story, client):
    release = story.published(bundles.kodi(license="MIT", more={"LICENSE.txt": text_of("MIT")}))
    row = in_force(story, release)
    assert (row.state, row.expression, row.basis, row.author_id) == (
        LicenseState.CONCLUDED,
        "MIT",
        "license",
        None,
    )
    assert fetch(client, story, release).status_code == 200


def test_a_bundle_without_a_license_is_not_conveyed_until_its_publisher_grants_it(story, client):
    release = story.waiting(bundles.plex(license=None), version="1.0")
    assert "license.undecided" in release.reasons
    story.given.run(
        give_grant, release.id, terms_digest=current_terms().sha256, by=story.given.actor(story.developer)
    )
    story.decided(story.given.found(Release, release.id), Verdict.APPROVE, "review.approved")
    story.given.run(publish_release, str(release.id))
    assert fetch(client, story, release).status_code == 200
    story.given.run(revoke_grant, release.id, by=story.given.actor(story.developer))
    refused = fetch(client, story, release)
    assert (refused.status_code, refused.json["rule"]) == (403, "terms.no_permission")


def test_a_text_is_shown_once_a_release_with_it_was_published(story, client):
    release = story.waiting(bundles.kodi(license="MIT", more={"LICENSE.txt": text_of("MIT")}))
    moderator = client.bearing(story.given.token(story.moderator))
    shown = moderator.get(f"/api/v1/releases/{release.id}/license").json
    [digest] = {file["text"] for part in shown["detected"]["parts"] for file in part["files"] if file["text"]}
    assert client.get(f"/api/v1/license-texts/{digest}").status_code == 404
    assert moderator.get(f"/api/v1/license-texts/{digest}").text.startswith("MIT License")
    story.decided(release, Verdict.APPROVE, "review.approved")
    story.given.run(publish_release, str(release.id))
    assert "Permission is hereby granted" in client.get(f"/api/v1/license-texts/{digest}").text


def test_a_text_that_a_legal_demand_took_away_is_shown_no_more(story, client):
    own = "You may use this on Tuesdays, and tell nobody.\n"
    release = story.waiting(bundles.kodi(license="MIT", more={"LICENSE.md": own}))
    by = story.given.actor(story.moderator)
    story.given.run(conclude_license, release.id, "MIT", note="Read it.", by=by)
    story.decided(release, Verdict.APPROVE, "review.approved")
    story.given.run(publish_release, str(release.id))
    digest = digest_of_text(own)
    assert client.get(f"/api/v1/license-texts/{digest}").text == own
    story.decided(release, Verdict.WITHDRAW, "legal.demand")
    assert client.get(f"/api/v1/license-texts/{digest}").status_code == 404
