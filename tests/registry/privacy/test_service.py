"""From ingest to notice: what is recorded, what holds a release, what settles it, what feeds say."""

import xml.etree.ElementTree as ET

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError

from registry.accounts.actor import ANONYMOUS, SYSTEM
from registry.database import session, transaction
from registry.errors import Conflict, Invalid, NotAllowed, NotFound, StateMoved
from registry.listings.models import Listing
from registry.listings.service import Search, search_listings
from registry.privacy.models import Act, PrivacyNotice, Source
from registry.privacy.moderation import act_on_privacy
from registry.privacy.service import declare_privacy, history_of, picture_of
from registry.publishers.models import MemberRole
from registry.publishers.service import mark_first_party
from registry.releases.models import Release
from registry.releases.publishing import publish_release
from registry.review.models import Verdict
from registry.work import Job, Work
from tests import bundles
from tests.registry.privacy.known import LOOKS_UP, REPORTS, SAID, TELLS_ALL, TRACKER, tracking
from tests.story import Story

WHY = "The call stands in a branch that is never taken."


@pytest.fixture
def story(given):
    return Story(given)


@pytest.fixture
def acts(story, given):
    """Let the moderator act on the privacy of a release, which is returned as it is then."""

    def act(release, what, **how):
        how = {"reason": WHY, "by": given.actor(story.moderator), **how}
        given.run(act_on_privacy, release.id, what, **how)
        return given.found(Release, release.id)

    return act


@pytest.fixture
def declares(story, given):
    def declare(release, said=SAID, by=None, source=Source.API, **more):
        who = given.actor(by or story.developer)
        given.run(declare_privacy, release.id, said, source=source, by=who, **more)
        return given.found(Release, release.id)

    return declare


@pytest.fixture
def seen(given):
    return lambda release: given.run(picture_of, release.id, by=SYSTEM)


def approved(story, given, release):
    story.decided(release, Verdict.APPROVE, "review.approved")
    given.run(publish_release, str(release.id))
    return given.found(Release, release.id)


# What ingest records


def test_ingest_records_what_was_found_what_is_declared_and_a_notice(story, seen, given):
    release = story.waiting(tracking())
    picture = seen(release)
    assert picture.declaration.source is Source.BUNDLE
    assert picture.declaration.none
    assert [host.host for host in picture.known.found.hosts] == [TRACKER]
    assert [each.host for each in picture.standings] == [TRACKER]
    assert release.notice_digest == picture.notice.digest
    assert picture.notice.content["third_party"]
    assert "privacy.contradiction" in release.reasons


def test_what_was_said_at_upload_counts_where_the_bundle_says_nothing(story, seen):
    release = story.waiting(tracking(privacy=None), privacy={**SAID, "from": "cli"}, maturity="teen")
    picture = seen(release)
    assert picture.declaration.source is Source.CLI
    assert picture.declaration.account_id == story.developer.id
    assert not [reason for reason in release.reasons if reason.startswith("privacy.")]
    assert release.maturity == "teen"
    assert "privacy" not in release.said


def test_the_bundles_own_declaration_wins_over_what_was_said(story, seen):
    release = story.waiting(tracking(privacy=TELLS_ALL), privacy={"none": True, "from": "api"})
    assert seen(release).declaration.source is Source.BUNDLE
    assert seen(release).declaration.policy_url == "https://lantern.example/privacy"


def test_a_third_party_that_declares_nothing_is_asked_and_not_held(story, given):
    release = story.waiting(tracking(privacy=None))
    assert "privacy.undeclared" in release.reasons
    assert approved(story, given, release).published_at is not None


def test_a_first_party_with_nothing_to_tell_has_no_notice(given):
    story = Story(given, first_party=True)
    release = story.waiting()
    assert release.notice_digest is None
    assert not [reason for reason in release.reasons if reason.startswith("privacy.")]


def test_no_row_of_privacy_can_be_changed_or_taken_away(story, app, given):
    story.waiting(tracking())
    columns = {
        "privacy_declaration": "release_id", "privacy_found": "release_id", "privacy_notice": "digest",
        "notice_given": "release_id",
    }  # fmt: skip
    for table, column in columns.items():
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
            with pytest.raises(IntegrityError, match="only ever added"):
                given.run(lambda asked=statement: session().execute(text(asked)))


# What holds a release, and what settles it


def test_a_contradiction_cannot_be_approved(story, given):
    release = story.waiting(tracking())
    with pytest.raises(Conflict) as refused:
        story.decided(release, Verdict.APPROVE, "review.approved")
    assert refused.value.code == "privacy.contradiction"
    assert refused.value.extra["contradictions"][0]["host"] == TRACKER
    assert given.found(Release, release.id).approved_at is None


def test_it_is_settled_by_declaring_anew(story, given, declares):
    release = declares(story.waiting(tracking()))
    assert "privacy.contradiction" not in release.reasons
    assert approved(story, given, release).published_at is not None


def test_it_is_settled_by_a_moderator_with_a_reason_that_is_shown(story, given, acts, seen):
    release = acts(story.waiting(tracking()), Act.OVERRULE, subject=TRACKER)
    assert "privacy.contradiction" not in release.reasons
    assert approved(story, given, release).published_at is not None
    assert seen(release).notice.content["differs"][0]["overruled"] == WHY


def test_an_overruling_needs_a_reason_and_a_contradiction_that_stands(story, acts):
    release = story.waiting(tracking())
    with pytest.raises(Invalid):
        acts(release, Act.OVERRULE, subject=TRACKER, reason="ok")
    with pytest.raises(Invalid):
        acts(release, Act.OVERRULE, subject="elsewhere.example.org")


def test_only_moderators_act_and_never_on_their_own_release(story, acts, given):
    release = story.waiting(tracking())
    with pytest.raises(NotAllowed):
        acts(release, Act.OVERRULE, subject=TRACKER, by=given.actor(story.developer))
    own = given.moderator()
    given.member(story.publisher, MemberRole.MAINTAINER, own)
    with pytest.raises(NotAllowed) as refused:
        acts(release, Act.OVERRULE, subject=TRACKER, by=given.actor(own))
    assert refused.value.code == "review.own"


def test_a_required_declaration_holds_until_it_is_made_and_its_maker_is_told(story, acts, declares, given):
    release = acts(story.waiting(tracking(privacy=None, code=LOOKS_UP)), Act.REQUIRE)
    assert "privacy.required" in release.reasons
    assert WHY in given.mails(story.developer.email)[-1].body
    with pytest.raises(Conflict) as refused:
        story.decided(release, Verdict.APPROVE, "review.approved")
    assert refused.value.code == "privacy.required"
    answered = declares(release, {**SAID, "hosts": ["api.themoviedb.org"]})
    assert "privacy.required" not in answered.reasons


def test_a_row_that_a_reviewer_sets_is_in_the_notice_with_its_reason(story, acts, seen):
    row = {"code": "watch", "purposes": ["analytics"], "recipients": ["ad_analytics"]}
    release = acts(story.waiting(tracking(privacy=None)), Act.SET, row=row)
    (told,) = seen(release).notice.content["data"]
    assert (told["code"], told["set_by"], told["reason"]) == ("watch", "reviewer", WHY)


# Updates


def test_an_update_that_contacts_a_new_host_waits_as_widened_and_asks_again(story, given, acts):
    first = story.published(
        tracking(privacy=None, code=LOOKS_UP), privacy={**SAID, "hosts": None, "from": "api"}
    )
    both = LOOKS_UP + REPORTS
    update = story.waiting(tracking("2.0.0", None, both), privacy={**SAID, "hosts": None, "from": "api"})
    assert "privacy.widened" in update.reasons
    assert update.notice_digest != first.notice_digest
    accepted = acts(update, Act.ACCEPT, reason="")
    assert "privacy.widened" not in accepted.reasons
    assert approved(story, given, accepted).notice_digest == update.notice_digest


def test_an_update_that_means_the_same_keeps_the_notice(story):
    first = story.published(tracking(privacy=TELLS_ALL))
    update = story.waiting(tracking("2.0.0", TELLS_ALL, f"# moved\n{REPORTS}"))
    assert update.notice_digest == first.notice_digest
    assert not [reason for reason in update.reasons if reason.startswith("privacy.")]


def test_what_a_reviewer_overruled_stays_for_the_same_lines_and_is_looked_at_anew_for_others(
    story, given, acts
):
    first = acts(story.waiting(tracking()), Act.OVERRULE, subject=TRACKER)
    approved(story, given, first)
    same = story.waiting(tracking("2.0.0"))
    assert "privacy.contradiction" not in same.reasons
    assert approved(story, given, same).notice_digest == first.notice_digest
    other = REPORTS.replace("'v': 1", "'v': 1, 'cid': account")
    assert "privacy.contradiction" in story.waiting(tracking("3.0.0", code=other)).reasons


def test_a_row_that_a_reviewer_set_stays_until_it_is_taken_back(story, given, acts, seen):
    row = {"code": "watch", "purposes": ["analytics"], "recipients": ["developer"]}
    first = acts(story.waiting(tracking(privacy=None)), Act.SET, row=row)
    approved(story, given, first)
    update = story.waiting(tracking("2.0.0", None))
    assert [told["code"] for told in seen(update).notice.content["data"]] == ["watch"]
    with pytest.raises(Invalid):
        acts(update, Act.UNSET, subject="library")
    taken = acts(update, Act.UNSET, subject="watch", reason="Its maker has shown that it is not so.")
    assert seen(taken).notice.content["data"] == []


# Declaring


def test_declaring_a_published_release_makes_a_new_notice_and_a_new_feed(story, given, declares):
    release = story.published(tracking(privacy=None))

    def forget_work():
        with transaction() as tx:
            tx.execute(delete(Job))

    def asked():
        return list(session().scalars(select(Job.subject).where(Job.work == Work.FEEDS)))

    given.run(forget_work)
    declared = declares(release)
    assert declared.notice_digest != release.notice_digest
    assert given.run(asked) == ["kodi"]


def test_what_is_published_cannot_be_declared_into_a_contradiction(story, declares, given):
    release = declares(story.published(tracking(privacy=None)))
    with pytest.raises(Conflict) as refused:
        declares(release, {"none": True})
    assert refused.value.code == "privacy.contradiction"
    assert given.found(Release, release.id).notice_digest == release.notice_digest


def test_what_is_approved_and_not_yet_published_cannot_either(story, declares, acts):
    release = declares(story.waiting(tracking()))
    story.decided(release, Verdict.APPROVE, "review.approved")
    with pytest.raises(Conflict):
        declares(release, {"none": True})
    with pytest.raises(StateMoved):
        acts(release, Act.REQUIRE)


def test_only_members_declare(story, given, declares):
    release = story.waiting(tracking())
    with pytest.raises(NotFound):
        declares(release, by=given.account())
    published = declares(release)
    approved(story, given, published)
    with pytest.raises(NotAllowed):
        declares(release, by=given.account())


def test_nothing_is_declared_of_a_release_that_was_rejected(story, declares):
    release = story.decided(story.waiting(tracking()), Verdict.REJECT)
    with pytest.raises(StateMoved):
        declares(release)


# Whose it is


def test_when_a_publisher_becomes_first_party_its_notices_say_so(story, given):
    release = story.published(tracking(privacy=TELLS_ALL))
    given.run(mark_first_party, story.publisher.slug, first_party=True, by=SYSTEM)
    now = given.found(Release, release.id)
    assert now.notice_digest != release.notice_digest
    assert not given.found(PrivacyNotice, now.notice_digest).content["third_party"]


# The history


def test_everybody_can_see_which_notices_a_listing_had_and_why(story, given, declares):
    first = story.published(tracking(privacy=None))
    declares(first)
    second = story.published(tracking("2.0.0", TELLS_ALL))
    listing = given.found(Listing, first.listing_id)
    rows = given.run(history_of, listing, by=ANONYMOUS)
    assert [(row.release.version, row.because) for row in rows] == [
        ("2.0.0", "release"), ("1.0.0", "declared"), ("1.0.0", "release"),
    ]  # fmt: skip
    assert rows[0].notice.digest == second.notice_digest


def test_what_was_declared_while_it_waited_is_nobodys_history(story, given, declares):
    release = approved(story, given, declares(story.waiting(tracking())))
    rows = given.run(history_of, given.found(Listing, release.listing_id), by=ANONYMOUS)
    assert [row.notice.digest for row in rows] == [release.notice_digest]


# Maturity


def test_a_label_is_said_at_upload_shown_on_the_listing_and_limits_the_search(story, given):
    release = story.published(maturity="mature")
    listing = given.found(Listing, release.listing_id)
    assert listing.maturity == "mature"
    for limit, count in (("everyone", 0), ("teen", 0), ("mature", 1), ("adult", 1), (None, 1)):
        assert len(given.run(search_listings, Search(maturity=limit)).rows) == count


def test_what_has_no_label_is_within_no_limit(story, given):
    story.published()
    assert given.run(search_listings, Search(maturity="adult")).rows == []


def test_a_member_labels_what_waits_and_a_moderator_corrects_what_is_published(story, given, acts, declares):
    release = declares(story.waiting(), maturity="everyone")
    assert release.maturity == "everyone"
    published = approved(story, given, release)
    with pytest.raises(StateMoved):
        declares(published, maturity="teen")
    assert acts(published, Act.MATURITY, subject="adult", reason="").maturity == "adult"
    assert given.found(Listing, release.listing_id).maturity == "adult"


def test_a_label_and_a_declaration_are_kept_together_or_not_at_all(story, given, declares, acts, seen):
    release = acts(story.waiting(tracking()), Act.OVERRULE, subject=TRACKER)
    story.decided(release, Verdict.APPROVE, "review.approved")
    acts(release, Act.UNSET, subject=TRACKER)
    with pytest.raises(Conflict):
        declares(release, {"none": True}, maturity="teen")
    assert given.found(Release, release.id).maturity is None
    with pytest.raises(Invalid):
        declares(release, maturity="toddler")
    assert seen(release).declaration.source is Source.BUNDLE


def test_a_label_stays_for_the_next_release_and_a_moderators_against_a_milder_one(story, given, acts):
    story.published(maturity="teen")
    second = story.waiting(bundles.kodi(version="2.0.0"))
    assert second.maturity == "teen"
    corrected = acts(second, Act.MATURITY, subject="mature", reason="")
    approved(story, given, corrected)
    assert story.waiting(bundles.kodi(version="3.0.0"), maturity="everyone").maturity == "mature"
    assert story.waiting(bundles.kodi(version="4.0.0"), maturity="adult").maturity == "adult"


# Feeds


def test_kodi_is_told_in_its_disclaimer_and_the_bundles_bytes_stay(story, client, given):
    release = story.published(tracking(privacy=TELLS_ALL))
    root = ET.fromstring(client.get("/feeds/kodi/addons.xml").data)
    told = {
        one.get("lang"): one.text
        for one in root.findall("./addon[@id='metadata.example.lantern']//disclaimer")
    }
    assert set(told) == {"en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL"}
    assert "its own privacy practices apply" in told["en_GB"]
    assert "Es gelten dessen eigene Datenschutzpraktiken" in told["de_DE"]
    assert TRACKER in told["de_DE"]
    assert "/listings/kodi/metadata.example.lantern" in told["fr_FR"]
    got = client.get("/feeds/kodi/metadata.example.lantern/metadata.example.lantern-1.0.0.zip")
    assert got.data == tracking(privacy=TELLS_ALL)
    assert release.notice_digest is not None


@pytest.mark.parametrize(
    ("bundle", "feed"),
    [
        (bundles.jellyfin(), "/feeds/jellyfin/manifest.json"),
        (bundles.stash(), "/feeds/stash/plugins/index.yml"),
    ],
)
def test_other_servers_are_told_in_their_own_feed(story, client, bundle, feed):
    story.published(bundle, privacy={"none": True, "from": "form"})
    text_of_feed = client.get(feed).text
    assert "its own privacy practices apply" in text_of_feed
    assert "Its maker declares that no data leaves your server." in text_of_feed
