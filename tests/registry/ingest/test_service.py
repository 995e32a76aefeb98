"""Ingest: from received bytes to a waiting release, or to findings that teach; twice without harm."""

import pytest
from sqlalchemy import func, select

from registry.database import session
from registry.ingest.service import ingest_upload
from registry.listings.models import Listing
from registry.releases.models import Picture, Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from registry.storing import store
from registry.uploads.models import Upload
from storage.keys import upload_key
from tests import bundles
from tests.story import Story


@pytest.fixture
def story(given):
    return Story(given)


def codes(upload):
    return [finding["code"] for finding in upload.findings if finding["severity"] == "error"]


def count(given, model):
    return given.run(lambda: session().scalar(select(func.count()).select_from(model)))


@pytest.mark.parametrize(
    ("bundle", "ecosystem", "kind", "identifier", "version"),
    [
        (bundles.kodi(), "kodi", "agent", "metadata.example.lantern", "1.0.0"),
        (bundles.jellyfin(), "jellyfin", "agent", "4a5b6c7d-1111-4222-8333-944455556666", "1.2.0.0"),
        (bundles.stash(), "stash", "plugin", "lanternTags", "1.0"),
    ],
    ids=["kodi", "jellyfin", "stash"],
)
def test_the_bundles_own_metadata_makes_the_release(
    given, story, bundle, ecosystem, kind, identifier, version
):
    release = story.waiting(bundle)
    listing = given.found(Listing, release.listing_id)
    assert (listing.ecosystem, listing.kind.value, listing.identifier, release.version) == (
        ecosystem, kind, identifier, version,
    )  # fmt: skip
    assert listing.latest_release_id is None


def test_the_steps_are_told_in_order(story):
    upload = story.ingested(bundles.kodi())
    names = [step["name"] for step in upload.steps]
    assert names == [
        "stored",
        "opened",
        "identified",
        "read",
        "checked",
        "searched",
        "licensed",
        "pictured",
        "waiting",
    ]
    assert all(step["state"] == "done" for step in upload.steps)


def test_ingest_may_run_twice(given, story):
    upload = story.ingested(bundles.kodi())
    given.run(ingest_upload, str(upload.id))
    assert count(given, Release) == 1


def test_an_ingest_that_died_goes_on_where_it_was(given, story):
    upload = story.received(bundles.kodi())

    def die() -> None:
        with pytest.raises(KeyboardInterrupt), pytest.MonkeyPatch.context() as patch:
            patch.setattr("registry.ingest.service.record_release", _killed)
            ingest_upload(str(upload.id))

    given.run(die)
    assert given.found(Upload, upload.id).state.value == "ingesting"
    given.run(ingest_upload, str(upload.id))
    assert given.found(Upload, upload.id).state.value == "waiting"
    assert count(given, Release) == 1


def _killed(*args: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("bundle", "code"),
    [
        (b"just text", "archive.not_zip"),
        (bundles.kodi()[:-30], "archive.truncated"),
        (bundles.kodi() + b"tail", "archive.trailing"),
        (bundles.zipped({"../evil.py": "x"}), "path.traversal"),
        (bundles.kodi(identifier="../../x"), "path.traversal"),
        (bundles.kodi(version="1.0/../2.0"), "manifest.version"),
    ],
    ids=["text", "cut", "tail", "traversal", "identifier", "version"],
)
def test_what_cannot_be_accepted_leaves_a_finding_and_no_bytes(given, story, bundle, code):
    upload = story.ingested(bundle)
    assert upload.state.value == "rejected"
    assert code in codes(upload)
    assert count(given, Release) == count(given, Listing) == 0
    there = given.run(lambda: store().stat(store().config.bucket_incoming, upload_key(str(upload.id))))
    assert there is None
    told = next(f for f in upload.findings if f["code"] == code)
    assert told["message"]
    assert told["fix"]


def test_what_was_said_must_not_contradict_the_bundle(story):
    assert codes(story.ingested(bundles.kodi(), said={"version": "2.0"})) == ["manifest.mismatch"]
    assert codes(story.ingested(bundles.kodi(), said={"identifier": "metadata.other"})) == [
        "manifest.mismatch"
    ]


def test_the_kind_may_be_corrected_and_is_kept_as_said(given, story):
    release = story.waiting(bundles.stash(), kind="agent")
    assert given.found(Listing, release.listing_id).kind.value == "agent"
    assert release.said == {"kind": "agent"}


def test_an_identifier_belongs_to_who_came_first(given, story):
    story.waiting()
    stranger = Story(given, "harbor")
    upload = stranger.ingested(bundles.kodi(version="9.0"))
    assert codes(upload) == ["identifier.taken"]
    assert "lantern" in upload.findings[-1]["message"]


def test_a_name_that_looks_like_anothers_waits_with_that_reason(given, story):
    story.waiting(bundles.kodi("script.trakt.lantern"))
    release = Story(given, "harbor").waiting(bundles.kodi("script.trakt-lantern"))
    assert "name.too_similar" in release.reasons


def test_code_that_cannot_be_seen_is_held(story):
    hidden = bundles.kodi(more={"x.py": "a = 1  # \u202e hidden \u2066\n"})
    assert "scan.invisible_code" in story.waiting(hidden).reasons


def test_a_private_key_in_a_bundle_refuses_it(story):
    key = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEA" * 20 + "\n-----END RSA PRIVATE KEY-----\n"
    assert codes(story.ingested(bundles.kodi(more={"id_rsa": key}))) == ["scan.secret"]


def test_pictures_are_encoded_anew_and_the_bundles_bytes_stay(given, story):
    release = story.waiting(bundles.kodi(icon=bundles.png(300)))
    picture = given.run(lambda: session().scalars(select(Picture)).one())
    assert (picture.release_id, picture.role) == (release.id, "icon")
    assert picture.width_px <= 512


def test_a_picture_is_seen_by_its_people_first_and_by_all_once_published(client, given, story):
    release = story.waiting(bundles.kodi(icon=bundles.png(300)))
    picture = given.run(lambda: session().scalars(select(Picture)).one())
    address = f"/pictures/{picture.sha256}.png"
    assert client.get(address).status_code == 404
    assert client.bearing(given.token(story.developer)).get(address).status_code == 200
    story.decided(release, Verdict.APPROVE, "review.approved")
    given.run(publish_release, str(release.id))
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.data[:4] in {b"\x89PNG", b"RIFF"}


def test_a_token_of_ours_in_a_bundle_is_revoked_first_and_the_bundle_refused(client, given, story):
    token = given.token(story.developer)
    upload = story.ingested(bundles.kodi(more={"ci.py": f"TOKEN = '{token}'\n"}))
    assert "scan.own_token" in codes(upload)
    assert client.bearing(token).get("/api/v1/me").status_code == 401
    assert "revoked" in given.mails(story.developer.email)[-1].subject
    assert token not in str(upload.findings)
