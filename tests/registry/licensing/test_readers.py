"""What readers see of licenses: four words with their reasons, why there is no copy, terms to accept."""

import re

import pytest

from licenses.spdx import text_of
from registry.database import session
from registry.licensing.models import LicenseState
from registry.licensing.recording import record_in_force
from registry.releases.models import Artifact, Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from tests import bundles
from tests.story import Story

LISTING = "/listings/kodi/metadata.example.lantern"
PLEX = "/listings/plex/com.plexapp.agents.lantern"
MIT = text_of("MIT") or ""


@pytest.fixture
def story(given) -> Story:
    return Story(given)


@pytest.fixture
def developer(story, visit):
    return visit(story.developer)


def kodi(license: str = "MIT", text: str = MIT):  # noqa: A002 - the word of the format
    return bundles.kodi(license=license, more={"LICENSE.txt": text})


def in_force(story, release):
    return story.given.run(lambda: record_in_force(session(), session().get_one(Release, release.id)))


def published_as(story, license: str):  # noqa: A002
    """A release under a license that its files do not prove; a moderator concludes it."""
    release = story.waiting(kodi(license, f"SPDX-License-Identifier: {license}\n"))
    if in_force(story, release).state is not LicenseState.CONCLUDED:
        raise AssertionError(in_force(story, release).reasons)
    story.decided(release, Verdict.APPROVE, "review.approved")
    story.given.run(publish_release, str(release.id))
    return story.given.found(Release, release.id)


def test_four_words_say_what_may_be_done_and_why(story, visit):
    story.published(kodi())
    page = visit().see(LISTING)
    for said in ("Use yes", "Copy yes", "Share on conditions", "Change on conditions"):
        assert said in page
    assert "its copyright lines stay with every copy" in page
    assert "Its license says so. terms.license" in page
    assert "Concluded by itself: its maker and its files say the same: MIT" in page
    assert "full text of" in page
    assert "Download" in page


def test_a_listing_that_may_not_be_conveyed_says_why_in_place_of_the_download(story, visit, developer):
    release = published_as(story, "CC-BY-ND-4.0")
    assert "Download" in visit().see(LISTING)
    moderator = visit(story.moderator)
    name = "LicenseRef-Nothing"
    fields = {f"facet.{name}.{word}": "no" for word in ("copy", "redistribute", "modify")}
    moderator.send(
        f"/review/{release.id}/license", act="conclude", expression=name, reference=name,
        note="A second look.", **fields, **{f"facet.{name}.use": "yes"},
    )  # fmt: skip
    seen = visit().see(LISTING)
    assert "Download" not in seen
    assert "No copies are given" in seen
    assert "terms.no_permission" in seen
    assert "a license that allows it, or its publisher's grant" in seen
    assert "Install in Kodi" not in seen
    assert "Nobody else gets a copy." in developer.see(LISTING)


def test_terms_that_need_acceptance_are_accepted_on_the_page_once(story, visit, given):
    release = published_as(story, "PolyForm-Noncommercial-1.0.0")
    assert "Sign in to accept" in visit().see(LISTING)
    assert "Through a server of yours" in visit().see(LISTING)
    assert "Others are asked to agree first" in visit(story.developer).see(LISTING)
    reader = visit(given.account())
    page = reader.get(LISTING)
    assert "I accept these terms" in page.text
    assert "not for commercial use" in page.text
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page.text)[1]
    old = reader.send(f"/releases/{release.id}/terms", at=LISTING, digest="0" * 64, next=LISTING)
    assert "These terms have changed since you read them." in reader.after(old)
    done = reader.send(f"/releases/{release.id}/terms", at=LISTING, digest=digest, next=LISTING)
    assert done.location == LISTING
    seen = reader.see(LISTING)
    assert "I accept these terms" not in seen
    assert "Read its privacy notice" in seen or "Download" in seen


def test_a_release_whose_license_is_open_says_declared_and_not_concluded(story, developer):
    story.waiting(
        bundles.kodi(
            license="MIT", more={"LICENSE.txt": MIT.replace("without restriction", "for personal use only")}
        )
    )
    assert "MIT declared, not concluded" in developer.see(LISTING)
    assert "MIT declared, not concluded" in developer.see(f"{LISTING}?tab=versions")
    assert "MIT declared, not concluded" in developer.see(f"{LISTING}/1.0.0")


def test_the_record_its_evidence_and_a_marked_text_are_public_with_the_release(story, visit):
    release = story.published(kodi())
    address = f"/releases/{release.id}/license"
    seen = visit().see(address)
    assert "History of the record" in seen
    assert "metadata.example.lantern/LICENSE.txt" in seen
    text = visit().get(f"{address}/text?file=metadata.example.lantern/LICENSE.txt").text
    assert '<mark class="match">MIT License' in text
    visit().get(f"{address}/text?file=nothing", status=404)


def test_a_grant_gives_use_and_no_more(story, visit, developer):
    release = story.waiting(bundles.plex(license=None), version="1.0")
    page = developer.get(f"/releases/{release.id}/license")
    digest = re.search(r'name="terms_digest" value="([0-9a-f]{64})"', page.text)[1]
    act = f"/releases/{release.id}/license"
    developer.send(f"{act}/grant", at=act, terms_digest=digest, agreed="yes")
    story.decided(story.given.found(Release, release.id), Verdict.APPROVE, "review.approved")
    story.given.run(publish_release, str(release.id))
    seen = visit().see(PLEX)
    for said in ("Use yes", "Copy yes", "Share no", "Change no"):
        assert said in seen
    assert "Copies go out by its publisher’s grant to this registry." in seen
    assert story.given.run(lambda: session().query(Artifact).count()) == 1


def test_the_api_tells_what_is_concluded_and_finds_by_permission(story, client):
    story.published(kodi())
    release = story.waiting(bundles.jellyfin(), "lamplight.zip")
    [listing] = client.get("/api/v1/listings?may=redistribute,commercial&basis=license").json["listings"]
    assert (listing["license"], listing["basis"]) == ("MIT", "license")
    assert listing["permissions"] == ["redistribute", "modify", "commercial"]
    assert client.get("/api/v1/listings?may=hope").status_code == 422
    signed = client.bearing(story.given.token(story.developer))
    shown = signed.get(f"/api/v1/releases/{release.id}").json
    assert (shown["license"], shown["license_state"], shown["basis"]) == (None, "undecided", "none")
    assert shown["permissions"] == []


def test_the_api_says_what_its_publisher_can_still_say(story, client):
    release = story.waiting(bundles.plex(license=None), version="1.0")
    signed, address = (
        client.bearing(story.given.token(story.developer)),
        f"/api/v1/releases/{release.id}/license",
    )
    assert signed.get(address).json["asked"] == ["license", "grant"]
    assert signed.put(f"{address}/declared", json={"license": "MIT"}).json["asked"] == ["license"]
    first, second = signed.get(f"{address}/history").json["records"]
    assert (first["asked"], second["asked"]) == ([], ["license"])
