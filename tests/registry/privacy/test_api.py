"""The API of privacy."""

import hashlib
import json

import pytest

from registry.feeds.building import build_feed
from tests.asking import code_of
from tests.registry.privacy.known import NONE, SAID, TELLS_ALL, TRACKER, tracking
from tests.story import Story


@pytest.fixture
def story(given):
    return Story(given)


@pytest.fixture
def member(client, given, story):
    return client.bearing(given.token(story.developer))


@pytest.fixture
def moderator(client, given, story):
    return client.bearing(given.token(story.moderator))


def address(release):
    return f"/api/v1/releases/{release.id}/privacy"


def test_everybody_reads_it_once_published_and_only_its_own_people_before(story, client, member):
    waiting = story.waiting(tracking())
    assert code_of(client.get(address(waiting))) == "not_found"
    known = member.get(address(waiting)).json
    assert known["declared"]["none"]
    assert known["found"]["hosts"][0]["host"] == TRACKER
    assert known["contradictions"][0]["evidence"][0]["path"].endswith("report.py")
    assert known["reasons"] == ["privacy.contradiction"]
    published = story.published(tracking("2.0.0", TELLS_ALL))
    told = client.get(address(published)).json
    assert told["third_party_privacy"]
    assert told["declared"]["source"] == "bundle"


def test_a_declaration_is_put_and_settles_a_contradiction(story, member):
    release = story.waiting(tracking())
    answer = member.put(address(release), json={**SAID, "maturity": "teen"})
    assert answer.status_code == 200
    assert answer.json["maturity"] == "teen"
    assert answer.json["declared"]["source"] == "api"
    assert answer.json["contradictions"] == []
    assert answer.json["reasons"] == []


def test_a_declaration_that_means_nothing_is_refused_with_each_fault(story, member):
    release = story.waiting(tracking())
    wrong = {"data": [{"code": "shoe_size", "purposes": ["match"], "recipients": ["public"]}]}
    answer = member.put(address(release), json=wrong)
    assert code_of(answer) == "privacy.declaration"
    assert "shoe_size" in answer.json["errors"][0]["detail"]


def test_a_wrong_declaration_is_refused_before_the_upload_begins(story, member):
    asked = {
        "publisher": "lantern", "filename": "a.zip", "size": 10, "sha256": "0" * 64,
        "said": {"privacy": {"none": True, "hosts": ["a.example.org"]}},
    }  # fmt: skip
    answer = member.post("/api/v1/uploads", json=asked)
    assert code_of(answer) == "privacy.declaration"
    assert answer.json["errors"][0]["pointer"] == "/said/privacy"


def test_the_notice_is_there_for_machines_and_its_digest_can_be_computed(story, client):
    release = story.published(tracking(privacy=TELLS_ALL))
    notice = client.get(f"/api/v1/notices/{release.notice_digest}").json
    canonical = json.dumps(notice["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == notice["digest"] == release.notice_digest
    assert notice["content"]["third_party"]
    assert notice["content"]["policy"]["url"] == "https://lantern.example/privacy"
    for other in ("0" * 64, "latest", release.notice_digest.upper()):
        assert code_of(client.get(f"/api/v1/notices/{other}")) == "not_found"


def test_the_history_of_a_listing_is_there_for_machines_and_its_notices_in_the_index(story, client, given):
    release = story.published(tracking(privacy=TELLS_ALL))
    (row,) = client.get("/api/v1/listings/kodi/metadata.example.lantern/notices").json["notices"]
    assert (row["digest"], row["version"], row["added"]) == (release.notice_digest, "1.0.0", [])
    given.run(build_feed, "index")
    (listing,) = client.get("/feeds/index.json").json["listings"]
    assert listing["third_party_privacy"]
    assert listing["releases"][0]["privacy_notice"] == release.notice_digest


def test_a_moderator_acts_and_nobody_else(story, client, member, moderator):
    release = story.waiting(tracking(privacy=NONE))
    acts = f"{address(release)}/acts"
    asked = {"act": "overrule", "subject": TRACKER, "reason": "A fixture of a test, never called."}
    assert code_of(client.post(acts, json=asked)) == "auth.required"
    assert code_of(member.post(acts, json=asked)) == "auth.forbidden"
    answer = moderator.post(acts, json=asked)
    assert answer.status_code == 201
    assert answer.json["contradictions"][0]["overruled"] == asked["reason"]
    assert answer.json["set"][0]["act"] == "overrule"


def test_letters_that_no_column_can_hold_are_refused_and_break_nothing(story, moderator, member):
    release = story.waiting(tracking())
    asked = {"act": "overrule", "subject": TRACKER, "reason": "A reason of enough letters\u0000."}
    assert moderator.post(f"{address(release)}/acts", json=asked).status_code in {400, 422}
    said = {**SAID, "policy_url": "https://lantern.example/\u0000"}
    assert member.put(address(release), json=said).status_code in {400, 422}


def test_an_approval_over_a_contradiction_is_a_conflict(story, moderator):
    release = story.waiting(tracking())
    answer = moderator.post(f"/api/v1/releases/{release.id}/decisions", json={"decision": "approve"})
    assert answer.status_code == 409
    assert code_of(answer) == "privacy.contradiction"


def test_the_catalogue_says_whose_it_is_its_notice_and_its_label_and_filters_by_them(story, client):
    release = story.published(tracking(privacy=TELLS_ALL), maturity="teen")
    shown = client.get(f"/api/v1/releases/{release.id}").json
    assert shown["third_party_privacy"]
    assert (shown["privacy_notice"], shown["maturity"]) == (release.notice_digest, "teen")

    def count(query):
        return len(client.get(f"/api/v1/listings?{query}").json["listings"])

    assert (count("third_party=true"), count("third_party=false")) == (1, 0)
    assert (count("maturity=everyone"), count("maturity=teen")) == (0, 1)
    assert code_of(client.get("/api/v1/listings?maturity=nobody")) == "request.invalid"
