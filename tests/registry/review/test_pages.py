"""The moderators' pages: who sees them, what a decision asks for, what is shown of the evidence."""

from dataclasses import replace

import pytest

from registry.accounts.models import Role
from registry.publishers.models import MemberRole
from registry.releases.models import Release
from registry.releases.states import ReleaseState
from registry.review.models import Verdict
from tests import bundles
from tests.bundles import png
from tests.story import Story
from tests.visiting import fault_beside, value_of


@pytest.fixture
def story(given):
    return Story(given)


@pytest.fixture
def moderator(story, visit):
    return visit(story.moderator)


def test_the_queue_is_for_moderators_alone(story, given, visit):
    release = story.waiting()
    for path in ("/review", f"/review/{release.id}"):
        visit().get(path, status=302)
        assert "This is not yours to do" in visit(story.developer).see(path, status=403)
        visit(given.admin()).get(path)


@pytest.mark.parametrize("page", ["/review/{}", "/releases/{}/privacy"])
def test_a_lone_admin_is_asked_where_the_operator_lets_them_and_nobody_else_is(
    page, app, given, visit, monkeypatch
):
    admin = given.admin()
    story = Story.__new__(Story)
    story.given, story.developer, story.publisher = given, admin, given.publisher(admin, slug="operator")
    at, own = page.format(story.waiting().id), "This is your own release."
    assert own in visit(admin).see(at)
    allowed = replace(app.extensions["marquee_settings"], review_self=True)
    monkeypatch.setitem(app.extensions, "marquee_settings", allowed)
    assert own not in visit(admin).see(at)
    given.moderator()
    assert own in visit(admin).see(at)


def test_an_empty_queue_says_that_nothing_waits(moderator):
    assert "Nothing waits" in moderator.see("/review")


def test_the_queue_shows_the_oldest_first_why_each_waits_and_who_looks_at_it(story, moderator, given, visit):
    first = story.waiting(bundles.kodi("script.first", name="First", icon=png()))
    story.waiting(bundles.kodi("script.second", name="Second"))
    page = moderator.see("/review")
    assert page.index("First 1.0.0") < page.index("Second 1.0.0")
    assert "The first release of this listing" in page
    assert "Queue 2 waiting" in page

    address = f"/review/{first.id}"
    moderator.send(f"{address}/claim", at=address)
    assert "You look at it" in moderator.see("/review")
    other = visit(given.moderator())
    assert "Being looked at" in other.see("/review")
    assert "Another moderator is looking at it." in other.see(address)
    refused = other.send(f"{address}/claim", at=address)
    assert "Another moderator is looking at this release." in other.after(refused)


def test_the_evidence_stands_on_one_page(story, moderator):
    story.published()
    update = story.waiting(
        bundles.kodi(version="2.0.0", license="MIT", more={"beacon.py": "URL = 1\n", "x.zip": bundles.kodi()})
    )
    seen = moderator.see(f"/review/{update.id}")
    assert "Changed since 1.0.0" in seen
    assert "License GPL-2.0-or-later MIT" in seen
    assert "added beacon.py" in seen
    assert "entry.nested" in seen
    assert "1 published, 1 waiting" in seen


def test_an_approval_needs_no_more_and_opens_the_next(story, moderator, given):
    first = story.waiting(bundles.kodi("script.first", name="First"))
    second = story.waiting(bundles.kodi("script.second", name="Second"))
    decided = moderator.send(f"/review/{first.id}", decision="approve")
    assert decided.location == f"/review/{second.id}"
    assert "Recorded: approve." in moderator.after(decided)
    assert given.found(Release, first.id).approved_at is not None
    assert moderator.send(f"/review/{second.id}", decision="approve").location == "/review"


def test_a_rejection_without_reason_or_note_is_told_beside_the_field_and_keeps_what_was_typed(
    story, moderator
):
    release = story.waiting()
    address = f"/review/{release.id}"
    refused = moderator.send(address, status=422, decision="reject", note="It does not load.")
    assert fault_beside(refused, "reason") == "Choose a reason; the publisher reads it."
    assert value_of(refused, "note") == "It does not load."
    refused = moderator.send(address, status=422, decision="reject", reason="quality.broken", note=" ")
    assert "Say in the note what is wrong" in fault_beside(refused, "note")
    assert '<option value="quality.broken" selected>' in refused.text
    refused = moderator.send(address, status=422, decision="explode")
    assert fault_beside(refused, "note") == "Choose a decision."


def test_a_rejected_release_says_why_to_its_publisher(story, moderator, given, visit):
    release = story.waiting()
    note = "It does not load on 21."
    moderator.send(f"/review/{release.id}", decision="reject", reason="quality.broken", note=note)
    assert given.found(Release, release.id).state is ReleaseState.REJECTED
    assert note in visit(story.developer).see("/mine")


def test_nobody_decides_on_their_own(given, visit):
    story = Story(given)
    both = given.account(role=Role.MODERATOR)
    given.publisher(both, slug="mine")
    release = story.waiting()
    given.member(story.publisher, MemberRole.OWNER, both)
    somebody = visit(both)
    assert "Another moderator decides on it." in somebody.see(f"/review/{release.id}")
    refused = somebody.send(f"/review/{release.id}", at="/accounts", status=403, decision="approve")
    assert "Nobody decides on their own release" in refused.text


def test_a_published_release_can_be_taken_back_and_offered_again(story, moderator, visit):
    release = story.published()
    address = f"/review/{release.id}"
    assert "Take it back" in moderator.see(address)
    moderator.send(address, decision="quarantine", reason="security.risk", note="It listens on all ports.")
    seen = moderator.see(address)
    assert "Quarantine" in seen
    assert "It listens on all ports." in seen
    offered = moderator.send(f"{address}/release", at=address, note="A false alarm.")
    assert "It is offered again." in moderator.after(offered)


def test_a_decision_on_what_has_gone_on_is_refused_in_words(story, moderator):
    release = story.waiting()
    token = moderator.token(f"/review/{release.id}")
    story.decided(release, Verdict.REJECT)
    late = moderator.send_plain(f"/review/{release.id}", status=409, csrf_token=token, decision="approve")
    assert "This release is rejected already." in late.text


def test_a_decision_without_the_forms_token_is_refused(story, moderator, given):
    release = story.waiting()
    moderator.send_plain(f"/review/{release.id}", status=403, decision="approve")
    assert given.found(Release, release.id).approved_at is None
