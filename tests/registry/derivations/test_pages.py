"""Pages of versions of one's own: offered where the license lets one, named on both sides."""

import io

import pytest

from licenses.spdx import text_of
from registry.database import session
from registry.ingest.service import ingest_upload
from registry.releases.models import Release
from registry.uploads.models import Upload
from tests import bundles
from tests.story import Story

LICENSE_TAB = "/listings/kodi/metadata.example.lantern?tab=license"


@pytest.fixture
def story(given):
    return Story(given, first_party=True)


@pytest.fixture
def other(given):
    return Story(given, "harbor", first_party=True)


@pytest.fixture
def original(story):
    return story.published(bundles.kodi(license="MIT", more={"LICENSE.txt": text_of("MIT")}))


def newest_upload() -> Upload:
    return session().query(Upload).order_by(Upload.created_at.desc()).first()


def test_a_listing_leads_to_ones_own_version_where_its_license_lets_one(visit, original, other):
    page = visit(other.developer).get(LICENSE_TAB).text
    assert f"/publish?derived_from={original.id}" in page


def test_it_does_not_where_the_license_forbids_it(visit, story, other):
    bundle = bundles.kodi(license="CC-BY-ND-4.0", more={"LICENSE.txt": text_of("CC-BY-ND-4.0")})
    story.published(bundle)
    assert "/publish?derived_from=" not in visit(other.developer).get(LICENSE_TAB).text


def test_the_form_says_whose_version_it_is_and_both_pages_name_each_other(given, visit, original, other):
    address = f"/publish?derived_from={original.id}"
    developer = visit(other.developer)
    assert "Your own version of Lantern 1.0.0" in developer.see(address)
    file = io.BytesIO(bundles.kodi("metadata.example.beacon", name="Beacon", license="MIT")), "b.zip"
    said = {"derived_from": str(original.id), "changes": "Speaks Danish."}
    developer.send("/publish", at=address, publisher="harbor", file=file, **said)
    upload = given.run(newest_upload)
    assert upload.said == said
    given.run(ingest_upload, str(upload.id))
    release = given.found(Release, given.found(Upload, upload.id).release_id)
    assert release.derived_from_id == original.id
    page = developer.see("/listings/kodi/metadata.example.beacon/1.0.0")
    assert "Changed from Lantern 1.0.0 Speaks Danish." in page
    assert "Made from Lantern" in developer.see("/listings/kodi/metadata.example.beacon")
    assert "Beacon" not in visit().see(LICENSE_TAB)  # it waits


def test_a_release_that_waits_is_shown_to_nobody_else_by_the_form(visit, story, other):
    waiting = story.waiting(bundles.kodi(version="9.9.9"))
    seen = visit(other.developer).see(f"/publish?source_for={waiting.id}")
    assert "9.9.9" not in seen
    assert "The source code of Lantern 9.9.9" in visit(story.developer).see(
        f"/publish?source_for={waiting.id}"
    )


def test_what_is_said_of_a_release_that_is_not_there_is_told_in_the_form(visit, other):
    file = io.BytesIO(bundles.kodi()), "b.zip"
    answer = visit(other.developer).send(
        "/publish", publisher="harbor", file=file, status=422, derived_from="kodi/plugin.video.nowhere"
    )
    assert "There is no published release" in answer.text


def test_a_moderator_sees_what_it_is_made_from_and_that_it_does_not_keep_the_license(visit, story, other):
    story.published(bundles.kodi(license="GPL-3.0-only", more={"LICENSE.txt": text_of("GPL-3.0-only")}))
    said = {"derived_from": "kodi/metadata.example.lantern", "changes": "Speaks Danish."}
    release = other.waiting(bundles.kodi("metadata.example.beacon", name="Beacon", license="MIT"), **said)
    seen = visit(other.moderator).see(f"/review/{release.id}")
    assert "Made from Lantern 1.0.0 by" in seen
    assert "It is made from another one, and does not keep its license" in seen
