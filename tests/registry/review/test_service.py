"""The queue and the decision."""

import dataclasses

import pytest
from sqlalchemy import select

from registry.accounts.models import Role
from registry.audit.models import AuditEvent
from registry.database import session
from registry.errors import Conflict, Invalid, NotAllowed, StateMoved
from registry.publishers.models import MemberRole
from registry.releases.models import Release
from registry.releases.publishing import publish_release
from registry.releases.states import ReleaseState
from registry.review.models import Decision, Verdict
from registry.review.service import claim_review, decide_review, list_waiting, release_from_quarantine
from tests import bundles
from tests.story import Story


@pytest.fixture
def story(given):
    return Story(given)


def decide(given, release, by, verdict=Verdict.APPROVE, reason="review.approved", note=""):
    return given.run(decide_review, release.id, verdict=verdict, reason=reason, note=note, by=given.actor(by))


def test_the_queue_is_oldest_first_in_pages_and_tells_why_each_waits(given, story):
    for number in range(3):
        story.waiting(bundles.kodi(version=f"1.{number}"))
    moderator = given.actor(story.moderator)
    first = given.run(list_waiting, by=moderator, limit=2)
    rest = given.run(list_waiting, by=moderator, limit=2, cursor=first.next_cursor)
    assert [r.version for r in (*first.rows, *rest.rows)] == ["1.0", "1.1", "1.2"]
    assert rest.next_cursor is None
    assert first.rows[0].reasons == ["review.first_release", "review.third_party", "privacy.undeclared"]


def test_an_approved_release_leaves_the_queue_and_is_published_by_the_worker(given, story):
    release = story.waiting()
    decide(given, release, story.moderator)
    assert given.run(list_waiting, by=given.actor(story.moderator)).rows == []
    given.run(publish_release, str(release.id))
    assert given.found(Release, release.id).state is ReleaseState.PUBLISHED


def test_publication_may_run_twice_without_harm(given, story):
    release = story.waiting()
    decide(given, release, story.moderator)
    given.run(publish_release, str(release.id))
    before = given.found(Release, release.id).published_at
    given.run(publish_release, str(release.id))
    assert given.found(Release, release.id).published_at == before


def test_nobody_decides_on_their_own_release_by_whatever_role(given, story):
    release = story.waiting()
    member = given.member(story.publisher, MemberRole.UPLOADER, given.moderator())
    for own in (member,):
        with pytest.raises(NotAllowed) as refused:
            decide(given, release, own)
        assert refused.value.code == "review.own"


def test_a_lone_admin_may_when_the_operator_lets_them_and_it_is_recorded(app, given, monkeypatch):
    admin = given.admin()
    publisher = given.publisher(admin, slug="operator")
    story = Story.__new__(Story)
    story.given, story.developer, story.publisher = given, admin, publisher
    release = story.waiting()
    with pytest.raises(NotAllowed):
        decide(given, release, admin)
    allowed = dataclasses.replace(app.extensions["marquee_settings"], review_self=True)
    monkeypatch.setitem(app.extensions, "marquee_settings", allowed)
    assert decide(given, release, admin).self_approved is True


def test_a_second_moderator_ends_the_exception(app, given, monkeypatch):
    admin = given.admin()
    story = Story.__new__(Story)
    story.given, story.developer = given, admin
    story.publisher = given.publisher(admin, slug="operator")
    given.moderator()
    release = story.waiting()
    allowed = dataclasses.replace(app.extensions["marquee_settings"], review_self=True)
    monkeypatch.setitem(app.extensions, "marquee_settings", allowed)
    with pytest.raises(NotAllowed):
        decide(given, release, admin)


def test_users_and_tokens_without_the_scope_see_no_queue(client, given, story):
    story.waiting()
    assert client.get("/api/v1/reviews").status_code == 401
    assert client.bearing(given.token(given.account())).get("/api/v1/reviews").status_code == 403
    assert client.bearing(given.token(story.moderator, "read")).get("/api/v1/reviews").status_code == 403


def test_a_refusal_needs_a_note_and_a_known_reason(given, story):
    release = story.waiting()
    with pytest.raises(Invalid):
        decide(given, release, story.moderator, Verdict.REJECT, "other", " ")
    with pytest.raises(Invalid):
        decide(given, release, story.moderator, Verdict.REJECT, "because", "A note.")


def test_the_publisher_gets_the_reason_by_mail(given, story):
    release = story.waiting()
    decide(given, release, story.moderator, Verdict.REQUEST_CHANGES, "license.unclear", "Name the license.")
    mail = given.mails(story.developer.email)[-1]
    assert "Name the license." in mail.body
    assert "license.unclear" in mail.body


def test_two_moderators_at_once_make_one_decision(given, story):
    release = story.waiting()
    decide(given, release, story.moderator)
    with pytest.raises(StateMoved):
        decide(given, release, given.moderator())
    assert len(given.run(lambda: session().scalars(select(Decision)).all())) == 1


def test_an_approval_can_be_taken_back_before_it_is_published(given, story):
    release = story.waiting()
    decide(given, release, story.moderator)
    decide(given, release, story.moderator, Verdict.REJECT, "security.risk", "Found late.")
    given.run(publish_release, str(release.id))
    assert given.found(Release, release.id).state is ReleaseState.REJECTED


def test_a_version_that_was_turned_away_may_be_sent_again(given, story):
    release = story.waiting()
    decide(given, release, story.moderator, Verdict.REQUEST_CHANGES, "license.unclear", "Name it.")
    again = story.waiting(bundles.kodi(license="MIT"))
    assert again.id != release.id
    assert again.version == release.version


def test_a_claim_is_seen_by_others_and_lapses(given, story):
    release = story.waiting()
    given.run(claim_review, release.id, by=given.actor(story.moderator))
    with pytest.raises(Conflict):
        given.run(claim_review, release.id, by=given.actor(given.moderator()))
    given.run(claim_review, release.id, by=given.actor(story.moderator))


def test_a_quarantined_release_comes_back_only_if_it_was_published(given, story):
    published = story.decided(story.published(), Verdict.QUARANTINE)
    never = story.decided(story.waiting(bundles.kodi(version="2.0")), Verdict.QUARANTINE)
    moderator = given.actor(story.moderator)
    assert given.run(release_from_quarantine, published.id, note="", by=moderator).state.value == "published"
    with pytest.raises(StateMoved):
        given.run(release_from_quarantine, never.id, note="", by=moderator)


def test_the_policy_approves_first_party_releases_only_when_the_operator_says_so(app, given, monkeypatch):
    first = Story(given, "operator", first_party=True)
    held = first.waiting()
    assert held.approved_at is None
    allowed = dataclasses.replace(
        app.extensions["marquee_settings"], review_automatic=frozenset({"first-party"})
    )
    monkeypatch.setitem(app.extensions, "marquee_settings", allowed)
    assert first.waiting(bundles.kodi(version="1.1")).approved_at is not None
    third = Story(given, "stranger")
    assert third.waiting(bundles.kodi("script.other.thing")).approved_at is None


def test_the_policy_never_approves_what_a_check_holds(app, given, monkeypatch):
    allowed = dataclasses.replace(
        app.extensions["marquee_settings"], review_automatic=frozenset({"first-party"})
    )
    monkeypatch.setitem(app.extensions, "marquee_settings", allowed)
    hidden = bundles.kodi(more={"main2.py": "access = 'user\u202e \u2066# admin\u2069 \u2066'\n"})
    assert Story(given, "operator", first_party=True).waiting(hidden).approved_at is None


def test_every_decision_is_in_the_audit_trail_with_its_actor(given, story):
    release = story.waiting()
    decide(given, release, story.moderator)
    event = given.run(
        lambda: session().scalars(select(AuditEvent).where(AuditEvent.event == "release_approved")).one()
    )
    assert event.actor_id == story.moderator.id
    assert story.moderator.role is Role.MODERATOR
