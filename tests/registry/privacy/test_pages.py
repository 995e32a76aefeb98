"""The pages of privacy: the label, the form, a moderator's page, the history, acknowledging a notice."""

import pytest

from registry.accounts.actor import SYSTEM
from registry.acknowledgements.models import Subject
from registry.acknowledgements.service import acknowledged_digests
from registry.privacy.models import Source
from registry.privacy.service import picture_of
from registry.releases.models import Release
from tests.registry.privacy.known import TELLS_ALL, TRACKER, tracking
from tests.story import Story


@pytest.fixture
def story(given):
    return Story(given)


@pytest.fixture
def moderator(story, visit):
    return visit(story.moderator)


@pytest.fixture
def developer(story, visit):
    return visit(story.developer)


def test_a_listing_tells_its_privacy_in_one_line_and_its_tab_has_the_label(story, visit):
    story.published(tracking(privacy=TELLS_ALL), maturity="mature")
    page = visit().see("/listings/kodi/metadata.example.lantern")
    assert "Privacy: handles diagnostics" in page
    assert "For mature viewers" in page
    tab = visit().see("/listings/kodi/metadata.example.lantern?tab=privacy")
    assert "Its own privacy practices apply, not those of this site." in tab
    assert TRACKER in tab
    assert "advertising or analytics companies" in tab
    assert "Its maker says that it is not for children." in tab


def test_a_release_page_has_the_label_and_leads_to_the_evidence(story, visit):
    release = story.published(tracking(privacy=TELLS_ALL))
    assert "Its own privacy practices apply" in visit().see("/listings/kodi/metadata.example.lantern/1.0.0")
    evidence = visit().see(f"/releases/{release.id}/privacy")
    assert "report.py:2" in evidence
    assert "requests.post(" in evidence
    assert "Accept what became wider" not in evidence


def test_an_unpublished_release_shows_its_privacy_to_its_own_people_alone(story, visit, developer):
    release = story.waiting(tracking())
    visit().get(f"/releases/{release.id}/privacy", status=404)
    assert "It cannot be approved until" in developer.see(f"/releases/{release.id}/privacy")


def test_a_moderator_sees_declared_found_and_set_and_overrules_with_a_reason(story, moderator, given):
    release = story.waiting(tracking())
    at = f"/releases/{release.id}/privacy"
    assert "Declared, found in the code, set" in moderator.see(f"/review/{release.id}")
    page = moderator.see(at)
    assert f"{TRACKER} (E3, found in the code)" in page
    short = moderator.send(f"{at}/acts", at=at, status=422, act="overrule", host=TRACKER, reason="no")
    assert "Say why in 10 to 1,000 characters" in short.text
    done = moderator.send(
        f"{at}/acts", at=at, act="overrule", host=TRACKER, reason="Never called, see line 9."
    )
    page = moderator.after(done)
    assert "overruled: Never called, see line 9." in page
    assert "privacy.contradiction" not in given.found(Release, release.id).reasons


def test_the_decision_page_shows_declared_beside_found_and_what_became_wider(story, moderator):
    story.published(tracking(privacy=None, code="print(1)\n"))
    update = story.waiting(tracking("2.0.0"))
    page = moderator.see(f"/review/{update.id}")
    assert f"{TRACKER} (E3, found in the code) . Declared: none." in page
    assert "Diagnostics no read in metadata.example.lantern/report.py:2" in page
    assert f"Hosts nothing leaves the server {TRACKER}" in page
    assert f"New since 1.0.0 + added host {TRACKER}" in page


def test_a_moderator_sets_a_row_and_the_label(story, moderator, given):
    release = story.waiting(tracking(privacy=None))
    at = f"/releases/{release.id}/privacy"
    row = {"code": "watch", "purpose": "analytics", "recipient": "developer"}
    done = moderator.send(f"{at}/acts", at=at, act="set", reason="Its readme says so.", **row)
    assert "Its readme says so." in moderator.after(done)
    moderator.send(f"{at}/acts", at=at, act="maturity", label="teen")
    assert given.found(Release, release.id).maturity == "teen"


def test_the_difference_to_the_release_before_is_shown(story, moderator):
    story.published(tracking(privacy=None, code="print(1)\n"))
    update = story.waiting(tracking("2.0.0", None))
    page = moderator.see(f"/releases/{update.id}/privacy")
    assert "Changed since 1.0.0" in page
    assert f"added host {TRACKER}" in page


def test_the_form_begins_with_what_was_found_and_its_answers_settle_the_contradiction(
    story, developer, given
):
    release = story.waiting(tracking())
    at = f"/releases/{release.id}/privacy/declare"
    assert TRACKER in developer.see(at)
    answers = {
        "leaves": "some", "hosts": TRACKER, "children": "unknown", "maturity": "everyone",
        "diagnostics-told": "yes", "diagnostics-purposes": "analytics",
        "diagnostics-recipients": "ad_analytics",
    }  # fmt: skip
    page = developer.after(developer.send(at, **answers))
    assert "Declared. The notice below is what people are told." in page
    after = given.found(Release, release.id)
    assert "privacy.contradiction" not in after.reasons
    assert after.maturity == "everyone"


def test_what_is_wrong_in_the_form_is_said_and_what_was_typed_stays(story, developer):
    release = story.waiting(tracking())
    at = f"/releases/{release.id}/privacy/declare"
    wrong = developer.send(at, status=422, leaves="some", hosts="https://not.a/host", **{"watch-told": "yes"})
    assert "a host name without scheme or path" in wrong.text
    assert "purposes" in wrong.text
    assert "https://not.a/host" in wrong.text
    silent = developer.send(at, status=422)
    assert "Say whether anything leaves the server." in silent.text


def test_the_answers_of_the_last_release_can_be_taken_over(story, developer, given):
    story.published(tracking(privacy=TELLS_ALL))
    update = story.waiting(tracking("2.0.0", None))
    at = f"/releases/{update.id}/privacy/declare"
    assert "Take over the answers of the last release" in developer.see(at)
    taken = developer.get(f"{at}?from=last").text
    assert "https://lantern.example/privacy" in taken
    developer.send(
        at, leaves="some", hosts=TRACKER, children="not_for", policy_url="https://lantern.example/privacy",
        **{"diagnostics-told": "yes", "diagnostics-purposes": "analytics",
           "diagnostics-recipients": "ad_analytics"},
    )  # fmt: skip
    assert given.run(picture_of, update.id, by=SYSTEM).declaration.source is Source.LAST_RELEASE


def test_a_notice_is_acknowledged_once_on_its_page(story, visit, given):
    release = story.published(tracking(privacy=TELLS_ALL))
    at = f"/notices/{release.notice_digest}"
    assert "Sign in to acknowledge it" in visit().see(at)
    reader = given.account()
    person = visit(reader)
    done = person.send(at, next="/listings/kodi/metadata.example.lantern")
    assert done.location == "/listings/kodi/metadata.example.lantern"
    assert "You have acknowledged this notice." in person.see(at)
    kept = given.run(acknowledged_digests, Subject.NOTICE, account_id=reader.id)
    assert kept == {release.notice_digest}
    assert person.send(at, next="https://evil.example/").location == at


def test_the_history_shows_each_notice_and_what_changed(story, visit):
    story.published(tracking(privacy=TELLS_ALL, code="print(1)\n"))
    more = TELLS_ALL.replace(f'["{TRACKER}"]', f'["{TRACKER}", "b.example.org"]')
    story.published(tracking("2.0.0", more))
    page = visit().see("/listings/kodi/metadata.example.lantern/privacy")
    assert page.index("version 2.0.0") < page.index("version 1.0.0")
    assert "added host b.example.org" in page
