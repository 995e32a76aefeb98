"""The pages and the API of policies: what waits, the difference, the call, what is in force."""

import base64
import hashlib
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy import select

from registry.database import session, transaction
from registry.policies.looking import look_at_policy
from registry.policies.models import Policy, PolicyText, Standing
from registry.publishers.models import MemberRole
from registry.releases.models import Release
from tests import bundles
from tests.asking import code_of
from tests.registry.fetching.servers import at_home, page, stranger
from tests.registry.policies.test_service import PRIVACY
from tests.registry.policies.writing import OTHERS, plain
from tests.story import Story
from tests.visiting import fault_beside


@pytest.fixture
def story(given):
    return Story(given)


@pytest.fixture
def changed(given, story):
    """A page whose words have changed: the text that was first, and the one that waits."""
    shown = [plain()]

    def talk(connection, head):
        page(shown[-1])(connection, head)

    with stranger(talk) as there:
        url = f"http://policy.example:{there.port}/privacy"
        story.published(bundles.kodi(more={"privacy.toml": PRIVACY.format(url=url)}))

        def look() -> list[PolicyText]:
            policy = session().scalars(select(Policy)).one()
            look_at_policy(str(policy.id), at_home())
            return list(session().scalars(select(PolicyText).order_by(PolicyText.fetched_at)))

        given.run(look)
        shown.append(plain(OTHERS))
        return given.run(look)


def standing(given, text) -> Standing:
    return given.found(PolicyText, text.id).standing


def test_a_moderator_sees_what_waits_and_the_difference(given, story, changed, visit):
    moderator = visit(story.moderator)
    assert "Lantern" in moderator.see("/policies")
    shown = moderator.get(f"/policies/{changed[1].id}").text
    assert "<del>30 </del>" in shown
    assert "<ins>365 </ins>" in shown
    assert "What is it?" in shown


@pytest.mark.parametrize(
    "at", ["/releases/{release}/privacy", "/listings/kodi/metadata.example.lantern?tab=privacy"]
)
def test_that_a_page_cannot_be_read_is_told_to_all_and_what_to_do_to_its_people(at, given, story, visit):
    declared = PRIVACY.format(url="http://policy.example:1/privacy")
    release = story.published(bundles.kodi(more={"privacy.toml": declared}))
    given.run(lambda: look_at_policy(str(session().scalars(select(Policy)).one().id), at_home()))
    at = at.format(release=release.id)
    for who in (story.developer, story.moderator):
        page = visit(who).see(at)
        assert "was never kept: it could not be read" in page
        assert "Look whether it opens without signing in" in page
    stranger_sees = visit().see(at)
    assert "could not be read" in stranger_sees
    assert "Look whether" not in stranger_sees


def test_a_listing_shows_the_copy_of_its_own_page_alone(given, story, changed, visit):
    """Two listings name the same address: what was kept for one is not shown as the other's."""
    url = given.run(lambda: session().scalars(select(Policy.url)).one())
    more = {"privacy.toml": PRIVACY.format(url=url)}
    Story(given, "others").published(bundles.kodi("script.other", name="Other", more=more))
    assert "our copy" in visit().see("/listings/kodi/metadata.example.lantern?tab=privacy")
    assert "our copy" not in visit().see("/listings/kodi/script.other?tab=privacy")


def test_the_queue_leads_to_what_waits_and_a_listing_to_the_copy_that_was_kept(given, story, changed, visit):
    assert "1 policy has changed" in visit(story.moderator).see("/review")
    for tab in ("", "?tab=privacy"):
        page = visit().get(f"/listings/kodi/metadata.example.lantern{tab}").text
        assert (f"/policies/{changed[0].id}" in page) is bool(tab)


def test_a_moderator_calls_it_meaning(given, story, changed, visit):
    moderator = visit(story.moderator)
    said = moderator.send(f"/policies/{changed[1].id}", standing="meaning", note="They sell it now.")
    assert "a new notice is in force" in moderator.after(said)
    assert standing(given, changed[1]) is Standing.MEANING
    assert "Nothing waits" in moderator.see("/policies")


def test_its_publisher_calls_it_wording(given, story, changed, visit):
    developer = visit(story.developer)
    said = developer.send(f"/policies/{changed[1].id}", standing="wording")
    assert "nothing else changes" in developer.after(said)
    assert standing(given, changed[1]) is Standing.WORDING


def test_a_call_that_says_nothing_is_refused_beside_the_choice(given, story, changed, visit):
    developer = visit(story.developer)
    response = developer.send(f"/policies/{changed[1].id}", status=422)
    assert "of wording or of meaning" in response.text
    assert standing(given, changed[1]) is Standing.PENDING
    response = developer.send(f"/policies/{changed[1].id}", standing="wording", note="n" * 2001, status=422)
    assert "at most 2000" in fault_beside(response, "note")


def test_strangers_see_what_is_in_force_and_not_what_waits(given, story, changed, visit):
    for who in (None, given.account()):
        stranger_ = visit(who)
        shown = stranger_.see(f"/policies/{changed[0].id}")
        assert "We keep them for 30 days" in shown
        assert "These are its maker’s words" in shown
        assert "What is it?" not in shown
        stranger_.get(f"/policies/{changed[1].id}", status=404)
    assert "Nothing waits" in visit(given.account()).see("/policies")


def test_a_text_is_shown_as_text(given, story, changed, visit):
    def spoil() -> None:
        with transaction() as tx:
            tx.get_one(PolicyText, changed[0].id).text = "<script>alert(1)</script>"

    given.run(spoil)
    assert "&lt;script&gt;alert(1)" in visit().get(f"/policies/{changed[0].id}").text


def test_the_api_tells_the_same(given, story, changed, client):
    public = client.get("/api/v1/listings/kodi/metadata.example.lantern/policies").json["policies"]
    assert [(each["in_force"]["id"], each["waits"]) for each in public] == [(str(changed[0].id), None)]
    assert code_of(client.get(f"/api/v1/policies/texts/{changed[1].id}")) == "not_found"
    assert code_of(client.get("/api/v1/policies/pending")) == "auth.required"
    moderator = client.bearing(given.token(story.moderator))
    [waits] = moderator.get("/api/v1/policies/pending").json["policies"]
    assert waits["waits"]["id"] == str(changed[1].id)
    whole = moderator.get(f"/api/v1/policies/texts/{changed[1].id}").json
    assert ["gone", "30 "] in whole["difference"]
    path = f"/api/v1/policies/texts/{changed[1].id}/call"
    assert (
        code_of(client.bearing(given.token(given.account())).post(path, json={"standing": "wording"}))
        == "auth.forbidden"
    )
    called = moderator.post(path, json={"standing": "wording"})
    assert (called.status_code, called.json["standing"]) == (200, "wording")
    assert code_of(moderator.post(path, json={"standing": "wording"})) == "state.moved"


@pytest.mark.parametrize("at", ["/policies/{text}/original", "/api/v1/policies/texts/{text}/original"])
def test_its_people_and_moderators_save_the_page_as_it_came(at, given, story, changed, client):
    helper = given.member(story.publisher, MemberRole.UPLOADER)
    for text, body in zip(changed, (plain(), plain(OTHERS)), strict=True):
        for who in (story.developer, story.moderator, helper):
            answer = client.bearing(given.token(who)).get(at.format(text=text.id))
            assert (answer.status_code, answer.data) == (200, body)
            headers = answer.headers
            assert headers["Content-Type"] == "text/html"
            assert headers["Content-Disposition"].startswith("attachment; filename=")
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert headers["ETag"] == f'"{hashlib.sha256(body).hexdigest()}"'
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            assert headers["Content-Digest"] == f"sha-256=:{digest}:"
            assert parsedate_to_datetime(headers["Last-Modified"]) == text.fetched_at.replace(microsecond=0)


def test_nobody_else_saves_it(given, story, changed, client):
    stranger_ = client.bearing(given.token(given.account()))
    for text, code in zip(changed, ("auth.forbidden", "not_found"), strict=True):
        assert code_of(stranger_.get(f"/api/v1/policies/texts/{text.id}/original")) == code
        assert code_of(client.get(f"/api/v1/policies/texts/{text.id}/original")) == "auth.required"


def test_a_type_that_cannot_stand_in_a_head_is_not_repeated(given, story, changed, client):
    def spoil() -> None:
        with transaction() as tx:
            tx.get_one(PolicyText, changed[0].id).content_type = "text/html\r\nset-cookie: a=b"

    given.run(spoil)
    answer = client.bearing(given.token(story.moderator)).get(f"/policies/{changed[0].id}/original")
    assert (answer.content_type, answer.status_code) == ("application/octet-stream", 200)


def test_the_privacy_page_leads_its_people_to_what_was_kept(given, story, changed, visit):
    release = given.run(lambda: session().scalars(select(Release)).one())
    for who, led in (
        (story.moderator, True),
        (story.developer, True),
        (None, False),
        (given.account(), False),
    ):
        shown = visit(who).get(f"/releases/{release.id}/privacy").text
        assert [f"/policies/{text.id}/original" in shown for text in changed] == [led, led]
    assert "Save the page as it came" in visit(story.developer).see(f"/policies/{changed[0].id}")
    assert "Save the page as it came" not in visit().see(f"/policies/{changed[0].id}")


def test_a_policy_of_what_was_never_published_is_its_peoples(given, story, visit):
    with stranger(page(plain())) as there:
        declared = PRIVACY.format(url=f"http://policy.example:{there.port}/privacy")
        story.waiting(bundles.kodi(more={"privacy.toml": declared}))
        given.run(lambda: look_at_policy(str(session().scalars(select(Policy)).one().id), at_home()))
    text = given.run(lambda: session().scalars(select(PolicyText)).one())
    visit().get(f"/policies/{text.id}", status=404)
    assert "30 days" in visit(story.developer).see(f"/policies/{text.id}")


def test_an_unknown_text_is_not_there(visit, client):
    nothing = "00000000-0000-0000-0000-000000000000"
    visit().get(f"/policies/{nothing}", status=404)
    assert code_of(client.get(f"/api/v1/policies/texts/{nothing}")) == "not_found"
