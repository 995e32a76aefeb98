"""The pages of publishing: the plain form, the steps, what the bundle cannot say, where mine stand."""

import io
import re

import pytest

from registry.accounts.models import Account
from registry.database import session, transaction
from registry.ingest.service import ingest_upload
from registry.review.models import Verdict
from registry.uploads.models import Upload, UploadState
from registry.uploads.pages import STEPS
from registry.uploads.service import open_upload
from tests import bundles
from tests.story import Story
from tests.visiting import fault_beside, value_of


@pytest.fixture
def story(given):
    return Story(given)


@pytest.fixture
def developer(story, visit):
    return visit(story.developer)


def a_file(body: bytes = b"", name: str = "bundle.zip"):
    return io.BytesIO(body or bundles.kodi()), name


def _unconfirm(account_id) -> None:
    with transaction() as tx:
        tx.get_one(Account, account_id).email_verified_at = None


def test_whoever_is_not_signed_in_is_asked_to_and_led_back(visit):
    for path in ("/publish", "/mine", "/uploads/6f1c9a52-8d4e-4b0a-9b1a-2f8f2f0f8a11"):
        answer = visit().get(path, status=302)
        assert answer.location == f"/accounts/sign-in?next={path}"


def test_somebody_without_a_publisher_is_told_to_make_one_first(given, visit):
    seen = visit(given.account()).see("/publish")
    assert "First, a publisher" in seen
    assert "Create a publisher" in seen


def test_a_file_goes_in_by_the_plain_form_and_its_steps_are_shown(story, developer, given):
    sent = developer.send("/publish", publisher="lantern", file=a_file())
    upload = given.run(lambda: session().query(Upload).one())
    assert sent.location == f"/uploads/{upload.id}"
    page = developer.get(sent.location)
    assert 'hx-trigger="every 700ms"' in page.text
    assert f"Step 2 of {len(STEPS)}: Opened" in page.text

    given.run(ingest_upload, str(upload.id))
    part = developer.get(f"{sent.location}?part=steps", HX_Request="true")
    assert "<html" not in part.text
    assert "hx-trigger" not in part.text
    assert "All steps are done." in part.text
    assert "In the queue" in developer.see(sent.location)


def test_for_whom_it_is_may_be_said_with_the_file(story, developer, given):
    assert "For whom is it?" in developer.see("/publish")
    developer.send("/publish", publisher="lantern", maturity="teen", file=a_file())
    headers = {"X-CSRFToken": developer.token("/publish")}
    about = {"publisher": "lantern", "filename": "b.zip", "size": 9, "said": {"maturity": "mature"}}
    assert developer.client.post("/publish/open", json=about, headers=headers).status_code == 201
    kept = given.run(lambda: session().query(Upload).order_by(Upload.created_at).all())
    assert [upload.said for upload in kept] == [{"maturity": "teen"}, {"maturity": "mature"}]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose one file."),
        ({"file": (io.BytesIO(b""), "bundle.zip")}, "The file is empty."),
        ({"file": (io.BytesIO(b"7z"), "bundle.7z")}, ".7z files are not accepted."),
    ],
)
def test_what_is_wrong_with_a_file_is_told_beside_it(developer, given, fields, sentence):
    token = developer.token("/publish")
    answer = developer.client.post("/publish", data={"csrf_token": token, "publisher": "lantern", **fields})
    assert answer.status_code in {415, 422}
    assert fault_beside(answer, "file").startswith(sentence)
    assert given.run(lambda: session().query(Upload).count()) == 0


def test_two_files_at_once_are_refused(developer):
    token = developer.token("/publish")
    fields = {"csrf_token": token, "publisher": "lantern", "file": [a_file(), a_file()]}
    answer = developer.client.post("/publish", data=fields)
    assert answer.status_code == 400
    assert "Choose one file" in fault_beside(answer, "file")


def test_a_form_without_its_token_is_refused(developer, given):
    refused = developer.send_plain("/publish", status=403, publisher="lantern", file=a_file())
    assert "came from another site" in refused.text
    wrong = {"csrf_token": "made up", "publisher": "lantern", "file": a_file()}
    developer.send_plain("/publish", status=403, **wrong)
    assert given.run(lambda: session().query(Upload).count()) == 0


def test_a_file_for_another_publisher_is_refused(given, developer):
    given.publisher(slug="elsewhere")
    answer = developer.send("/publish", status=403, publisher="elsewhere", file=a_file())
    assert "You are not a member of 'elsewhere'" in fault_beside(answer, "file")


def test_an_unconfirmed_account_is_told_so_before_it_tries(given, visit):
    owner = given.account()
    given.publisher(owner, slug="north")
    given.run(_unconfirm, owner.id)
    somebody = visit(owner)
    assert "Confirm your e-mail address first" in somebody.see("/publish")
    refused = somebody.send("/publish", status=403, publisher="north", file=a_file())
    assert "Verify your e-mail address first" in fault_beside(refused, "file")


def test_the_page_script_opens_an_upload_and_sends_its_parts_with_the_token_in_a_header(developer, given):
    headers = {"X-CSRFToken": developer.token("/publish")}
    about = {"publisher": "lantern", "filename": "big.zip", "size": 9 * 1024 * 1024}
    assert developer.client.post("/publish/open", json=about).status_code == 403
    opened = developer.client.post("/publish/open", json=about, headers=headers)
    assert opened.status_code == 201
    part = re.sub("^http://[^/]+", "", opened.json["parts"][0]["url"])
    body = bytes(opened.json["part_size"])
    assert developer.client.put(part, data=b"x").status_code == 403
    assert developer.client.put(part, data=body, headers=headers).status_code == 200
    assert [p["number"] for p in developer.client.get(opened.json["state_url"]).json["received"]] == [1]
    assert "8.4 MB of 9.4 MB" in developer.see(opened.json["page"])


def test_a_rejected_bundle_shows_each_finding_with_the_way_to_mend_it(story, developer):
    torn = bundles.zipped({"plugin.video.torn/addon.xml": "<addon id='plugin.video.torn'\n"})
    upload = story.ingested(torn, "torn.zip")
    page = developer.get(f"/uploads/{upload.id}")
    assert "This file cannot become a release." in page.text
    assert "manifest.xml" in page.text
    assert "Open the file in an XML editor and mend the line." in page.text
    assert re.search(r'<li class="failed">.*?Read', page.text, re.DOTALL)
    assert "Upload the mended file" in page.text


def test_what_the_bundle_cannot_say_is_asked_for_and_kept_as_said(story, developer, given):
    upload = story.ingested(bundles.plex(), "lantern.zip")
    address = f"/uploads/{upload.id}"
    assert "One thing the bundle does not say" in developer.see(address)
    refused = developer.send(f"{address}/say", at=address, status=422, version="one point oh!")
    assert "is no version" in fault_beside(refused, "version")
    assert value_of(refused, "version") == "one point oh!"

    developer.send(f"{address}/say", at=address, version="1.4.0")
    assert given.found(Upload, upload.id).said == {"version": "1.4.0"}
    given.run(ingest_upload, str(upload.id))
    assert "In the queue" in developer.see(address)


def test_an_open_upload_can_be_given_up(story, developer, given):
    upload, _ = given.run(
        open_upload, publisher="lantern", filename="big.zip", size_bytes=9_000_000, sha256=None, said={},
        by=given.actor(story.developer),
    )  # fmt: skip
    address = f"/uploads/{upload.id}"
    assert "0 bytes of 9.0 MB" in developer.see(address)
    assert "its bytes are gone" in developer.after(developer.send(f"{address}/abort", at=address))
    assert given.found(Upload, upload.id).state is UploadState.ABORTED
    assert "was given up" in developer.see(address)


def test_an_upload_is_nobody_elses_business(story, given, visit):
    upload = story.ingested(bundles.kodi())
    visit(given.account()).get(f"/uploads/{upload.id}", status=404)
    visit(story.moderator).get(f"/uploads/{upload.id}")


def test_mine_says_where_each_stands_and_what_is_wanted(story, developer, visit):
    assert "Nothing of yours yet" in visit(story.moderator).see("/mine")
    first = story.waiting(bundles.kodi("script.first", name="First"))
    story.waiting(bundles.kodi("script.second", name="Second"))
    story.ingested(bundles.plex(), "lantern.zip")
    seen = developer.see("/mine")
    assert "It is number 1 in the queue." in seen
    assert "It is number 2 in the queue." in seen
    assert "Say its version" in seen

    story.decided(first, Verdict.REQUEST_CHANGES, note="Please add the source.")
    seen = developer.see("/mine")
    assert "Please add the source." in seen
    assert "It is number 1 in the queue; a decision usually takes 1 minute." in seen
