"""Making one's own version: only where the license lets one, under its license, saying what was changed."""

import pytest

from licenses.spdx import text_of
from registry.derivations.reading import derived_from, origin_of
from registry.derivations.service import may_derive
from registry.licensing.service import conclude_license
from registry.releases.models import Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from registry.uploads.models import UploadState
from registry.uploads.service import say
from tests import bundles
from tests.asking import code_of
from tests.story import Story

PATH = "kodi/metadata.example.lantern"


@pytest.fixture
def story(given):
    return Story(given, first_party=True)


@pytest.fixture
def other(given):
    """Another publisher, who makes its own version."""
    return Story(given, "harbor", first_party=True)


def original(story, given, expression: str) -> Release:
    """A published release under a license."""
    bundle = bundles.kodi(license=expression, more={"LICENSE.txt": text_of(expression)})
    release = story.waiting(bundle)
    moderator = given.actor(story.moderator)
    given.run(conclude_license, release.id, expression, note="Read it.", by=moderator)
    story.decided(release, Verdict.APPROVE, "review.approved")
    given.run(publish_release, str(release.id))
    return given.found(Release, release.id)


def changed(expression: str, identifier: str = "metadata.example.beacon", name: str = "Beacon") -> bytes:
    """A changed version, under a license."""
    return bundles.kodi(identifier, name=name, license=expression)


def opened(client, given, story, said):
    body = {
        "publisher": story.publisher.slug,
        "filename": "b.zip",
        "size": 9,
        "sha256": "0" * 64,
        "said": said,
    }
    return client.bearing(given.token(story.developer)).post("/api/v1/uploads", json=body)


def codes(upload):
    return [finding["code"] for finding in upload.findings if finding["severity"] == "error"]


def test_a_version_of_ones_own_names_its_original_and_both_pages_know_it(client, given, story, other):
    first = original(story, given, "MIT")
    release = other.published(changed("MIT"), derived_from=PATH)
    shown = client.get(f"/api/v1/releases/{release.id}").json
    assert shown["derived_from"]["release"] == str(first.id)
    assert (shown["derived_from"]["version"], shown["derived_from"]["license"]) == ("1.0.0", "MIT")
    assert [one.release_id for one in given.run(derived_from, first.listing_id)] == [release.id]
    assert given.run(lambda: origin_of(release).url).endswith(f"/listings/{PATH}/1.0.0")
    notices = client.get(f"/api/v1/releases/{release.id}/notices").text
    assert "Made from Lantern 1.0.0" in notices


@pytest.mark.parametrize(
    ("expression", "code"), [("CC-BY-ND-4.0", "terms.no_permission"), ("CC-BY-NC-4.0", "terms.acceptance")]
)
def test_it_is_offered_only_where_the_license_lets_one(client, given, story, other, expression, code):
    first = original(story, given, expression)
    assert code_of(opened(client, given, other, {"derived_from": str(first.id)})) == code
    assert given.run(may_derive, first, by=given.actor(other.developer)) is False
    assert given.run(may_derive, first, by=given.actor(story.developer)) is True


def test_what_is_not_published_or_not_here_can_be_no_original(client, given, story, other):
    waiting = story.waiting()
    for said in (str(waiting.id), "kodi/plugin.video.nowhere", "kodi/plugin.video.nowhere/1.0"):
        answer = opened(client, given, other, {"derived_from": said})
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/said/derived_from")


def test_a_statement_of_changes_is_asked_for_where_the_license_asks(client, given, story, other):
    original(story, given, "Apache-2.0")
    upload = other.ingested(changed("Apache-2.0"), said={"derived_from": PATH})
    assert (upload.state, upload.needs) == (UploadState.RECEIVED, ["changes"])
    given.run(say, upload.id, {"changes": "Speaks Danish.\nSince May."}, by=given.actor(other.developer))
    release = other.waiting(changed("Apache-2.0"), derived_from=PATH, changes="Speaks Danish.\nSince May.")
    bearing = client.bearing(given.token(other.developer))
    assert "Speaks Danish.\nSince May." in bearing.get(f"/api/v1/releases/{release.id}/notices").text


def test_another_license_than_the_original_asks_to_keep_waits_with_that_reason(given, story, other):
    original(story, given, "GPL-3.0-only")
    said = {"derived_from": PATH, "changes": "Speaks Danish."}
    kept = other.waiting(changed("GPL-3.0-only"), **said)
    assert "license.derived" not in kept.reasons
    broken = other.waiting(changed("MIT", "metadata.example.buoy", "Buoy"), **said)
    assert "license.derived" in broken.reasons


def test_a_license_that_asks_for_another_name_gets_another_name(given, story, other):
    original(story, given, "LPPL-1.3c")
    said = {"derived_from": PATH, "changes": "Speaks Danish."}
    same = other.ingested(changed("LPPL-1.3c", name="  lantern"), said=said)
    assert codes(same) == ["derived.rename"]
    renamed = other.ingested(changed("LPPL-1.3c"), said=said)
    assert renamed.state is UploadState.WAITING, renamed.findings


def test_its_own_makers_are_asked_nothing(given, story):
    original(story, given, "GPL-3.0-only")
    again = story.waiting(changed("MIT"), derived_from=PATH)
    assert "license.derived" not in again.reasons


def test_a_source_is_not_derived(client, given, story, other):
    first = original(story, given, "MIT")
    said = {"derived_from": str(first.id), "source_for": str(first.id)}
    assert opened(client, given, story, said).status_code == 422
